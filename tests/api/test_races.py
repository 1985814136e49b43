"""Many requests at once, held at a gate until all of them have looked and none has written."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle

import pytest
from django.db import connection, transaction

from assessments.models import Answer, Attempt
from enrollments.models import Enrollment
from gamification.models import Standing, XPTransaction
from progress.models import LessonProgress
from tests.assessments.builders import make_quiz

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 4
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@contextmanager
def gate(table: str) -> Iterator[None]:
    """Let readers of the table pass and hold its writers, until all of them wait here."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield
        deadline = time.monotonic() + 20
        waiting = 0
        while waiting < MANY:
            assert time.monotonic() < deadline, f"{waiting} of {MANY} came to the gate"
            time.sleep(0.02)
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            waiting = cursor.fetchone()[0]


def all_at_once(table: str, request) -> list[int]:
    """Send the request MANY times through the gate; return the statuses, sorted."""

    def send(_: int) -> int:
        try:
            return request().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        with gate(table):
            answers = [pool.submit(send, number) for number in range(MANY)]
        return sorted(answer.result(timeout=30) for answer in answers)


def test_enrolling_many_times_at_once_makes_one_row(bob, course, program):
    me = program(bob)
    body = {"userId": bob.email, "courseId": course.slug}
    statuses = all_at_once("enrollments_enrollment", lambda: me.post("/api/enrollments", body))
    assert statuses == [201, 409, 409, 409]
    assert Enrollment.objects.filter(user=bob, course=course).count() == 1


@pytest.mark.parametrize("table", ["progress_lessonprogress", "gamification_xptransaction"])
def test_awarding_many_times_at_once_pays_once(ada, course, program, table):
    me = program(ada)
    body = {
        "userId": ada.email, "courseId": course.slug, "lessonId": "lesson-1", "xpAmount": 10,
    }  # fmt: skip
    statuses = all_at_once(table, lambda: me.post("/api/xp/award", body))
    assert statuses == [201, 409, 409, 409]
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1
    assert Standing.objects.get(user=ada).total_xp == 10


def test_award_and_completion_at_once_pay_once(ada, course, lessons, program):
    me = program(ada)
    body = {
        "userId": ada.email, "courseId": course.slug, "lessonId": "lesson-1", "xpAmount": 10,
    }  # fmt: skip
    ways = cycle(
        [
            lambda: me.post("/api/xp/award", body),
            lambda: me.put(f"/api/lessons/{lessons[0].pk}/completion"),
        ]
    )

    def either():
        return next(ways)()

    statuses = all_at_once("progress_lessonprogress", either)
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
    assert XPTransaction.objects.count() == 1
    assert Standing.objects.get(user=ada).total_xp == 10


def test_starting_many_times_at_once_begins_one_attempt(ada, lessons, program):
    me, quiz = program(ada), make_quiz(lessons[0].module)
    path = f"/api/quizzes/{quiz.pk}/attempts"
    statuses = all_at_once("assessments_attempt", lambda: me.post(path, {}))
    assert statuses == [200, 200, 200, 201]
    assert (Attempt.objects.count(), Answer.objects.count()) == (1, 6)


def test_handing_in_many_times_at_once_scores_and_pays_once(ada, lessons, program):
    me, quiz = program(ada), make_quiz(lessons[0].module, pass_percent=1)
    key = me.post(f"/api/quizzes/{quiz.pk}/attempts", {}).json()["id"]
    question = quiz.questions.get(kind="TEXT").pk
    body = {"questionId": str(question), "text": "for", "version": 0}
    assert me.post(f"/api/attempts/{key}/answers", body).status_code == 200
    path = f"/api/attempts/{key}/submission"
    statuses = all_at_once("assessments_attempt", lambda: me.post(path, {}))
    assert statuses == [200, 409, 409, 409]
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1
