"""When a course gets another language, what it has paid moves to that language's boards.

Whoever writes a course, by whatever way, need not know. Boards count a course in the language that
was noted of it; the sweep finds those that are taught in another by now, notes that, and counts
their people again, a batch at a time. From the note on payments count by the new language; who has
not been counted yet stands as before. What is final stays where it is.
"""

import logging
from datetime import datetime
from itertools import batched
from uuid import UUID

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from gamification.board_checks import move_boards_of
from gamification.standings import hold_standings

logger = logging.getLogger(__name__)
# So many people wait for each other's count: a fraction of a second.
BATCH = 200
# Courses in another language than boards count them in, and those of which nothing is noted yet,
# are noted; with them come those that a sweep before did not get through.
NOTE = """
    WITH noted AS (
      INSERT INTO gamification_countedcourse (course_id, language, moving_since)
      SELECT course.id, course.language_id, clock_timestamp() FROM courses_course course
      LEFT JOIN gamification_countedcourse counted ON counted.course_id = course.id
      WHERE counted.course_id IS NULL OR counted.language IS DISTINCT FROM course.language_id
      ORDER BY course.id
      ON CONFLICT (course_id) DO UPDATE
        SET language = excluded.language, moving_since = excluded.moving_since
      RETURNING course_id, moving_since
    )
    SELECT course_id, moving_since FROM noted
    UNION ALL
    SELECT course_id, moving_since FROM gamification_countedcourse
    WHERE moving_since IS NOT NULL AND course_id NOT IN (SELECT course_id FROM noted)
"""
# Who is being paid counts by the language of before: they are through before the note is seen, and
# whoever comes meanwhile waits. Where somebody takes longer, the sweep gives way.
ALL_THROUGH = """
    SET LOCAL lock_timeout = '500ms';
    LOCK TABLE gamification_standing IN SHARE ROW EXCLUSIVE MODE
"""
PEOPLE = """
    SELECT DISTINCT user_id FROM gamification_xptransaction
    WHERE course_id = ANY (%s) AND board_points > 0 ORDER BY user_id
"""
# Not those that have changed again meanwhile.
DONE = """
    UPDATE gamification_countedcourse counted SET moving_since = NULL
    FROM unnest(%s::uuid[], %s::timestamptz[]) AS moved (course_id, since)
    WHERE counted.course_id = moved.course_id AND counted.moving_since = moved.since
"""


def follow_languages() -> int:
    """Count the boards of those who have points from such courses; return how many courses.

    One that changes again meanwhile, or is not got through, is found the next time.
    """
    try:
        moving = note_languages()
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        logger.warning("Courses move once a payment is through that takes long")
        return 0
    if moving:
        for people in batched(people_of(list(moving)), BATCH):
            move(list(people))
        with connection.cursor() as cursor:
            cursor.execute(DONE, [list(moving), list(moving.values())])
    return len(moving)


@transaction.atomic
def note_languages() -> dict[UUID, datetime]:
    """Note the languages of courses; return since when which of them are moving."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE)
        moving: dict[UUID, datetime] = dict(cursor.fetchall())
        if moving:
            cursor.execute(ALL_THROUGH)
    return moving


def people_of(courses: list[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [courses])
        return [key for (key,) in cursor.fetchall()]


@transaction.atomic
def move(people: list[UUID]) -> None:
    """Count these people's boards, holding their standings as payments do."""
    hold_standings(people)
    move_boards_of(people)
