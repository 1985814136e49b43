"""Enrolling everybody while it is killed, run twice, or refused by the database."""

import random
import subprocess
import sys
import time

from django.db import connection

from accounts.models import User
from courses.actions import publish_course, unpublish_course
from courses.models import Course
from enrollments.models import BackfillRun, DueEnrollment, Enrollment
from enrollments.verification import verify
from faults.crowd import Crowd, percentile
from faults.deeds import sign_ups
from faults.machine import wait_until
from faults.scene import SCHOOL, Scene
from studio.scale import School, make_course

CROWDED, PEOPLE, COURSES = "crowded", 20_000, 10
KILLS = 10
BACKFILL = [sys.executable, "manage.py", "backfill_enrollments", "--missing", "--json"]


def open_crowded_school(scene: Scene) -> None:
    """Twenty thousand people in ten courses, half of the pairs there."""
    databases = scene.stage.databases
    if CROWDED not in databases.names:
        scene.stage.school(CROWDED, School(PEOPLE, COURSES, lessons=1, enrolled=50, learning=False))
    databases.copy(CROWDED, SCHOOL)
    databases.use(SCHOOL)


def backfill(scene: Scene, size: int = 100) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*BACKFILL, "--batch-size", str(size)], env=scene.env(DATABASE_POOL="0"), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def finish(process: "subprocess.Popen[str]") -> tuple[int, str]:
    said = process.communicate(timeout=120)[0]
    return process.returncode, said


def killed_backfill(scene: Scene) -> None:
    """1: `kill -9` of the backfill at 10 points by chance (20,000 people, 10 courses, half there).

    I1 and I5 after each kill; all runs together write exactly what was missing; one more writes no
    enrolment, at most 1 MB of WAL, in at most 40 % of the time of a whole one; no lock is left."""
    finding, chance = scene.finding, random.Random(1)
    open_crowded_school(scene)
    missing, before = verify().missing_pairs, Enrollment.objects.count()
    finding.fault()
    for number in range(KILLS):
        process = backfill(scene)
        finding.hold(wait_until(holds_lock, 30, 0.01), "a run did not begin within 30 s")
        time.sleep(chance.uniform(0.0, 0.15))
        process.kill()
        process.communicate()
        finding.hold(wait_until(lambda: not holds_lock(), 10), "a lock outlived its run by 10 s")
        finding.broken += [f"after kill {number + 1}: {one}" for one in scene.checker.ask()]
    finding.healed()
    killed = Enrollment.objects.count() - before
    finding.note(f"{killed:,} of {missing:,} rows by those that were killed")
    finding.hold(0 < killed < missing, "no kill came in the middle")
    code, said = finish(backfill(scene, 10_000))
    finding.hold(code == 0, f"the normal run ended with {code}: {said[-200:]}")
    finding.hold(verify().is_clean, f"after all: {verify()}")
    written = Enrollment.objects.count() - before
    finding.hold(written == missing, f"{written:,} rows were written, {missing:,} were missing")
    hold_cheap_again(scene)


def hold_cheap_again(scene: Scene) -> None:
    """A run that finds nothing to do, beside a whole one from the start."""
    finding, databases = scene.finding, scene.stage.databases
    open_crowded_school(scene)
    whole = timed(scene)
    databases.settle(SCHOOL)
    at = position()
    again = timed(scene)
    wal, rows = position() - at, BackfillRun.objects.latest("created_at").inserted
    finding.note(f"whole {whole:.2f} s, again {again:.2f} s and {wal / 1e6:.2f} MB of WAL")
    finding.hold(rows == 0, f"a run with nothing to do wrote {rows} rows")
    finding.hold(wal <= 1_000_000, f"a run with nothing to do wrote {wal:,} bytes of WAL")
    finding.hold(again <= 0.4 * whole, f"it took {again / whole:.0%} of a whole one")
    finding.hold(not holds_lock(), "a lock is left")


def timed(scene: Scene) -> float:
    """Seconds of a run, as it counts them itself: its process takes a second to start."""
    finish(backfill(scene, 10_000))
    run = BackfillRun.objects.latest("created_at")
    return (run.finished_at - run.created_at).total_seconds() if run.finished_at else 0.0


def position() -> int:
    return number_of("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")


def holds_lock() -> bool:
    """Whether a run is at work."""
    return (
        number_of(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE locktype = 'advisory' AND datname = current_database()"
        )
        > 0
    )


def number_of(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


def two_backfills(scene: Scene) -> None:
    """2: two backfills at once, 4 guests who sign up, and a course published and taken back.

    One run does all of it, the other does or says that one is running; nobody who signs up sees a
    failure or a deadlock, 95 of 100 within twice the time of before (or 1 s); no pair is there
    twice, none is missing after one more run; no row is locked for more than 2 s."""
    finding = scene.finding
    open_crowded_school(scene)
    course = make_course(11, 1)
    Course.objects.filter(pk=course.pk).update(opens_to_all=False)
    with scene.web(), scene.watched():
        with Crowd(scene.guests(4), sign_ups("before", 40), pause=0.3) as crowd:
            time.sleep(5)
        before = crowd.log
        with Crowd(scene.guests(4), sign_ups("during", 60), pause=0.3) as crowd:
            finding.fault()
            runs, locked = [backfill(scene), backfill(scene)], 0.0
            while any(one.poll() is None for one in runs):
                unpublish_course(course)
                locked = max(locked, longest_lock())
                time.sleep(0.5)
                publish_course(course)
                time.sleep(0.5)
            finding.healed()
        ends = [finish(one) for one in runs]
    finding.note(f"longest lock {locked:.1f} s, ends {sorted(code for code, _ in ends)}")
    finding.hold(any(code == 0 for code, _ in ends), f"no run ended well: {ends}")
    others = [said for code, said in ends if code]
    finding.hold(all("Another run is active" in said for said in others), f"{others}")
    finding.hold(locked <= 2, f"a lock was held for {locked:.1f} s")
    failed = finding.count(crowd.log)
    finding.hold(not failed, f"{len(failed)} sign-ups failed")
    usual = percentile([one.took for one in before], 95)
    finding.hold_within(crowd.log, max(1.0, 2 * usual), "signing up meanwhile")
    finish(backfill(scene, 10_000))
    finding.hold(verify().is_clean, f"after one more run: {verify()}")
    BackfillRun.objects.exclude(status="DONE").update(status="FAILED")


def longest_lock() -> float:
    """For how many seconds somebody has been waiting for a row that another holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0) "
            "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return float(cursor.fetchone()[0])


HOOK = """
    CREATE OR REPLACE FUNCTION break_enrolling() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.source = 'SIGN_UP' AND (SELECT slug FROM courses_course WHERE id = NEW.course_id)
        = 'scale-course-0002'
      THEN RAISE EXCEPTION 'broken on purpose' USING ERRCODE = '{state}'; END IF;
      RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER break_enrolling BEFORE INSERT ON enrollments_enrollment
      FOR EACH ROW EXECUTE FUNCTION break_enrolling()
"""
STATES = {"a deadlock": "40P01", "a time-out": "57014", "a duplicate": "23505", "no room": "53100"}
EACH = 20


def refused(scene: Scene) -> None:
    """4: enrolling at sign-up fails on the second course: by a deadlock, a time-out, a duplicate,
    a full disk; 20 sign-ups of each by 4 guests.

    All are signed up, none sees a 500; each failure leaves a row that says so, and the sweep mends
    all of it within 60 s of the end."""
    finding = scene.finding
    with scene.web(), scene.background(), scene.watched():
        log = []
        for what, state in STATES.items():
            with connection.cursor() as cursor:
                cursor.execute(HOOK.format(state=state))
            finding.fault()
            with Crowd(scene.guests(4), sign_ups(state.lower(), EACH), pause=0.1) as crowd:
                wait_until(lambda crowd=crowd: len(crowd.log) >= EACH, 30)  # type: ignore[misc]
            taken = [one for one in crowd.log if one.status == 302]
            finding.hold(len(taken) == EACH, f"{what}: {len(taken)} of {EACH} were taken")
            log += crowd.log
        there = User.objects.filter(email__endswith="@example.org").count()
        finding.hold(there == EACH * len(STATES), f"{there} people are there")
        due = DueEnrollment.objects.count()
        finding.hold(due == there, f"{due} rows say that {there} wait")
        finding.count(log)
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER break_enrolling ON enrollments_enrollment")
        finding.healed()
        scene.settle()
    finding.hold(verify().is_clean, f"after the sweep: {verify()}")
