"""The school at work on one database: gunicorn, workers, beat, each where it is needed."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.graders import children_of
from bench.web import Server
from faults.machine import wait_until

# As `make run` starts it, with the code besides.
QUEUES = "default,mail,messages,payments"
CELERY = [sys.executable, "-m", "celery", "-A", "lms", "--quiet"]


class Process:
    """One command in a group of its own, with its words in a log."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, env=env, stdout=output, stderr=output, start_new_session=True
            )

    def terminate(self, patience: float = 30) -> bool:
        """Ask it to end; whether it did in time."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        return self.process.poll() is not None

    def kill(self) -> set[int]:
        """`kill -9` of it and its children; return what those have started themselves."""
        own = children_of(self.process.pid)
        below = {one for child in own for one in children_of(child)}
        for pid in (self.process.pid, *own):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        return below

    def stop(self) -> None:
        if self.process.poll() is None and not self.terminate(15):
            self.kill()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def worker(
    env: dict[str, str], log: Path, queues: str = QUEUES, processes: int = 1, name: str = "worker"
) -> Process:
    """A worker, once it is ready."""
    options = ["-Q", queues, "--concurrency", str(processes), "-n", f"{name}@%h"]
    words = log.stat().st_size if log.exists() else 0
    started = Process(
        [*CELERY, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle", *options],
        {**env, "PYTHONWARNINGS": "ignore"},
        log,
    )
    wait_until(lambda: b" ready" in log.read_bytes()[words:], 60)
    return started


def beat(env: dict[str, str], log: Path, schedule: Path) -> Process:
    command = [*CELERY, "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "INFO"]
    return Process(command, {**env, "PYTHONWARNINGS": "ignore"}, log)


@contextmanager
def stopped_at_the_end(*processes: Process) -> Iterator[None]:
    try:
        yield
    finally:
        for one in processes:
            one.stop()


def workers_of(server: Server) -> set[int]:
    """The processes of the web server that answer."""
    return children_of(server.process.pid)
