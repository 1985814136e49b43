"""From how a guest ended to what a learner is told. Pure: the same ending, the same verdict."""

from dataclasses import dataclass

from sandbox.frames import FrameRefused, Report, read, split
from sandbox.job import Limits, Mode
from sandbox.verdict import CaseResult, Status
from sandbox.wasm.machine import Ending

TOO_DEEP = "RangeError: Maximum call stack size exceeded\n"
NO_ANSWER = "The program ended before the function gave anything back.\n"
# A guest this close to its bound that falls over has met it.
NEARLY_FULL = 0.9
# QuickJS throws null where it has no memory left for an error.
LAST_WORDS = (b"MemoryError", b"Uncaught null")
# The guest counts memory in 32 bits: what it cannot even count is more than it may have.
UNCOUNTABLE = b"OverflowError: cannot fit 'int' into an index-sized integer"


@dataclass(frozen=True, slots=True)
class Ended:
    """What the child saw of one case. `answer` is empty where answers come through stdout."""

    id: str
    ending: Ending
    code: int
    stdout: bytes
    stderr: bytes
    stderr_seen: int
    answer: str
    fuel: int
    memory: int
    cpu: float
    wall: float


def result(ended: Ended, mode: Mode, limits: Limits, nonce: str) -> CaseResult:
    """Judge an ending. Only OK carries a value."""
    printed, report, sound = _reported(ended, mode, nonce)
    status = _status(ended, report, limits)
    if status is Status.OK and (not sound or (mode is Mode.FUNCTION and report.value is None)):
        status = Status.RUNTIME_ERROR
    if status is Status.OK and len(printed) > limits.stdout:
        status = Status.OUTPUT_LIMIT
    stderr = ended.stderr.decode("utf-8", "replace") + _remark(ended, mode, report, status)
    return CaseResult(
        id=ended.id,
        status=status,
        stdout=printed[: limits.stdout].decode("utf-8", "replace"),
        stderr=stderr,
        cut=len(printed) > limits.stdout
        or status is Status.OUTPUT_LIMIT
        or ended.stderr_seen > len(ended.stderr),
        value=report.value if status is Status.OK and mode is Mode.FUNCTION else None,
        raised=report.raised if status is Status.RUNTIME_ERROR else "",
        exit_code=ended.code if ended.ending is Ending.LEFT else None,
        cpu_seconds=ended.cpu,
        wall_seconds=ended.wall,
        memory=ended.memory,
        fuel=ended.fuel,
    )


def _reported(ended: Ended, mode: Mode, nonce: str) -> tuple[bytes, Report, bool]:
    """What was printed, what the harness said, and whether it said it as a harness does."""
    printed, framed = split(ended.stdout, nonce)
    text = ended.answer or framed
    if text is None:
        return printed, Report(), mode is Mode.STDIO
    try:
        return printed, read(text), True
    except FrameRefused:
        return printed, Report(), False


def _status(ended: Ended, report: Report, limits: Limits) -> Status:
    if ended.ending in (Ending.FUEL, Ending.LATE):
        return Status.TIME_LIMIT
    if ended.ending is Ending.OUTPUT:
        return Status.OUTPUT_LIMIT
    if report.fault == "compile":
        return Status.COMPILE_ERROR
    if report.fault == "memory" or report.raised == "MemoryError":
        return Status.MEMORY_LIMIT
    if ended.ending is Ending.LEFT and ended.code == 0 and not (report.fault or report.raised):
        return Status.OK
    full = ended.memory >= limits.memory * NEARLY_FULL
    fell = ended.ending is Ending.TRAP or any(last in ended.stderr[-200:] for last in LAST_WORDS)
    too_much = (full and fell) or UNCOUNTABLE in ended.stderr[-200:]
    return Status.MEMORY_LIMIT if too_much else Status.RUNTIME_ERROR


def _remark(ended: Ended, mode: Mode, report: Report, status: Status) -> str:
    """A line for what has no message of its own."""
    if ended.ending is Ending.STACK:
        return TOO_DEEP
    silent = not (report.value or report.raised or report.fault)
    if mode is Mode.FUNCTION and silent and status is Status.RUNTIME_ERROR:
        return NO_ANSWER
    return ""
