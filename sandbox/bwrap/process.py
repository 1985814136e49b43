"""One sandbox from start to end: fed by descriptors, read to its bounds, and gone afterwards."""

import contextlib
import fcntl
import json
import os
import select
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import FileIO
from pathlib import Path

CHUNK = 64 * 1024
STDERR_STOP = 1024 * 1024
# How long the dead may take to be gone, on a machine with other things to do.
PATIENCE = 5.0


class Ending(StrEnum):
    """Who ended it: the program itself, or we."""

    LEFT = "left"
    LATE = "late"
    OUTPUT = "output"


@dataclass(slots=True)
class Ended:
    """What was seen of one case. `code` None: the program did not end by itself, or never began.

    What was used is known of a program that ended by itself only: those killed are not counted.
    """

    ending: Ending = Ending.LEFT
    begun: bool = False
    code: int | None = None
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    stderr_seen: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    memory: int = 0
    left_over: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A sandbox to be run. `command` is told the descriptors of the files, the filter, the status.

    `identity` is who it is started as, if we are root: to root, limits of processes do not apply.
    """

    command: Callable[[Mapping[str, int], int, int], Sequence[str]]
    files: Mapping[str, bytes]
    seccomp: bytes
    stdin: bytes
    stdout: int
    stderr: int
    wall: float
    identity: int | None


def run(order: Order) -> Ended:
    """Run a sandbox. Raises OSError if its command cannot be started."""
    with contextlib.ExitStack() as stack:
        files = {place: _sealed(stack, content) for place, content in order.files.items()}
        stdin, seccomp = _sealed(stack, order.stdin), _sealed(stack, order.seccomp)
        pipes = [_pipe(stack, order.identity) for _ in range(3)]
        stdout, stderr, status = (writing.fileno() for _, writing in pipes)
        begun = time.monotonic()
        process = subprocess.Popen(  # noqa: S603
            order.command(files, seccomp, status), env={}, cwd="/", start_new_session=True,
            stdin=stdin, stdout=stdout, stderr=stderr, pass_fds=(*files.values(), seccomp, status),
            user=order.identity, group=order.identity,
            extra_groups=None if order.identity is None else [],
        )  # fmt: skip
        for _, writing in pipes:
            writing.close()
        watch = _Watch(order, process, [reading for reading, _ in pipes], begun)
        try:
            watch.until_the_end()
        finally:
            watch.bury()
        return watch.ended


def _sealed(stack: contextlib.ExitStack, content: bytes) -> int:
    """A file in memory that nobody can change, and whose name anybody can open."""
    descriptor = os.memfd_create("box", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    file = stack.enter_context(os.fdopen(descriptor, "w+b"))
    file.write(content)
    file.seek(0)
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, seals)
    return file.fileno()


def _pipe(stack: contextlib.ExitStack, owner: int | None) -> tuple[FileIO, FileIO]:
    """A pipe whose name, such as /dev/stdout, can be opened by who writes to it."""
    ends = os.pipe2(os.O_CLOEXEC)
    reading = stack.enter_context(os.fdopen(ends[0], "rb", buffering=0))
    writing = stack.enter_context(os.fdopen(ends[1], "wb", buffering=0))
    os.set_blocking(reading.fileno(), False)
    if owner is not None:
        os.fchown(writing.fileno(), owner, owner)
    return reading, writing


class _Watch:
    """Reads what a sandbox says until all of it is gone, and ends it where it goes too far."""

    def __init__(
        self,
        order: Order,
        process: subprocess.Popen[bytes],
        pipes: Sequence[FileIO],
        begun: float,
    ) -> None:
        self.order, self.process, self.begun = order, process, begun
        self.ended = Ended()
        self.status = bytearray()
        # The first process of the new namespace: when it dies, all others in there do.
        self.first: int | None = None
        self.streams = selectors.DefaultSelector()
        for pipe, take in zip(pipes, (self.output, self.complaint, self.report), strict=True):
            self.streams.register(pipe, selectors.EVENT_READ, take)

    def until_the_end(self) -> None:
        deadline = self.begun + self.order.wall
        while self.streams.get_map() and self.ended.ending is Ending.LEFT:
            left = deadline - time.monotonic()
            if left <= 0:
                self.ended.ending = Ending.LATE
            for key, _ in self.streams.select(max(left, 0)):
                content = os.read(key.fd, CHUNK)
                if content:
                    key.data(content)
                else:
                    self.streams.unregister(key.fileobj)

    def output(self, content: bytes) -> None:
        kept = self.ended.stdout
        room = self.order.stdout - len(kept)
        kept += content[:room]
        if len(content) > room:
            self.ended.ending = Ending.OUTPUT

    def complaint(self, content: bytes) -> None:
        """Too much of it is cut. A flood is ended all the same."""
        kept = self.ended.stderr
        kept += content[: max(0, self.order.stderr - len(kept))]
        self.ended.stderr_seen += len(content)
        if self.ended.stderr_seen > STDERR_STOP:
            self.ended.ending = Ending.OUTPUT

    def report(self, content: bytes) -> None:
        """What bwrap says of itself, a line of JSON for each step. The program cannot reach it."""
        self.status += content
        while (end := self.status.find(b"\n")) >= 0:
            said = json.loads(self.status[:end])
            del self.status[: end + 1]
            if self.first is None and isinstance(said.get("child-pid"), int):
                self.ended.begun = True
                with contextlib.suppress(ProcessLookupError):
                    self.first = os.pidfd_open(said["child-pid"])
            if isinstance(said.get("exit-code"), int):
                self.ended.code = said["exit-code"]

    def bury(self) -> None:
        """Leave nothing behind: the namespace first, so that bwrap still adds up what it used."""
        if self.ended.ending is not Ending.LEFT and self.first is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)
        if not self._waited(1.0):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self._waited(PATIENCE)
        if self.first is not None:
            # Its end is told when every process of the namespace is gone.
            gone = select.poll()
            gone.register(self.first, select.POLLIN)
            self.ended.left_over = not gone.poll(PATIENCE * 1000)
            os.close(self.first)
        self.streams.close()
        self.ended.wall = time.monotonic() - self.begun

    def _waited(self, seconds: float) -> bool:
        """Whether bwrap has ended by then. What it and all below it used is known only then."""
        deadline = time.monotonic() + seconds
        while True:
            pid, code, used = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(code)
                self.ended.cpu = used.ru_utime + used.ru_stime
                self.ended.memory = _known(used.ru_maxrss) * 1024
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.001)


def _known(most: int) -> int:
    """What a process had at most, in KiB; 0 if that cannot be told.

    A process begins with the highest mark of the memory that it was started from: what lies below
    ours says nothing about the program. (Our own figure in getrusage began with somebody's, too.)
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    ours = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return most if most > int(ours) else 0
