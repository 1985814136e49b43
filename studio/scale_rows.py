"""The rows of a large synthetic school: set-based, each with all that the verbs would have left."""

import json

from django.conf import settings
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from accounts.models import User
from activity.models import Event
from certificates.models import Certificate
from certificates.snapshots import VERSION
from gamification.boards import DAYS_FIRST
from gamification.models import ActiveDay, BoardChoice, Standing, XPTransaction
from gamification.nicknames import kept_reading
from gamification.streak_sweeps import settle_many
from progress.models import CourseProgress, LessonProgress, LessonView

XP, MINUTES = 10, 5  # of each lesson
# Everybody came forty days ago, at least. What they have done was done by now, in the long
# courses too.
DAYS = 29
# One in ten does not want to be seen on leaderboards.
SHY = 10

READINGS = """
    UPDATE gamification_boardchoice SET reading = said.reading
    FROM unnest(%s::text[], %s::uuid[]) AS said (reading, person) WHERE user_id = said.person
"""


def pace(lessons: int) -> int:
    """Hours from one lesson to the next: one in the evening, one in the morning, or quicker."""
    return min(12, 24 * DAYS // lessons)


def add_learning(cursor: CursorWrapper, lessons: int) -> None:
    """Marks, views, counts, XP."""
    key = "'lesson:' || lesson_id"
    insert(cursor, LessonProgress, "scale_mark", user="user_id", lesson="lesson_id",
           completed_at="at")  # fmt: skip
    insert(cursor, LessonView, "scale_mark", user="user_id", lesson="lesson_id",
           first_viewed_at="at", last_viewed_at="at")  # fmt: skip
    insert(
        cursor, XPTransaction, "scale_mark", user="user_id", amount=str(XP), base=str(XP),
        board_points=str(XP), course="course_id", source_type="'LESSON'", source_key=key,
        data="entry", created_at="at",
    )  # fmt: skip
    begun = "scale_place WHERE done > 0"
    last = f"begun_at + interval '{pace(lessons)} hours' * done"
    insert(
        cursor, CourseProgress, begun, user="user_id", course="course_id", done="done",
        total=str(lessons), structure_rev="1", started_at="begun_at", last_active_at=last,
        completed_at=f"CASE WHEN done = {lessons} THEN {last} END",
    )  # fmt: skip
    insert(cursor, Standing, f"{begun} GROUP BY user_id", user="user_id",
           total_xp=f"{XP} * sum(done)")  # fmt: skip


def add_days(cursor: CursorWrapper) -> None:
    """Days of learning with their streaks, and who wants to be on leaderboards, by their own name.

    The boards are counted at the end.
    """
    date = "(at AT TIME ZONE 'UTC')::date"
    insert(
        cursor, ActiveDay, f"scale_mark GROUP BY user_id, {date}", user="user_id", date=date,
        zone="'UTC'", first_at="min(at)", last_at="max(at)", events="count(*)",
    )  # fmt: skip
    days = "SELECT count(*) FROM gamification_activeday WHERE user_id = scale_person.id"
    insert(
        cursor, BoardChoice, f"scale_person WHERE mod(n, {SHY}) <> 0", user="id", shown="'NAME'",
        is_listed=f"({days}) >= {DAYS_FIRST}",
    )  # fmt: skip
    cursor.execute("SELECT id, 'Learner ' || n FROM scale_person")
    read = [(kept_reading(name), person) for person, name in cursor.fetchall()]
    cursor.execute(READINGS, [list(column) for column in zip(*read, strict=True)])
    cursor.execute("SELECT DISTINCT user_id FROM scale_mark")
    learners = [person for (person,) in cursor.fetchall()]
    settle_many(list(User.objects.filter(pk__in=learners).order_by("pk")))


def add_events(cursor: CursorWrapper, lessons: int) -> None:
    """What happened: signed up, lessons and courses completed, levels reached."""
    step = f"interval '{pace(lessons)} hours'"
    titles = "SELECT jsonb_build_object('courses', jsonb_agg(event->'title')) FROM scale_course"
    insert(
        cursor, Event, "scale_person", user="id", kind="'SIGNED_UP'", subject="'user:' || id",
        data=f"({titles})", created_at="joined_at",
    )  # fmt: skip
    insert(
        cursor, Event, "scale_mark", user="user_id", kind="'LESSON_COMPLETED'",
        subject="'lesson:' || lesson_id", data="event", created_at="at",
    )  # fmt: skip
    insert(
        cursor, Event, f"scale_place WHERE done = {lessons}", user="user_id",
        kind="'COURSE_COMPLETED'", subject="'course:' || course_id", data="event",
        created_at=f"begun_at + {step} * {lessons}",
    )  # fmt: skip
    add_certificates(cursor, lessons, f"begun_at + {step} * {lessons}")
    # Level n begins at 100·n² XP: reached with the lesson that brings the total there.
    levels = f"generate_series(1, floor(sqrt({XP} * done / 100))::int) AS level"
    insert(
        cursor, Event, f"scale_place CROSS JOIN {levels}", user="user_id", kind="'LEVEL_REACHED'",
        subject="'level:' || level", data="jsonb_build_object('level', level)",
        created_at=f"begun_at + {step} * ceil(100.0 * level * level / {XP})",
    )  # fmt: skip


def add_certificates(cursor: CursorWrapper, lessons: int, at: str) -> None:
    """One for each finished course, not signed yet."""
    said = {
        "version": VERSION, "summary": "", "language": "", "lessons": lessons,
        "minutes": MINUTES * lessons, "quizzes": 0, "assignments": 0,
        "school": settings.SITE_NAME, "address": settings.SITE_URL,
    }  # fmt: skip
    fixed = f"{sql.quote(json.dumps(said))}::jsonb".replace("%", "%%")
    insert(
        cursor, Certificate, f"scale_place WHERE done = {lessons}", user="user_id",
        course="course_id", code="left(md5(random()::text), 22)",
        holder="(SELECT name FROM accounts_user WHERE id = user_id)", issued_at=at,
        snapshot=f"{fixed} || jsonb_build_object('title', event->'title', 'completed_on',"
        f" ({at})::date)",
    )  # fmt: skip
    insert(
        cursor, Event, "certificates_certificate JOIN scale_place USING (user_id, course_id)",
        user="user_id", kind="'CERTIFICATE_ISSUED'", created_at="issued_at",
        subject="'certificate:' || certificates_certificate.id",
        data="jsonb_build_object('title', event->'title', 'course', course_id)",
    )  # fmt: skip


def insert(cursor: CursorWrapper, model: type[models.Model], rows: str, **expressions: str) -> None:
    """Insert one row of the model for each of `rows`: an SQL expression for each field named, the
    model's own default for every other, so that a new field does not stop this."""
    columns, selected, values = [], [], []
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.AutoField) or field.generated:
            continue
        columns.append(connection.ops.quote_name(field.attname))
        if field.name in expressions:
            selected.append(expressions.pop(field.name))
        elif field.primary_key:
            selected.append("waymark_uuid7()")
        else:
            selected.append("%s")
            values.append(field.get_db_prep_save(field.get_default(), connection))
    if expressions:
        raise TypeError(f"{model.__name__} has no {', '.join(expressions)}")
    into, found = f"{model._meta.db_table} ({', '.join(columns)})", ", ".join(selected)
    cursor.execute(f"INSERT INTO {into} SELECT {found} FROM {rows}", values)  # noqa: S608
