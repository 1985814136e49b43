"""Asking a runner: in parts, within limits, and with nothing of what is expected."""

from dataclasses import asdict

import pytest

from assessments import running
from assessments.models import Assignment, TestCase
from assessments.running import AT_ONCE, RunnerAway, RunnerFailed, limits_of, run_cases
from sandbox.job import Language
from sandbox.runner import our_fault
from sandbox.verdict import CaseResult, Result, Status


class Recorder:
    """Ends each case as `ends` says, and keeps the jobs that it was given."""

    name = "recorder"
    languages = frozenset({Language.PYTHON})

    def __init__(self, *ends):
        self.ends, self.jobs = list(ends), []

    def run(self, job):
        self.jobs.append(job)
        ends = [self.ends.pop(0) if self.ends else Status.OK for _ in job.cases]
        if Status.INTERNAL_ERROR in ends:
            return our_fault(self.name, job, f"broken by {len(job.cases)}")
        cases = [CaseResult(one.id, end) for one, end in zip(job.cases, ends, strict=True)]
        return Result(self.name, "1", cases)


@pytest.fixture
def run(monkeypatch):
    """`run(number, *ends)`: statuses of that many cases, and the runner."""

    def go(number, *ends, **fields):
        runner = Recorder(*ends)
        monkeypatch.setattr(running, "chosen", lambda: runner)
        cases = [TestCase(name=str(place)) for place in range(number)]
        result = run_cases(Assignment(function="f", **fields), "x", cases)
        assert [case.id for case in result.cases] == [str(case.pk) for case in cases]
        return [case.status for case in result.cases], runner

    return go


def test_cases_are_run_some_at_a_time_and_all_of_them(run):
    statuses, runner = run(2 * AT_ONCE + 1)
    assert statuses == [Status.OK] * (2 * AT_ONCE + 1)
    assert [len(job.cases) for job in runner.jobs] == [AT_ONCE, AT_ONCE, 1]


def test_code_that_never_ends_is_not_run_to_the_last_case(run):
    statuses, runner = run(20, *[Status.TIME_LIMIT] * 20)
    assert statuses == [Status.TIME_LIMIT] * 20
    assert len(runner.jobs) == 1


def test_one_slow_case_does_not_spare_the_others(run):
    statuses, runner = run(8, Status.TIME_LIMIT)
    assert statuses == [Status.TIME_LIMIT] + [Status.OK] * 7
    assert len(runner.jobs) == 2


def test_code_that_does_not_start_is_not_started_again(run):
    statuses, runner = run(12, *[Status.COMPILE_ERROR] * 12)
    assert statuses == [Status.COMPILE_ERROR] * 12
    assert len(runner.jobs) == 1


def test_what_fails_on_our_side_is_told_from_a_runner_that_is_gone(run):
    with pytest.raises(RunnerFailed, match="broken by 2"):
        run(2, Status.INTERNAL_ERROR)
    with pytest.raises(RunnerAway, match="broken by 1"):
        run(2, *[Status.INTERNAL_ERROR] * 3)


def test_a_language_that_is_not_run_waits_for_a_runner(run):
    with pytest.raises(RunnerAway, match="does not run java"):
        run(1, language="java")


def test_nothing_that_is_expected_goes_in(monkeypatch):
    runner = Recorder()
    monkeypatch.setattr(running, "chosen", lambda: runner)
    case = TestCase(
        key="zebra-key", name="zebra-name", hint="zebra-hint", expected="zebra-value",
        raises="zebra-error", expected_stdout="zebra-text", args=["in"], stdin="in",
    )  # fmt: skip
    run_cases(Assignment(solution="zebra-solution", starter="zebra-start"), "x", [case])
    (job,) = runner.jobs
    assert "zebra" not in repr(asdict(job))
    assert (job.cases[0].args, job.cases[0].stdin) == (["in"], "in")


def test_a_case_may_call_another_function(monkeypatch):
    runner = Recorder()
    monkeypatch.setattr(running, "chosen", lambda: runner)
    run_cases(Assignment(function="f"), "x", [TestCase(), TestCase(function="g")])
    assert [case.function for case in runner.jobs[0].cases] == ["f", "g"]


def test_limits_are_the_authors_or_five_times_what_the_solution_used():
    tight = limits_of(Assignment(cpu_seconds=1.0, memory=64))
    assert (tight.cpu_seconds, tight.wall_seconds, tight.memory) == (1.0, 2.5, 64 * 1024 * 1024)
    measured = limits_of(Assignment(cpu_seconds=1.0, seconds=0.5, fuel=4 * 10**10))
    assert (measured.cpu_seconds, measured.fuel) == (2.5, 2 * 10**11)
    slow = limits_of(Assignment(cpu_seconds=20.0, seconds=60.0, fuel=10**12))
    assert (slow.cpu_seconds, slow.fuel) == (30.0, 24 * 10**10)
    assert limits_of(Assignment(cpu_seconds=1.0, seconds=0.1, fuel=1)) == limits_of(
        Assignment(cpu_seconds=1.0)
    )
