"""Enrolling, listing and leaving through the API."""

import json
import re

import pytest
from uuid6 import uuid7

from accounts.models import User
from activity.models import Event
from courses.models import Course, ProgrammingLanguage
from enrollments.actions import enroll, leave
from enrollments.models import Enrollment
from progress.actions import complete_lesson
from tests.api.conftest import code_of
from tests.conftest import make_course


def wanted(user: User, course: str = "python-basics") -> dict[str, str]:
    return {"userId": user.email, "courseId": course}


def test_enrolling_answers_with_the_new_enrolment(bob, course, program):
    response = program(bob).post("/api/enrollments", wanted(bob))
    assert response.status_code == 201
    body = json.loads(response.content)
    place = Enrollment.objects.get(user=bob)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", body.pop("enrolled_at"))
    assert body == {
        "id": str(place.pk),
        "user_id": "bob@example.org",
        "course_id": "python-basics",
        "completion_percentage": 0,
        "xp_earned": 0,
    }
    assert (place.course, place.source) == (course, Enrollment.Source.API)
    assert Event.objects.filter(user=bob, kind="ENROLLED").count() == 1


def test_person_and_course_may_be_named_by_uuid_and_the_email_in_any_case(bob, course, program):
    me = program(bob)
    for user_id in (str(bob.pk), str(bob.pk).upper(), "BOB@Example.org"):
        for course_id in (str(course.pk), str(course.pk).upper(), course.slug):
            leave(bob, course)
            body = {"userId": user_id, "courseId": course_id}
            assert me.post("/api/enrollments", body).status_code == 201


def test_a_second_time_is_a_conflict(ada, course, program):
    response = program(ada).post("/api/enrollments", wanted(ada))
    assert (response.status_code, code_of(response)) == (409, "already_enrolled")
    assert Enrollment.objects.filter(user=ada).count() == 1


def test_coming_back_continues_where_one_stopped(ada, course, lessons, program):
    complete_lesson(ada, lessons[0])
    leave(ada, course)
    response = program(ada).post("/api/enrollments", wanted(ada))
    assert response.status_code == 201
    body = json.loads(response.content)
    assert (body["completion_percentage"], body["xp_earned"]) == (33, 10)
    assert Enrollment.objects.filter(user=ada).count() == 1


def test_others_cannot_be_enrolled_and_nothing_tells_who_exists(bob, grace, course, program):
    me = program(bob)
    others = (
        grace.email,
        str(grace.pk),
        "nobody@example.org",
        str(uuid7()),
        "1",
        " bob@example.org",
    )
    answers = {
        (response.status_code, response.content)
        for other in others
        for response in [
            me.post("/api/enrollments", {"userId": other, "courseId": "python-basics"})
        ]
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 403
    assert not Enrollment.objects.exists()


def test_not_even_by_an_administrator(root, bob, course, program):
    response = program(root).post("/api/enrollments", wanted(bob))
    assert (response.status_code, code_of(response)) == (403, "not_yourself")


def test_a_hidden_course_and_none_answer_with_the_same_bytes(bob, course, program):
    hidden = make_course("draft", status=Course.Status.DRAFT)
    make_course("archived", status=Course.Status.ARCHIVED)
    make_course("deleted", deleted_at=hidden.created_at)
    me = program(bob)
    names = ("draft", "archived", "deleted", str(hidden.pk), "none", str(uuid7()), "../x", "%")
    answers = {
        (response.status_code, response.content)
        for response in (me.post("/api/enrollments", wanted(bob, name)) for name in names)
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    assert not Enrollment.objects.filter(user=bob).exists()


def test_a_plan_and_another_course_may_stand_before(bob, course, program):
    make_course("paid", required_plan=Course.Plan.PRO)
    make_course("second", prerequisite=course)
    me = program(bob)
    response = me.post("/api/enrollments", wanted(bob, "paid"))
    assert (response.status_code, code_of(response)) == (403, "plan_required")
    response = me.post("/api/enrollments", wanted(bob, "second"))
    assert (response.status_code, code_of(response)) == (409, "prerequisite_missing")
    assert not Enrollment.objects.exists()


def test_the_plan_of_a_language_stands_before_its_courses(bob, program):
    language = ProgrammingLanguage.objects.create(name="Go", slug="go", required_plan="PRO")
    make_course("paid", language=language)
    me = program(bob)
    assert me.get("/api/courses/paid").json()["required_plan"] == "PRO"
    response = me.post("/api/enrollments", wanted(bob, "paid"))
    assert (response.status_code, code_of(response)) == (403, "plan_required")


def test_the_list_is_ones_own_newest_first(ada, bob, course, lessons, program):
    second = make_course("second")
    third = make_course("third")
    enroll(ada, second)
    enroll(ada, third)
    leave(ada, third)
    enroll(bob, third)
    complete_lesson(ada, lessons[0])
    body = json.loads(program(ada).get("/api/enrollments").content)
    assert [item["course_id"] for item in body["items"]] == ["second", "python-basics"]
    assert [item["completion_percentage"] for item in body["items"]] == [0, 33]
    assert [item["xp_earned"] for item in body["items"]] == [0, 10]
    assert (body["count"], body["page"], body["pages"]) == (2, 1, 1)


def test_the_list_goes_by_pages(ada, course, program):
    enroll(ada, make_course("second"))
    me = program(ada)
    first, second, third = (
        json.loads(me.get(f"/api/enrollments?page_size=1&page={page}").content)
        for page in (1, 2, 3)
    )
    assert [len(page["items"]) for page in (first, second, third)] == [1, 1, 0]
    assert first["items"] != second["items"]
    assert third["pages"] == 2


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=1.0", "page=1_0", "page=１", "page=+1", "page=",
              "page=99999999999999999999", "page_size=101", "page_size=0"],
)  # fmt: skip
def test_page_numbers_are_plain_numbers(ada, program, query):
    response = program(ada).get(f"/api/enrollments?{query}")
    assert (response.status_code, code_of(response)) == (422, "invalid_fields")


def test_the_list_costs_the_same_for_one_and_for_many(
    ada, course, program, django_assert_max_num_queries
):
    me = program(ada)
    me.get("/api/enrollments")
    for number in range(8):
        enroll(ada, make_course(f"course-{number}"))
    with django_assert_max_num_queries(7):
        assert me.get("/api/enrollments").status_code == 200


def test_enrolling_costs_few_queries(bob, course, program, django_assert_max_num_queries):
    me = program(bob)
    me.get("/api/me")
    with django_assert_max_num_queries(20):
        assert me.post("/api/enrollments", wanted(bob)).status_code == 201


def test_leaving_keeps_the_row_and_is_not_found_again(ada, course, program):
    place = Enrollment.objects.get(user=ada)
    me = program(ada)
    response = me.delete(f"/api/enrollments/{place.pk}")
    assert (response.status_code, response.content) == (204, b"")
    place.refresh_from_db()
    assert place.status == Enrollment.Status.DROPPED
    assert me.delete(f"/api/enrollments/{place.pk}").status_code == 404


def test_nobody_ends_anothers_enrolment(ada, bob, course, program):
    place = Enrollment.objects.get(user=ada)
    theirs = program(bob).delete(f"/api/enrollments/{place.pk}")
    nobodys = program(bob).delete(f"/api/enrollments/{uuid7()}")
    assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)
    assert theirs.status_code == 404
    place.refresh_from_db()
    assert place.status == Enrollment.Status.ACTIVE
