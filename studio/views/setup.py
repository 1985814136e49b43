"""The checklist of a new school, and what its owner says of it."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may_work_as_staff
from accounts.joining import invitation_link
from accounts.models import User
from accounts.owner_views import take_in_link, too_many
from accounts.school import change_school, current_school, end_setting_up, put_off, renew_invitation
from assessments import runner_checks
from certificates.drawing import code_of, code_svg
from studio.access import member_of_staff, staff_only
from studio.answers import go_to, is_htmx, said_aloud
from studio.importing.refusal import ImportRefused
from studio.setting_up import mail
from studio.setting_up.sample import load_sample
from studio.setting_up.step import MAY_WAIT, Step
from studio.setting_up.steps import Checklist, account, checklist
from studio.setup_forms import SchoolForm

READY = gettext_lazy("Your school is set up.")
SAMPLE_IS_A_DRAFT = gettext_lazy(
    "Here is the sample course, a draft: change what you like, then publish it."
)
SAMPLE_IS_LIVE = gettext_lazy(
    "The sample course is here already, and published. Nothing was changed."
)
View = Callable[..., HttpResponse]


def owners_only(view: View) -> View:
    """`staff_only`, and of the staff those who may change what the school is."""

    @staff_only
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not member_of_staff(request).has_perm("accounts.change_school"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return handle


@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """The checklist. A POST leaves it for good; a link with a token is taken in first."""
    if request.method == "POST":
        return leave(request)
    if "t" in request.GET and not request.user.is_authenticated:
        return take_in_link(request)
    return show_checklist(request)


@login_required
def show_checklist(request: HttpRequest) -> HttpResponse:
    """To learners it is not there; to staff without a second factor only the way to one.

    Who may not change the school sees how far it is, without what lets people in.
    """
    user = request.user
    if not (isinstance(user, User) and user.is_staff):
        raise Http404
    if not current_school().is_being_set_up:
        return redirect("studio:home")
    if not may_work_as_staff(user):
        return render(request, "studio/setup_begin.html", {"step": account(user), "nav": "studio"})
    page = checklist(user)
    if not page.open:
        end_setting_up()
        return go_to(request, reverse("studio:home"), str(READY))
    context = {
        "page": page,
        "nav": "studio",
        "code": picture_of(page.invitation),
    }
    return render(request, "studio/setup.html", context)


def picture_of(address: str) -> SafeString:
    """An address as a code for phones."""
    return SafeString(code_svg(code_of(address)))


@owners_only
def leave(request: HttpRequest) -> HttpResponse:
    end_setting_up()
    said = _("The checklist is gone. What it would still have said is in the studio and the admin.")
    return go_to(request, reverse("studio:home"), said)


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
def step(request: HttpRequest, key: str) -> HttpResponse:
    """One row, looked up anew; a POST does what its button says before that."""
    user = member_of_staff(request)
    if not current_school().is_being_set_up:
        return go_to(request, reverse("studio:home"))
    if request.method == "POST" and (refusal := do(request, user, key)):
        return refusal
    page = checklist(user)
    found = next((one for one in page.steps if one.key == key), None)
    if found is None:
        raise Http404
    if not page.open:
        return go_to(request, reverse("setup:checklist"))
    if not is_htmx(request):
        return redirect(f"{reverse('setup:checklist')}#step-{key}")
    return row(request, page, found)


def do(request: HttpRequest, user: User, key: str) -> HttpResponse | None:
    """What was asked for with this step; an answer of its own where that was too much."""
    if "later" in request.POST:
        if key in MAY_WAIT:
            put_off(key, wanted=request.POST["later"] == "1")
    elif key == "runner":
        runner_checks.ask(user)
    elif key == "mail" and (wait := mail.send_to(user)):
        return too_many(request, wait)
    elif key == "content":
        return sample(request, user)
    return None


def sample(request: HttpRequest, user: User) -> HttpResponse:
    if not user.has_perm("courses.change_course"):
        raise PermissionDenied
    try:
        course = load_sample(user)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
        return go_to(request, reverse("setup:checklist"))
    said = SAMPLE_IS_LIVE if course.is_published else SAMPLE_IS_A_DRAFT
    return go_to(request, reverse("studio:course", args=[course.slug]), str(said))


def row(request: HttpRequest, page: Checklist, found: Step) -> HttpResponse:
    answer = render(request, "studio/setup.html#answer", {"page": page, "step": found})
    state = _("Done") if found.is_done else _("Put off") if found.is_put_off else _("Not done")
    return said_aloud(answer, f"{found.title}: {state}. {found.text}")


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
def school_settings(request: HttpRequest) -> HttpResponse:
    """Its name, who may join, and the link that lets anybody in."""
    known = current_school()
    initial = {
        "name": known.name, "hue": known.hue, "timezone": known.timezone, "joining": known.joining,
        "domains": ", ".join(known.domains), "minimum_age": known.minimum_age,
    }  # fmt: skip
    form = SchoolForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_school(**form.cleaned_data)
        after = "setup:checklist" if known.is_being_set_up else "studio:home"
        return go_to(request, reverse(after), _("Saved."))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    link = invitation_link()
    shared = {"invitation": link, "code": picture_of(link)}
    context = {"form": form, "school": known, "nav": "studio", **shared}
    return render(request, "studio/setup_school.html", context, status=status)


@require_POST
@owners_only
def invitation(request: HttpRequest) -> HttpResponse:
    """Make a new link of invitation: whoever has the old one comes in no more."""
    renew_invitation()
    said = _("There is a new link. The old one leads nowhere from now on.")
    return go_to(request, reverse("setup:school"), said)
