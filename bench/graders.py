"""Workers of the code queue as in production, and the memory of what they keep running."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.stage import Stage

STOP_SECONDS = 30


class Graders:
    """One Celery worker for the code queue, with so many processes.

    `nice` ranks it below the web, as in production; what is held against a bare run has its rank.
    """

    def __init__(self, stage: Stage, database: str, processes: int, nice: int = 0) -> None:
        self.env = {
            **os.environ,
            "DATABASE_URL": stage.databases.url(database),
            "PYTHONWARNINGS": "ignore",  # Celery warns of the root that a container runs as
        }
        command = [
            "nice",
            "-n",
            str(nice),
            sys.executable,
            "-m",
            "celery",
            "-A",
            "lms",
            "--quiet",
            "worker",
        ]
        options = ["-Q", "code", "--concurrency", str(processes), "--loglevel", "ERROR"]
        self.command = [*command, *options]

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(self.command, env=self.env, start_new_session=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def wait(self, done: Callable[[], bool], seconds: float, pause: float = 0.25) -> None:
        """Look until it is done; say so if the worker is gone or it takes too long.

        Looking takes its share of what is measured: a short pause is for a single verdict only.
        """
        limit = time.monotonic() + seconds
        while not done():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("the graders did not finish")
            time.sleep(pause)

    def megabytes(self) -> float:
        """What the worker's own processes hold, without the sandboxes that come and go."""
        own = {self.process.pid, *children_of(self.process.pid)}
        return sum(resident(pid) for pid in own) / 1024


def children_of(pid: int) -> set[int]:
    """Direct ones only."""
    files = Path("/proc", str(pid), "task").glob("*/children")
    return {int(one) for file in files for one in file.read_text().split()}


def resident(pid: int) -> int:
    """Kilobytes; 0 of a process that is gone."""
    try:
        lines = Path("/proc", str(pid), "status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
