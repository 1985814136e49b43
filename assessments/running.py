"""Asking the chosen runner, and telling its faults from those of what it ran."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assessments.models import Assignment, TestCase
from assessments.runners import chosen
from sandbox.job import Case, Job, Language, Limits, Mode
from sandbox.runner import Runner
from sandbox.verdict import CaseResult, Result, Status
from sandbox.wasm.world import FUEL_PER_SECOND

MIB = 1024 * 1024
# Cases are run some at a time, so that a program that never ends costs two of its limits, not all.
AT_ONCE = 5
STOPPED = (Status.TIME_LIMIT, Status.MEMORY_LIMIT)
ENOUGH_STOPPED = 2
NOT_RUN = "Not run: cases before it were stopped.\n"
# What the reference solution used, so many times.
LEEWAY = 5
MOST_SECONDS = 30.0
CONTROL = {Language.PYTHON: "print(1)\n", Language.JAVASCRIPT: "console.log(1);\n"}
JAVA_CONTROL = "class Main { public static void main(String[] a) { System.out.println(1); } }\n"


class RunnerAway(Exception):
    """No runner works for this language now. What waits for it keeps waiting."""


class RunnerFailed(Exception):
    """The runner works, but did not get through with this. The message is for staff."""


def limits_of(assignment: Assignment, *, measured: bool = True) -> Limits:
    """The author's limits, or five times what the reference solution used if that is more."""
    used = (assignment.seconds or 0.0, assignment.fuel or 0) if measured else (0.0, 0)
    seconds = max(assignment.cpu_seconds, LEEWAY * used[0])
    fuel = max(round(assignment.cpu_seconds * FUEL_PER_SECOND), LEEWAY * used[1])
    return Limits(
        cpu_seconds=min(seconds, MOST_SECONDS),
        wall_seconds=2.5 * min(seconds, MOST_SECONDS),
        fuel=min(fuel, round(MOST_SECONDS * FUEL_PER_SECOND)),
        memory=assignment.memory * MIB,
    )


def run_cases(
    assignment: Assignment, source: str, cases: Sequence[TestCase], limits: Limits | None = None
) -> Result:
    """Run source with the cases; the result has one entry for each.

    Nothing that is expected of a case goes along. Raises RunnerAway, RunnerFailed.
    """
    mode = Mode.FUNCTION if assignment.function else Mode.STDIO
    jobs = [
        Case(
            id=str(case.pk),
            stdin=case.stdin,
            function=case.function or assignment.function,
            args=case.args,
            kwargs=case.kwargs,
        )
        for case in cases
    ]
    job = Job(Language(assignment.language), mode, source, jobs, limits or limits_of(assignment))
    worth = {str(case.pk): case.points for case in cases}
    total = sum(worth.values())
    return run_job(job, worth, total * (100 - assignment.pass_percent) // 100)


def run_job(job: Job, worth: Mapping[str, int] | None = None, spare: int = 0) -> Result:
    """Run a job in parts, and leave out the rest once it is clear that it does not end or start.

    `worth` are the points of the cases, and `spare` how many of them may be lost: what can still
    pass is run to its end.
    """
    runner = chosen()
    if job.language not in runner.languages:
        raise RunnerAway(f"{runner.name} does not run {job.language}.")
    done: list[CaseResult] = []
    result = Result(runner.name, "", [])
    while len(done) < len(job.cases) and not _is_hopeless(done, worth or {}, spare):
        part = job.cases[len(done) : len(done) + AT_ONCE]
        result = runner.run(replace(job, cases=part))
        if result.is_our_fault:
            raise _whose_fault(runner, job.language, result.engine_message)
        done += result.cases
    done += [_left_out(case, done) for case in job.cases[len(done) :]]
    return replace(result, cases=done)


def _is_hopeless(done: Sequence[CaseResult], worth: Mapping[str, int], spare: int) -> bool:
    """Whether enough was stopped, or did not start, and passing is out of reach by that alone."""
    ends = [x for x in done if x.status in (*STOPPED, Status.COMPILE_ERROR)]
    broken = any(x.status is Status.COMPILE_ERROR for x in ends)
    if not broken and len(ends) < ENOUGH_STOPPED:
        return False
    return sum(worth.get(x.id, 1) for x in ends) > spare


def _left_out(case: Case, done: Sequence[CaseResult]) -> CaseResult:
    """Ends as those before it that were stopped did, or as what does not even start."""
    like = next(x.status for x in done if x.status in (*STOPPED, Status.COMPILE_ERROR))
    return CaseResult(case.id, like, stderr=NOT_RUN)


def _whose_fault(runner: Runner, language: Language, message: str) -> Exception:
    """The runner's in general if it cannot even run a program of one line."""
    control = CONTROL.get(language, JAVA_CONTROL)
    tried = runner.run(Job(language, Mode.STDIO, control, [Case("control")]))
    works = tried.cases[0].status is Status.OK
    return RunnerFailed(message) if works else RunnerAway(tried.engine_message or message)
