"""The catalogue, a course, and how far one is in it."""

import json

import pytest

from billing.grants import grant_plan
from courses.models import Course, ProgrammingLanguage, Tier
from progress.actions import complete_lesson, record_view
from tests.api.conftest import code_of
from tests.conftest import make_course, make_lesson


@pytest.fixture
def catalogue(course):
    python = ProgrammingLanguage.objects.create(name="Python", slug="python")
    make_course("loops", "Loops that end", language=python, difficulty="ADVANCED")
    make_course("git", "Git for one", description="Branches and loops.")
    make_course("draft", "Loops, a draft", status=Course.Status.DRAFT)


def slugs(response) -> list[str]:
    return [item["slug"] for item in json.loads(response.content)["items"]]


def test_the_catalogue_is_open_and_shows_what_is_published(stranger, catalogue):
    response = stranger.get("/api/courses")
    assert response.status_code == 200
    assert slugs(response) == ["git", "loops", "python-basics"]
    item = json.loads(response.content)["items"][1]
    item.pop("id")
    assert item == {
        "slug": "loops",
        "title": "Loops that end",
        "summary": "Learn it.",
        "language": "python",
        "difficulty": "ADVANCED",
        "required_plan": "FREE",
        "lesson_count": 4,
        "minutes": 20,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=loops", ["loops", "git"]),
        ("q=zer", ["python-basics"]),
        ("q=nothing-like-it", []),
        ("q=%25", []),
        ("q=%27%3BDROP", []),
        ("q=", ["git", "loops", "python-basics"]),
        ("language=python", ["loops"]),
        ("language=cobol", []),
        ("difficulty=ADVANCED", ["loops"]),
        ("difficulty=ADVANCED&q=git", []),
        ("page_size=2", ["git", "loops"]),
        ("page_size=2&page=2", ["python-basics"]),
        ("page=10000", []),
        ("unknown=1", ["git", "loops", "python-basics"]),
    ],
)
def test_search_and_filters(stranger, catalogue, query, found):
    assert slugs(stranger.get(f"/api/courses?{query}")) == found


@pytest.mark.parametrize(
    "query", ["difficulty=HARD", "difficulty=", "page=0", f"q={'x' * 101}", "page_size=1000"]
)
def test_filters_that_make_no_sense(stranger, catalogue, query):
    response = stranger.get(f"/api/courses?{query}")
    assert (response.status_code, code_of(response)) == (422, "invalid_fields")


def test_a_course_shows_its_outline_but_no_text(stranger, course):
    make_lesson(course.modules.first(), "hidden", status="DRAFT")
    course.lessons.filter(slug="lesson-1").update(is_preview=True, xp_reward=30)
    response = stranger.get("/api/courses/python-basics")
    body = json.loads(response.content)
    assert [module["title"] for module in body["modules"]] == ["Start", "On"]
    first = {**body["modules"][0]["lessons"][0]}
    first.pop("id")
    assert first == {
        "slug": "lesson-1",
        "title": "Lesson-1",
        "kind": "ARTICLE",
        "minutes": 5,
        "xp": 30,
        "completion": "BY_HAND",
        "required": True,
        "preview": True,
        "quiz_id": None,
        "assignment_id": None,
    }
    assert b"hidden" not in response.content
    assert b"Some" not in response.content
    assert json.loads(stranger.get(f"/api/courses/{course.pk}").content) == body


@pytest.mark.parametrize("name", ["draft", "none", "1", "%27", "x" * 500])
def test_other_courses_are_not_found(stranger, catalogue, name):
    response = stranger.get(f"/api/courses/{name}")
    assert (response.status_code, code_of(response)) == (404, "not_found")


def test_progress_names_what_is_done_and_what_comes(ada, course, lessons, program):
    complete_lesson(ada, lessons[0])
    record_view(ada, lessons[2])
    response = program(ada).get("/api/courses/python-basics/progress")
    assert response.status_code == 200
    assert json.loads(response.content) == {
        "course_id": "python-basics",
        "completion_percentage": 33,
        "done": 1,
        "total": 3,
        "completed_lesson_ids": [str(lessons[0].pk)],
        "next_lesson": {"id": str(lessons[1].pk), "slug": "lesson-2", "title": "Lesson-2"},
        "resume_lesson": {"id": str(lessons[2].pk), "slug": "lesson-3", "title": "Lesson-3"},
        "completed_at": None,
        "locked_by": None,
    }


def test_progress_says_which_plan_opens_a_course_that_is_locked(ada, root, course, program):
    Course.objects.update(required_plan="PRO")
    address = "/api/courses/python-basics/progress"
    body = json.loads(program(ada).get(address).content)
    assert (body["locked_by"], body["next_lesson"]["slug"]) == ("PRO", "lesson-1")
    grant_plan(ada, Tier.PRO, "A scholarship.", root)
    assert json.loads(program(ada).get(address).content)["locked_by"] is None


def test_a_finished_course_has_no_next_lesson(ada, course, lessons, program):
    for lesson in lessons:
        complete_lesson(ada, lesson)
    body = json.loads(program(ada).get("/api/courses/python-basics/progress").content)
    assert (body["completion_percentage"], body["next_lesson"]) == (100, None)
    assert body["completed_at"].endswith("Z")


def test_a_course_without_lessons_has_no_percentage(ada, course, program):
    course.lessons.update(status="DRAFT")
    body = json.loads(program(ada).get("/api/courses/python-basics/progress").content)
    assert body["completion_percentage"] is None


def test_progress_is_for_those_in_the_course(ada, bob, course, stranger, program):
    assert stranger.get("/api/courses/python-basics/progress").status_code == 401
    response = program(bob).get("/api/courses/python-basics/progress")
    assert (response.status_code, code_of(response)) == (403, "not_enrolled")
    assert program(ada).get("/api/courses/none/progress").status_code == 404


def test_lists_and_outlines_cost_a_fixed_number_of_queries(
    ada, catalogue, stranger, program, django_assert_num_queries
):
    with django_assert_num_queries(2):
        stranger.get("/api/courses")
    with django_assert_num_queries(2):
        stranger.get("/api/courses/python-basics")
    me = program(ada)
    me.get("/api/me")
    with django_assert_num_queries(5):
        me.get("/api/courses/python-basics/progress")


def test_me_is_who_asks(ada, lessons, program, stranger):
    complete_lesson(ada, lessons[0])
    assert json.loads(program(ada).get("/api/me").content) == {
        "id": str(ada.pk),
        "email": "ada@example.org",
        "name": "Ada",
        "timezone": "UTC",
        "total_xp": 10,
        "level": 0,
        "xp_to_next_level": 90,
    }
    assert stranger.get("/api/me").status_code == 401
