"""Looking over the whole site: due, done by one worker at a time, kept for a while, and told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now

from accounts import upkeep
from accounts.alone import alone
from accounts.models import User
from accounts.upkeep import Upkeep
from notifications.telling import tell
from studio.health import CHECKS, Check, Outcome, examine

AT_IT = "doctor"
MOST_TRIES = 3
# Who may read the page of the site's health, and is told what was found.
MAY_SEE = "accounts.change_school"
MOST_DETAILS = 20
TIRED = "It was begun three times and never came to its end."
LAST_AT = "The last time it was at the check {}."
# One a night, and a little later than last night.
OLD = timedelta(hours=30)


def want(by: User | None = None) -> bool:
    """Note that the site is to be looked over; False if a look is due already."""
    return upkeep.want(Upkeep.Kind.LOOK, by.pk if by else None)


def due() -> Upkeep | None:
    return Upkeep.objects.looks().open().first()


def is_forgotten() -> bool:
    """Whether a look is due and nobody is at it: its message was lost, or its worker."""
    if due() is None:
        return False
    with alone(AT_IT) as nobody_is:
        return nobody_is


def look() -> Upkeep | None:
    """Do the look that is due; None if there is none, or if somebody is at it.

    Nothing is mended: whether it may be is for a person to say.
    """
    with alone(AT_IT) as is_alone:
        row = due() if is_alone else None
        if row is None:
            return None
        if row.tries >= MOST_TRIES:
            give_up(row)
        else:
            upkeep.begin(row)
            end(row, [examine_next(row, check) for check in CHECKS])
        return row


def examine_next(row: Upkeep, check: Check) -> Outcome:
    upkeep.come_to(row, LAST_AT.format(check.name))
    return examine(check, fix=False)


@transaction.atomic
def give_up(row: Upkeep) -> None:
    """Tell of it once, up to the next look that a worker brings to its end."""
    upkeep.give_up(row, f"{TIRED} {row.fault}".strip())
    whole = Upkeep.objects.looks().ended().filter(fault="", tries__gt=0).first()
    tell(who_looks_after_it(), "SITE_UNSEEN", f"unseen:{whole.pk if whole else ''}", {})


@transaction.atomic
def end(row: Upkeep, outcomes: Sequence[Outcome]) -> None:
    """Write what was found, and tell those who look after the site."""
    moment = now()
    upkeep.end(row, lines_of(outcomes, moment), moment)
    tell_of(row)


def note(outcomes: Sequence[Outcome], began: datetime) -> None:
    """Keep what a command has found of the whole site. Who ran it has read it."""
    moment = now()
    upkeep.note(Upkeep.Kind.LOOK, began, moment, lines_of(outcomes, moment))


def last_look() -> Upkeep | None:
    """The last that has found out something."""
    return Upkeep.objects.looks().ended().filter(fault="").first()


def is_old(row: Upkeep) -> bool:
    """Whether a night has passed since a look that came to its end without another."""
    return row.ended_at is not None and row.ended_at < now() - OLD


def lines_of(outcomes: Sequence[Outcome], moment: datetime) -> list[dict[str, Any]]:
    """What each check has left, and since which look without a break."""
    last = last_look()
    before = {one["name"]: one["since"] for one in last.off} if last else {}
    return [line_of(one, before, moment) for one in outcomes]


def line_of(one: Outcome, before: Mapping[str, str], moment: datetime) -> dict[str, Any]:
    name, left = one.check.name, one.left
    return {
        "name": name,
        "found": one.found.count,
        "left": left.count,
        "details": [text.replace("\0", "")[:300] for text in left.details[:MOST_DETAILS]],
        "since": before.get(name, moment.isoformat()) if left.count else "",
    }


def who_looks_after_it() -> list[UUID]:
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True)
    return [one.pk for one in admins if one.has_perm(MAY_SEE)]


def tell_of(row: Upkeep) -> None:
    """Once of each finding for as long as it lasts, however many nights that is."""
    titles = {check.name: check.title for check in CHECKS}
    people = who_looks_after_it()
    for one in row.off:
        with translation.override("en"):  # the key of the text, whoever looks
            title = str(titles[one["name"]])
        data = {"title": title, "count": one["left"], "url": reverse("site_health")}
        tell(people, "SITE_OFF", f"off:{one['name']}:{one['since']}", data)
