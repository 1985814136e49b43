"""Counting how a course goes, from the facts, for each day on which people enrolled.

The facts go into tables that live as long as the count, so that each is read once; what is counted
goes from there into its rows without leaving the database.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from accounts.learners import LEARNER
from assessments.error_signatures import VALUES
from assessments.items import UNIT
from courses.models import Course
from progress.attention import forget_namings, name_people
from progress.insights import keep_findings, replace_counts
from progress.models import (
    InsightAssignment,
    InsightCount,
    InsightDay,
    InsightLesson,
    InsightQuiz,
)
from studio.insights.assignment_counts import assignments_sql
from studio.insights.attention import values_of
from studio.insights.day_counts import WEEKS, days_sql
from studio.insights.facts import FACTS
from studio.insights.lesson_counts import BY_LESSON
from studio.insights.lessons import stuck_lessons
from studio.insights.namings import MOMENTS
from studio.insights.population import Population
from studio.insights.quiz_counts import QUIZZES
from studio.insights.signs import named_sql

YOUNG = timedelta(minutes=1)
# They are made every night, and one night may be left out.
OLD = timedelta(days=2)
ACTIVE = """
    SELECT count(DISTINCT user_id) FILTER (WHERE at > %(now)s - interval '7 days'),
      count(DISTINCT user_id) FILTER (WHERE at <= %(now)s - interval '7 days')
    FROM insight_moment WHERE at > %(now)s - interval '14 days'
"""
SCHOOL = f"""
    SELECT count(DISTINCT user_id) FILTER (WHERE date > %(today)s - 7),
      count(DISTINCT user_id) FILTER (WHERE date <= %(today)s - 7)
    FROM gamification_activeday day JOIN accounts_user person ON person.id = day.user_id
    WHERE date > %(today)s - 14 AND date <= %(today)s AND {LEARNER}
"""  # noqa: S608 - LEARNER above


COUNTS = {
    InsightDay: days_sql(),
    InsightLesson: BY_LESSON,
    InsightAssignment: assignments_sql(),
    InsightQuiz: QUIZZES,
}


@transaction.atomic
def count_course(course: Course, at: datetime) -> None:
    """Count one course as it stood at a moment that is not to come."""
    values: dict[str, Any] = {
        "course": course.pk, "now": at, "weeks": WEEKS, "unit": UNIT, **VALUES,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(f"DROP TABLE IF EXISTS insight_named, {', '.join(FACTS)}")
        for table, statement in FACTS.items():
            cursor.execute(statement, values)
            cursor.execute(f"ANALYZE {table}")
        cursor.execute(ACTIVE, values)
        active = cursor.fetchone()
    replace_counts(course, at, active, COUNTS, values)
    people = everybody(course, at)
    stuck = [one.as_dict() for one in stuck_lessons(people)]
    named = values_of(people, at, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE insight_named ON COMMIT DROP AS {named_sql()}", named)
        cursor.execute("SELECT count(*) FROM insight_named")
        attention = cursor.fetchone()[0]
    keep_findings(course, stuck, attention)
    name_people("SELECT user_id FROM insight_named", MOMENTS, named)


def everybody(course: Course, at: datetime) -> Population:
    return Population(course.pk, at.date())


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
    forget_namings()
    return done


def counts_too_old() -> int:
    """Of how many courses, and of the school, the counts were not made in the last two nights."""
    old = InsightCount.objects.filter(counted_at__lt=now() - OLD)
    return old.filter(course__deleted_at=None).count()


def count_if_old(course: Course) -> bool:
    """Count a course, unless somebody has just had it counted; say whether it was."""
    fresh = InsightCount.objects.filter(course=course, counted_at__gt=now() - YOUNG)
    if fresh.exists():
        return False
    count_course(course, now())
    return True
