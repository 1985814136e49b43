"""Completing, undoing, looking. Locks are taken in one order: enrolment, then course progress."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import now

from accounts.models import User
from accounts.prepared import Prepared
from activity.actions import record
from activity.models import Event
from courses.models import Course, Lesson
from enrollments.access import require_enrollment
from enrollments.actions import mark_completed
from enrollments.errors import EnrollmentRefused
from enrollments.models import Enrollment
from progress.errors import LessonGone, NotPassed
from progress.models import CourseProgress, LessonProgress
from progress.percent import percent_of

LIVE = Prepared(
    lambda key: Lesson.objects.live().select_related("module", "course__language").filter(pk=key),
    UUID,
)


@dataclass(frozen=True)
class Completion:
    """What a change came to: `created` says whether the lesson's state is other than before.

    `first`: it is complete for the first time ever, which is what pays. What was not completed by
    passing carries the moment `at`.
    """

    created: bool
    done: int
    total: int
    course_completed: bool
    at: datetime
    first: bool = False

    @property
    def percent(self) -> int | None:
        return percent_of(self.done, self.total)


def live_lesson(lesson: Lesson) -> Lesson:
    """Return the lesson as it stands now, with module and course, or raise LessonGone."""
    found = LIVE.first(lesson.pk)
    if found is None:
        raise LessonGone
    return found


@transaction.atomic
def complete_lesson(
    user: User,
    lesson: Lesson,
    *,
    passed: bool = False,
    at: datetime | None = None,
    handed_in: datetime | None = None,
) -> Completion:
    """Note that the person has completed the lesson. Again changes nothing.

    `passed` is said by the quiz or assignment that the lesson completes by, and `handed_in` when
    that was. `at` dates a history brought in from elsewhere. Raises NotEnrolled, PlanRequired,
    LessonGone, NotPassed.
    """
    lesson = live_lesson(lesson)
    if lesson.completion == Lesson.Completion.BY_PASSING and not passed:
        raise NotPassed(lesson.kind)
    place = require_enrollment(user, lesson.course, lock=True)
    moment = at or now()
    return mark_complete(user, place, lesson, moment, handed_in or moment if passed else None)


def mark_complete(
    user: User,
    place: Enrollment,
    lesson: Lesson,
    moment: datetime,
    handed_in: datetime | None = None,
) -> Completion:
    """Complete a lesson that may be, for somebody whose place in its course is locked.

    What it pays goes by when the learner did it: where it was passed, by when that was handed in.
    """
    created, first = insert_completion(user, lesson, moment), False
    progress = recount(user, lesson.course, handed_in or moment)
    if created:
        data = {
            "title": lesson.title,
            "url": lesson.get_absolute_url(),
            "xp": lesson.xp_reward,
            "kind": lesson.kind,
            "module": str(lesson.module_id),
            "course": str(lesson.course_id),
            "course_title": lesson.course.title,
            "passed": handed_in is not None,
        }
        if handed_in:
            data["marked_at"] = moment.isoformat()
        subject = f"lesson:{lesson.pk}"
        done_at = min(handed_in, moment) if handed_in else moment
        first = record(user, Event.Kind.LESSON_COMPLETED, subject, data, at=done_at) is not None
    finished = finish_if_done(place, lesson.course, progress, moment)
    return Completion(created, progress.done, progress.total, finished, moment, first)


def complete_by_passing(
    user: User, lesson: Lesson, handed_in: datetime, moment: datetime | None = None
) -> bool:
    """Complete a lesson that was passed before, if its door is open now."""
    try:
        done = complete_lesson(user, lesson, passed=True, at=moment, handed_in=handed_in)
        return done.created
    except (EnrollmentRefused, LessonGone):
        return False


@transaction.atomic
def uncomplete_lesson(user: User, lesson: Lesson) -> Completion:
    """Take the mark back. The event and its XP stay: what happened, happened."""
    lesson = live_lesson(lesson)
    if lesson.completion == Lesson.Completion.BY_PASSING:
        raise NotPassed(lesson.kind)
    require_enrollment(user, lesson.course, lock=True)
    deleted, _ = LessonProgress.objects.filter(user=user, lesson=lesson).delete()
    moment = now()
    progress = recount(user, lesson.course, None)
    return Completion(bool(deleted), progress.done, progress.total, False, moment)


def insert_completion(user: User, lesson: Lesson, moment: datetime) -> bool:
    """Insert the row or find it there; only the database can say which, without a race."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO progress_lessonprogress (id, user_id, lesson_id, completed_at)
            VALUES (waymark_uuid7(), %s, %s, %s) ON CONFLICT (user_id, lesson_id) DO NOTHING
            """,
            [user.pk, lesson.pk, moment],
        )
        return bool(cursor.rowcount == 1)


LOCK_OR_MAKE = """
    INSERT INTO progress_courseprogress
      (id, user_id, course_id, done, total, structure_rev, started_at, last_active_at)
    VALUES (waymark_uuid7(), %(user)s, %(course)s, 0, 0, 0, %(now)s, %(now)s)
    ON CONFLICT (user_id, course_id) DO UPDATE
      SET last_active_at = greatest(progress_courseprogress.last_active_at, %(at)s::timestamptz)
    RETURNING id
"""
# The same set above and below the line: required lessons that learners can see.
RECOUNT = """
    UPDATE progress_courseprogress progress
    SET done = counted.done, total = counted.total, structure_rev = course.structure_rev
    FROM courses_course course, (
      SELECT count(*) AS total, count(mark.id) AS done
      FROM courses_lesson lesson
      JOIN courses_module module ON module.id = lesson.module_id AND module.deleted_at IS NULL
      LEFT JOIN progress_lessonprogress mark
        ON mark.lesson_id = lesson.id AND mark.user_id = %(user)s
      WHERE lesson.course_id = %(course)s AND lesson.status = 'PUBLISHED'
        AND lesson.deleted_at IS NULL AND lesson.is_required) AS counted
    WHERE progress.id = %(id)s AND course.id = %(course)s
    RETURNING progress.done, progress.total, progress.completed_at, progress.started_at
"""


def recount(user: User, course: Course, active_at: datetime | None) -> CourseProgress:
    """Lock the row, making it if need be, then count afresh in a statement of its own.

    `active_at`: when the person was active; None: something else changed. Two statements on
    purpose: a statement that had to wait for the lock would count with the
    view of the data from before its wait.
    """
    values: dict[str, Any] = {"user": user.pk, "course": course.pk, "at": active_at}
    values["now"] = active_at or now()
    with connection.cursor() as cursor:
        cursor.execute(LOCK_OR_MAKE, values)
        key: UUID = cursor.fetchone()[0]
        cursor.execute(RECOUNT, {**values, "id": key})
        done, total, completed_at, started_at = cursor.fetchone()
    return CourseProgress(
        id=key, user=user, course=course, done=done, total=total,
        completed_at=completed_at, started_at=started_at,
    )  # fmt: skip


def finish_if_done(
    enrollment: Enrollment, course: Course, progress: CourseProgress, moment: datetime
) -> bool:
    """Note the course as finished when nothing is missing, once and for ever."""
    if progress.total == 0 or progress.done < progress.total or progress.completed_at:
        return False
    CourseProgress.objects.filter(pk=progress.pk, completed_at=None).update(completed_at=moment)
    mark_completed(enrollment)
    data = {"title": course.title, "url": course.get_absolute_url(), "lessons": progress.total}
    record(progress.user, Event.Kind.COURSE_COMPLETED, f"course:{course.pk}", data, at=moment)
    return True


LOCK_ALL = """
    SELECT FROM progress_courseprogress WHERE course_id = %(course)s ORDER BY id FOR NO KEY UPDATE
"""
RECOUNT_ALL = """
    WITH counted AS (
      SELECT lesson.id FROM courses_lesson lesson
      JOIN courses_module module ON module.id = lesson.module_id AND module.deleted_at IS NULL
      WHERE lesson.course_id = %(course)s AND lesson.status = 'PUBLISHED'
        AND lesson.deleted_at IS NULL AND lesson.is_required
    ), done AS (
      SELECT user_id, count(*) AS done FROM progress_lessonprogress
      WHERE lesson_id IN (SELECT id FROM counted) GROUP BY user_id
    ), truth AS (
      SELECT progress.id, coalesce(done.done, 0) AS done, (SELECT count(*) FROM counted) AS total
      FROM progress_courseprogress progress LEFT JOIN done USING (user_id)
      WHERE progress.course_id = %(course)s
    )
    UPDATE progress_courseprogress progress
    SET done = truth.done, total = truth.total, structure_rev = %(rev)s
    FROM truth WHERE progress.id = truth.id
      AND (progress.done, progress.total, progress.structure_rev)
        IS DISTINCT FROM (truth.done, truth.total, %(rev)s)
"""


@transaction.atomic
def recount_course(course: Course) -> int:
    """Recount everybody in the course with one set-based statement; return how many rows changed.

    Two locks come first, in statements of their own: the course's row, so that changes of its
    structure come one after the other, and everybody's row, so that the count sees what those it
    waited for have marked. Neither is as strong as FOR UPDATE: that would also stop the
    foreign-key checks of learners who are about to commit, and deadlock with them.
    """
    locked = Course.objects.select_for_update(no_key=True).filter(pk=course.pk)
    rev = locked.values_list("structure_rev", flat=True).get()
    with connection.cursor() as cursor:
        cursor.execute(LOCK_ALL, {"course": course.pk})
        cursor.execute(RECOUNT_ALL, {"course": course.pk, "rev": rev})
        return int(cursor.rowcount)


def recount_stale_courses() -> int:
    """Recount courses with rows counted for another shape of them; return how many."""
    stale = CourseProgress.objects.exclude(structure_rev=F("course__structure_rev"))
    courses = Course.objects.filter(pk__in=stale.values("course_id"))
    for course in courses:
        recount_course(course)
    return len(courses)


def finish_those_done(limit: int = 500) -> int:
    """Finish courses whose last missing lesson was taken out; return for how many people."""
    learning = Enrollment.objects.learning().filter(
        user=OuterRef("user"), course=OuterRef("course")
    )
    due = (
        CourseProgress.objects.filter(Q(done=F("total")), total__gt=0, completed_at=None)
        .filter(Exists(learning), course__in=Course.objects.published())
        .select_related("user", "course__language")
        .order_by("id")
    )
    return sum(finish_if_still_done(row.user, row.course) for row in due[:limit])


@transaction.atomic
def finish_if_still_done(user: User, course: Course) -> bool:
    """Look again under the locks, then finish the course."""
    try:
        enrollment = require_enrollment(user, course, lock=True)
    except EnrollmentRefused:
        return False
    moment = now()
    return finish_if_done(enrollment, course, recount(user, course, None), moment)


def record_view(user: User, lesson: Lesson, at: datetime | None = None) -> None:
    """Note that the person opened the lesson: what "resume" goes by."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO progress_lessonview AS seen
              (id, user_id, lesson_id, view_count, first_viewed_at, last_viewed_at)
            VALUES (waymark_uuid7(), %(user)s, %(lesson)s, 1, %(now)s, %(now)s)
            ON CONFLICT (user_id, lesson_id) DO UPDATE
              SET view_count = seen.view_count + 1,
                  last_viewed_at = greatest(seen.last_viewed_at, excluded.last_viewed_at)
            """,
            {"user": user.pk, "lesson": lesson.pk, "now": at or now()},
        )
