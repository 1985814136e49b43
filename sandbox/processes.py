"""A child process that is spoken to in lines: fed once, read to a deadline, killed as a group."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Self

MAX_COMPLAINT = 4_000
CHUNK = 64 * 1024
KILLED = 10.0


class TooSlow(Exception):
    """The child has not said its next line in time."""


class Gone(Exception):
    """The child ended, or said more than a line may hold. The message is for staff."""


class Child:
    """Runs a command with nothing of ours: no environment, no folder, no terminal, no descriptors.

    To be used in a `with`: whatever happens there, the child's whole group is dead afterwards.
    """

    def __init__(self, command: Sequence[str], told: bytes, max_line: int) -> None:
        self.told, self.max_line = memoryview(told), max_line
        self.said, self.complaint = bytearray(), bytearray()
        self.process = subprocess.Popen(  # noqa: S603
            command, env={"LC_ALL": "C.UTF-8"}, cwd="/", start_new_session=True, bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.streams = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        process = self.process
        for stream, event in (
            (process.stdin, selectors.EVENT_WRITE),
            (process.stdout, selectors.EVENT_READ),
            (process.stderr, selectors.EVENT_READ),
        ):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                self.streams.register(stream, event)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Not yet waited for, the child keeps its number, so no other group can be hit."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.streams.close()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(KILLED)

    def line(self, seconds: float) -> bytes:
        """The next line, without its end. Raises TooSlow or Gone."""
        deadline = time.monotonic() + seconds
        while (end := self.said.find(b"\n")) < 0:
            if len(self.said) > self.max_line:
                raise Gone("The child said too long a line.")
            left = deadline - time.monotonic()
            if left <= 0:
                raise TooSlow
            for key, _ in self.streams.select(left):
                self._attend(key.fileobj)  # type: ignore[arg-type]
        line = bytes(self.said[:end])
        del self.said[: end + 1]
        return line

    def _attend(self, stream: IO[bytes]) -> None:
        if stream is self.process.stdin:
            self._feed(stream)
            return
        content = os.read(stream.fileno(), CHUNK)
        if stream is self.process.stdout:
            self.said += content
        else:
            self.complaint = (self.complaint + content)[-MAX_COMPLAINT:]
        if not content:
            self.streams.unregister(stream)
            if stream is self.process.stdout and b"\n" not in self.said:
                raise Gone(self._epitaph())

    def _feed(self, stream: IO[bytes]) -> None:
        try:
            self.told = self.told[os.write(stream.fileno(), self.told[:CHUNK]) :]
        except BrokenPipeError:
            self.told = self.told[:0]
        if not self.told:
            self.streams.unregister(stream)
            stream.close()

    def _epitaph(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        complaint = self.complaint.decode("utf-8", "replace").strip()
        return f"The child ended with {self.process.returncode}. {complaint}".strip()
