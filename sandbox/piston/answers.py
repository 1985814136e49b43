"""From what Piston says of a run to what a learner is told. Pure: the same answer, one verdict."""

import signal
from dataclasses import dataclass
from typing import Any

from sandbox.job import Limits
from sandbox.verdict import CaseResult, Status

STOPPED = {
    "TO": Status.TIME_LIMIT,
    "OL": Status.OUTPUT_LIMIT,
    "EL": Status.OUTPUT_LIMIT,
}
FAILED = (None, "RE", "SG")
OUT_OF_MEMORY = ("MemoryError", "OutOfMemoryError", "JavaScript heap out of memory")
# Java runs a single file without a stage of its own for compiling it.
JAVA_REFUSED = "error: compilation failed"


class AnswerRefused(ValueError):
    """An answer that no Piston gives. The message is for staff."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Compiling or running, as the server saw it. Times are seconds."""

    stdout: str
    stderr: str
    code: int | None
    signal: int | None
    status: str | None
    message: str
    cpu: float | None
    wall: float | None
    memory: int | None

    @property
    def failed(self) -> bool:
        return self.code != 0 or self.signal is not None or self.status is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """All stages of one execution."""

    run: Stage
    compile: Stage | None


def read(answer: Any) -> Answer:
    """Check an answer's shape. Raises AnswerRefused, and nothing else."""
    if not isinstance(answer, dict) or not isinstance(answer.get("run"), dict):
        raise AnswerRefused("Piston's answer tells of no run.")
    compiled = answer.get("compile")
    return Answer(_stage(answer["run"]), _stage(compiled) if compiled is not None else None)


def _stage(given: Any) -> Stage:
    if not isinstance(given, dict):
        raise AnswerRefused("Piston's answer tells of no stage.")
    code, status = given.get("code"), given.get("status")
    for what, kind in ((code, int), (status, str)):
        if what is not None and (not isinstance(what, kind) or isinstance(what, bool)):
            raise AnswerRefused("Piston's answer has a code or a status of another kind.")
    texts = [given.get(name) for name in ("stdout", "stderr")]
    stdout, stderr = (text if isinstance(text, str) else None for text in texts)
    if stdout is None or stderr is None:
        raise AnswerRefused("Piston's answer has no output.")
    cpu, wall, memory = (_number(given.get(name)) for name in ("cpu_time", "wall_time", "memory"))
    return Stage(
        stdout=stdout,
        stderr=stderr,
        code=code,
        signal=_signal(given.get("signal")),
        status=status,
        message=str(given.get("message") or "")[:300],
        cpu=None if cpu is None else cpu / 1000,
        wall=None if wall is None else wall / 1000,
        memory=None if memory is None else int(memory),
    )


def _number(given: object) -> float | None:
    plain = isinstance(given, int | float) and not isinstance(given, bool)
    return float(given) if plain and 0 <= given < 2**53 else None  # type: ignore[operator,arg-type]


def _signal(name: object) -> int | None:
    if name is None:
        return None
    try:
        return int(signal.Signals[str(name)])
    except KeyError:
        return 0


def status(answer: Answer, memory_limit: int) -> Status:
    """The verdict. What the server calls neither a success nor a failure of the program is ours."""
    if answer.compile is not None and answer.compile.failed:
        trouble = answer.compile.status not in (*FAILED, *STOPPED)
        return Status.INTERNAL_ERROR if trouble else Status.COMPILE_ERROR
    if answer.run.status in STOPPED:
        return STOPPED[answer.run.status]
    if answer.run.status not in FAILED:
        return Status.INTERNAL_ERROR
    return _failure(answer.run, memory_limit) if answer.run.failed else Status.OK


def _failure(run: Stage, memory_limit: int) -> Status:
    if run.stderr.rstrip().endswith(JAVA_REFUSED):
        return Status.COMPILE_ERROR
    full = run.memory is not None and run.memory >= memory_limit
    if full or any(name in run.stderr for name in OUT_OF_MEMORY):
        return Status.MEMORY_LIMIT
    return Status.RUNTIME_ERROR


def result(case_id: str, answer: Answer, limits: Limits, memory_limit: int) -> CaseResult:
    """One case, its texts cut to what the job allows."""
    run, verdict = answer.run, status(answer, memory_limit)
    if verdict in (Status.COMPILE_ERROR, Status.INTERNAL_ERROR):
        return CaseResult(case_id, verdict)
    stdout, too_long = cut(run.stdout, limits.stdout)
    stderr, shortened = cut(run.stderr, limits.stderr)
    if verdict is Status.OK and too_long:
        verdict = Status.OUTPUT_LIMIT
    return CaseResult(
        id=case_id,
        status=verdict,
        stdout=stdout,
        stderr=stderr,
        cut=too_long or shortened or verdict is Status.OUTPUT_LIMIT,
        exit_code=run.code,
        signal=run.signal,
        cpu_seconds=run.cpu,
        wall_seconds=run.wall,
        memory=run.memory,
    )


def compile_output(answer: Answer, limits: Limits) -> str:
    """What a compiler said, for the learner."""
    stage = answer.compile or answer.run
    return cut(stage.stderr or stage.stdout, limits.stderr)[0]


def cut(text: str, limit: int) -> tuple[str, bool]:
    """As many bytes as may be, and whether there were more."""
    content = text.encode("utf-8", "replace")
    return content[:limit].decode("utf-8", "ignore"), len(content) > limit
