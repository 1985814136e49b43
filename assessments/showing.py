"""What may be shown of the results of a submission: the one place that knows the rule.

Of a hidden case its name, how it ended and its hint; never what went in, what should have come out
or what the code printed on the way, because code can print what it was given. Whoever is staff sees
all.
"""

from dataclasses import dataclass, replace
from typing import Any

from assessments.judging import LONGEST_SHOWN
from assessments.models import Assignment, Outcome, Submission, TestCase, TestResult
from sandbox.values import shown, value_of


@dataclass(frozen=True, slots=True)
class ShownResult:
    """One case of a submission. `called` is the call as code, or the input of a program.

    The texts are empty where the case is hidden; `outcome` is one of Outcome, `label` in words.
    """

    position: int
    name: str
    is_visible: bool
    passed: bool
    outcome: str
    label: str
    points: int
    out_of: int
    hint: str = ""
    called: str = ""
    expected: str = ""
    got: str = ""
    where: str = ""
    stdout: str = ""
    stderr: str = ""
    cut: bool = False


def shown_results(submission: Submission, staff: bool = False) -> list[ShownResult]:
    """The results in the order of the cases, as their learner may see them. One query."""
    rows = submission.results.select_related("case").order_by("position")
    return [shown_result(submission.assignment, row, staff=staff) for row in rows]


def shown_result(assignment: Assignment, row: TestResult, *, staff: bool) -> ShownResult:
    """What leaves of one result. `called` is the case as it is now, the rest as it was judged."""
    case = row.case
    told = ShownResult(
        position=row.position,
        name=case.name,
        # Hidden then or hidden now: a case that was made hidden since may have another input.
        is_visible=row.was_visible and case.is_visible,
        passed=row.is_passed,
        outcome=row.outcome,
        label=str(Outcome(row.outcome).label),
        points=row.points,
        out_of=case.points,
        hint="" if row.is_passed else case.hint,
    )
    if not told.is_visible and not staff:
        return told
    return replace(
        told,
        called=call_of(assignment, case),
        expected=row.expected,
        got=row.got,
        where=row.where,
        stdout=row.stdout,
        stderr=row.stderr,
        cut=row.is_cut,
    )


def call_of(assignment: Assignment, case: TestCase) -> str:
    """The call as one would write it, or what a program is given to read."""
    if not assignment.function:
        return case.stdin

    def written(value: Any) -> str:
        return shown(value_of(value), LONGEST_SHOWN, assignment.language)

    given = [written(one) for one in case.args]
    if assignment.language == Assignment.Language.JAVASCRIPT:
        given += [written(case.kwargs)] if case.kwargs else []
    else:
        given += [f"{name}={written(one)}" for name, one in case.kwargs.items()]
    return f"{case.function or assignment.function}({', '.join(given)})"[:LONGEST_SHOWN]
