"""One press answers with everything that it changed on the page."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Lesson, ProgrammingLanguage
from gamification.models import Standing, XPTransaction
from progress.models import LessonProgress


@pytest.fixture
def press(ada, as_, lessons):
    browser = as_(ada)

    def post(done, *, lesson=lessons[0], htmx=True):
        headers = {"HX-Request": "true"} if htmx else {}
        return browser.post(f"/lessons/{lesson.pk}/completion/", {"done": done}, headers=headers)

    return post


def test_all_fragments_come_in_one_answer(press, lessons):
    answer = press("1")
    page = answer.content.decode()
    for key in ("xp-pill", "course-progress", "next-cta", f"ol-{lessons[0].pk}"):
        assert page.count(f'id="{key}"') == 1
        assert "hx-swap-oob" in page[page.index(f'id="{key}"') :][:200]
    assert page.lstrip().startswith(f'<form id="toggle-{lessons[0].pk}"')
    assert 'aria-pressed="true"' in page
    assert "1 of 3 lessons (33%)" in page
    assert "10 XP" in page
    said = json.loads(answer["HX-Trigger"])["say"]["text"]
    assert said == "Lesson marked complete. 1 of 3 lessons done. You earned 10 XP."


def test_undoing_says_so_and_keeps_the_points(press, ada):
    press("1")
    answer = press("0")
    assert 'aria-pressed="false"' in answer.content.decode()
    said = json.loads(answer["HX-Trigger"])["say"]["text"]
    assert said == "Lesson marked not complete. 0 of 3 lessons done."
    said = json.loads(press("1")["HX-Trigger"])["say"]["text"]
    assert said == "Lesson marked complete. 1 of 3 lessons done."
    assert Standing.objects.get(user=ada).total_xp == 10


def test_a_new_level_and_the_end_of_the_course_are_said(press, lessons):
    Lesson.objects.update(xp_reward=60)
    press("1")
    said = json.loads(press("1", lesson=lessons[1])["HX-Trigger"])["say"]["text"]
    assert said.endswith("You earned 60 XP. You reached level 1.")
    said = json.loads(press("1", lesson=lessons[2])["HX-Trigger"])["say"]["text"]
    assert said.endswith("That was the last one: the course is complete.")
    press("0", lesson=lessons[2])
    again = json.loads(press("1", lesson=lessons[2])["HX-Trigger"])["say"]["text"]
    assert again == "Lesson marked complete. 3 of 3 lessons done."


def test_the_end_of_the_course_is_said_once_and_not_of_an_extra(press, lessons):
    for lesson in lessons[:2]:
        press("1", lesson=lesson)
    end = "the course is complete"
    assert end in press("1", lesson=lessons[2])["HX-Trigger"]
    assert end not in press("1", lesson=lessons[2])["HX-Trigger"]
    assert end not in press("1", lesson=lessons[3])["HX-Trigger"]
    press("0", lesson=lessons[0])
    assert end not in press("1", lesson=lessons[0])["HX-Trigger"]


def test_a_course_of_extras_is_never_complete(press, lessons):
    Lesson.objects.update(is_required=False)
    answer = press("1", lesson=lessons[3])
    assert json.loads(answer["HX-Trigger"])["say"]["text"] == (
        "Lesson marked complete. You earned 10 XP."
    )
    assert "See your certificate" not in answer.content.decode()
    assert "To the course" in answer.content.decode()


def test_large_numbers_of_points_are_grouped(press, ada, as_, lessons):
    Lesson.objects.update(xp_reward=1000)
    assert "You earned 1,000 XP." in press("1")["HX-Trigger"]
    for address in (lessons[0].get_absolute_url(), "/classroom/courses/python-basics/"):
        assert "1,000 XP</span>" in as_(ada).get(address).content.decode()


def test_pressing_twice_is_the_same_as_once(press):
    press("1")
    press("1")
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1


def test_without_script_one_comes_back_to_the_lesson(press, lessons):
    answer = press("1", htmx=False)
    assert (answer.status_code, answer["Location"]) == (303, lessons[0].get_absolute_url())
    page = answer.client.get(answer["Location"]).content.decode()
    assert "Lesson marked complete. 1 of 3 lessons done. You earned 10 XP." in page


def test_an_ordinary_press_takes_at_most_twenty_queries(press, lessons):
    press("1")
    with CaptureQueriesContext(connection) as counted:
        press("1", lesson=lessons[1])
    assert len(counted) <= 20


def test_hidden_lessons_are_gone(press):
    Lesson.objects.filter(slug="lesson-1").update(status="DRAFT")
    assert press("1").status_code == 404


def test_lessons_that_complete_by_passing_cannot_be_ticked(press):
    Lesson.objects.filter(slug="lesson-1").update(completion="BY_PASSING", kind="QUIZ")
    answer = press("1")
    assert answer.status_code == 409
    assert "Pass the quiz to complete this lesson." in answer.content.decode()
    assert not XPTransaction.objects.exists()


def test_strangers_are_refused(bob, as_, lessons):
    answer = as_(bob).post(f"/lessons/{lessons[0].pk}/completion/", {"done": "1"})
    assert answer.status_code == 403
    assert "You are not enrolled in this course." in answer.content.decode()


def test_guests_are_sent_to_sign_in_and_htmx_leaves_the_page(client, lessons):
    address = f"/lessons/{lessons[0].pk}/completion/"
    assert client.post(address, {"done": "1"}).status_code == 302
    here = "http://testserver/classroom/"
    answer = client.post(
        address, {"done": "1"}, headers={"HX-Request": "true", "HX-Current-URL": here}
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/accounts/login/?next=/classroom/"


def test_guests_come_back_to_the_page_on_which_the_form_stands(client, ada, lessons):
    language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    course = lessons[0].course
    gone = "/lessons/00000000-0000-7000-8000-000000000000/completion/"
    for form, page in {
        f"/lessons/{lessons[0].pk}/completion/": lessons[0].get_absolute_url(),
        gone: "/classroom/",
        "/courses/python-basics/enrollment/": course.get_absolute_url(),
        "/languages/python/enrollment/": language.get_absolute_url(),
    }.items():
        answer = Client().post(form, {"done": "1", "wanted": "1"})
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={page}")
        browser = Client()
        browser.force_login(ada)
        assert browser.get(page).status_code == 200


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_a_post_marks(ada, as_, lessons, method):
    call = getattr(as_(ada), method)
    assert call(f"/lessons/{lessons[0].pk}/completion/").status_code == 405


def test_an_unknown_lesson_is_not_found(ada, as_):
    address = "/lessons/00000000-0000-7000-8000-000000000000/completion/"
    assert as_(ada).post(address, {"done": "1"}).status_code == 404
