"""Dashboards a second from one worker of the web server and from two."""

import os
import subprocess
import sys
from collections.abc import Iterator

from accounts.models import User
from bench.figures import Figure
from bench.stage import Stage
from bench.web import Server
from studio.scale import School

SECONDS, BROWSERS, ROUNDS = 10, 8, 3


def run(stage: Stage) -> Iterator[Figure]:
    stage.school("workers", School(stage.scaled(200, 20), 12))
    cookies = stage.cookies(User.objects.get(email="learner-7@scale.invalid"))
    most = {1: 0.0, 2: 0.0}
    for number in range(stage.scaled(ROUNDS)):
        for workers in sorted(most, reverse=bool(number % 2)):
            with Server(stage, "workers", workers) as server:
                crowd(server, cookies, 1)  # fills caches
                found = crowd(server, cookies, stage.scaled(SECONDS, 1))
                most[workers] = max(most[workers], found)
    yield Figure(
        f"two workers on {os.cpu_count()} cores shared with database and crowd",
        most[2], "pages/s", "one worker", most[1], ">= 1.2",
    )  # fmt: skip


def crowd(server: Server, cookies: str, seconds: int) -> float:
    """Pages a second."""
    arguments = [str(server.port), "/classroom/", cookies, str(seconds), str(BROWSERS)]
    command = [sys.executable, "-m", "bench.load", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout) / seconds
