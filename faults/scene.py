"""What every experiment is given: servers to break, a small school, the site on it, and a crowd."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from accounts.models import User
from bench.stage import CSRF, Stage
from bench.web import Server
from courses.models import Lesson
from faults import site
from faults.crowd import Visitor, at_once
from faults.finding import Finding
from faults.invariants import ALWAYS, Checker, Watch, settled
from faults.machine import Postgres, Valkey
from studio.scale import School, people

START, SCHOOL = "start", "faults"
PEOPLE, COURSES, LESSONS = 60, 2, 30
# After the fault is over, everything that was due is done within a minute.
SETTLED = 60.0
# Attacking the sandbox takes longer than an experiment, and no fault here reaches it but one.
QUIET = "sandbox"
# As which its connections are known to PostgreSQL.
THE_SITE = "site"


@dataclass
class Scene:
    folder: Path
    stage: Stage
    postgres: Postgres
    valkey: Valkey
    finding: Finding = field(default_factory=Finding)

    # ---- the school -----------------------------------------------------------------------------

    def open_school(self) -> None:
        """The same small school each time, in a database of its own, with nothing left in Redis."""
        if START not in self.stage.databases.names:
            school = School(PEOPLE, COURSES, lessons=LESSONS, learning=False)
            self.stage.school(START, school)
        self.stage.databases.copy(START, SCHOOL)
        self.stage.databases.use(SCHOOL)
        self.checker = Checker(self.stage.databases.url(SCHOOL))

    def env(self, **more: str) -> dict[str, str]:
        """All that a process of the site is given."""
        return {**os.environ, **self.own(**more)}

    def own(self, **more: str) -> dict[str, str]:
        """What differs from ours. Whoever knocks says where they come from."""
        return {
            "DATABASE_URL": self.stage.databases.url(SCHOOL),
            "DATABASE_POOL": "8",
            "TRUSTED_PROXY_COUNT": "1",
            "MEDIA_ROOT": str(self.folder / "media"),
            "PGAPPNAME": THE_SITE,
            **more,
        }

    def through(self, port: int) -> str:
        """The database's address by way of a wire."""
        return moved(self.stage.databases.url(SCHOOL), port)

    # ---- who works ------------------------------------------------------------------------------

    @contextmanager
    def web(self, workers: int = 2, **more: str) -> Iterator[Server]:
        # Not all of our environment: `make` exports a PORT, and the server takes one that is free.
        env = self.own(**more)
        with Server(self.stage, SCHOOL, workers, env=env, log=self.log("web")) as server:
            self.server = server
            self.warm()
            yield server

    def warm(self) -> None:
        """Let every process read what it reads once, so that nobody is measured waiting for it."""
        user = people().order_by("pk").last()
        for path in ("/classroom/", "/progress/", "/accounts/signup/"):
            at_once([partial(self.visitor(user, seed).get, path) for seed in range(8)])

    @contextmanager
    def background(self, *, code: bool = False, **more: str) -> Iterator[None]:
        """A worker for every queue but those of models and, unless asked for, of code; and beat."""
        queues = f"{site.QUEUES},code,trials,looks" if code else site.QUEUES
        env = self.env(**more)
        with ExitStack() as stack:
            worker = site.worker(env, self.log("worker"), queues, 2 if code else 1)
            stack.callback(worker.stop)
            stack.callback(site.beat(env, self.log("beat"), self.schedule()).stop)
            yield

    def schedule(self, name: str = "schedule") -> Path:
        """A file that beat has not seen yet."""
        return self.folder / f"{name}-{time.monotonic_ns()}"

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def visitors(self, number: int, *, keep: bool = True) -> list[Visitor]:
        """Learners of the school, each with a browser."""
        learners = people().order_by("pk")[:number]
        return [self.visitor(one, seed, keep=keep) for seed, one in enumerate(learners)]

    def visitor(self, user: User, seed: int = 0, *, keep: bool = True) -> Visitor:
        cookies, address = self.stage.cookies(user), f"10.0.0.{seed + 1}"
        return Visitor(self.server.port, str(user.pk), cookies, address, seed, keep=keep)

    def guests(self, number: int) -> list[Visitor]:
        """Nobody yet."""
        cookie = f"csrftoken={CSRF}"
        return [Visitor(self.server.port, cookies=cookie, seed=n) for n in range(number)]

    def lessons(self) -> list[Lesson]:
        """Those that are completed by hand."""
        by_hand = Lesson.objects.filter(completion=Lesson.Completion.BY_HAND)
        return list(by_hand.order_by("pk").defer("content", "content_html"))

    # ---- what holds -----------------------------------------------------------------------------

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Ask what must always be true while the block runs, and once more after it."""
        self.checker.ask()
        with Watch(self.checker) as watch:
            yield
        self.finding.broken += watch.broken
        self.finding.note(f"{watch.looks} looks")
        self.finding.broken += [one for one in self.checker.ask() if one not in watch.broken]

    def settle(self, seconds: float = SETTLED) -> None:
        """Everything that was due is done in time, and the doctor finds nothing."""
        left, took = settled(self.checker, seconds)
        self.finding.broken += left
        self.finding.note(f"all done after {took:.0f} s")

    def examine(self) -> None:
        """After it: what must always be true, and `doctor`."""
        self.finding.broken += [
            one for one in self.checker.ask(ALWAYS) if one not in self.finding.broken
        ]
        self.finding.broken += self.doctor()

    def doctor(self) -> list[str]:
        names = [one for one in self.check_names() if one != QUIET]
        only = [part for name in names for part in ("--only", name)]
        done = subprocess.run(
            [sys.executable, "manage.py", "doctor", "--json", *only],
            env=self.env(DATABASE_POOL="0"), check=False, capture_output=True, text=True,
        )  # fmt: skip
        if not done.stdout:
            return [f"doctor: {done.stderr[-300:]}"]
        checks = json.loads(done.stdout)["checks"]
        return [
            f"doctor: {one['title']}: {one['left']} {'; '.join(one['details'])}"
            for one in checks
            if one["left"]
        ]

    def check_names(self) -> list[str]:
        from studio.health import CHECKS  # noqa: PLC0415

        return [check.name for check in CHECKS]


def moved(url: str, port: int) -> str:
    """The same address at another port of this machine."""
    parts = urlsplit(url)
    who = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}"))
