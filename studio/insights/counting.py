"""Counting how a course goes, from the facts, for each day on which people enrolled.

The facts go into tables that live as long as the count, so that each is read once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.timezone import now

from courses.models import Course
from progress.insights import keep_findings, replace_counts
from progress.models import InsightCount, InsightDay, InsightLesson
from studio.insights.attention import students_of
from studio.insights.lessons import stuck_lessons
from studio.insights.population import Population

LESSONS = """
    CREATE TEMP TABLE insight_lesson ON COMMIT DROP AS
    SELECT lesson.id AS lesson_id, lesson.is_required, lesson.kind,
      row_number() OVER (ORDER BY module.position, module.id, lesson.position, lesson.id)::int
        AS place
    FROM courses_lesson lesson JOIN courses_module module ON module.id = lesson.module_id
    WHERE lesson.course_id = %(course)s AND lesson.status = 'PUBLISHED'
      AND lesson.deleted_at IS NULL AND module.deleted_at IS NULL
"""
PLACES = """
    CREATE TEMP TABLE insight_place ON COMMIT DROP AS
    SELECT place.user_id, place.enrolled_at, (place.enrolled_at AT TIME ZONE 'UTC')::date AS day
    FROM enrollments_enrollment place JOIN accounts_user person ON person.id = place.user_id
    WHERE place.course_id = %(course)s AND person.role <> 'ADMIN'
      AND place.enrolled_at <= %(now)s
"""
MARKS = """
    CREATE TEMP TABLE insight_mark ON COMMIT DROP AS
    SELECT mark.user_id, mark.lesson_id, mark.completed_at AS at
    FROM progress_lessonprogress mark JOIN insight_lesson USING (lesson_id)
    WHERE mark.completed_at <= %(now)s
"""
# Every moment of which it is known that somebody was in a lesson.
MOMENTS = """
    CREATE TEMP TABLE insight_moment ON COMMIT DROP AS
    SELECT place.user_id, moment.lesson_id, moment.at, moment.is_mark
    FROM (
      SELECT user_id, lesson_id, first_viewed_at AS at, false AS is_mark FROM progress_lessonview
      JOIN insight_lesson USING (lesson_id)
      UNION ALL
      SELECT user_id, lesson_id, last_viewed_at, false FROM progress_lessonview
      JOIN insight_lesson USING (lesson_id) WHERE last_viewed_at > first_viewed_at
      UNION ALL
      SELECT user_id, lesson_id, at, true FROM insight_mark
      UNION ALL
      SELECT user_id, lesson_id, created_at, false FROM assessments_run
      JOIN insight_lesson USING (lesson_id)
      UNION ALL
      SELECT user_id, lesson_id, submission.created_at, false
      FROM assessments_submission submission
      JOIN assessments_assignment task ON task.id = submission.assignment_id
      JOIN insight_lesson USING (lesson_id)
      UNION ALL
      SELECT user_id, lesson_id, at, false FROM assessments_attempt attempt
      JOIN assessments_quiz quiz ON quiz.id = attempt.quiz_id
      JOIN insight_lesson USING (lesson_id)
      CROSS JOIN LATERAL (VALUES (started_at), (closed_at)) AS moments (at)
      UNION ALL
      SELECT user_id, lesson_id, answer.saved_at, false FROM assessments_answer answer
      JOIN assessments_attempt attempt ON attempt.id = answer.attempt_id
      JOIN assessments_quiz quiz ON quiz.id = attempt.quiz_id
      JOIN insight_lesson USING (lesson_id)
    ) AS moment JOIN insight_place place USING (user_id) WHERE moment.at <= %(now)s
"""
# One row for each person and lesson that they opened. A gap counts five minutes at most.
WORK = """
    CREATE TEMP TABLE insight_work ON COMMIT DROP AS
    SELECT user_id, lesson_id, lesson.place, min(at) AS first_at, max(at) AS last_at,
      round(extract(epoch FROM coalesce(sum(least(at - before, interval '5 minutes'))
        FILTER (WHERE before IS NOT NULL), interval '0')) / 60)::int AS minutes,
      count(*) FILTER (WHERE before IS NULL
        OR (before AT TIME ZONE 'UTC')::date < (at AT TIME ZONE 'UTC')::date) AS days,
      bool_or(is_mark) AS is_done
    FROM (SELECT user_id, lesson_id, at, is_mark, lag(at) OVER (
      PARTITION BY user_id, lesson_id ORDER BY at) AS before FROM insight_moment) AS step
    JOIN insight_lesson lesson USING (lesson_id)
    GROUP BY user_id, lesson_id, lesson.place
"""
# One row for each person: when they reached each stage, and what they opened last in the outline.
PEOPLE = """
    CREATE TEMP TABLE insight_person ON COMMIT DROP AS
    WITH begun AS (
      SELECT user_id, min(first_at) AS at, max(last_at) AS last_at, max(place) AS furthest
      FROM insight_work GROUP BY user_id
    ), marked AS (
      SELECT user_id, at, kind, is_required,
        row_number() OVER (PARTITION BY user_id ORDER BY at) AS nth,
        CASE WHEN is_required THEN
          row_number() OVER (PARTITION BY user_id, is_required ORDER BY at) END AS required_nth
      FROM insight_mark JOIN insight_lesson USING (lesson_id)
    ), needed AS (
      SELECT count(*) AS whole, (count(*) + 1) / 2 AS half FROM insight_lesson WHERE is_required
    ), done AS (
      SELECT user_id,
        least(min(at) FILTER (WHERE nth = 3), min(at) FILTER (WHERE kind = 'ASSIGNMENT'))
          AS activated_at,
        min(at) FILTER (WHERE required_nth = half) AS half_at,
        min(at) FILTER (WHERE required_nth = whole) AS whole_at
      FROM marked CROSS JOIN needed GROUP BY user_id
    )
    SELECT place.user_id, place.day, place.enrolled_at, begun.at AS started_at, begun.last_at,
      begun.furthest, done.activated_at, done.half_at,
      least(done.whole_at, progress.completed_at) AS completed_at, paper.issued_at
    FROM insight_place place
    LEFT JOIN begun USING (user_id) LEFT JOIN done USING (user_id)
    LEFT JOIN progress_courseprogress progress
      ON progress.user_id = place.user_id AND progress.course_id = %(course)s
      AND progress.completed_at <= %(now)s
    LEFT JOIN (SELECT user_id, min(issued_at) AS issued_at FROM certificates_certificate
      WHERE course_id = %(course)s AND issued_at <= %(now)s GROUP BY user_id) paper
      ON paper.user_id = place.user_id
"""
# Each stage is a part of the one before; whoever completed the course has half of it as well.
DAYS = """
    WITH staged AS (
      SELECT user_id, day, enrolled_at, completed_at IS NOT NULL AS is_finished, started_at,
        CASE WHEN started_at IS NOT NULL
          AND activated_at < enrolled_at + interval '7 days' THEN activated_at END AS activated_at,
        least(half_at, completed_at) AS half_at, completed_at, issued_at
      FROM insight_person
    ), nested AS (
      SELECT *, half_at IS NOT NULL AND activated_at IS NOT NULL AS is_half,
        completed_at IS NOT NULL AND activated_at IS NOT NULL AS is_whole
      FROM staged
    ), counted AS (
      SELECT day, count(*) AS enrolled, count(*) FILTER (WHERE is_finished) AS finished,
        {started}, {activated}, {half}, {completed}, {certified}
      FROM nested GROUP BY day
    ), week AS (
      SELECT day, week, count(DISTINCT user_id) AS people FROM (
        SELECT place.day, place.user_id,
          floor(extract(epoch FROM moment.at - place.enrolled_at) / 604800)::int AS week
        FROM insight_moment moment JOIN insight_place place USING (user_id)
        WHERE moment.at >= place.enrolled_at) AS seen
      WHERE week < %(weeks)s GROUP BY day, week
    )
    SELECT counted.*, ARRAY(
      SELECT coalesce(week.people, 0) FROM generate_series(0, %(weeks)s - 1) AS number
      LEFT JOIN week ON week.day = counted.day AND week.week = number ORDER BY number
    ) AS weeks FROM counted
"""
LATE = (
    "coalesce(array_agg(greatest(0, floor(extract(epoch FROM {at} - enrolled_at) / 8640))::int)"
    " FILTER (WHERE {met}), '{{}}') AS {name}_after"
)
STAGES = {
    "started": ("started_at", "started_at IS NOT NULL"),
    "activated": ("activated_at", "activated_at IS NOT NULL"),
    "half": ("half_at", "is_half"),
    "completed": ("completed_at", "is_whole"),
    "certified": ("issued_at", "is_whole AND issued_at IS NOT NULL"),
}
WEEKS = 12
YOUNG = timedelta(minutes=1)
BY_LESSON = """
    WITH person AS (
      SELECT *, completed_at IS NULL AND last_at <= %(now)s - interval '14 days' AS is_idle
      FROM insight_person WHERE furthest IS NOT NULL
    ), here AS (
      SELECT person.day, work.lesson_id, count(*) AS opened,
        count(*) FILTER (WHERE work.is_done) AS completed,
        count(*) FILTER (WHERE work.first_at <= %(now)s - interval '14 days') AS ripe,
        count(*) FILTER (WHERE person.is_idle AND work.place = person.furthest) AS idle,
        count(*) FILTER (WHERE work.place < person.furthest) AS opened_and_on,
        count(*) FILTER (WHERE work.place < person.furthest AND work.is_done) AS done_and_on,
        sum(work.days)::int AS days
      FROM insight_work work JOIN person USING (user_id) GROUP BY person.day, work.lesson_id
    ), reach AS (
      SELECT day, furthest, count(*) AS people FROM person GROUP BY day, furthest
    ), beyond AS (
      SELECT reach.day, lesson.lesson_id,
        coalesce(sum(reach.people) FILTER (WHERE reach.furthest > lesson.place), 0) AS people
      FROM reach CROSS JOIN insight_lesson lesson GROUP BY reach.day, lesson.lesson_id
    ), spent AS (
      SELECT day, lesson_id, array_agg(minutes ORDER BY minutes) AS minutes,
        array_agg(people ORDER BY minutes) AS people
      FROM (SELECT person.day, lesson_id, minutes, count(*)::int AS people
        FROM insight_work JOIN person USING (user_id)
        GROUP BY person.day, lesson_id, minutes) AS one
      GROUP BY day, lesson_id
    ), handed_in AS (
      SELECT user_id, lesson_id, submission.created_at AS at,
        submission.is_graded AND submission.status = 'PASSED' AS is_pass,
        submission.status = 'FAILED' AS is_fail
      FROM assessments_submission submission
      JOIN assessments_assignment task ON task.id = submission.assignment_id
      JOIN insight_lesson USING (lesson_id)
      WHERE submission.status IN ('PASSED', 'FAILED') AND submission.created_at <= %(now)s
    ), task AS (
      SELECT day, lesson_id, count(*) AS tried,
        count(*) FILTER (WHERE passed_at IS NULL OR failed >= 5) AS stuck
      FROM (SELECT user_id, lesson_id, passed_at,
          count(*) FILTER (WHERE is_fail AND (passed_at IS NULL OR at < passed_at)) AS failed
        FROM handed_in LEFT JOIN (SELECT user_id, lesson_id, min(at) AS passed_at FROM handed_in
          WHERE is_pass GROUP BY user_id, lesson_id) AS pass USING (user_id, lesson_id)
        GROUP BY user_id, lesson_id, passed_at) AS one JOIN insight_place USING (user_id)
      GROUP BY day, lesson_id
    )
    SELECT beyond.day, beyond.lesson_id, coalesce(opened, 0) AS opened,
      coalesce(completed, 0) AS completed, coalesce(ripe, 0) AS ripe, coalesce(idle, 0) AS idle,
      beyond.people - coalesce(done_and_on, 0) AS passed_over,
      beyond.people - coalesce(opened_and_on, 0) AS unopened, coalesce(days, 0) AS days,
      coalesce(tried, 0) AS tried, coalesce(stuck, 0) AS stuck,
      coalesce(spent.minutes, '{}') AS minutes, coalesce(spent.people, '{}') AS people
    FROM beyond LEFT JOIN here USING (day, lesson_id) LEFT JOIN spent USING (day, lesson_id)
    LEFT JOIN task USING (day, lesson_id)
"""
ACTIVE = """
    SELECT count(DISTINCT user_id) FILTER (WHERE at > %(now)s - interval '7 days'),
      count(DISTINCT user_id) FILTER (WHERE at <= %(now)s - interval '7 days')
    FROM insight_moment WHERE at > %(now)s - interval '14 days'
"""
SCHOOL = """
    SELECT count(DISTINCT user_id) FILTER (WHERE date > %(today)s - 7),
      count(DISTINCT user_id) FILTER (WHERE date <= %(today)s - 7)
    FROM gamification_activeday day JOIN accounts_user person ON person.id = day.user_id
    WHERE date > %(today)s - 14 AND date <= %(today)s AND person.role <> 'ADMIN'
"""


def days_sql() -> str:
    columns = {name: LATE.format(at=at, met=met, name=name) for name, (at, met) in STAGES.items()}
    return DAYS.format(**columns)


@transaction.atomic
def count_course(course: Course, at: datetime) -> None:
    """Count one course as it stood at a moment that is not to come."""
    values: dict[str, Any] = {"course": course.pk, "now": at, "weeks": WEEKS}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(
            "DROP TABLE IF EXISTS insight_lesson, insight_place, insight_mark, insight_moment, "
            "insight_work, insight_person"
        )
        for statement, table in (
            (LESSONS, "insight_lesson"), (PLACES, "insight_place"), (MARKS, "insight_mark"),
            (MOMENTS, "insight_moment"), (WORK, "insight_work"), (PEOPLE, "insight_person"),
        ):  # fmt: skip
            cursor.execute(statement, values)
            cursor.execute(f"ANALYZE {table}")
        cursor.execute(ACTIVE, values)
        active = cursor.fetchone()
        days = [InsightDay(course=course, **row) for row in rows_of(cursor, days_sql(), values)]
        lessons = [
            InsightLesson(course=course, **row) for row in rows_of(cursor, BY_LESSON, values)
        ]
    replace_counts(course, at, active, days, lessons)
    people = everybody(course, at)
    stuck = [one.as_dict() for one in stuck_lessons(people)]
    keep_findings(course, stuck, students_of(people, at, "attention", limit=1).attention)


def everybody(course: Course, at: datetime) -> Population:
    return Population(course.pk, at.date())


def rows_of(cursor: CursorWrapper, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    cursor.execute(sql, values)
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def count_school(at: datetime) -> None:
    """Who learned in any course in the last seven days."""
    with connection.cursor() as cursor:
        cursor.execute(SCHOOL, {"today": at.date()})
        active = cursor.fetchone()
    replace_counts(None, at, active)


def count_all(courses: Iterable[Course] | None = None) -> int:
    """Count the courses, all unless told which, and the school; return how many that were."""
    chosen = Course.objects.filter(deleted_at=None).order_by("pk") if courses is None else courses
    done = 0
    for course in chosen:
        count_course(course, now())
        done += 1
    count_school(now())
    return done


def count_if_old(course: Course) -> bool:
    """Count a course, unless somebody has just had it counted; say whether it was."""
    fresh = InsightCount.objects.filter(course=course, counted_at__gt=now() - YOUNG)
    if fresh.exists():
        return False
    count_course(course, now())
    return True
