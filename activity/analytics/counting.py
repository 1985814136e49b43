"""What the looks come to."""

from datetime import datetime

from django.db import connection

from courses.models import Course

VISITORS = """
    SELECT coalesce(round(sum(weight)), 0)::int FROM (
      SELECT max(weight) AS weight FROM activity_analyticsevent
      WHERE name = 'course_view' AND course = %s AND created_at >= %s AND created_at < %s
      GROUP BY visitor, (created_at AT TIME ZONE 'UTC')::date
    ) visits
"""


def visitors_of_course(course: Course, since: datetime, until: datetime) -> int:
    """About how many looked at the public page of the course: each visitor once a day (UTC).

    Who comes on two days counts twice: from one day to the next nobody is known.
    """
    with connection.cursor() as cursor:
        cursor.execute(VISITORS, [course.pk, since, until])
        return int(cursor.fetchone()[0])
