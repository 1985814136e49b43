"""Insight pages of a course of 50,000 learners and 50 lessons, against the facts asked at once."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.utils.timezone import now

from accounts.models import User
from bench.figures import Figure
from bench.stage import Stage
from courses.models import Course
from studio.insights.counting import count_course, count_school
from studio.scale import School

LEARNERS, LESSONS, ROUNDS, REQUESTS = 50_000, 50, 3, 20
ALLOWED = 1.5  # seconds a page, of 95 in 100
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
    WHERE lesson.course_id = %s GROUP BY seen.lesson_id
"""


def run(stage: Stage) -> Iterator[Figure]:
    learners = stage.scaled(LEARNERS, 200)
    stage.collect_static()
    stage.school("insights", School(learners, 1, LESSONS))
    course = Course.objects.get()
    rounds = stage.scaled(ROUNDS, 1)
    raw = min(seconds(lambda: ask_the_facts(course)) for _ in range(rounds))
    counting = min(seconds(lambda: count_course(course, now())) for _ in range(rounds))
    count_school(now())
    stage.databases.settle("insights")
    browser = staff()
    for name, path in paths(course).items():
        browser.get(path)  # fills caches
        times = sorted(
            seconds(lambda path=path: look(browser, path)) for _ in range(stage.scaled(REQUESTS, 3))
        )
        slow = times[round(0.95 * (len(times) - 1))]
        yield Figure(f"{name}, p95", slow, "s", "allowance", ALLOWED, "<= 1")
        yield Figure(f"{name}, least", times[0], "s", "raw SQL", raw)
    yield Figure(f"counting {learners:,} learners", counting, "s", "raw SQL", raw)


def paths(course: Course) -> dict[str, str]:
    start = f"/studio/courses/{course.slug}/insights/"
    return {
        "overview": start,
        "lessons": f"{start}lessons/",
        "lessons, half a year": f"{start}lessons/?from={half_a_year_ago()}",
        "students": f"{start}students/",
        "all courses": "/studio/",
    }


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


def ask_the_facts(course: Course) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RAW, [course.pk])
        cursor.fetchall()


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
