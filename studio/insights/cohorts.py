"""Whether people come back: of those who enrolled in one week, how many were active in the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from progress.models import InsightDay
from studio.insights.population import WEEK, Population, monday
from studio.insights.shares import Share

SHOWN = 12  # weeks of enrolling, the latest of them


@dataclass(frozen=True, slots=True)
class Cohort:
    """`cells` are the weeks after enrolling; None where that week is not over for all of them."""

    week: date
    enrolled: int
    cells: Sequence[Share | None]


def cohorts_of(population: Population) -> list[Cohort]:
    """One query. The latest week comes first; the horizon does not matter here."""
    first, last = population.span(grown=False)
    days = InsightDay.objects.filter(course=population.course, day__range=(first, last))
    rows = days.order_by("-day").values_list("day", "enrolled", "weeks")
    found: list[Cohort] = []
    for week, group in groupby(rows, key=lambda row: monday(row[0])):
        if len(found) == SHOWN:
            break
        found.append(cohort_of(week, list(group), population.today))
    return found


def cohort_of(week: date, days: Sequence[tuple[date, int, list[int]]], today: date) -> Cohort:
    enrolled = sum(number for _, number, _ in days)
    latest = max(day for day, _, _ in days)
    sums = [sum(column) for column in zip(*(weeks for _, _, weeks in days), strict=True)]
    cells = [
        Share(active, enrolled) if is_over(latest, number, today) else None
        for number, active in enumerate(sums)
    ]
    return Cohort(week, enrolled, cells)


def is_over(latest: date, number: int, today: date) -> bool:
    """Whether that week after enrolling has ended for whoever enrolled on that day."""
    return latest + timedelta(days=1) + WEEK * (number + 1) <= today
