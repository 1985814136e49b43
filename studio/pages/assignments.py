"""What the pages of assignments show: a list of all of them, and one with its trial."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page, Paginator

from assessments.assignment_numbers import (
    AssignmentNumbers,
    AssignmentTally,
    Share,
    assignment_numbers,
    assignment_tallies,
)
from assessments.judging import expectation
from assessments.models import Assignment, TestCase, Trial
from assessments.rejudgings import waiting_for
from assessments.running import LEEWAY, limits_of
from assessments.showing import call_of
from assessments.trials import latest
from assessments.trying import Finding
from courses.models import Course, Lesson
from studio.pages.home import IN_ORDER, LONG_TEXTS, PER_PAGE
from studio.pages.waiting import Waiting, waiting


@dataclass(frozen=True, slots=True)
class AssignmentsPage:
    """Courses with their assignments and numbers, drafts too."""

    page: Page[Assignment]
    courses: list[tuple[Course, list[tuple[Assignment, AssignmentTally]]]]
    waiting: Waiting


def assignments_page(number: str) -> AssignmentsPage:
    """Seven queries."""
    rows = (
        Assignment.objects.filter(lesson__in=Lesson.objects.with_drafts())
        .select_related("lesson__course")
        .defer("starter", "solution", *LONG_TEXTS)
        .order_by(*IN_ORDER)
    )
    page: Page[Assignment] = Paginator(rows, PER_PAGE).get_page(number)
    shown = list(page.object_list)
    counted = assignment_tallies(shown)
    courses = [
        (course, [(one, counted[one.pk]) for one in group])
        for course, group in groupby(shown, key=lambda one: one.lesson.course)
    ]
    return AssignmentsPage(page, courses, waiting())


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as staff see it, with what the trial says of it and how learners fared."""

    case: TestCase
    called: str
    expected: str
    findings: Sequence[Finding]
    share: Share


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """One assignment. `general` are findings that are about no case of it."""

    assignment: Assignment
    trial: Trial | None
    errors: Sequence[Finding]
    general: Sequence[Finding]
    cases: Sequence[CaseRow]
    numbers: AssignmentNumbers
    waiting: int

    @property
    def is_idle(self) -> bool:
        """Whether trying it out may be asked for."""
        return self.trial is None or not self.trial.is_open

    @property
    def seconds_allowed(self) -> float:
        return limits_of(self.assignment).cpu_seconds

    @property
    def is_stretched(self) -> bool:
        """Whether cases may take longer than its author said, because the solution does."""
        return self.seconds_allowed > self.assignment.cpu_seconds

    leeway = LEEWAY


def assignment_page(assignment: Assignment) -> AssignmentPage:
    """Six queries."""
    cases = list(assignment.cases.live().in_order())
    trial = latest(assignment)
    found = [Finding(**one) for one in trial.findings] if trial else []
    keys = {case.key for case in cases}
    numbers = assignment_numbers(assignment)
    return AssignmentPage(
        assignment=assignment,
        trial=trial,
        errors=[one for one in found if one.is_error],
        general=[one for one in found if not one.is_error and one.case not in keys],
        cases=[case_row(assignment, case, found, numbers) for case in cases],
        numbers=numbers,
        waiting=waiting_for(assignment),
    )


def case_row(
    assignment: Assignment, case: TestCase, found: Sequence[Finding], numbers: AssignmentNumbers
) -> CaseRow:
    return CaseRow(
        case=case,
        called=call_of(assignment, case),
        expected=expectation(assignment, case) if assignment.function else case.expected_stdout,
        findings=[one for one in found if one.case == case.key],
        share=numbers.cases.get(case.pk, Share(0, 0)),
    )
