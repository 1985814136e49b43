"""How far people come in a course, how long it takes them, and where most are lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from studio.insights.population import Population
from studio.insights.shares import Share

STAGES = ("started", "activated", "half", "completed", "certified")
NAMES = {
    "enrolled": _("Enrolled"),
    "started": _("Started"),
    "activated": _("Well under way"),
    "half": _("Half done"),
    "completed": _("Completed"),
    "certified": _("Certificate"),
}
MEANINGS = {
    "enrolled": _("has a place in the course"),
    "started": _("opened a lesson"),
    "activated": _("three lessons done, or an assignment passed, in the first week"),
    "half": _("half of the required lessons done"),
    "completed": _("all required lessons done"),
    "certified": _("got the certificate"),
}
COUNTED = """
    WITH chosen AS (
      SELECT * FROM progress_insightday
      WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s
    )
    SELECT coalesce(sum(enrolled), 0)::int, coalesce(sum(finished), 0)::int, {stages} FROM chosen
"""
STAGE = """
    coalesce(sum(cardinality({name}_after)), 0)::int,
    (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY late)
     FROM chosen, unnest({name}_after) AS late)
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """`before` are the people of the stage before; `enrolled` those of the first."""

    key: str
    count: int
    before: int
    enrolled: int
    tenths: int | None = None  # of a day, the median from enrolling

    @property
    def name(self) -> str:
        return str(NAMES[self.key])

    @property
    def meaning(self) -> str:
        return str(MEANINGS[self.key])

    @property
    def step(self) -> Share:
        return Share(self.count, self.before)

    @property
    def overall(self) -> Share:
        return Share(self.count, self.enrolled)

    @property
    def lost(self) -> int:
        return self.before - self.count

    @property
    def days(self) -> float | None:
        return None if self.tenths is None else self.tenths / 10


@dataclass(frozen=True, slots=True)
class Funnel:
    """`finished` completed the course, also those who were slow in their first week."""

    stages: Sequence[Stage]
    finished: int

    @property
    def enrolled(self) -> int:
        return self.stages[0].count

    @property
    def steps(self) -> Sequence[Stage]:
        return self.stages[1:]

    @property
    def biggest_loss(self) -> Stage | None:
        """The stage before which most people were lost; the first of equals."""
        worst = max(self.steps, key=lambda stage: stage.lost)
        return worst if worst.lost else None

    @property
    def before_biggest_loss(self) -> Stage | None:
        worst = self.biggest_loss
        return self.stages[list(self.stages).index(worst) - 1] if worst else None

    @property
    def beside(self) -> int:
        """How many completed the course without being counted in the stage that says so."""
        return self.finished - self.stages[STAGES.index("completed") + 1].count


def funnel_of(population: Population) -> Funnel:
    """One query."""
    first, last = population.span()
    values: dict[str, Any] = {"course": population.course, "first": first, "last": last}
    columns = ", ".join(STAGE.format(name=name) for name in STAGES)
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(stages=columns), values)
        enrolled, finished, *rest = cursor.fetchone()
    return funnel_from(enrolled, finished, list(zip(rest[::2], rest[1::2], strict=True)))


def funnel_from(enrolled: int, finished: int, counted: Sequence[tuple[int, Any]]) -> Funnel:
    stages = [Stage("enrolled", enrolled, enrolled, enrolled)]
    for key, (count, tenths) in zip(STAGES, counted, strict=True):
        stages.append(Stage(key, count, stages[-1].count, enrolled, tenths))
    return Funnel(stages, finished)
