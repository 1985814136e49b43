"""Lesson by lesson: who comes, who completes, who stops here, and why one looks closer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.numerals import grouped, percent
from courses.models import Lesson
from studio.insights.population import Population
from studio.insights.shares import HALF, THREE_QUARTERS, Share, quantile, wilson

FEW = 20  # of fewer people nothing is flagged
MORE = Fraction(10, 100)  # than the median of the course: too many stop
SLOW = 2  # times the minutes that the author planned
STUCK = Fraction(30, 100)  # of those who tried an assignment
SUMS = """
    SELECT lesson_id, sum(opened)::int, sum(completed)::int, sum(ripe)::int, sum(idle)::int,
      sum(passed_over)::int, sum(unopened)::int, sum(days)::int, sum(tried)::int, sum(stuck)::int
    FROM progress_insightlesson
    WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s GROUP BY lesson_id
"""
MINUTES = """
    SELECT lesson_id, spent, sum(number)::int
    FROM progress_insightlesson, unnest(minutes, people) AS counted (spent, number)
    WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s GROUP BY lesson_id, spent
"""
ENROLLED = """
    SELECT coalesce(sum(enrolled), 0)::int FROM progress_insightday
    WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """The sums of a lesson, as `InsightLesson` names them."""

    opened: int = 0
    completed: int = 0
    ripe: int = 0
    idle: int = 0
    passed_over: int = 0
    unopened: int = 0
    days: int = 0
    tried: int = 0
    stuck: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a lesson is flagged: `kind` is DROP, SLOW or STUCK; the numbers are what it says."""

    kind: str
    count: int
    of: int
    other: float = 0.0

    @property
    def text(self) -> str:
        share = {"share": Share(self.count, self.of).text, "n": grouped(self.of)}
        if self.kind == "DROP":
            usual = percent(f"{100 * self.other:.0f}")
            return _("%(share)s stopped here (course median %(usual)s, n\xa0=\xa0%(n)s)") % {
                **share, "usual": usual,
            }  # fmt: skip
        if self.kind == "SLOW":
            return _(
                "It takes longer than planned: half need %(count)s minutes or more, "
                "%(planned)s were planned (n\xa0=\xa0%(n)s)"
            ) % {
                "count": grouped(self.count),
                "planned": f"{self.other:.0f}",
                "n": grouped(self.of),
            }
        return _(
            "%(share)s of those who started it failed five times or never passed (n\xa0=\xa0%(n)s)"
        ) % share  # fmt: skip


@dataclass(frozen=True, slots=True)
class LessonNumbers:
    """`minutes` are active minutes with how many people have each."""

    lesson: Lesson
    place: int
    enrolled: int
    counted: Counted
    minutes: Sequence[tuple[int, int]] = ()
    reasons: Sequence[Reason] = field(default=())

    @property
    def reach(self) -> Share:
        return Share(self.counted.opened, self.enrolled)

    @property
    def completion(self) -> Share:
        return Share(self.counted.completed, self.counted.opened)

    @property
    def drop(self) -> Share:
        return Share(self.counted.idle, self.counted.ripe)

    @property
    def skip(self) -> Share:
        return Share(self.counted.passed_over, self.counted.opened + self.counted.unopened)

    @property
    def median_minutes(self) -> int | None:
        return quantile(self.minutes, HALF)

    @property
    def p75_minutes(self) -> int | None:
        return quantile(self.minutes, THREE_QUARTERS)

    @property
    def ratio(self) -> Fraction | None:
        if not self.lesson.minutes or self.median_minutes is None:
            return None
        return Fraction(self.median_minutes, self.lesson.minutes)

    @property
    def times(self) -> float | None:
        """The ratio as a number to show, where there are enough people."""
        if self.ratio is None or not self.completion.is_rate:
            return None
        return float(self.ratio)

    @property
    def returns(self) -> float | None:
        """On how many days people were here, on average."""
        return self.counted.days / self.counted.opened if self.counted.opened else None

    @property
    def affected(self) -> Fraction:
        """How many people this stops: the share that stops, of all who opened it."""
        return (self.drop.exact or Fraction(0)) * self.counted.opened

    @property
    def people_affected(self) -> int:
        return round(self.affected)

    def as_dict(self) -> dict[str, Any]:
        """What is kept of a flagged lesson for lists over all courses."""
        reasons = [[one.kind, one.count, one.of, one.other] for one in self.reasons]
        return {
            "lesson": str(self.lesson.pk), "affected": float(self.affected), "reasons": reasons,
        }  # fmt: skip


def lessons_of(population: Population) -> list[LessonNumbers]:
    """Four queries. In the order of the outline, each with why it is flagged, if it is."""
    first, last = population.span()
    values: dict[str, Any] = {"course": population.course, "first": first, "last": last}
    outline = Lesson.objects.shown().filter(course=population.course).in_outline_order()
    lessons = list(outline.only("title", "slug", "kind", "minutes", "is_required", "course"))
    sums: dict[Any, Counted] = {}
    minutes: dict[Any, list[tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ENROLLED, values)
        [enrolled] = cursor.fetchone()
        cursor.execute(SUMS, values)
        for key, *numbers in cursor.fetchall():
            sums[key] = Counted(*numbers)
        cursor.execute(MINUTES, values)
        for key, spent, people in cursor.fetchall():
            minutes.setdefault(key, []).append((spent, people))
    return flagged(
        LessonNumbers(one, place, enrolled, sums.get(one.pk, Counted()), minutes.get(one.pk, ()))
        for place, one in enumerate(lessons, start=1)
    )


def flagged(rows: Iterable[LessonNumbers]) -> list[LessonNumbers]:
    """The same with their reasons."""
    lessons = list(rows)
    usual = usual_drop(lessons)
    return [
        LessonNumbers(
            one.lesson, one.place, one.enrolled, one.counted, one.minutes, reasons_of(one, usual)
        )
        for one in lessons
    ]


def usual_drop(lessons: Iterable[LessonNumbers]) -> Fraction:
    """The median of what share stops in each lesson, of those where that can be said."""
    found = [one.drop.exact for one in lessons if one.drop.exact is not None]
    return median(found) if found else Fraction(0)


def reasons_of(one: LessonNumbers, usual: Fraction) -> list[Reason]:
    found = []
    drop, counted = one.drop, one.counted
    is_more = drop.of >= FEW and drop.exact is not None and drop.exact >= usual + MORE
    if is_more and wilson(drop.count, drop.of)[0] > usual:
        found.append(Reason("DROP", drop.count, drop.of, float(usual)))
    if counted.opened >= FEW and one.ratio is not None and one.ratio >= SLOW:
        spent = one.median_minutes or 0
        found.append(Reason("SLOW", spent, counted.opened, float(one.lesson.minutes)))
    if stuck := stuck_reason(counted.tried, counted.stuck):
        found.append(stuck)
    return found


def stuck_reason(tried: int, stuck: int) -> Reason | None:
    """Whether too many of those who tried an assignment failed five times, or never passed."""
    too_many = tried >= FEW and Fraction(stuck, tried) >= STUCK
    return Reason("STUCK", stuck, tried) if too_many else None


def stuck_among(lessons: Iterable[LessonNumbers], most: int = 5) -> list[LessonNumbers]:
    """Those that are flagged, most people affected first."""
    worst = sorted(
        (one for one in lessons if one.reasons), key=lambda one: (-one.affected, one.place)
    )
    return worst[:most]


def stuck_lessons(population: Population) -> list[LessonNumbers]:
    return stuck_among(lessons_of(population))
