"""My certificates: the list, who may see each, the name on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from certificates import actions
from certificates.errors import CertificateRefused
from certificates.models import Certificate
from classroom.forms import CertificateNameForm
from classroom.pages import certificates as pages
from classroom.pages.certificate_name import name_page, preview_of
from classroom.requests import is_htmx, learner, members_only, said, see_other, states_wanted_end


@require_safe
@login_required
def certificates(request: HttpRequest) -> HttpResponse:
    """All of mine, newest first."""
    page = pages.certificates_page(learner(request, known=True))
    return render(request, "classroom/certificates.html", {"page": page, "nav": "progress"})


@require_safe
@login_required
def of_course(request: HttpRequest, slug: str) -> HttpResponse:
    """The way from a finished course to its certificate; of a revoked one, to why it was."""
    found = pages.certificate_of(learner(request, known=True), slug)
    return redirect(found if found and not found.revoked_at else "classroom:certificates")


def mine(user: User, code: str) -> Certificate:
    """One of mine that stands, or a 404."""
    found = pages.my_certificate(user, code)
    if found is None:
        raise Http404(_("No such certificate of yours."))
    return found


def list_of_mine(code: str) -> str:
    return reverse("classroom:certificates")


@require_POST
@members_only(list_of_mine)
@states_wanted_end("private")
def privacy(request: HttpRequest, code: str, *, private: bool) -> HttpResponse:
    """`private=1` hides it from those who do not know the name, `private=0` shows it again."""
    found = mine(learner(request, known=True), code)
    actions.set_private(found, private)
    found.is_private = private
    told = (
        _("Private: only who knows code and name can check it.") if private else _("Public again.")
    )
    if is_htmx(request):
        row = pages.my_row(found)
        return said(render(request, "classroom/certificates.html#row", {"row": row}), told)
    messages.success(request, told)
    return see_other(request, "classroom:certificates")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(list_of_mine)
def name(request: HttpRequest, code: str) -> HttpResponse:
    """Put the name right: a new certificate, to which the old one points."""
    user = learner(request, known=True)
    found = mine(user, code)
    form = CertificateNameForm(request.POST or None, initial={"name": found.holder})
    page = name_page(user, found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["name"]
        if "again" in request.POST:
            context = {"page": page, "form": form, "nav": "progress"}
            return render(request, "classroom/certificate_name.html", context)
        if page.may_change and given != found.holder and not form.is_confirmed:
            context = {"page": page, "preview": preview_of(found, given), "nav": "progress"}
            return render(request, "classroom/certificate_name_confirm.html", context)
        try:
            newer = actions.correct_name(found, given, user)
        except CertificateRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            changed = newer.pk != found.pk
            messages.success(
                request, _("The name is changed.") if changed else _("Nothing changed.")
            )
            return see_other(request, "classroom:certificates")
    context = {"page": page, "form": form, "nav": "progress"}
    refused = request.method == "POST"
    return render(
        request, "classroom/certificate_name.html", context, status=422 if refused else 200
    )
