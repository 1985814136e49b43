"""Who may make an account here: asked at every way of signing up."""

import secrets

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import School
from accounts.school import current_school, school

INVITATION = "school_invitation"


def may_join(request: HttpRequest) -> bool:
    """Whether this browser may sign up at all."""
    known = current_school()
    return known.joining != School.Joining.INVITED or is_invited(request, known)


def refusal_of(request: HttpRequest, email: str) -> str:
    """Why nobody may sign up with this address, as a sentence; empty if they may."""
    known = current_school()
    if known.joining == School.Joining.OPEN or is_invited(request, known):
        return ""
    if known.joining == School.Joining.DOMAIN:
        return "" if email.rpartition("@")[2] in known.domains else who_joins(known)
    return who_joins(known)


def who_joins(known: School) -> str:
    """The rule as those read it who want to join; empty where everybody may."""
    if known.joining == School.Joining.INVITED:
        return _("This school takes new accounts by invitation only.")
    if known.joining == School.Joining.DOMAIN:
        return _(
            "Use an address of %(domains)s: this school is for its people. A link of "
            "invitation lets in others, too."
        ) % {"domains": " or ".join(known.domains)}
    return ""


def is_by_invitation(request: HttpRequest) -> bool:
    """Whether pages lead this browser to no sign-up: by what was read of the school last."""
    known = school()
    if known.joining != School.Joining.INVITED:
        return False
    return not (hasattr(request, "session") and is_invited(request, known))


def is_invited(request: HttpRequest, known: School) -> bool:
    held = request.session.get(INVITATION, "")
    return secrets.compare_digest(held, known.invitation)


def show_invitation(request: HttpRequest, text: str) -> bool:
    """Let this browser sign up if the text is the school's invitation; say whether it is."""
    if not (text.isascii() and secrets.compare_digest(text, current_school().invitation)):
        return False
    request.session[INVITATION] = text
    return True


def let_in(request: HttpRequest) -> None:
    """Let this browser sign up: another room has seen an invitation of its own."""
    if school().joining != School.Joining.OPEN:
        request.session[INVITATION] = invitation()


def invitation() -> str:
    """What the link of invitation ends with."""
    return current_school().invitation


def invitation_path() -> str:
    """Where the link of invitation leads."""
    return reverse("join", args=[invitation()])


def invitation_link() -> str:
    """The same as it is handed on."""
    return f"{settings.SITE_URL}{invitation_path()}"
