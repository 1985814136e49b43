"""Assignment by assignment: who passes, how long it takes, and where those fail who fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.numerals import grouped
from assessments.error_signatures import lines_of, words_of
from assessments.models import TestCase
from assessments.statements import asked
from courses.models import Lesson
from studio.insights.lessons import Reason, stuck_reason
from studio.insights.population import Population
from studio.insights.shares import Share

MOST_ERRORS = 3
NEARLY_ALL = Fraction(8, 10)
SUMS = """
    SELECT lesson_id, tried, stuck, passed, handed_in, first_passed, failing, opened,
      failing_all
    FROM (
      SELECT lesson_id, sum(opened)::int AS opened, sum(tried)::int AS tried,
        sum(stuck)::int AS stuck
      FROM progress_insightlesson
      WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s GROUP BY lesson_id
    ) AS lesson JOIN (
      SELECT lesson_id, sum(cardinality(minutes))::int AS passed, sum(handed_in)::int AS handed_in,
        sum(first_passed)::int AS first_passed, sum(failing)::int AS failing,
        sum(failing_all)::int AS failing_all
      FROM progress_insightassignment
      WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s GROUP BY lesson_id
    ) AS task USING (lesson_id)
"""
TIMES = """
    SELECT lesson_id,
      percentile_disc(ARRAY[0.5, 0.75]) WITHIN GROUP (ORDER BY needed),
      percentile_disc(ARRAY[0.5, 0.75]) WITHIN GROUP (ORDER BY spent)
    FROM progress_insightassignment,
      unnest(submissions, minutes) AS passed (needed, spent)
    WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s GROUP BY lesson_id
"""
HEAT = """
    SELECT lesson_id, case_id, sum(people)::int
    FROM progress_insightassignment, unnest(cases, blamed) AS counted (case_id, people)
    WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY lesson_id, case_id
"""
ERRORS = """
    SELECT lesson_id, kind, message, region, people FROM (
      SELECT *, row_number() OVER (PARTITION BY lesson_id
        ORDER BY people DESC, kind, message, region) AS place
      FROM (
        SELECT lesson_id, one->>0 AS kind, one->>1 AS message, (one->>2)::int AS region,
          sum((one->>3)::int)::int AS people
        FROM progress_insightassignment, jsonb_array_elements(errors) AS one
        WHERE course_id = %(course)s AND day BETWEEN %(first)s AND %(last)s
        GROUP BY lesson_id, one->>0, one->>1, one->>2
      ) AS summed
    ) AS ranked WHERE place <= %(most)s ORDER BY lesson_id, place
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """The sums of an assignment, as `InsightAssignment` and `InsightLesson` name them."""

    tried: int = 0
    stuck: int = 0
    passed: int = 0
    handed_in: int = 0
    first_passed: int = 0
    failing: int = 0
    opened: int = 0
    failing_all: int = 0


@dataclass(frozen=True, slots=True)
class Times:
    """Of those who passed: the median and the third quartile."""

    submissions: tuple[int, int]
    minutes: tuple[int, int]

    @property
    def lasting(self) -> list[timedelta]:
        return [timedelta(minutes=one) for one in self.minutes]


@dataclass(frozen=True, slots=True)
class Heat:
    """For how many of those with a failing run a case fails first."""

    case: TestCase
    blamed: Share


@dataclass(frozen=True, slots=True)
class Fault:
    """An error and how many had it, of those with a failing run."""

    kind: str
    message: str
    region: int
    people: Share

    @property
    def words(self) -> str:
        return words_of(self.kind, self.message)

    @property
    def lines(self) -> tuple[int, int] | None:
        return lines_of(self.region)


@dataclass(frozen=True, slots=True)
class AssignmentNumbers:
    """`place` is the lesson's in the course; `heat` has the case first that stops most."""

    lesson: Lesson
    place: int
    counted: Tried
    times: Times | None = None
    heat: Sequence[Heat] = ()
    faults: Sequence[Fault] = ()

    @property
    def passing(self) -> Share:
        return Share(self.counted.passed, self.counted.tried)

    @property
    def first_go(self) -> Share:
        return Share(self.counted.first_passed, self.counted.handed_in)

    @property
    def shown_times(self) -> Times | None:
        """None where too few passed to say it."""
        return self.times if Share(0, self.counted.passed).is_rate else None

    @property
    def reason(self) -> Reason | None:
        """Why it is flagged, if it is."""
        return stuck_reason(self.counted.tried, self.counted.stuck)

    @property
    def tests(self) -> int:
        """How many it has today."""
        return sum(one.case.deleted_at is None for one in self.heat)

    @property
    def failing_all(self) -> Share:
        return Share(self.counted.failing_all, self.counted.failing)

    @property
    def stops_at_all(self) -> bool:
        """Whether most who fail pass no test, so that the first of these says nothing."""
        share = self.failing_all
        return self.tests > 1 and share.is_rate and (share.exact or 0) >= NEARLY_ALL

    @property
    def said_of_all(self) -> str:
        """That they fail all tests, where they do."""
        if not self.stops_at_all:
            return ""
        share = self.failing_all
        said = {"share": share.text, "tests": grouped(self.tests), "n": grouped(share.of)}
        if share.count == share.of:
            return _("Whoever fails here fails all %(tests)s tests (n\xa0=\xa0%(n)s)") % said
        return _("%(share)s of those who fail, fail all %(tests)s tests (n\xa0=\xa0%(n)s)") % said

    @property
    def stopping(self) -> Sequence[Heat]:
        """The cases that fail first for somebody."""
        return [one for one in self.heat if one.blamed.count]

    @property
    def first_to_fail(self) -> Heat | None:
        """The case that is the first to fail for most, where there are enough to say it."""
        return self.heat[0] if self.heat and self.heat[0].blamed.is_rate else None

    @property
    def hottest(self) -> Heat | None:
        """The case that stops most. None where all of them do."""
        return None if self.stops_at_all else self.first_to_fail


def assignments_of(population: Population) -> list[AssignmentNumbers]:
    """Six queries. In the order of the course."""
    first, last = population.span()
    values: dict[str, Any] = {
        "course": population.course, "first": first, "last": last, "most": MOST_ERRORS,
    }  # fmt: skip
    sums = {key: Tried(*numbers) for key, *numbers in asked(SUMS, values)}
    times = {key: Times(tuple(tries), tuple(spent)) for key, tries, spent in asked(TIMES, values)}
    heat: dict[UUID, dict[UUID, int]] = {}
    for key, case, people in asked(HEAT, values):
        heat.setdefault(key, {})[case] = people
    faults: dict[UUID, list[tuple[str, str, int, int]]] = {}
    for key, *fault in asked(ERRORS, values):
        faults.setdefault(key, []).append(tuple(fault))
    outline = Lesson.objects.shown().filter(course=population.course).in_outline_order()
    lessons = list(outline.select_related("assignment").only("title", "kind", "assignment__id"))
    cases = cases_of(population.course)
    return [
        AssignmentNumbers(
            lesson, place, (counted := sums.get(lesson.pk, Tried())), times.get(lesson.pk),
            heat_of(cases.get(lesson.pk, []), heat.get(lesson.pk, {}), counted.failing),
            [
                Fault(kind, message, region, Share(people, counted.failing))
                for kind, message, region, people in faults.get(lesson.pk, [])
            ],
        )
        for place, lesson in enumerate(lessons, start=1)
        if hasattr(lesson, "assignment")
    ]  # fmt: skip


def heat_of(cases: Sequence[TestCase], blamed: dict[UUID, int], failing: int) -> list[Heat]:
    """Every case of today, and those taken out since that stopped somebody; the worst first."""
    shown = [
        Heat(case, Share(blamed.get(case.pk, 0), failing))
        for case in cases
        if case.deleted_at is None or case.pk in blamed
    ]
    return sorted(shown, key=lambda one: -one.blamed.count)


def cases_of(course: UUID) -> dict[UUID, list[TestCase]]:
    """The cases of each assignment of a course, by its lesson."""
    found: dict[UUID, list[TestCase]] = {}
    rows = TestCase.objects.filter(assignment__lesson__course=course).in_order()
    names = ("name", "is_visible", "deleted_at", "assignment__lesson_id")
    for case in rows.select_related("assignment").only(*names):
        found.setdefault(case.assignment.lesson_id, []).append(case)
    return found
