"""Are the cached counts right? Compared with the facts over all rows, in one statement."""

from django.db import connection

WRONG = """
    WITH counted AS (
      SELECT lesson.id, lesson.course_id FROM courses_lesson lesson
      JOIN courses_module module ON module.id = lesson.module_id AND module.deleted_at IS NULL
      WHERE lesson.status = 'PUBLISHED' AND lesson.deleted_at IS NULL AND lesson.is_required
    ), total AS (
      SELECT course_id, count(*) AS total FROM counted GROUP BY course_id
    ), done AS (
      SELECT mark.user_id, counted.course_id, count(*) AS done
      FROM progress_lessonprogress mark JOIN counted ON counted.id = mark.lesson_id
      GROUP BY mark.user_id, counted.course_id
    )
    SELECT count(*) FROM progress_courseprogress progress
    LEFT JOIN done USING (user_id, course_id) LEFT JOIN total USING (course_id)
    WHERE (progress.done, progress.total)
      IS DISTINCT FROM (coalesce(done.done, 0), coalesce(total.total, 0))
"""


def wrong_rows() -> int:
    """How many rows of CourseProgress differ from the marks and lessons they count."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG)
        return int(cursor.fetchone()[0])
