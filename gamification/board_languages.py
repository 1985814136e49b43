"""When a course gets another language, what it has paid moves to that language's boards.

Whoever writes a course, by whatever way, need not know. Boards count a course in the language that
was noted of it; the sweep finds those that are taught in another by now, notes that, and counts
again, all at once. So boards are true at every moment. What is final stays where it is.
"""

from uuid import UUID

from django.db import connection, transaction

from gamification.board_checks import move_boards_of

# Courses in another language than boards count them in, and those of which nothing is noted yet.
MOVED = """
    SELECT course.id, course.language_id FROM courses_course course
    LEFT JOIN gamification_countedcourse counted ON counted.course_id = course.id
    WHERE counted.course_id IS NULL OR counted.language IS DISTINCT FROM course.language_id
    ORDER BY course.id
"""
NOTE = """
    INSERT INTO gamification_countedcourse (course_id, language)
    SELECT * FROM unnest(%s::uuid[], %s::uuid[])
    ON CONFLICT (course_id) DO UPDATE SET language = excluded.language
"""
PEOPLE = """
    SELECT DISTINCT user_id FROM gamification_xptransaction
    WHERE course_id = ANY (%s) AND board_points > 0
"""


@transaction.atomic
def follow_languages() -> int:
    """Count the boards of those who have points from such courses; return how many courses.

    One that changes again meanwhile is found the next time.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOVED)
        seen: dict[UUID, UUID | None] = dict(cursor.fetchall())
        if seen:
            cursor.execute(NOTE, [list(seen), list(seen.values())])
            # Who is being paid counted by the language of before, and is through; others wait.
            cursor.execute("LOCK TABLE gamification_standing IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(PEOPLE, [list(seen)])
            move_boards_of([key for (key,) in cursor.fetchall()])
    return len(seen)
