"""An assignment on trial: does its solution pass, and do its cases catch what is wrong?"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import in_sentence
from assessments import judging, work
from assessments.judging import Verdict
from assessments.models import Assignment, Outcome, TestCase, Trial, Work
from assessments.mutants import constants, mutants
from assessments.running import limits_of, run_cases
from sandbox.job import Limits, Mode
from sandbox.verdict import CaseResult

MOST_MUTANTS = 8
NO_SOLUTION = gettext_lazy("There is no reference solution, so nothing can be checked.")
NO_CASES = gettext_lazy("There is no test, so nothing is judged.")
# While the reference solution is measured it may take so many times its limits.
ROOM = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence for the author. `case` is the key of the case it speaks of, or ""."""

    code: str
    text: str
    case: str = ""
    is_error: bool = False


@dataclass(slots=True)
class Measured:
    """What the reference solution used at most in one case."""

    fuel: int = 0
    seconds: float = 0.0


def try_out(key: UUID) -> Trial | None:
    """Take up a trial; None if it is not due, or could not be run now."""
    trial = work.claim(Trial, key)
    if trial is None:
        return None
    assignment = trial.assignment
    measured = Measured()
    findings = work.carry_out(trial, lambda: findings_of(assignment, measured))
    return None if findings is None else finish(trial, findings, measured)


@transaction.atomic
def finish(trial: Trial, findings: Sequence[Finding], measured: Measured) -> Trial | None:
    """Write what was found, and the limits that follow, unless somebody else has it by now."""
    if work.lock_held(trial) is None:
        return None
    trial.findings = [asdict(one) for one in findings]
    failed = any(one.is_error for one in findings)
    ended = work.end(trial, Work.Status.FAILED if failed else Work.Status.PASSED)
    trial.save(update_fields=["findings", *ended])
    if not failed:
        # Only for what was tried: an assignment that was changed meanwhile has a trial of its own.
        Assignment.objects.filter(pk=trial.assignment_id, revision=trial.revision).update(
            fuel=measured.fuel or None, seconds=measured.seconds or None
        )
    return trial


def findings_of(assignment: Assignment, measured: Measured) -> list[Finding]:
    """Run the solution, the starter and wrong programs. Raises RunnerAway, RunnerFailed."""
    cases = list(assignment.cases.live().in_order())
    if not assignment.solution.strip() or not cases:
        return [Finding("empty", str(NO_CASES if not cases else NO_SOLUTION), is_error=True)]
    failing = solution_findings(assignment, cases, measured)
    if failing:
        return failing
    limits = limits_of(assignment)
    found: list[Finding] = []
    caught: set[str] = set()
    if assignment.starter.strip():
        verdict = tried(assignment, assignment.starter, cases, limits)
        found += starter_findings(verdict)
    for program in constant_programs(assignment, cases):
        verdict = tried(assignment, program, cases, limits)
        caught |= failing_keys(verdict)
        if verdict.passed:
            found.append(
                Finding("constant", _("A program that always gives the same answer passes."))
            )
    found += mutant_findings(assignment, cases, limits, caught)
    found += idle_findings(cases, caught)
    return found


def solution_findings(
    assignment: Assignment, cases: Sequence[TestCase], measured: Measured
) -> list[Finding]:
    """What the reference solution fails, measured with room above its limits."""
    own = limits_of(assignment, measured=False)
    roomy = Limits(
        cpu_seconds=ROOM * own.cpu_seconds,
        wall_seconds=ROOM * own.wall_seconds,
        fuel=ROOM * own.fuel if own.fuel else None,
        memory=own.memory,
    )
    verdict = tried(assignment, assignment.solution, cases, roomy)
    measure(measured, (one.result for one in verdict.cases))
    return [
        Finding(
            "solution",
            (
                _("The reference solution does not pass “%(name)s”: %(outcome)s, got %(got)s.")
                if one.got
                else _("The reference solution does not pass “%(name)s”: %(outcome)s.")
            )
            % {
                "name": one.case.name,
                "outcome": in_sentence(Outcome(one.outcome).label),
                "got": one.got[:80],
            },
            one.case.key,
            is_error=True,
        )
        for one in verdict.cases
        if one.outcome != Outcome.PASSED
    ]


def measure(measured: Measured, results: Iterable[CaseResult]) -> None:
    for result in results:
        measured.fuel = max(measured.fuel, result.fuel or 0)
        measured.seconds = max(measured.seconds, result.cpu_seconds or 0.0)


def starter_findings(verdict: Verdict) -> list[Finding]:
    """The starter must not pass; where it passes a case, that case pays for nothing."""
    if verdict.passed:
        return [Finding("starter", _("The starter code passes as it is."), is_error=True)]
    return [
        Finding(
            "starter-case",
            _("The starter code passes “%(name)s” as it is.") % {"name": one.case.name},
            one.case.key,
        )
        for one in verdict.cases
        if one.outcome == Outcome.PASSED
    ]


def constant_programs(assignment: Assignment, cases: Sequence[TestCase]) -> list[str]:
    is_call = bool(assignment.function)
    outcomes = [
        case.expected if is_call else case.expected_stdout for case in cases if not case.raises
    ]
    names = sorted({case.function or assignment.function for case in cases})
    mode = Mode.FUNCTION if is_call else Mode.STDIO
    return constants(assignment.language, mode, names[0] if is_call else "", outcomes)


def mutant_findings(
    assignment: Assignment, cases: Sequence[TestCase], limits: Limits, caught: set[str]
) -> list[Finding]:
    """Small wrong versions of the solution that no case notices; adds to `caught` who notices."""
    found = []
    for mutant in mutants(assignment.language, assignment.solution, MOST_MUTANTS):
        verdict = tried(assignment, mutant.source, cases, limits)
        caught |= failing_keys(verdict)
        if verdict.passed:
            text = _("No test notices a solution that has %(words)s.") % {"words": mutant.words}
            found.append(Finding("unnoticed", text))
    return found


def idle_findings(cases: Sequence[TestCase], caught: set[str]) -> list[Finding]:
    if not caught:
        return []
    return [
        Finding(
            "idle",
            _("“%(name)s” catches none of the wrong programs tried.") % {"name": case.name},
            case.key,
        )
        for case in cases
        if case.key not in caught
    ]


def tried(
    assignment: Assignment, source: str, cases: Sequence[TestCase], limits: Limits
) -> Verdict:
    return judging.verdict(assignment, cases, run_cases(assignment, source, cases, limits))


def failing_keys(verdict: Verdict) -> set[str]:
    return {one.case.key for one in verdict.cases if one.outcome != Outcome.PASSED}
