"""How far people come in a course, how long it takes them, and where most are lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from studio.insights.population import Population
from studio.insights.shares import ENOUGH, Share

STAGES = ("started", "activated", "half", "completed", "certified")
LATER = STAGES[2:]  # which a slow first week keeps people out of, however far they come
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
    SELECT coalesce(sum(enrolled), 0)::int, coalesce(sum(halfway), 0)::int,
      coalesce(sum(finished), 0)::int, coalesce(sum(certified), 0)::int, {stages}
    FROM chosen
"""
STAGE = """
    coalesce(sum(cardinality({name}_after)), 0)::int,
    (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY late)
     FROM chosen, unnest({name}_after) AS late)
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """`before` are the people of the stage before; `enrolled` those of the first.

    `came` are those who came so far or further whenever it was, also after a slow first week, and
    `came_before` those of the stage before.
    """

    key: str
    count: int
    before: int
    enrolled: int
    came: int
    came_before: int
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
    def coming(self) -> Share:
        return Share(self.came, self.came_before)

    @property
    def lost(self) -> int:
        return self.came_before - self.came

    @property
    def late(self) -> int:
        """How many came so far without being counted in the stage."""
        return self.came - self.count if self.key in LATER else 0

    @property
    def days(self) -> float | None:
        """None where too few came so far to say it."""
        return None if self.tenths is None or self.count < ENOUGH else self.tenths / 10


@dataclass(frozen=True, slots=True)
class Funnel:
    stages: Sequence[Stage]

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
        return worst if worst.lost > 0 else None

    @property
    def before_biggest_loss(self) -> Stage | None:
        worst = self.biggest_loss
        return self.stages[list(self.stages).index(worst) - 1] if worst else None

    @property
    def with_late(self) -> Sequence[Stage]:
        """The stages to which more came than are counted in them."""
        return [stage for stage in self.stages if stage.late]


def funnel_of(population: Population) -> Funnel:
    """One query."""
    first, last = population.span()
    values: dict[str, Any] = {"course": population.course, "first": first, "last": last}
    columns = ", ".join(STAGE.format(name=name) for name in STAGES)
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(stages=columns), values)
        enrolled, *rest = cursor.fetchone()
    in_all, rest = rest[: len(LATER)], rest[len(LATER) :]
    return funnel_from(enrolled, list(zip(rest[::2], rest[1::2], strict=True)), in_all)


def funnel_from(enrolled: int, counted: Sequence[tuple[int, Any]], in_all: Sequence[int]) -> Funnel:
    """`in_all`: for each of the later stages, how many reached it whatever their first week."""
    stages = [Stage("enrolled", enrolled, enrolled, enrolled, enrolled, enrolled)]
    came = came_to([count for count, _ in counted], in_all)
    for key, (count, tenths) in zip(STAGES, counted, strict=True):
        before = stages[-1]
        stages.append(Stage(key, count, before.count, enrolled, came[key], before.came, tenths))
    return Funnel(stages)


def came_to(counts: Sequence[int], in_all: Sequence[int]) -> dict[str, int]:
    """How many came to each stage or further: nobody who was slow at first and came back is lost.

    Where a count is older than these totals, the stage itself is what is known.
    """
    came = dict(zip(STAGES, counts, strict=True))
    slow = max(0, in_all[0] - came["half"])
    came["activated"] += slow
    return came | {key: max(came[key], number) for key, number in zip(LATER, in_all, strict=True)}
