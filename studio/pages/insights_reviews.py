"""What the page of a course's reviews shows: how long learners wait, and whether it will do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _

from assessments.review_numbers import TARGET, Times, times
from courses.models import Course
from studio.insights import charts
from studio.insights.population import Population, named
from studio.insights.shares import Share
from studio.insights.sheets import Cell
from studio.insights.waits import STEPS, Wait, Waits, waits_of
from studio.pages.ranges import RANGES, range_of, range_query
from studio.templatetags.rates import lasting

# Comings and goings are those of so many days, whatever is chosen.
LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """`lately` is about the whole course: one queue holds the work of all."""

    days_back: int
    waits: Waits
    lately: Times

    ranges = RANGES
    target_hours = TARGET // timedelta(hours=1)
    lately_days = LATELY.days

    @property
    def everybody(self) -> int:
        return self.waits.everybody

    @property
    def kept(self) -> str:
        return range_query(self.days_back)

    @property
    def rows(self) -> list[tuple[str, Wait]]:
        """All decisions, then by what was handed in."""
        found = self.waits
        return [
            (_("All reviews"), found.all),
            (_("Handed in for the first time"), found.first),
            (_("Handed in again after a review"), found.again),
        ]

    @property
    def steps(self) -> list[tuple[str, Share]]:
        """How many of all were decided within each span."""
        found = self.waits.all
        return [
            (within(hours), Share(count, found.decided))
            for hours, count in zip(STEPS, found.within, strict=True)
        ]

    @property
    def chart(self) -> SafeString:
        rows = [
            charts.Bar(name, share.value or 0.0, share.text, marked=hours == self.target_hours)
            for hours, (name, share) in zip(STEPS, self.steps, strict=True)
        ]
        said = "; ".join(f"{name}: {share.text}" for name, share in self.steps)
        return charts.bars("within", _("How soon reviews are decided"), said, rows)

    @property
    def weeks(self) -> Sequence[tuple[date, Wait]]:
        return self.waits.weeks

    @property
    def line(self) -> SafeString | None:
        """The median of each week in which enough was decided; None where that is no line."""
        points = [
            charts.Point(named(week), wait.half / timedelta(hours=1), lasting(wait.half))
            for week, wait in self.weeks
            if wait.half is not None
        ]
        if len(points) < 2:
            return None
        said = "; ".join(f"{one.label}: {one.text}" for one in points)
        return charts.line("weeks", _("Median wait, week by week"), said, points)


def within(hours: int) -> str:
    return _("Within %(span)s") % {"span": lasting(timedelta(hours=hours))}


def reviews_page(course: Course, population: Population, asked: Mapping[str, str]) -> ReviewsPage:
    """Three queries."""
    days = range_of(asked)
    return ReviewsPage(days, waits_of(population, now(), days), times(LATELY, course))


def reviews_table(page: ReviewsPage) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """All, first and again, then each week. What too few reviews say stays empty."""
    header = [
        "what", "decided", "median hours", "9 of 10 within hours", "in time", "share in time",
        "low", "high",
    ]  # fmt: skip
    weeks = [(week.isoformat(), wait) for week, wait in page.weeks]
    return header, [line_of(name, wait) for name, wait in [*page.rows, *weeks]]


def line_of(name: str, wait: Wait) -> Sequence[Cell]:
    share = wait.share_in_time
    rate = (share.value, share.low, share.high) if share.is_rate else (None, None, None)
    return [name, wait.decided, hours(wait.half), hours(wait.most), wait.in_time, *rate]


def hours(span: timedelta | None) -> float | None:
    return None if span is None else span / timedelta(hours=1)
