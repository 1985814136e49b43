"""Dashboards a second from one worker of the web server, and from as many as there are cores."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from bench.figures import Figure
from bench.stage import Stage
from bench.web import Server
from studio.scale import School

SECONDS, BROWSERS, ROUNDS, MOST = 10, 8, 3, 8


@dataclass(frozen=True, order=True)
class Crowd:
    """Pages a second, and how much of a core those who asked for them took."""

    rate: float = 0.0
    core: float = 0.0


def run(stage: Stage) -> Iterator[Figure]:
    stage.school("workers", School(stage.scaled(200, 20), 12))
    cookies = stage.cookies(User.objects.get(email="learner-7@scale.invalid"))
    cores = min(os.cpu_count() or 1, MOST)
    most = dict.fromkeys(range(1, max(2, cores) + 1), Crowd())
    for number in range(stage.scaled(ROUNDS)):
        for workers in sorted(most, reverse=bool(number % 2)):
            with Server(stage, "workers", workers) as server:
                crowd(server, cookies, 1)  # fills caches
                found = crowd(server, cookies, stage.scaled(SECONDS, 1))
                most[workers] = max(most[workers], found)
    for workers, found in list(most.items())[1:]:
        yield Figure(
            f"{workers} workers on {cores} cores shared with database and crowd",
            found.rate, "pages/s", "one worker", most[1].rate, ">= 1.2",
        )  # fmt: skip
    yield Figure("the crowd's own CPU", found.core, "cores", "cores", cores)


def crowd(server: Server, cookies: str, seconds: int) -> Crowd:
    arguments = [str(server.port), "/classroom/", cookies, str(seconds), str(BROWSERS)]
    command = [sys.executable, "-m", "bench.load", *arguments]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Crowd(int(done.stdout) / seconds, used / seconds)
