"""The settings page of one's own data: taking it along, what was agreed to, and erasing all."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import erasure, exports, personal
from accounts.own_data_forms import ErasureForm
from accounts.settings_views import me, one_section, page, see_other


@login_required
@one_section
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def data(request: HttpRequest) -> HttpResponse:
    """What is kept of somebody, as one file, and what they agreed to. Posting asks for the file."""
    user, status, wait = me(request), HTTPStatus.OK, 0
    if request.method == "POST":
        try:
            exports.ask_for_export(user)
        except exports.AskedToday as refusal:
            status, wait = HTTPStatus.TOO_MANY_REQUESTS, refusal.seconds
        else:
            return see_other("settings:data")
    context: dict[str, Any] = {
        "export": exports.latest(user),
        "consents": user.consents.all(),
        "wait": wait,
    }
    response = page(request, "data", status, **context)
    if wait:
        response["Retry-After"] = str(wait)
    return response


@login_required
@require_safe
@reauthentication_required  # type: ignore[untyped-decorator]
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponse | FileResponse:
    """One's own export, for a day. Another's, and one that is over, were never there."""
    row = get_object_or_404(me(request).exports, pk=export_id)
    if not row.is_there:
        raise Http404
    try:
        file = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        file, as_attachment=True, filename="my-data.zip", content_type="application/zip",
        headers={"Cache-Control": "private, no-store"},
    )  # fmt: skip


@login_required
@one_section
@reauthentication_required  # type: ignore[untyped-decorator]
def account_erasure(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and why; posting erases the account of whoever asks."""
    user, status = me(request), HTTPStatus.OK
    form = ErasureForm(user, request.POST or None)
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                erasure.erase_person(user)
            except erasure.LastAdmin:
                status = HTTPStatus.CONFLICT
            else:
                logout(request)
                messages.success(request, _("Your account is erased."))
                return redirect("/")
    warnings, is_last = personal.warnings(user), erasure.is_last_admin(user)
    return page(request, "erasure", status, form=form, warnings=warnings, is_last_admin=is_last)
