"""The one door to all runners."""

from dataclasses import dataclass
from typing import Protocol

from sandbox.job import Job, Language
from sandbox.verdict import CaseResult, Result, Status


@dataclass(frozen=True, slots=True)
class Wall:
    """One line of a self-test: a wall, whether it held, and what was seen."""

    name: str
    holds: bool
    detail: str = ""


class Runner(Protocol):
    """Runs jobs of some languages. `run` never raises for what a job does.

    What is the runner's own fault ends as INTERNAL_ERROR for every case: there is no unsafe way to
    fall back to.
    """

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> frozenset[Language]: ...

    def run(self, job: Job) -> Result: ...

    def self_test(self) -> list[Wall]: ...


def our_fault(engine: str, job: Job, message: str) -> Result:
    """The result of a job that could not be run. `message` is for staff."""
    cases = [CaseResult(case.id, Status.INTERNAL_ERROR) for case in job.cases]
    return Result(engine, "", cases, engine_message=message)
