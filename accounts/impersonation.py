"""Looking at the site as a learner sees it: staff, for half an hour, and nothing is changed."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts import audit, sessions
from accounts.access import known_reviewer, may_work_as_staff
from accounts.backends import EmailBackend
from accounts.models import User
from accounts.signals import looked_at

RIGHT = "accounts.change_user"
LASTS = timedelta(minutes=30)
# Where the session keeps whom somebody looks as, and until when.
KEY = "impersonation"

YOURSELF = _("This is you: look at the site as you are.")
CLOSED = _("This account is closed: there is nothing to see as this person.")
WORKS_HERE = _("This person works here. Only learners can be looked at.")
# How a look ends by itself.
OVER = {
    "time": _("You have stopped looking: the time is up."),
    "right taken": _("You have stopped looking: you may not look at the site as others any more."),
    "account closed": _("You have stopped looking: this account is closed."),
    "works here": _("You have stopped looking: this person works here now."),
}


@dataclass(frozen=True)
class Look:
    """Who looks at the site as whom, and when that ends."""

    person: User
    by: User
    until: datetime

    @property
    def minutes_left(self) -> int:
        return max(1, math.ceil((self.until - now()).total_seconds() / 60))


class LookRefused(Exception):
    """Nobody looks at the site as this person; the message says why."""


class LookOver(Exception):
    """A look is at its end; `how` is what the audit log says, the message what a page does."""

    def __init__(self, how: str) -> None:
        super().__init__(OVER[how])
        self.how = how


def may_impersonate(user: User) -> bool:
    """Staff with a second factor who may change accounts."""
    return may_work_as_staff(user) and user.has_perm(RIGHT)


def refusal_of(person: User, by: User) -> str | Promise:
    """Why not, or nothing. Whoever may do anything here is left out: their pages show others."""
    if person.pk == by.pk:
        return YOURSELF
    if not person.is_active:
        return CLOSED
    works_here = person.is_staff or bool(person.get_all_permissions())
    return WORKS_HERE if works_here else ""


def begin(request: HttpRequest, person: User, by: User, reason: str) -> None:
    """Look as this person from the next page on; they are told. Raises LookRefused."""
    if refusal := refusal_of(person, by):
        raise LookRefused(str(refusal))
    until = now() + LASTS
    with transaction.atomic():
        audit.note("LOOK_BEGAN", person, by=by, reason=reason)
        looked_at.send(User, user=person, by=by)
        request.session[KEY] = {"person": str(person.pk), "until": until.timestamp()}
        rotate(request)


def end(request: HttpRequest, how: str) -> UUID:
    """Be oneself again, in a session with a new key; return as whom one looked."""
    held = request.session.pop(KEY)
    key = UUID(held["person"])
    with transaction.atomic():
        audit.note("LOOK_ENDED", person=key, how=how)
        rotate(request)
    return key


def rotate(request: HttpRequest) -> None:
    """Nobody who knew the key or a form's token before gets anything by it now."""
    sessions.renew_key(request)
    rotate_token(request)


def look_of(request: HttpRequest, held: dict[str, Any]) -> Look:
    """The look that this session holds. Raises LookOver once it is not allowed any more."""
    by, until = request.user, datetime.fromtimestamp(held["until"], UTC)
    if now() >= until:
        raise LookOver("time")
    if not (isinstance(by, User) and may_impersonate(by)):
        raise LookOver("right taken")
    person = EmailBackend().get_user(held["person"])
    if person is None:
        raise LookOver("account closed")
    if person.is_staff or known_reviewer(person):
        raise LookOver("works here")
    return Look(person, by, until)


def without_trace(answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Whatever a page writes while it is made, that it was read among it, is undone."""
    with transaction.atomic():
        response = answer()
        transaction.set_rollback(True)
    return response
