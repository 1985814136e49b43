"""Quiz by quiz: how first attempts went, and how far their scores can be relied on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any
from uuid import UUID

from assessments.items import ENOUGH, RELIABLE, SHOWN, Whole, alpha_of, standard_error
from assessments.statements import asked
from courses.models import Lesson
from studio.insights.population import Population
from studio.insights.shares import Share

SCALE = 10_000  # of a percent
STEP = 10  # percent in a bar of the scores
SUMS = """
    SELECT lesson_id, attempts, passed, alike, half FROM (
      SELECT lesson_id, sum(attempts)::int AS attempts, sum(passed)::int AS passed,
        sum(alike)::int AS alike
      FROM progress_insightquiz
      WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s GROUP BY lesson_id
    ) AS summed JOIN (
      SELECT lesson_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY spent) AS half
      FROM progress_insightquiz, unnest(seconds) AS spent
      WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s GROUP BY lesson_id
    ) AS timed USING (lesson_id)
"""
PERCENTS = """
    SELECT lesson_id, percent, count(*)::int
    FROM progress_insightquiz, unnest(percents) AS percent
    WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY lesson_id, percent ORDER BY lesson_id, percent
"""
MOMENTS = """
    SELECT lesson_id, sum(one), sum(square)
    FROM progress_insightquiz,
      unnest(sums, squares) WITH ORDINALITY AS counted (one, square, place)
    WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY lesson_id, place ORDER BY lesson_id, place
"""


@dataclass(frozen=True, slots=True)
class QuizNumbers:
    """`percents` are scores, in ten-thousandths, with how many first attempts have each.

    `whole` is None while there are too few of them.
    """

    lesson: Lesson
    place: int
    attempts: int = 0
    passed: int = 0
    percents: Sequence[tuple[int, int]] = ()
    whole: Whole | None = None

    needed = SHOWN

    @property
    def is_reliable(self) -> bool:
        return self.attempts >= RELIABLE

    @property
    def passing(self) -> Share:
        return Share(self.passed, self.attempts)

    @property
    def near(self) -> Share | None:
        """Who scored within one error of the mark, where that can be said."""
        if self.whole is None or self.whole.near is None:
            return None
        return Share(round(self.whole.near * self.attempts), self.attempts)

    @property
    def scores(self) -> list[tuple[int, int, Share]]:
        """From how many percent to how many, and who scored so: all percents in ten steps."""
        found = Counter[int]()
        for percent, people in self.percents:
            found[min(percent // (STEP * SCALE), 100 // STEP - 1)] += people
        return [
            (STEP * n, STEP * (n + 1), Share(found[n], self.attempts)) for n in range(100 // STEP)
        ]


def quizzes_of(population: Population) -> list[QuizNumbers]:
    """Four queries. In the order of the course."""
    first, last = population.span()
    values: dict[str, Any] = {"course": population.course, "first": first, "last": last}
    sums = {key: numbers for key, *numbers in asked(SUMS, values)}
    percents: dict[UUID, list[tuple[int, int]]] = {}
    for key, percent, people in asked(PERCENTS, values):
        percents.setdefault(key, []).append((percent, people))
    moments: dict[UUID, list[tuple[int, int]]] = {}
    for key, total, square in asked(MOMENTS, values):
        moments.setdefault(key, []).append((int(total), int(square)))
    outline = Lesson.objects.shown().filter(course=population.course).in_outline_order()
    lessons = list(outline.select_related("quiz").only("title", "kind", "quiz__pass_percent"))
    return [
        numbers_of(
            lesson, place, sums.get(lesson.pk), percents.get(lesson.pk, []),
            moments.get(lesson.pk, []),
        )
        for place, lesson in enumerate(lessons, start=1)
        if hasattr(lesson, "quiz")
    ]  # fmt: skip


def numbers_of(
    lesson: Lesson,
    place: int,
    sums: Sequence[Any] | None,
    percents: Sequence[tuple[int, int]],
    moments: Sequence[tuple[int, int]],
) -> QuizNumbers:
    if sums is None:
        return QuizNumbers(lesson, place)
    attempts, passed, alike, seconds = sums
    whole = None
    if attempts >= SHOWN:
        consistency, error = reliability(alike, moments)
        whole = Whole(
            attempts=attempts,
            mean=float(Fraction(sum(p * n for p, n in percents), attempts * SCALE)),
            median=median_of(percents) / SCALE,
            deviation=deviation(attempts, *power_sums(percents)),
            pass_rate=passed / attempts,
            seconds=float(seconds),
            alike=alike,
            alpha=consistency,
            error=error,
            near=near(percents, lesson.quiz.pass_percent, error),
        )
    return QuizNumbers(lesson, place, attempts, passed, percents, whole)


def reliability(
    alike: int, moments: Sequence[tuple[int, int]]
) -> tuple[float | None, float | None]:
    """Alpha, and the error of a score in percent, over those who were asked the same."""
    if alike < ENOUGH or not moments:
        return None, None
    (percents, percents_squared), total, *questions = moments
    own = sum(alike * square - one * one for one, square in questions)
    spread = alike * total[1] - total[0] ** 2
    consistency = alpha_of(len(questions), own, spread)
    if consistency is None:
        return None, None
    return consistency, standard_error(deviation(alike, percents, percents_squared), consistency)


def power_sums(counted: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(p * n for p, n in counted), sum(p * p * n for p, n in counted)


def deviation(count: int, total: int, squares: int) -> float:
    """The standard deviation over n - 1, in percent."""
    return sqrt(Fraction(count * squares - total * total, count * (count - 1))) / SCALE


def median_of(counted: Sequence[tuple[int, int]]) -> float:
    """The middle value, or the mean of the two in the middle; `counted` is in order."""
    people = sum(number for _, number in counted)
    return (value_at(counted, (people - 1) // 2) + value_at(counted, people // 2)) / 2


def value_at(counted: Sequence[tuple[int, int]], place: int) -> int:
    for value, number in counted:
        if place < number:
            return value
        place -= number
    raise IndexError(place)


def near(counted: Sequence[tuple[int, int]], mark: int, error: float | None) -> float | None:
    """The share within one error of the mark."""
    if error is None:
        return None
    within = sum(n for p, n in counted if abs(p - mark * SCALE) <= error * SCALE)
    return within / sum(n for _, n in counted)
