"""From how a sandbox ended to what a learner is told. Pure: the same ending, the same verdict."""

import signal

from sandbox.bwrap.command import OWN_RESIDENT
from sandbox.bwrap.process import Ended, Ending
from sandbox.frames import FrameRefused, Report, read, split
from sandbox.job import Job, Mode
from sandbox.verdict import CaseResult, Status

NO_ANSWER = "The program ended before the function gave anything back.\n"
# bwrap tells of a signal as shells do. Nobody means these by an exit code.
SIGNALLED = 128
FATAL = {
    signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGKILL,
    signal.SIGSEGV, signal.SIGTERM, signal.SIGXCPU, signal.SIGXFSZ, signal.SIGSYS,
}  # fmt: skip
OUT_OF_MEMORY = (
    b"MemoryError", b"JavaScript heap out of memory", b"process out of memory",
    b"Array buffer allocation failed", b"Cannot allocate memory",
)  # fmt: skip
TAIL = 4000


def result(name: str, ended: Ended, job: Job, nonce: str) -> CaseResult:
    """Judge an ending. Only OK carries a value."""
    limits = job.limits
    printed, report, sound = _reported(ended, job.mode, nonce)
    status = _status(ended, report, job)
    if status is Status.OK and (not sound or (job.mode is Mode.FUNCTION and report.value is None)):
        status = Status.RUNTIME_ERROR
    if status is Status.OK and len(printed) > limits.stdout:
        status = Status.OUTPUT_LIMIT
    failed, called = status is Status.RUNTIME_ERROR, job.mode is Mode.FUNCTION
    silent = failed and called and not (report.value or report.raised or report.fault)
    return CaseResult(
        id=name,
        status=status,
        stdout=printed[: limits.stdout].decode("utf-8", "replace"),
        stderr=ended.stderr.decode("utf-8", "replace") + NO_ANSWER * silent,
        cut=len(printed) > limits.stdout
        or status is Status.OUTPUT_LIMIT
        or ended.stderr_seen > len(ended.stderr),
        value=report.value if called and status is Status.OK else None,
        raised=report.raised if called and failed else "",
        exit_code=ended.code,
        signal=signalled(ended),
        cpu_seconds=None if ended.code is None else ended.cpu,
        wall_seconds=ended.wall,
        memory=None if ended.code is None else ended.memory or None,
    )


def signalled(ended: Ended) -> int | None:
    number = (ended.code or 0) - SIGNALLED
    return number if number in FATAL else None


def _reported(ended: Ended, mode: Mode, nonce: str) -> tuple[bytes, Report, bool]:
    """What was printed, what the harness said, and whether it said it as a harness does."""
    printed, text = split(bytes(ended.stdout), nonce)
    if text is None:
        return printed, Report(), mode is Mode.STDIO
    try:
        return printed, read(text), True
    except FrameRefused:
        return printed, Report(), False


def _status(ended: Ended, report: Report, job: Job) -> Status:
    if ended.ending is not Ending.LEFT:
        return Status.TIME_LIMIT if ended.ending is Ending.LATE else Status.OUTPUT_LIMIT
    if ended.cpu > job.limits.cpu_seconds or signalled(ended) == signal.SIGXCPU:
        return Status.TIME_LIMIT
    if report.fault == "compile":
        return Status.COMPILE_ERROR
    if _is_full(ended, report, job):
        return Status.MEMORY_LIMIT
    left_well = ended.code == 0 and not (report.fault or report.raised)
    return Status.OK if left_well else Status.RUNTIME_ERROR


def _is_full(ended: Ended, report: Report, job: Job) -> bool:
    """It said so itself or, where nothing could refuse it the memory, it had more than allowed."""
    if report.fault == "memory" or report.raised == "MemoryError":
        return True
    if ended.memory > job.limits.memory + OWN_RESIDENT[job.language]:
        return True
    tail = bytes(ended.stderr[-TAIL:])
    return ended.code != 0 and any(words in tail for words in OUT_OF_MEMORY)
