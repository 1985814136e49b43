"""From what a case gave back to a verdict. Out here, where the expected values are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Assignment, Outcome, TestCase
from sandbox import checkers
from sandbox.checkers import Comparison, TextCheck, ValueCheck
from sandbox.values import shown, value_of
from sandbox.verdict import CaseResult, Result, Status

LONGEST_SHOWN = 4_000
# Signs of code that is missing or broken: no case that expects any error means one of these.
BROKEN = {
    "NotImplementedError", "NameError", "UnboundLocalError", "SyntaxError", "IndentationError",
    "ImportError", "ModuleNotFoundError", "TypeError", "AttributeError", "RecursionError",
    "MemoryError", "ReferenceError", "InternalError", "AssertionError",
}  # fmt: skip
TEXTS = {
    Assignment.Compare.EXACT: TextCheck.EXACT,
    Assignment.Compare.TRIM: TextCheck.LINES,
    Assignment.Compare.TOKENS: TextCheck.TOKENS,
    Assignment.Compare.APPROX: TextCheck.NUMBERS,
    Assignment.Compare.UNORDERED: TextCheck.UNORDERED,
    Assignment.Compare.PATTERN: TextCheck.PATTERN,
}
ENDS = {
    Status.RUNTIME_ERROR: Outcome.RUNTIME_ERROR,
    Status.COMPILE_ERROR: Outcome.COMPILE_ERROR,
    Status.TIME_LIMIT: Outcome.TIME_LIMIT,
    Status.MEMORY_LIMIT: Outcome.MEMORY_LIMIT,
    Status.OUTPUT_LIMIT: Outcome.OUTPUT_LIMIT,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One case. `where` names the first difference in words, such as "item 3"; "" for the whole."""

    case: TestCase
    outcome: str
    expected: str
    got: str
    where: str
    result: CaseResult

    @property
    def points(self) -> int:
        return self.case.points if self.outcome == Outcome.PASSED else 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """All cases of a submission. `outcome` is the first that is not PASSED."""

    cases: Sequence[Judged]
    pass_percent: int

    @property
    def points(self) -> int:
        return sum(one.points for one in self.cases)

    @property
    def out_of(self) -> int:
        return sum(one.case.points for one in self.cases)

    @property
    def percent(self) -> int:
        return 100 * self.points // self.out_of if self.out_of else 0

    @property
    def passed(self) -> bool:
        return self.percent >= self.pass_percent

    @property
    def outcome(self) -> str:
        failing = (one.outcome for one in self.cases if one.outcome != Outcome.PASSED)
        return next(failing, Outcome.PASSED)


def verdict(assignment: Assignment, cases: Sequence[TestCase], result: Result) -> Verdict:
    """Judge all cases. `result` has one entry for each, in their order."""
    pairs = zip(cases, result.cases, strict=True)
    return Verdict([judge(assignment, *pair) for pair in pairs], assignment.pass_percent)


def judge(assignment: Assignment, case: TestCase, result: CaseResult) -> Judged:
    """Judge one case. Never a pass from any end but the one that was expected."""
    if assignment.function:
        return _called(assignment, case, result)
    if result.status is not Status.OK:
        return Judged(case, ENDS[result.status], case.expected_stdout, result.stdout, "", result)
    check = TEXTS[Assignment.Compare(assignment.compare)]
    compared = checkers.text(check, case.expected_stdout, result.stdout, assignment.tolerance)
    what = "word" if check in (TextCheck.TOKENS, TextCheck.NUMBERS) else "line"
    return _compared(case, result, compared, what, (case.expected_stdout, result.stdout))


def _called(assignment: Assignment, case: TestCase, result: CaseResult) -> Judged:
    expected = expectation(assignment, case)
    if result.status is Status.RUNTIME_ERROR and result.raised and case.raises:
        fits = (
            result.raised not in BROKEN if case.raises == case.ANY else result.raised == case.raises
        )
        outcome = Outcome.PASSED if fits else Outcome.RUNTIME_ERROR
        return Judged(case, outcome, expected, result.raised, "", result)
    if result.status is not Status.OK or result.value is None:
        outcome = ENDS.get(result.status, Outcome.RUNTIME_ERROR)
        return Judged(case, outcome, expected, result.raised, "", result)
    got = shown(result.value, LONGEST_SHOWN, assignment.language)
    if case.raises:
        return Judged(case, Outcome.WRONG, expected, got, "", result)
    compared = checkers.value(value_of(case.expected), result.value, value_check(assignment))
    return _compared(case, result, compared, "item", (expected, got))


def _compared(
    case: TestCase, result: CaseResult, compared: Comparison, what: str, texts: tuple[str, str]
) -> Judged:
    outcome = Outcome.PASSED if compared.passed else Outcome.WRONG
    where = "" if compared.passed or compared.index is None else f"{what} {compared.index + 1}"
    return Judged(case, outcome, *texts, where, result)


def value_check(assignment: Assignment) -> ValueCheck:
    compare = assignment.compare
    if compare == Assignment.Compare.EXACT:
        return checkers.STRICT
    return ValueCheck(
        sequences_alike=True,
        by_value=True,
        tolerance=assignment.tolerance if compare == Assignment.Compare.APPROX else None,
        unordered=compare == Assignment.Compare.UNORDERED,
    )


def expectation(assignment: Assignment, case: TestCase) -> str:
    """What a call must come to, as a learner reads it."""
    if case.raises:
        return _("an error") if case.raises == case.ANY else case.raises
    return shown(value_of(case.expected), LONGEST_SHOWN, assignment.language)
