"""Telling a hundred thousand learners of a course something: by the clock, and in memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from accounts.models import User
from bench.backfill import memory_of
from bench.figures import Figure
from bench.stage import Stage
from courses.models import Course
from notifications import announcing
from notifications.announcing import Words
from notifications.models import Announcement, Notification
from studio.scale import School

PEOPLE, ALLOWED, MEMORY = 100_000, 120, 200
SCHOOL = "announcements"
# As a worker does it, in a process of its own.
WORK = """
import sys
import django
django.setup()
from notifications import announcing
print(announcing.carry_on(sys.argv[1]), flush=True)
"""
RAW = """
    INSERT INTO notifications_notification
      (id, user_id, kind, subject, about, data, in_app, created_at)
    SELECT waymark_uuid7(), user_id, 'ANNOUNCEMENT', 'raw', '', '{}', true, now()
    FROM enrollments_enrollment WHERE status = 'ACTIVE'
"""


@dataclass(frozen=True)
class Done:
    """One process from its start to its end: people told, seconds, the most memory it held."""

    told: int
    seconds: float
    memory: int


def run(stage: Stage) -> Iterator[Figure]:
    number = stage.scaled(PEOPLE, 200)
    stage.school(SCHOOL, School(number, 1, lessons=1, learning=False))
    course, author = (
        Course.objects.get(),
        User.objects.create_superuser("a@scale.invalid", name="A"),
    )
    first = tell(stage, announced(author, course))
    row = Announcement.objects.get()
    again = tell(stage, row)
    rows = Notification.objects.filter(subject=row.subject).count()
    if not first.told == row.reached == rows > 0:
        raise RuntimeError(f"{first.told} were told, {row.reached} reached, {rows} rows.")
    raw = insert(stage)
    yield Figure(f"telling {first.told:,} people", first.seconds, "s", "allowed", ALLOWED, "<= 1")
    yield Figure("the same", first.seconds, "s", "raw INSERT", raw)
    yield Figure("told again, people", again.told, "", "the first", first.told, "<= 0")
    yield Figure(
        "most memory of the process", first.memory / 1e6, "MB", "allowance", MEMORY, "<= 1"
    )


def announced(author: User, course: Course) -> Announcement:
    draft = announcing.write(author, Words(course, "A break", "No lessons in May."), uuid4())
    return announcing.send(draft, draft.version)


def tell(stage: Stage, row: Announcement) -> Done:
    env = {**os.environ, "DATABASE_URL": stage.databases.url(SCHOOL)}
    began, memory = time.perf_counter(), 0
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(row.pk)], env=env, stdout=subprocess.PIPE
    )
    while process.poll() is None:
        memory = max(memory, memory_of(process.pid))
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    said = process.communicate()[0]
    if process.returncode:
        raise RuntimeError("The worker failed.")
    done = Done(int(said), seconds, memory)
    stage.say(f"{done.told:,} in {done.seconds:.1f} s, {done.memory / 1e6:.0f} MB")
    return done


def insert(stage: Stage) -> float:
    """Seconds of one statement that writes as many rows."""
    with stage.databases.connect(SCHOOL) as link:
        began = time.perf_counter()
        link.execute(RAW)
        return time.perf_counter() - began
