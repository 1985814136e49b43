"""Earning the XP of a lesson through the API."""

import json

import pytest
from django.db import DatabaseError

from activity.models import Event
from courses.models import Course, Lesson
from enrollments.actions import leave
from gamification.models import Standing, XPTransaction
from progress.actions import complete_lesson, uncomplete_lesson
from progress.models import CourseProgress, LessonProgress
from tests.api.conftest import code_of
from tests.conftest import make_course, make_lesson

WANTED = {
    "userId": "ada@example.org",
    "courseId": "python-basics",
    "lessonId": "lesson-1",
    "xpAmount": 10,
}


def nothing_changed() -> bool:
    tables = (LessonProgress, CourseProgress, XPTransaction, Standing)
    completed = Event.objects.filter(kind="LESSON_COMPLETED")
    return not any(table.objects.exists() for table in tables) and not completed.exists()


def test_an_award_completes_the_lesson_and_pays(ada, lessons, program):
    response = program(ada).post("/api/xp/award", WANTED)
    assert response.status_code == 201
    assert json.loads(response.content) == {
        "xpAwarded": 10,
        "totalXp": 10,
        "level": 0,
        "message": "Lesson complete. You earned 10 XP.",
    }
    assert LessonProgress.objects.filter(user=ada, lesson=lessons[0]).count() == 1
    assert Event.objects.filter(user=ada, kind="LESSON_COMPLETED").count() == 1


def test_levels_and_the_end_of_the_course_are_told(ada, course, lessons, program):
    Lesson.objects.update(xp_reward=150)
    for lesson in lessons[:2]:
        complete_lesson(ada, lesson)
    body = {**WANTED, "lessonId": str(lessons[2].pk), "xpAmount": 150}
    answer = json.loads(program(ada).post("/api/xp/award", body).content)
    assert (answer["xpAwarded"], answer["totalXp"], answer["level"]) == (150, 450, 2)
    assert "level 2" in answer["message"]
    assert "last lesson of the course" in answer["message"]


def test_a_lesson_pays_once_for_ever(ada, course, lessons, program):
    me = program(ada)
    me.post("/api/xp/award", WANTED)
    response = me.post("/api/xp/award", WANTED)
    assert (response.status_code, code_of(response)) == (409, "already_completed")
    uncomplete_lesson(ada, lessons[0])
    response = me.post("/api/xp/award", WANTED)
    assert response.status_code == 201
    answer = json.loads(response.content)
    assert (answer["xpAwarded"], answer["totalXp"]) == (0, 10)
    assert XPTransaction.objects.count() == 1


def test_the_lesson_says_what_it_pays(ada, course, program):
    response = program(ada).post("/api/xp/award", {**WANTED, "xpAmount": 11})
    assert (response.status_code, code_of(response)) == (409, "xp_mismatch")
    assert nothing_changed()


def test_what_is_passed_cannot_be_ticked(ada, course, lessons, program):
    Lesson.objects.filter(pk=lessons[0].pk).update(completion="BY_PASSING", kind="QUIZ")
    response = program(ada).post("/api/xp/award", WANTED)
    assert (response.status_code, code_of(response)) == (409, "not_passed")
    assert nothing_changed()


def test_conflicts_come_in_one_order(ada, course, lessons, program):
    me = program(ada)
    wrong = {**WANTED, "xpAmount": 999}
    Lesson.objects.filter(pk=lessons[0].pk).update(completion="BY_PASSING")
    assert code_of(me.post("/api/xp/award", wrong)) == "not_passed"
    complete_lesson(ada, lessons[0], passed=True)
    assert code_of(me.post("/api/xp/award", wrong)) == "already_completed"
    leave(ada, course)
    assert code_of(me.post("/api/xp/award", wrong)) == "not_enrolled"


def test_who_is_not_enrolled_earns_nothing(bob, course, program):
    body = {**WANTED, "userId": bob.email}
    response = program(bob).post("/api/xp/award", body)
    assert (response.status_code, code_of(response)) == (403, "not_enrolled")
    assert nothing_changed()


def test_a_lapsed_plan_closes_the_door(ada, course, program):
    Course.objects.update(required_plan=Course.Plan.PRO)
    response = program(ada).post("/api/xp/award", WANTED)
    assert (response.status_code, code_of(response)) == (403, "plan_required")


def test_nobody_earns_for_another(ada, bob, course, program):
    response = program(bob).post("/api/xp/award", WANTED)
    assert (response.status_code, code_of(response)) == (403, "not_yourself")
    assert nothing_changed()


def test_a_lesson_counts_only_in_its_own_course(ada, course, lessons, program):
    other = make_course("other")
    make_lesson(other.modules.first(), "elsewhere")
    hidden = make_lesson(course.modules.first(), "hidden", status="DRAFT")
    me = program(ada)
    answers = {
        (response.status_code, response.content)
        for change in (
            {"lessonId": "elsewhere"},
            {"lessonId": "hidden"},
            {"lessonId": str(hidden.pk)},
            {"lessonId": "none"},
            {"courseId": "none"},
            {"courseId": "other", "lessonId": str(lessons[0].pk)},
        )
        for response in [me.post("/api/xp/award", {**WANTED, **change})]
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    assert nothing_changed()


@pytest.mark.parametrize(
    "amount",
    ["true", "false", '"10"', "10.0", "1e1", "null", "[10]", "{}", "0", "-10", "1001", "9" * 400],
)
def test_the_amount_is_an_integer_from_1_to_1000(ada, course, program, amount):
    raw = json.dumps(WANTED).replace("10}", amount + "}").encode()
    response = program(ada).post("/api/xp/award", raw)
    assert (response.status_code, code_of(response)) == (422, "invalid_fields")
    assert set(json.loads(response.content)["error"]["fields"]) == {"xpAmount"}
    assert nothing_changed()


@pytest.mark.parametrize(
    "place", ["gamification.ledger.update_standing", "progress.actions.recount"]
)
def test_a_fault_in_the_middle_changes_nothing(ada, course, program, monkeypatch, place):
    def fail(*args, **kwargs):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(place, fail)
    response = program(ada).post("/api/xp/award", WANTED)
    assert (response.status_code, code_of(response)) == (500, "server_error")
    assert nothing_changed()


def test_an_award_costs_few_queries(ada, course, program, django_assert_max_num_queries):
    me = program(ada)
    me.get("/api/me")
    with django_assert_max_num_queries(30):
        assert me.post("/api/xp/award", WANTED).status_code == 201
