"""Recounting a course of 50,000 learners after a change, against a grouped UPDATE by hand."""

import time
from collections.abc import Callable, Iterator

from django.db import connection, transaction

from bench.figures import Figure
from bench.stage import Stage
from courses.models import Course
from progress.actions import recount_course
from progress.models import CourseProgress
from progress.verification import wrong_rows
from studio.scale import School

LEARNERS, LESSONS, ROUNDS = 50_000, 40, 4
# Half of the course each, on average.
MARKS = """
    INSERT INTO progress_lessonprogress (id, user_id, lesson_id, completed_at)
    SELECT waymark_uuid7(), place.user_id, lesson.id, now()
    FROM enrollments_enrollment place JOIN courses_lesson lesson USING (course_id)
    WHERE lesson.position <= abs(hashtext(place.user_id::text)) % 40
"""
ROWS = """
    INSERT INTO progress_courseprogress
      (id, user_id, course_id, done, total, structure_rev, started_at, last_active_at)
    SELECT waymark_uuid7(), user_id, course_id, 0, 0, 0, now(), now() FROM enrollments_enrollment
"""
RAW = """
    UPDATE progress_courseprogress progress
    SET done = counted.done, total = 40, structure_rev = 1
    FROM (SELECT mark.user_id, count(*) AS done FROM progress_lessonprogress mark
          JOIN courses_lesson lesson ON lesson.id = mark.lesson_id
          WHERE lesson.course_id = %s AND lesson.status = 'PUBLISHED'
            AND lesson.deleted_at IS NULL AND lesson.is_required
          GROUP BY mark.user_id) counted
    WHERE counted.user_id = progress.user_id AND progress.course_id = %s
"""


def run(stage: Stage) -> Iterator[Figure]:
    learners = stage.scaled(LEARNERS, 200)
    stage.school("recount", School(learners, 1, LESSONS, learning=False))
    with connection.cursor() as cursor:
        cursor.execute(MARKS)
        cursor.execute(ROWS)
    course = Course.objects.get()
    sides = {"raw": lambda: raw(course), "ours": lambda: recount_course(course)}
    least = {"raw": 1e9, "ours": 1e9}
    again = 1e9
    for number in range(ROUNDS):
        for name in sorted(sides, reverse=bool(number % 2)):
            forget(stage)
            least[name] = min(least[name], seconds(sides[name]))
            if name == "ours":
                again = min(again, seconds(sides[name]))
    if wrong_rows():
        raise RuntimeError("The recount left wrong rows behind.")
    yield Figure(
        f"recount of {learners:,} learners", least["ours"], "s", "raw UPDATE", least["raw"], "<= 3"
    )
    yield Figure("the same again, nothing to change", again, "s", "raw UPDATE", least["raw"])


def raw(course: Course) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW, [course.pk, course.pk])


def forget(stage: Stage) -> None:
    """As after a change of the course: no row counts for its shape. No dead rows are left."""
    CourseProgress.objects.update(done=0, total=0, structure_rev=0)
    stage.databases.settle("recount")


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
