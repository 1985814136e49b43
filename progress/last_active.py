"""When somebody was last active in a course: they completed a lesson, or handed in code. The moment
is a cache of what happened."""

from datetime import datetime
from uuid import UUID

from django.db import connection

# Counted at once: a course that changes just then has another revision, and is counted again.
NOTE = """
    INSERT INTO progress_courseprogress
      (id, user_id, course_id, done, total, structure_rev, started_at, last_active_at)
    SELECT waymark_uuid7(), %(user)s, course.id, count(mark.id), count(lesson.id),
      course.structure_rev, %(at)s, %(at)s
    FROM courses_course course
    LEFT JOIN (courses_lesson lesson
      JOIN courses_module module ON module.id = lesson.module_id AND module.deleted_at IS NULL)
      ON lesson.course_id = course.id AND lesson.status = 'PUBLISHED'
        AND lesson.deleted_at IS NULL AND lesson.is_required
    LEFT JOIN progress_lessonprogress mark
      ON mark.lesson_id = lesson.id AND mark.user_id = %(user)s
    WHERE course.id = %(course)s GROUP BY course.id
    ON CONFLICT (user_id, course_id) DO UPDATE
      SET last_active_at = greatest(progress_courseprogress.last_active_at, %(at)s)
"""
# The same as `activity.learning.moment_of`, and lessons that were marked again since.
RECOUNT = """
    WITH learned AS (
      SELECT user_id, (data ->> 'course')::uuid AS course_id,
        CASE kind WHEN 'SUBMISSION_JUDGED'
          THEN least((data ->> 'handed_in')::timestamptz, created_at) ELSE created_at END AS at
      FROM activity_event
      WHERE kind IN ('LESSON_COMPLETED', 'SUBMISSION_JUDGED')
        AND data ? 'course' AND user_id IS NOT NULL
        AND NOT (kind = 'LESSON_COMPLETED' AND data @> '{"passed": true}')
      UNION ALL
      SELECT mark.user_id, lesson.course_id, mark.completed_at
      FROM progress_lessonprogress mark JOIN courses_lesson lesson ON lesson.id = mark.lesson_id
      WHERE lesson.completion <> 'BY_PASSING'
    ), truth AS (
      SELECT user_id, course_id, min(at) AS first_at, max(at) AS last_at
      FROM learned JOIN courses_course course ON course.id = course_id
      GROUP BY user_id, course_id
    )
    INSERT INTO progress_courseprogress AS progress
      (id, user_id, course_id, done, total, structure_rev, started_at, last_active_at)
    SELECT waymark_uuid7(), user_id, course_id, 0, 0, 0, first_at, last_at
    FROM truth ORDER BY user_id, course_id
    ON CONFLICT (user_id, course_id) DO UPDATE SET last_active_at = excluded.last_active_at
      WHERE progress.last_active_at <> excluded.last_active_at
"""


def note_active(user: UUID, course: UUID, at: datetime) -> None:
    """Note that somebody was active in a course, be it the first of it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"user": user, "course": course, "at": at})


def recount_last_active() -> int:
    """Find it out anew for everybody, from all that happened; return how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT)
        return int(cursor.rowcount)
