"""What came of a run, as the runner saw it. Whether that is right is judged elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sandbox.values import Value


class Status(StrEnum):
    """How a case ended. Only OK is worth comparing; INTERNAL_ERROR is our fault, to be retried."""

    OK = "ok"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    COMPILE_ERROR = "compile_error"
    INTERNAL_ERROR = "internal_error"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case. Times are seconds, `memory` bytes; what an engine does not measure is None.

    `value` is what a called function gave back. `raised` is the name of the exception it raised
    instead: a RUNTIME_ERROR, unless that is what the case expects. Texts are decoded with
    replacement and cut to the limits; `cut` says that they were.
    """

    id: str
    status: Status
    stdout: str = ""
    stderr: str = ""
    cut: bool = False
    value: Value | None = None
    raised: str = ""
    exit_code: int | None = None
    signal: int | None = None
    cpu_seconds: float | None = None
    wall_seconds: float | None = None
    memory: int | None = None
    fuel: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """All cases of a job, in its order.

    `compile_output` is for the learner, `engine_message` for staff alone.
    """

    engine: str
    runtime: str
    cases: Sequence[CaseResult]
    compile_output: str = ""
    engine_message: str = ""

    @property
    def is_our_fault(self) -> bool:
        return any(case.status == Status.INTERNAL_ERROR for case in self.cases)
