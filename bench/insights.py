"""Insight pages of a course of 50,000 learners and their work, against the facts asked at once."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.utils.timezone import now

from accounts.models import User
from assessments.models import Quiz
from bench.figures import Figure
from bench.insight_work import add_work
from bench.stage import Stage
from courses.models import Course
from studio.insights.counting import count_course, count_school
from studio.scale import School

LEARNERS, LESSONS, ROUNDS, REQUESTS = 50_000, 50, 3, 20
ALLOWED = 1.5  # seconds a page, of 95 in 100
COUNTING = 300  # seconds for the nightly count
# What a page of lessons would ask without counts, in its simplest form: who opened, who completed.
RAW = """
    SELECT seen.lesson_id, count(*), count(mark.id)
    FROM progress_lessonview seen
    JOIN courses_lesson lesson ON lesson.id = seen.lesson_id
    JOIN enrollments_enrollment place
      ON place.user_id = seen.user_id AND place.course_id = lesson.course_id
    JOIN accounts_user person ON person.id = place.user_id AND person.role <> 'ADMIN'
    LEFT JOIN progress_lessonprogress mark
      ON mark.user_id = seen.user_id AND mark.lesson_id = seen.lesson_id
    GROUP BY seen.lesson_id
"""
# The same of the other pages: who tried and passed which assignment, which case fails how often,
# and how each question of a quiz was answered. The numbers of the pages need more than this.
RAW_ASSIGNMENTS = """
    SELECT assignment_id, case_id, count(DISTINCT user_id), count(*) FILTER (
      WHERE result.outcome <> 'PASSED') FROM assessments_submission submission
    JOIN assessments_testresult result ON result.submission_id = submission.id
    GROUP BY assignment_id, case_id
"""
RAW_QUIZZES = """
    SELECT answer.question_id, count(*), avg(mark), var_samp(mark)
    FROM assessments_answer answer JOIN assessments_attempt attempt ON attempt.id = attempt_id
    WHERE attempt.number = 1 AND NOT attempt.is_practice GROUP BY answer.question_id
"""


def run(stage: Stage) -> Iterator[Figure]:
    learners = stage.scaled(LEARNERS, 200)
    stage.collect_static()
    stage.school("insights", School(learners, 1, LESSONS))
    course = Course.objects.get()
    work = add_work(course)
    stage.say(f"{work.attempts:,} attempts, {work.submissions:,} submissions")
    stage.databases.settle("insights")
    rounds = stage.scaled(ROUNDS, 1)
    raw, assignments, quizzes = (
        min(seconds(lambda sql=sql: ask_the_facts(sql)) for _ in range(rounds))
        for sql in (RAW, RAW_ASSIGNMENTS, RAW_QUIZZES)
    )
    counting = min(seconds(lambda: count_course(course, now())) for _ in range(rounds))
    count_school(now())
    stage.databases.settle("insights")
    browser = staff()
    bounds = {"assignments": assignments, "quizzes": quizzes, "a quiz's questions": quizzes}
    for name, path in paths(course).items():
        browser.get(path)  # fills caches
        times = sorted(
            seconds(lambda path=path: look(browser, path)) for _ in range(stage.scaled(REQUESTS, 3))
        )
        slow = times[round(0.95 * (len(times) - 1))]
        yield Figure(f"{name}, p95", slow, "s", "allowance", ALLOWED, "<= 1")
        yield Figure(f"{name}, p95 against", slow, "s", "raw SQL", bounds.get(name, raw))
    whole = raw + assignments + quizzes
    yield Figure(f"counting {learners:,} learners", counting, "s", "allowance", COUNTING, "<= 1")
    yield Figure("counting against", counting, "s", "raw SQL of all", whole)


def paths(course: Course) -> dict[str, str]:
    start = f"/studio/courses/{course.slug}/insights/"
    return {
        "overview": start,
        "lessons": f"{start}lessons/",
        "lessons, half a year": f"{start}lessons/?from={half_a_year_ago()}",
        "assignments": f"{start}assignments/",
        "quizzes": f"{start}quizzes/",
        "students": f"{start}students/",
        "reviews": f"{start}reviews/",
        "feedback": f"{start}feedback/",
        "a quiz's questions": f"/studio/quizzes/{first_quiz(course).pk}/",
        "all courses": "/studio/",
    }


def first_quiz(course: Course) -> Quiz:
    """The one that most have taken."""
    return Quiz.objects.filter(lesson__course=course).order_by("lesson__position")[0]


def half_a_year_ago() -> str:
    return (now() - timedelta(days=182)).date().isoformat()


def staff() -> Client:
    person = User.objects.create_superuser("staff@scale.invalid", name="Staff")
    browser = Client(SERVER_NAME=settings.SITE_HOST)
    browser.force_login(person)
    return browser


def look(browser: Client, path: str) -> None:
    # Staff without a second factor enter a demo school alone.
    with override_settings(DEMO_SCHOOL=True):
        answer = browser.get(path, secure=settings.HTTPS)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")


def ask_the_facts(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
