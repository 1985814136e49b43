"""Why somebody may need a person: points for plain signs, each said in a sentence. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.numerals import decimal, grouped

DAY = timedelta(days=1)
REACH_OUT, WATCH = 5, 3  # points


@dataclass(frozen=True, slots=True)
class Reason:
    """`at` is the moment of what was seen last; `text` says it, with its date where one tells."""

    kind: str
    points: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What the facts say of one person in one course, as the query reads them.

    `seconds` since they began; `planned` days of the whole course. Titles and moments are of the
    newest evidence for each sign, None without one; `signs` holds the points of each.
    """

    now: datetime
    enrolled_at: datetime
    done: int
    total: int
    planned: int
    first_at: datetime | None
    last_at: datetime | None
    signs: dict[str, int]
    stuck_title: str | None = None
    stuck_failed: int | None = None
    stuck_runs: int | None = None
    stuck_at: datetime | None = None
    failing_title: str | None = None
    failing_at: datetime | None = None
    unread_title: str | None = None
    unread_at: datetime | None = None
    help_title: str | None = None
    help_at: datetime | None = None

    @property
    def pace(self) -> float | None:
        """1 is as planned, over the whole time since the first day; None where it says nothing."""
        if self.first_at is None or not self.total or self.now - self.first_at < 7 * DAY:
            return None
        return self.done / self.total / ((self.now - self.first_at) / DAY / self.planned)

    def reasons(self) -> Sequence[Reason]:
        """The signs in words, the heaviest first."""
        found = [
            Reason(kind, points, *SAID[kind](self)) for kind, points in self.signs.items() if points
        ]
        return sorted(found, key=lambda one: (-one.points, list(SAID).index(one.kind)))


def level_of(points: int) -> str:
    return "reach out" if points >= REACH_OUT else "watch" if points >= WATCH else ""


def said_help(seen: Seen) -> tuple[str, datetime]:
    at = seen.help_at or seen.now
    words = _("Asked for help with “%(title)s” on %(day)s and has no answer yet: it is our turn.")
    return words % {"title": seen.help_title, "day": day(at)}, at


def said_silent(seen: Seen) -> tuple[str, datetime]:
    at = seen.last_at or seen.enrolled_at
    days = (seen.now.astimezone(UTC).date() - at.astimezone(UTC).date()).days
    said = ngettext("Nothing for %(days)s day: last seen on %(day)s.",
                    "Nothing for %(days)s days: last seen on %(day)s.", days)  # fmt: skip
    return said % {"days": grouped(days), "day": day(at)}, at


def said_stuck(seen: Seen) -> tuple[str, datetime]:
    at = seen.stuck_at or seen.now
    counts: dict[str, Any] = {
        "title": seen.stuck_title, "failed": seen.stuck_failed, "runs": seen.stuck_runs,
        "day": day(at),
    }  # fmt: skip
    words = _(
        "“%(title)s” is not passed: %(failed)s submissions and %(runs)s runs failed, "
        "the last on %(day)s."
    )
    return words % counts, at


def said_unstarted(seen: Seen) -> tuple[str, datetime]:
    words = _("Enrolled on %s and has opened no lesson.")
    return words % day(seen.enrolled_at), seen.enrolled_at


def said_slow(seen: Seen) -> tuple[str, datetime]:
    at = seen.last_at or seen.enrolled_at
    began = seen.first_at or seen.enrolled_at
    words = _(
        "%(done)s of %(total)s lessons since the first day, %(day)s: "
        "%(pace)s times the planned pace."
    )
    said = {"done": seen.done, "total": seen.total, "day": day(began)}
    return words % {**said, "pace": decimal(seen.pace or 0, 2)}, at


def said_failing(seen: Seen) -> tuple[str, datetime]:
    at = seen.failing_at or seen.now
    words = _("The last two quiz attempts were not passed: “%(title)s” on %(day)s.")
    return words % {"title": seen.failing_title, "day": day(at)}, at


def said_unread(seen: Seen) -> tuple[str, datetime]:
    at = seen.unread_at or seen.now
    words = _("Has not read what to change in “%(title)s”, sent on %(day)s.")
    return words % {"title": seen.unread_title, "day": day(at)}, at


SAID = {
    "help": said_help,
    "silent": said_silent,
    "stuck": said_stuck,
    "unstarted": said_unstarted,
    "slow": said_slow,
    "failing": said_failing,
    "unread": said_unread,
}


def day(moment: datetime) -> str:
    return date_format(moment.astimezone(UTC), "j M Y")
