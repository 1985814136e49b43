"""What the owner says of the school: read by every page, written seldom."""

import time
from dataclasses import dataclass
from typing import Any

from django.db import Error, transaction
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from accounts import audit
from accounts.models import School, new_invitation

# What another process changed is seen here after so long at the latest.
KEPT_SECONDS = 30.0
# While the database is away one request in so long waits to find that out, not each.
PAUSE_SECONDS = 5.0


@dataclass
class Memory:
    """The row as this process read it last, and when it is to be read again."""

    school: School | None = None
    read_again_at: float = 0.0


MEMORY = Memory()


def school() -> School:
    """The school, as far as pages show it. One query in half a minute, whatever is served.

    A database that is away says nothing new: what was known is shown.
    """
    if time.monotonic() >= MEMORY.read_again_at:
        try:
            remember(current_school())
        except Error:
            MEMORY.read_again_at = time.monotonic() + PAUSE_SECONDS
    return MEMORY.school or as_it_comes()


def current_school() -> School:
    """The school as it stands now, for what is decided by it."""
    return School.objects.first() or as_it_comes()


def as_it_comes() -> School:
    """A school of which nothing was said yet. Its link of invitation is the one that it keeps."""
    return School(invitation=first_invitation())


def first_invitation() -> str:
    """The link before anybody made another: the same for all processes, and nobody can guess it."""
    return salted_hmac("accounts.school.invitation", "", algorithm="sha256").hexdigest()[:32]


def remember(known: School) -> None:
    MEMORY.school, MEMORY.read_again_at = known, time.monotonic() + KEPT_SECONDS


def forget() -> None:
    MEMORY.school, MEMORY.read_again_at = None, 0.0


def locked_school() -> School:
    """The row, made if it is not there, held until the transaction ends."""
    first = {"invitation": first_invitation()}
    School.objects.get_or_create(is_the_one=True, defaults=first)
    return School.objects.select_for_update().get()


@transaction.atomic
def change_school(**new: Any) -> School:
    """Store what the owner says. What is not named stays."""
    row = locked_school()
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=[*new])
    audit.note("SCHOOL_CHANGED", row, fields=sorted(new))
    transaction.on_commit(forget)
    return row


def renew_invitation() -> School:
    """Make a new link of invitation; the one before leads nowhere from now on."""
    return change_school(invitation=new_invitation())


@transaction.atomic
def put_off(step: str, *, wanted: bool) -> None:
    """Leave a step of setting up for later, or take it up again."""
    steps = set(locked_school().set_aside)
    change_school(set_aside=sorted(steps | {step} if wanted else steps - {step}))


@transaction.atomic
def end_setting_up() -> None:
    """The checklist is done, or was left for good. Said once."""
    if locked_school().set_up_at is None:
        change_school(set_up_at=now())
