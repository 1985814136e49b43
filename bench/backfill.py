"""Enrolling a million people in twenty courses, half of it done, against one raw INSERT."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.databases import Connection
from bench.figures import Figure
from bench.stage import Stage
from enrollments.models import BackfillRun, Enrollment
from studio.scale import School

PEOPLE, COURSES, ROUNDS, BATCH = 1_000_000, 20, 2, 10_000
START, WORK = "backfill_start", "backfill"
RAW = """
    INSERT INTO enrollments_enrollment (id, user_id, course_id, status, source, enrolled_at)
    SELECT {key}(), person.id, course.id, 'ACTIVE', 'BACKFILL', now()
    FROM accounts_user person CROSS JOIN courses_course course
    WHERE person.is_active AND person.deleted_at IS NULL
      AND course.status = 'PUBLISHED' AND course.opens_to_all AND course.deleted_at IS NULL
    ON CONFLICT (user_id, course_id) DO NOTHING
"""


@dataclass(frozen=True)
class Done:
    """One run: rows written, seconds, the most memory that its process held, WAL (bytes)."""

    rows: int
    seconds: float
    memory: int = 0
    wal: int = 0

    @property
    def speed(self) -> float:
        return self.rows / self.seconds


def run(stage: Stage) -> Iterator[Figure]:
    people = stage.scaled(PEOPLE, 200)
    batch = min(BATCH, max(people // 10, 1))
    stage.school(START, School(people, COURSES, lessons=1, enrolled=50, learning=False))
    ours, raw = compare(stage, batch)
    bound = max(run.speed for run in raw)
    best = max(ours, key=lambda done: done.speed)
    yield Figure("backfill", best.speed, "rows/s", "raw INSERT", bound, ">= 0.7")
    again = second_run(stage, batch)
    yield Figure("a second run, rows written", again.rows, "", "the first", best.rows, "<= 0")
    yield Figure(
        "a second run, WAL", again.wal / 1e6, "MB", "the first", best.wal / 1e6, "<= 0.001"
    )
    yield Figure("a second run", again.seconds, "s", "the first", best.seconds)
    memory = max(done.memory for done in ours) / 1e6
    yield Figure("most memory of the process", memory, "MB", "allowance", 150, "<= 1")
    random = raw_insert(stage, "gen_random_uuid")
    yield Figure("backfill", best.speed, "rows/s", "raw INSERT, random keys", random.speed)
    yield from killed(stage, batch)


def compare(stage: Stage, batch: int) -> tuple[list[Done], list[Done]]:
    """Ours and the raw statement from the same start, in an order that turns round."""
    ours, raw = [], []
    for number in range(ROUNDS):
        for name in sorted(("ours", "raw"), reverse=bool(number % 2)):
            if name == "ours":
                ours.append(timed_command(stage, batch))
            else:
                raw.append(raw_insert(stage, "waymark_uuid7"))
    return ours, raw


def start_again(stage: Stage) -> None:
    stage.databases.copy(START, WORK)
    with stage.databases.connect(WORK) as link:
        link.execute("CHECKPOINT")


def raw_insert(stage: Stage, key: str) -> Done:
    start_again(stage)
    with stage.databases.connect(WORK) as link:
        began = time.perf_counter()
        rows = link.execute(RAW.format(key=key)).rowcount
        done = Done(rows, time.perf_counter() - began)
    stage.say(f"raw, {key}: {done.rows:,} rows in {done.seconds:.1f} s")
    return done


# ---- the command --------------------------------------------------------------------------------


def start_command(stage: Stage, batch: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "manage.py", "backfill_enrollments", "--missing", "--json"]
    env = {**os.environ, "DATABASE_URL": stage.databases.url(WORK)}
    return subprocess.Popen(
        [*command, "--batch-size", str(batch)], env=env, stdout=subprocess.DEVNULL
    )


def timed_command(stage: Stage, batch: int) -> Done:
    start_again(stage)
    done = run_command(stage, batch)
    stage.say(f"backfill: {done.rows:,} rows in {done.seconds:.1f} s, {done.memory / 1e6:.0f} MB")
    return done


def run_command(stage: Stage, batch: int) -> Done:
    """The whole process, from its start to its end."""
    rows, wal = count(stage), position(stage)
    began = time.perf_counter()
    process = start_command(stage, batch)
    memory = 0
    while process.poll() is None:
        memory = max(memory, memory_of(process.pid))
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError("backfill_enrollments failed")
    return Done(count(stage) - rows, seconds, memory, position(stage) - wal)


def memory_of(pid: int) -> int:
    """The most that the process has held so far; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(x.split()[1]) for x in lines if x.startswith("VmHWM")), 0)


def count(stage: Stage) -> int:
    with stage.databases.connect(WORK) as link:
        return number_of(link, f"SELECT count(*) FROM {Enrollment._meta.db_table}")


def position(stage: Stage) -> int:
    """Where the server stands in its log, in bytes."""
    with stage.databases.connect(WORK) as link:
        return number_of(link, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")


def number_of(link: Connection, question: str) -> int:
    row = link.execute(question).fetchone()
    return int(str(row[0])) if row else 0


# ---- a second run, and one that is killed -------------------------------------------------------


def second_run(stage: Stage, batch: int) -> Done:
    """Run again over what is complete. What it notes about itself is all that it writes."""
    stage.databases.settle(WORK)
    return run_command(stage, batch)


def killed(stage: Stage, batch: int) -> Iterator[Figure]:
    """Kill a run in the middle, run normally, and count: nothing lost, nothing twice."""
    start_again(stage)
    before = count(stage)
    with stage.databases.connect(WORK) as link:
        gap = number_of(link, "SELECT count(*) FROM accounts_user") * COURSES - before
        process = start_command(stage, batch)
        progress = f"SELECT coalesce(max(inserted), 0) FROM {BackfillRun._meta.db_table}"
        while process.poll() is None and number_of(link, progress) < gap * 0.4:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        busy = (
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
            "AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        while number_of(link, busy):  # the server finishes or undoes what it was at
            time.sleep(0.02)
    kept = count(stage) - before
    rest = run_command(stage, batch)
    stage.say(f"killed after {kept:,} of {gap:,} rows; the next run wrote {rest.rows:,}")
    stage.databases.manage(WORK, "verify_enrollments")  # fails if anything is missing or doubled
    yield Figure("killed and run again, rows", kept + rest.rows, "", "the gap", gap, ">= 1")
