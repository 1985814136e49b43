"""What the pages show on which an assignment is written: its cases in order, and its trial."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.judging import expectation
from assessments.models import Assignment, TestCase, Trial
from assessments.showing import call_of
from assessments.trials import latest
from courses.checks import Problem
from courses.models import Lesson
from studio.admin.assignment import TRIED
from studio.ready import problems_of_tasks

FIRST_LINE = 120


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of the list, with what goes in and comes out. `gone`: archived a moment ago."""

    case: TestCase
    number: int
    goes_in: str
    comes_out: str
    gone: bool


@dataclass(frozen=True, slots=True)
class AssignmentDesk:
    assignment: Assignment
    cases: Sequence[CaseLine]
    archived: Sequence[TestCase]
    problems: Sequence[Problem]
    trial: Trial | None

    @property
    def tried(self) -> str:
        if not self.count:
            return _("There is nothing to try out yet.")
        return str(
            TRIED[Trial.Status(self.trial.status)] if self.trial else _("It was not tried out yet.")
        )

    @property
    def count(self) -> int:
        return sum(not row.gone for row in self.cases)


def assignment_desk(assignment: Assignment, gone: str = "") -> AssignmentDesk:
    """Five queries."""
    shown, archived, number = list[CaseLine](), list[TestCase](), 0
    for case in assignment.cases.in_order():
        is_gone = str(case.pk) == gone and case.deleted_at is not None
        if case.deleted_at and not is_gone:
            archived.append(case)
            continue
        number += not is_gone
        shown.append(case_line(assignment, case, number, is_gone))
    problems = problems_of_tasks(Lesson.objects.filter(pk=assignment.lesson_id))
    return AssignmentDesk(assignment, shown, archived, problems, latest(assignment))


def case_line(assignment: Assignment, case: TestCase, number: int, gone: bool) -> CaseLine:
    if assignment.function:
        goes_in, comes_out = call_of(assignment, case), expectation(assignment, case)
    else:
        goes_in, comes_out = case.stdin, case.expected_stdout
    return CaseLine(case, number, goes_in[:FIRST_LINE], comes_out[:FIRST_LINE], gone)
