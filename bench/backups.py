"""A school of 100,000 learners written into one file and brought back: by the clock, in memory."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils.timezone import now

from accounts.models import User
from bench.figures import Figure
from bench.insights import staff
from bench.stage import Stage
from studio.backups.programs import program
from studio.backups.tables import server_major
from studio.scale import School

LEARNERS, COURSES, MEMORY, FILES = 100_000, 5, 200, 2_000
SCHOOL, AGAIN, BY_HAND = "backups", "restored", "by_hand"
SOMEBODY = "learner-97@scale.invalid"
PAGES = {
    "nobody": ("/", "/courses/"),
    "learner": ("/classroom/", "/progress/", "/progress/history/", "/achievements/"),
    "staff": ("/studio/", "/studio/reviews/"),
}
EACH_TIME = re.compile(rb'nonce="[^"]+"|"[a-zA-Z0-9]{64}"')


@dataclass(frozen=True)
class Done:
    """One command as a process: what it said, seconds, and the most memory it held, in kB."""

    said: dict[str, Any]
    seconds: float
    memory: int


def run(stage: Stage) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="waymark-backup-") as name:
        folder = Path(name)
        dump, media = str(folder / "by-hand.dump"), folder / "media"
        stage.collect_static()
        stage.school(SCHOOL, School(stage.scaled(LEARNERS, 200), COURSES))
        write_files(media, stage.scaled(FILES, 10))
        browsers, moment = sign_in(), now()
        before = look(browsers, moment)
        doctor = command(stage, SCHOOL, media, "doctor")
        made = command(stage, SCHOOL, media, "backup", str(folder))
        bare = by_hand(stage, SCHOOL, "pg_dump", "-Fc", "-f", dump)
        create(stage, AGAIN, BY_HAND)
        back = command(stage, AGAIN, folder / "new", "restore", made.said["path"])
        load = by_hand(stage, BY_HAND, "pg_restore", "-1", dump)
        stage.databases.use(AGAIN)
        after = look(browsers, moment)
        content = (Path(dump).stat().st_size + sum(len(one) for one in read(media))) / 1e6
    rows, size = made.said["rows"], made.said["bytes"] / 1e6
    differing = sum(after[key] != before[key] for key in before)
    odd = sum(a != b for a, b in zip(found(doctor.said), found(back.said["doctor"]), strict=True))
    yield Figure(f"backup of {rows:,} rows", made.seconds, "s", "pg_dump alone", bare)
    yield Figure("its size", size, "MB", "dump and files", content, "<= 1.1")
    yield Figure(
        "restore, with doctor", back.seconds, "s", "pg_restore and doctor", load + doctor.seconds
    )
    held = back.memory / 1024
    yield Figure("memory of the backup", made.memory / 1024, "MB", "allowance", MEMORY, "<= 1")
    yield Figure(
        "memory of the restore", held, "MB", "doctor alone", doctor.memory / 1024, "<= 1.1"
    )
    yield Figure("restored pages that differ", differing, "", "none", 0, "<= 0")
    yield Figure("findings of doctor that differ", odd, "", "none", 0, "<= 0")


def write_files(root: Path, number: int) -> None:
    (root / "assets").mkdir(parents=True)
    for one in range(number):
        (root / "assets" / f"{one}.bin").write_bytes(os.urandom(50_000))


def read(root: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in root.rglob("*.bin"))


def sign_in() -> dict[str, Client]:
    """The same sessions before and after: they are in the backup."""
    browsers = {name: Client(SERVER_NAME=settings.SITE_HOST) for name in PAGES} | {"staff": staff()}
    browsers["learner"].force_login(User.objects.get(email=SOMEBODY))
    with override_settings(DEMO_SCHOOL=True):
        browsers["staff"].get("/studio/", secure=settings.HTTPS)  # is greeted once
    return browsers


def look(browsers: dict[str, Client], moment: datetime) -> dict[tuple[str, str], bytes]:
    cache.clear()
    seen = {}
    with override_settings(DEMO_SCHOOL=True), time_machine.travel(moment, tick=False):
        for name, paths in PAGES.items():
            for path in paths:
                answer = browsers[name].get(path, secure=settings.HTTPS)
                if answer.status_code != 200:
                    raise RuntimeError(f"{path} answered {answer.status_code}.")
                seen[name, path] = EACH_TIME.sub(b"", answer.content)
    return seen


def found(report: dict[str, Any]) -> list[tuple[str, int]]:
    """Without the walls of the sandbox, which are no part of a backup."""
    return [(one["name"], one["left"]) for one in report["checks"] if one["name"] != "sandbox"]


def create(stage: Stage, *names: str) -> None:
    for name in names:
        stage.databases.drop(name)
        with stage.databases.connect() as link:
            link.execute(f'CREATE DATABASE "{stage.databases.full(name)}"')
        stage.databases.names.add(name)


def by_hand(stage: Stage, name: str, tool: str, *arguments: str) -> float:
    """Seconds of PostgreSQL's own program."""
    line = [program(tool, server_major()).path, "--dbname", stage.databases.url(name), *arguments]
    began = time.perf_counter()
    subprocess.run(line, check=True)
    return time.perf_counter() - began


def command(stage: Stage, name: str, media: Path, *arguments: str) -> Done:
    url = stage.databases.url(name)
    env = {**os.environ, "DATABASE_URL": url, "MEDIA_ROOT": str(media)}
    line = [sys.executable, "manage.py", *arguments, "--json"]
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(line, env=env, stdout=out, stderr=subprocess.PIPE)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        trouble = child.communicate()[1].decode()
        out.seek(0)
        said = out.read()
    # A doctor who finds something is no fault here: the same is to be found again.
    if not said or child.returncode not in {0, 1}:
        raise RuntimeError(f"{arguments[0]} failed: {trouble}")
    stage.say(f"{arguments[0]}: {seconds:.1f} s, {used.ru_maxrss / 1024:.0f} MB")
    return Done(json.loads(said), seconds, used.ru_maxrss)
