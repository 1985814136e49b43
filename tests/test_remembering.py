"""A program that ran is remembered, and nothing is remembered that could come to another end."""

from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.job import Case, Job, Language, Limits, Mode
from sandbox.runner import our_fault
from sandbox.values import value_of
from sandbox.verdict import CaseResult, Result, Status
from sandbox.wasm.runner import WasmRunner
from tests import remembering

RUNNER = WasmRunner(Path("nowhere"))
JOB = Job(Language.PYTHON, Mode.STDIO, "print(input())", [Case("a", "1"), Case("b", "2")])


@pytest.fixture
def ran(monkeypatch):
    """The jobs that were really run."""
    jobs = []

    def run_for_real(runner, job):
        jobs.append(job)
        cases = [
            CaseResult(one.id, Status.OK, one.stdin, value=value_of([1, 2.0])) for one in job.cases
        ]
        return Result("wasm", "", cases)

    monkeypatch.setattr(remembering, "run_for_real", run_for_real)
    return jobs


@pytest.fixture
def run(ran, tmp_path):
    memory = remembering.Memory(tmp_path / "runs")
    return lambda job, runner=RUNNER: memory.run(runner, job)


def test_the_same_job_runs_once_and_answers_to_the_names_it_is_asked_by(run, ran):
    first = run(JOB)
    assert [case.id for case in first.cases] == ["a", "b"]
    assert run(JOB) == first
    again = run(replace(JOB, cases=[Case("c", "1"), Case("d", "2")]))
    assert [(case.id, case.stdout) for case in again.cases] == [("c", "1"), ("d", "2")]
    assert ran == [JOB]


def test_another_worker_remembers_it_too(run, ran, tmp_path):
    first = run(JOB)
    assert remembering.Memory(tmp_path / "runs").run(RUNNER, JOB) == first
    assert ran == [JOB]


@pytest.mark.parametrize(
    "other",
    [
        replace(JOB, source="print(1)"),
        replace(JOB, language=Language.JAVASCRIPT),
        replace(JOB, mode=Mode.FUNCTION),
        replace(JOB, seed=1),
        replace(JOB, limits=Limits(cpu_seconds=1.0)),
        replace(JOB, cases=JOB.cases[::-1]),
        replace(JOB, cases=JOB.cases[:1]),
        replace(JOB, cases=[Case("a", "1"), Case("b", "2", args=[1])]),
        replace(JOB, cases=[Case("a", "1"), Case("b", "2", args=[1.0])]),
        replace(JOB, cases=[Case("a", "1"), Case("b", "2", args=[True])]),
        replace(JOB, cases=[Case("a", "1"), Case("b", "2", kwargs={"n": 1})]),
    ],
    ids=[
        *["source", "language", "mode", "seed", "limits", "order", "fewer"],
        *["whole", "broken", "truth", "named"],
    ],
)
def test_whatever_else_is_run_runs_for_itself(run, ran, other):
    for args in ([], [2]):
        run(replace(JOB, cases=[Case("a", "1"), Case("b", "2", args=args)]))
    run(other)
    assert ran[-1] == other
    assert len(ran) == 3


def test_another_runner_runs_it_again(run, ran):
    run(JOB)
    run(JOB, WasmRunner(Path("elsewhere")))
    assert len(ran) == 2


def test_a_fault_of_ours_is_forgotten(run, ran, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(remembering, "run_for_real", lambda _, job: our_fault("wasm", job, "away"))
        assert run(JOB).is_our_fault
    assert not run(JOB).is_our_fault
    assert ran == [JOB]


@pytest.mark.parametrize(
    "status", [Status.TIME_LIMIT, Status.MEMORY_LIMIT, Status.OUTPUT_LIMIT, Status.INTERNAL_ERROR]
)
def test_one_case_that_did_not_end_of_itself_lets_the_whole_job_run_again(
    run, ran, monkeypatch, status
):
    cut = [CaseResult("a", Status.OK), CaseResult("b", status)]
    with monkeypatch.context() as patched:
        patched.setattr(remembering, "run_for_real", lambda _, job: Result("wasm", "", cut))
        assert run(JOB).cases == cut
    assert run(JOB).cases != cut
    assert ran == [JOB]


def test_where_the_runner_is_what_is_tested_it_runs_each_time():
    for name in ("sandbox/test_wasm.py", "faults/test_code_faults.py", "races/test_code_races.py"):
        assert remembering.is_for_real(remembering.HERE / name)
    assert not remembering.is_for_real(Path(__file__))
    assert not remembering.is_for_real(remembering.HERE / "studio" / "test_sandbox.py")


def test_elsewhere_the_run_of_the_runner_is_the_remembered_one(memory_of_runs, ran, monkeypatch):
    jobs = []
    monkeypatch.setattr(
        remembering.Memory, "run", lambda _, runner, job: jobs.append((runner, job))
    )
    RUNNER.run(JOB)
    assert jobs == [(RUNNER, JOB)]
    assert not ran
