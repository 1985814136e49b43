"""The backfill: enrols a million people in every open course, a range of people at a time.

Each range is one statement and one transaction, so a kill loses at most the range under way and
the next run finds the rest by itself: what exists is never written again. One run at a time, by
an advisory lock that ends with the process.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.timezone import now

from accounts.alone import alone
from accounts.models import User
from courses.models import Course
from enrollments.errors import BackfillActive
from enrollments.models import BackfillRun, Enrollment

logger = logging.getLogger(__name__)
LOCK = 0x5741594D  # "WAYM"
NIL = UUID(int=0)
STALE = timedelta(minutes=2)

# Both sides of the anti-join are ranged by the user's key, so that each batch reads one stretch of
# the index; without the range on `e` the planner hashes the whole table for every batch. It looks
# before it writes because a conflict costs a dead row's worth of work: a run that finds nothing
# to do writes nothing.
PAIRS = """
    FROM accounts_user u CROSS JOIN unnest(%(courses)s::uuid[]) AS course (id)
    WHERE u.id > %(after)s AND u.id <= %(upto)s AND u.is_active AND u.deleted_at IS NULL
"""
MISSING = """
    AND NOT EXISTS (
      SELECT FROM enrollments_enrollment e
      WHERE e.user_id > %(after)s AND e.user_id <= %(upto)s
        AND e.user_id = u.id AND e.course_id = course.id)
"""
STRANGERS = """
    AND NOT EXISTS (
      SELECT FROM enrollments_enrollment e
      WHERE e.user_id > %(after)s AND e.user_id <= %(upto)s AND e.user_id = u.id)
"""
INSERT = """
    INSERT INTO enrollments_enrollment (id, user_id, course_id, status, source, enrolled_at)
    SELECT waymark_uuid7(), u.id, course.id, %(status)s, %(source)s, %(now)s
"""
NO_CONFLICT = " ORDER BY u.id, course.id ON CONFLICT (user_id, course_id) DO NOTHING"
UPPER_BOUND = """
    SELECT id, row_number() OVER (ORDER BY id) FROM (
      SELECT id FROM accounts_user WHERE id > %s ORDER BY id LIMIT %s) AS range
    ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Batch:
    """What one range brought: people looked at, rows inserted (or, in a dry run, to insert)."""

    last_user: UUID
    users: int
    inserted: int


@contextmanager
def only_run() -> Iterator[None]:
    """Hold the advisory lock; raise BackfillActive if somebody else does."""
    with alone(LOCK) as is_alone:
        if not is_alone:
            raise BackfillActive
        yield


def open_courses(course: Course | None) -> list[UUID]:
    """The courses to fill: the one asked for, if it is published, else all that open to all."""
    rows = Course.objects.open_to_all() if course is None else Course.objects.published()
    if course is not None:
        rows = rows.filter(pk=course.pk)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def batches(
    courses: list[UUID], *, missing: bool, batch_size: int, after: UUID = NIL, dry_run: bool = False
) -> Iterator[Batch]:
    """Fill one range of people after the other, each in a transaction of its own."""
    gap = MISSING if missing else STRANGERS
    sql = f"SELECT count(*) {PAIRS}{gap}" if dry_run else f"{INSERT}{PAIRS}{gap}{NO_CONFLICT}"
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UPPER_BOUND, [after, batch_size])
            bound = cursor.fetchone()
            if bound is None:
                return
            upto, users = bound
            cursor.execute(
                sql,
                {
                    "courses": courses,
                    "after": after,
                    "upto": upto,
                    "status": Enrollment.Status.ACTIVE,
                    "source": Enrollment.Source.BACKFILL,
                    "now": now(),
                },
            )
            inserted = cursor.fetchone()[0] if dry_run else cursor.rowcount
        yield Batch(upto, users, inserted)
        after = upto


def run_now(
    *,
    course: Course | None,
    missing: bool,
    batch_size: int,
    on_batch: Callable[[Batch], object],
) -> BackfillRun:
    """Run in this process. The row is made under the lock: no worker takes it for a due one."""
    with only_run():
        run = request_run(course=course, missing=missing, batch_size=batch_size)
        return work(run, on_batch)


def work(run: BackfillRun, on_batch: Callable[[Batch], object] | None = None) -> BackfillRun:
    """Do what the row says, from where it stopped; keep the row true after every range."""
    mine = BackfillRun.objects.filter(pk=run.pk)
    mine.update(status=BackfillRun.Status.RUNNING, users_total=User.objects.count(), beat_at=now())
    courses = open_courses(run.course)
    steps = batches(
        courses, missing=run.missing, batch_size=run.batch_size, after=run.last_user or NIL
    )
    for batch in steps if courses else ():
        mine.update(
            last_user=batch.last_user,
            users_done=F("users_done") + batch.users,
            inserted=F("inserted") + batch.inserted,
            beat_at=now(),
        )
        if on_batch:
            on_batch(batch)
    mine.update(status=BackfillRun.Status.DONE, finished_at=now())
    run.refresh_from_db()
    return run


def request_run(
    *, course: Course | None, missing: bool, batch_size: int, started_by: User | None = None
) -> BackfillRun:
    """Note that a backfill is due. The background starts it; losing the message loses nothing."""
    return BackfillRun.objects.create(
        course=course, missing=missing, batch_size=batch_size, started_by=started_by
    )


def due_runs() -> list[UUID]:
    """Runs that nobody works on: not started, or quiet for two minutes."""
    quiet = Q(status=BackfillRun.Status.RUNNING, beat_at__lt=now() - STALE)
    waiting = Q(status=BackfillRun.Status.DUE)
    return list(BackfillRun.objects.filter(quiet | waiting).values_list("pk", flat=True))


def run_by_id(run_id: UUID) -> None:
    """Work on one run. A second worker with the same message finds the lock taken and goes home."""
    try:
        with only_run():
            run = BackfillRun.objects.select_related("course").get(pk=run_id)
            if run.status in (BackfillRun.Status.DUE, BackfillRun.Status.RUNNING):
                work(run)
    except BackfillActive:
        logger.info("Backfill %s waits: %s", run_id, BackfillActive.message)
    except Exception as error:
        logger.exception("Backfill %s failed", run_id)
        BackfillRun.objects.filter(pk=run_id).update(
            status=BackfillRun.Status.FAILED, error=str(error)[:1000], finished_at=now()
        )


def resume_those_due() -> None:
    """The sweep behind the backfill."""
    for run_id in due_runs():
        run_by_id(run_id)
