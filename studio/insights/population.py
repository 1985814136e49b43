"""Whom a report is about, as the address of the page says it. Days are those of UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

WEEK = timedelta(days=7)
# Who enrolled less than so many days ago has not had the time to finish, and would drag rates down.
HORIZONS = (28, 14, 7, 0)
USUAL = HORIZONS[0]
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
# For pages that ask the facts: who is counted, with `Population.values`.
PEOPLE = """
    SELECT place.user_id, place.enrolled_at, place.status, person.name
    FROM enrollments_enrollment place JOIN accounts_user person ON person.id = place.user_id
    WHERE place.course_id = %(course)s AND person.role <> 'ADMIN'
      AND place.enrolled_at >= %(since)s AND place.enrolled_at < %(until)s
"""


@dataclass(frozen=True, slots=True)
class Population:
    """Enrolments in a course: from `first` to `last`, of one week where `cohort` is its Monday.

    Staff are never among them. `horizon`: days since enrolling that rates of completion ask for.
    """

    course: UUID
    today: date
    first: date | None = None
    last: date | None = None
    cohort: date | None = None
    horizon: int = USUAL
    complaints: tuple[str, ...] = ()

    def span(self, *, grown: bool = True) -> tuple[date, date]:
        """The first and last day of enrolling; `grown` leaves out those within the horizon."""
        firsts = [self.first or EARLIEST, self.cohort or EARLIEST]
        lasts = [self.last or LATEST]
        if self.cohort:
            lasts.append(self.cohort + timedelta(days=6))
        if grown:
            lasts.append(self.today - timedelta(days=self.horizon))
        return max(firsts), min(lasts)

    def values(self, *, grown: bool = True) -> dict[str, Any]:
        """What PEOPLE asks for."""
        first, last = self.span(grown=grown)
        since, until = midnight(first), midnight(last + timedelta(days=1))
        return {"course": self.course, "since": since, "until": max(since, until)}

    @property
    def is_everybody(self) -> bool:
        return self.query == ""

    @property
    def has_days(self) -> bool:
        """Whether days of enrolling were chosen."""
        return any((self.first, self.last, self.cohort))

    @property
    def query(self) -> str:
        """The filters as a query string, without those that say nothing."""
        said = {
            "from": self.first and self.first.isoformat(),
            "to": self.last and self.last.isoformat(),
            "cohort": self.cohort and self.cohort.isoformat(),
            "horizon": None if self.horizon == USUAL else str(self.horizon),
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def words(self) -> str:
        """Who is counted, as a sentence."""
        if self.cohort:
            who = _("People who enrolled in the week of %s") % named(self.cohort)
        elif self.first and self.last:
            span = {"first": named(self.first), "last": named(self.last)}
            who = _("People who enrolled from %(first)s to %(last)s") % span
        elif self.first:
            who = _("People who have enrolled since %s") % named(self.first)
        elif self.last:
            who = _("People who enrolled up to %s") % named(self.last)
        else:
            who = _("Everybody who has enrolled")
        if not self.horizon:
            return _("%s. Staff are not counted.") % who
        return _(
            "%(who)s, except in the last %(days)s days, because they had little time yet. "
            "Staff are not counted."
        ) % {"who": who, "days": self.horizon}


def population_of(course: UUID, asked: Mapping[str, str], today: date) -> Population:
    """Read the filters of an address. What makes no sense is left out, and said."""
    complaints: list[str] = []
    first = day_of(asked.get("from", ""), complaints)
    last = day_of(asked.get("to", ""), complaints)
    if first and last and first > last:
        complaints.append(_("The last day is before the first, so neither is used."))
        first = last = None
    cohort = day_of(asked.get("cohort", ""), complaints)
    found = Population(
        course, today, first, last, cohort and monday(cohort),
        horizon_of(asked.get("horizon", ""), complaints), tuple(complaints),
    )  # fmt: skip
    begin, end = found.span(grown=False)
    if found.cohort and begin > end:
        said = _("That week lies outside the days chosen, so only the week is used.")
        return replace(found, first=None, last=None, complaints=(*complaints, said))
    return found


def day_of(text: str, complaints: list[str]) -> date | None:
    """A day as a date field sends it."""
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if EARLIEST <= day <= LATEST:
            return day
    except ValueError:
        pass
    shown = text if len(text) <= 20 else f"{text[:20]}…"
    complaints.append(_("“%s” is not a day that can be used here, so it is left out.") % shown)
    return None


def horizon_of(text: str, complaints: list[str]) -> int:
    if text in map(str, HORIZONS):
        return int(text)
    if text.strip():
        complaints.append(_("That number of days cannot be chosen, so 28 are used."))
    return USUAL


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def named(day: date) -> str:
    return date_format(day, "j M Y")
