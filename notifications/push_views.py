"""Browsers that show messages: adding this one, removing any, and what runs in them."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.csp import CSP
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from accounts.limits import Limit
from accounts.school import school
from notifications import browsers
from notifications.channels import available
from notifications.models import Channel
from notifications.settings_forms import NO_SERVICE, BrowserForm
from notifications.settings_views import back, me, show

TRIES = Limit("browser", 20, 60)
ADDED = gettext_lazy("This browser shows messages now: those that you tick under “Push”.")
TOO_MANY = format_lazy(
    gettext_lazy("You have {most} browsers that show messages. Remove one of them first."),
    most=browsers.MOST,
)
NOT_ASKED = gettext_lazy(
    "This browser cannot be added: its push service is not one that this site asks."
)
NOT_WHOLE = gettext_lazy(
    "This browser cannot be added: what it gave is not whole or cannot be read. "
    "Reload the page and try again."
)


@require_POST
@login_required
def adding(request: HttpRequest) -> HttpResponse:
    """Show messages in the browser that sends this. Done twice, nothing more happens."""
    if Channel.PUSH not in available():
        raise Http404
    if wait := TRIES.spend(str(me(request).pk)):
        answer = render(request, "429.html", {"retry_after": wait}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    form = BrowserForm(request.POST)
    if not form.is_valid():
        why = NOT_ASKED if form.has_error(NON_FIELD_ERRORS, NO_SERVICE) else NOT_WHOLE
        return show(request, status=422, browser_problem=why)
    name = browsers.name_of(request.headers.get("User-Agent", ""))
    try:
        row = browsers.add(me(request), **form.cleaned_data, name=name)
    except browsers.TooMany:
        return show(request, status=HTTPStatus.CONFLICT, browser_problem=TOO_MANY)
    request.session[browsers.IN_SESSION] = str(row.pk)
    return back(request, str(ADDED))


@require_POST
@login_required
def removing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show nothing there any more. Done twice, nothing more happens."""
    browsers.remove(me(request), pk)
    return back(request, _("That browser shows no messages any more."))


@require_safe
@csp_override({"default-src": [CSP.NONE]})
def service_worker(request: HttpRequest) -> HttpResponse:
    """What shows a message where no page is open. At the root, because it leads to all pages."""
    script = render_to_string("notifications/service-worker.js", {"site": school().title})
    return HttpResponse(
        script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )
