"""Completing a lesson and opening it again."""

import json

from uuid6 import uuid7

from courses.models import Lesson
from gamification.models import XPTransaction
from progress.models import LessonProgress
from tests.api.conftest import code_of


def address(lesson) -> str:
    return f"/api/lessons/{lesson.pk}/completion"


def test_completing_is_new_once(ada, lessons, program):
    me = program(ada)
    response = me.put(address(lessons[0]))
    assert response.status_code == 201
    assert json.loads(response.content) == {
        "lesson_id": str(lessons[0].pk),
        "completed": True,
        "completion_percentage": 33,
        "xp_awarded": 10,
        "total_xp": 10,
        "level": 0,
    }
    response = me.put(address(lessons[0]))
    assert response.status_code == 200
    body = json.loads(response.content)
    assert (body["completion_percentage"], body["xp_awarded"], body["total_xp"]) == (33, 0, 10)
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1


def test_opening_it_again_keeps_the_points(ada, lessons, program):
    me = program(ada)
    me.put(address(lessons[0]))
    for _ in range(2):
        response = me.delete(address(lessons[0]))
        assert response.status_code == 200
        body = json.loads(response.content)
        assert (body["completed"], body["completion_percentage"], body["total_xp"]) == (
            False,
            0,
            10,
        )
    assert not LessonProgress.objects.exists()
    assert json.loads(me.put(address(lessons[0])).content)["xp_awarded"] == 0


def test_only_those_in_the_course(bob, lessons, program):
    for method in ("PUT", "DELETE"):
        response = program(bob).send(method, address(lessons[0]))
        assert (response.status_code, code_of(response)) == (403, "not_enrolled")
    assert not LessonProgress.objects.exists()


def test_what_is_passed_cannot_be_ticked_or_unticked(ada, lessons, program):
    Lesson.objects.filter(pk=lessons[0].pk).update(completion="BY_PASSING", kind="ASSIGNMENT")
    for method in ("PUT", "DELETE"):
        response = program(ada).send(method, address(lessons[0]))
        assert (response.status_code, code_of(response)) == (409, "not_passed")
    assert "Pass the assignment" in json.loads(response.content)["error"]["detail"]


def test_hidden_lessons_and_none_look_the_same(ada, lessons, program):
    Lesson.objects.filter(pk=lessons[0].pk).update(status="DRAFT")
    me = program(ada)
    hidden = me.put(address(lessons[0]))
    missing = me.put(f"/api/lessons/{uuid7()}/completion")
    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)
    assert hidden.status_code == 404


def test_strangers_sign_in_first(stranger, lessons):
    assert stranger.put(address(lessons[0])).status_code == 401
