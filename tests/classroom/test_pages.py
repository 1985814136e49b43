"""Each page works, costs a fixed number of queries, keeps strangers out, refuses wrong methods."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.attempts import finish_attempt, start_attempt
from classroom.pages.catalogue import course_page
from courses.models import Course, Lesson, ProgrammingLanguage
from enrollments.access import published_course
from enrollments.actions import enroll, leave
from enrollments.models import Enrollment
from progress.actions import complete_lesson
from progress.models import CourseProgress, LessonView
from tests.accounts.bad_sign_in import second_factor
from tests.assessments.builders import make_quiz
from tests.conftest import make_course

HOME = "/classroom/courses/python-basics/"
LESSON = f"{HOME}lessons/lesson-1/"


def queries_of(browser, address, **headers):
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        answer = browser.get(address, **headers)
    assert answer.status_code == 200
    return len(counted)


@pytest.mark.parametrize(
    ("address", "limit"),
    [
        ("/classroom/", 10),
        (HOME, 10),
        (LESSON, 10),
        ("/courses/", 8),
        ("/progress/", 10),
        ("/progress/history/", 7),
        ("/languages/", 4),
        ("/classroom/courses/", 8),
    ],
)
def test_a_page_costs_the_same_in_a_small_and_a_large_school(ada, as_, lessons, address, limit):
    complete_lesson(ada, lessons[0])
    browser = as_(ada)
    small = queries_of(browser, address)
    for number in range(40):
        enroll(ada, make_course(f"course-{number}", lessons=1))
    assert queries_of(browser, address) == small <= limit


@pytest.mark.parametrize("address", ["/classroom/", HOME, "/progress/", "/progress/history/"])
def test_pages_of_a_person_ask_guests_to_sign_in(client, course, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={address}")


@pytest.mark.parametrize(
    "address", ["/", "/courses/", "/courses/python-basics/", "/languages/", "/help/"]
)
def test_public_pages_are_open(client, course, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/classroom/", HOME, LESSON, "/courses/", "/progress/"])
def test_reading_pages_refuse_posts(ada, as_, address):
    assert as_(ada).post(address).status_code == 405


def test_the_front_door_leads_members_to_their_classroom(ada, as_):
    assert as_(ada).get("/")["Location"] == "/classroom/"


def test_the_dashboard_names_the_next_step(ada, as_, lessons):
    page = as_(ada).get("/classroom/").content.decode()
    assert "Start here" in page
    assert f'href="{LESSON}"' in page
    complete_lesson(ada, lessons[0])
    page = as_(ada).get("/classroom/").content.decode()
    assert "Pick up where you stopped" in page
    assert "lessons/lesson-2/" in page
    assert "1 of 3 lessons (33%)" in page


def test_resume_prefers_the_lesson_opened_last(ada, as_, lessons):
    browser = as_(ada)
    browser.get(f"{HOME}lessons/lesson-2/")
    complete_lesson(ada, lessons[2])
    assert "lessons/lesson-2/" in browser.get("/classroom/").content.decode()


def test_an_empty_classroom_says_how_to_fill_it(bob, as_):
    assert "Pick a first course" in as_(bob).get("/classroom/").content.decode()


def test_a_finished_classroom_says_so(ada, as_, lessons):
    for lesson in lessons:
        complete_lesson(ada, lesson)
    page = as_(ada).get("/classroom/").content.decode()
    assert "All caught up" in page
    assert "Finished" in page


def test_the_course_home_of_a_stranger_is_the_course_page(bob, as_, course):
    assert as_(bob).get(HOME)["Location"] == "/courses/python-basics/"


def test_a_lesson_is_closed_to_strangers_and_says_why(bob, as_, course):
    answer = as_(bob).get(LESSON)
    assert answer.status_code == 403
    assert "You are not enrolled in this course." in answer.content.decode()
    assert "Some <em>text</em>" not in answer.content.decode()


def test_a_lesson_asks_guests_to_sign_in(client, course):
    assert client.get(LESSON)["Location"] == f"/accounts/login/?next={LESSON}"


def test_a_preview_is_open_to_all_and_nothing_is_recorded(client, bob, as_, course):
    Lesson.objects.filter(slug="lesson-1").update(is_preview=True)
    for browser in (client, as_(bob)):
        page = browser.get(LESSON)
        assert page.status_code == 200
        assert "Some <em>text</em>" in page.content.decode()
        assert "aria-pressed" not in page.content.decode()
    assert not LessonView.objects.exists()


def test_opening_a_lesson_is_noted(ada, as_, course):
    browser = as_(ada)
    browser.get(LESSON)
    browser.get(LESSON)
    assert LessonView.objects.get(user=ada).view_count == 2


@pytest.mark.parametrize(
    "hide",
    [
        lambda: Lesson.objects.filter(slug="lesson-1").update(status="DRAFT"),
        lambda: Lesson.objects.filter(slug="lesson-1").update(deleted_at="2026-01-01T00:00Z"),
        lambda: Course.objects.update(status="DRAFT"),
        lambda: Course.objects.update(status="ARCHIVED"),
    ],
)
def test_hidden_lessons_are_not_there_except_for_staff_looking_ahead(ada, root, as_, hide):
    hide()
    second_factor(root)
    assert as_(ada).get(LESSON).status_code == 404
    assert as_(ada).get(f"{LESSON}?preview=1").status_code == 404
    gone = Lesson.objects.get(slug="lesson-1").deleted_at is not None
    assert as_(root).get(f"{LESSON}?preview=1").status_code == (404 if gone else 200)


def test_staff_look_ahead_with_a_second_factor_or_in_a_demo_school(root, as_, course, settings):
    Lesson.objects.filter(slug="lesson-1").update(status="DRAFT")
    browser, address = as_(root), f"{LESSON}?preview=1"
    assert browser.get(address).status_code == 404
    settings.DEMO_SCHOOL = True
    assert browser.get(address).status_code == 200
    settings.DEMO_SCHOOL = False
    second_factor(root)
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED"])
def test_hidden_courses_are_not_there(bob, as_, course, status):
    Course.objects.update(status=status)
    browser = as_(bob)
    assert browser.get("/courses/python-basics/").status_code == 404
    answer = browser.post("/courses/python-basics/enrollment/", {"wanted": "1"})
    assert answer.status_code == 404
    assert not Enrollment.objects.exists()


def test_a_person_enrols_leaves_and_returns(bob, as_, course):
    browser = as_(bob)
    address = "/courses/python-basics/enrollment/"
    answer = browser.post(address, {"wanted": "1"})
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    assert browser.post(address, {"wanted": "1"}).status_code == 303
    assert Enrollment.objects.get(user=bob).status == "ACTIVE"
    assert browser.post(address, {"wanted": "0"})["Location"] == "/courses/python-basics/"
    assert browser.post(address, {"wanted": "0"}).status_code == 303
    assert Enrollment.objects.get(user=bob).status == "DROPPED"


def test_enrolling_needs_to_be_asked_for_by_post(bob, as_, course):
    answer = as_(bob).get("/courses/python-basics/enrollment/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_a_form_that_states_no_wanted_end_is_refused(ada, as_, course, lessons):
    browser = as_(ada)
    for data in ({}, {"wanted": "yes"}, {"wanted": "2"}):
        assert browser.post("/courses/python-basics/enrollment/", data).status_code == 422
    assert browser.post(f"/lessons/{lessons[0].pk}/completion/").status_code == 422
    assert Enrollment.objects.get(user=ada).status == "ACTIVE"


def test_a_plan_that_is_missing_is_said_on_the_course_page(bob, as_, course):
    Course.objects.update(required_plan="PRO")
    answer = as_(bob).post("/courses/python-basics/enrollment/", {"wanted": "1"})
    assert answer.status_code == 403
    assert "This course is part of the Pro plan." in answer.content.decode()


def test_a_course_that_comes_first_is_said_on_the_course_page(bob, as_, course):
    make_course("second", prerequisite=course)
    answer = as_(bob).post("/courses/second/enrollment/", {"wanted": "1"})
    assert answer.status_code == 409
    assert "Finish “Python from zero” first." in answer.content.decode()


def test_a_course_that_comes_first_is_named_until_it_is_finished(client, ada, as_, lessons):
    make_course("second", prerequisite=lessons[0].course)
    words = 'Finish <a href="/courses/python-basics/">Python from zero</a> first.'

    def page(browser):
        return browser.get("/courses/second/").content.decode()

    assert words in page(client)
    assert words in page(as_(ada))
    for lesson in lessons:
        complete_lesson(ada, lesson)
    assert words not in page(as_(ada))
    Course.objects.filter(slug="python-basics").update(status="DRAFT")
    assert words not in page(client)


def test_a_course_page_takes_as_few_queries_as_it_says(
    ada, bob, lessons, django_assert_num_queries
):
    make_course("second", prerequisite=lessons[0].course)
    first, second = published_course("python-basics"), published_course("second")
    for user, course, number in [
        (None, first, 1), (None, second, 1), (ada, first, 3), (bob, first, 2), (ada, second, 3),
    ]:  # fmt: skip
        with django_assert_num_queries(number):
            course_page(user, course)


def test_a_paused_person_is_told_so_and_not_offered_to_enrol(ada, as_, course):
    Lesson.objects.filter(slug="lesson-2").update(is_preview=True)
    Enrollment.objects.update(status="PAUSED")
    words, browser = "Your place in this course is paused.", as_(ada)
    assert words in browser.get(HOME, follow=True).content.decode()
    for address in (LESSON, f"{HOME}lessons/lesson-2/", "/courses/python-basics/"):
        page = browser.get(address).content.decode()
        assert words in page
        assert 'name="wanted" value="1"' not in page
        assert "Open course" not in page
    assert "Start here" not in browser.get("/classroom/").content.decode()
    Enrollment.objects.update(status="DROPPED")
    assert 'name="wanted" value="1"' in browser.get(LESSON).content.decode()


def test_a_language_can_be_left_whatever_courses_one_is_in(bob, as_, course):
    language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    Course.objects.update(language=language)
    browser, address = as_(bob), "/languages/python/"
    browser.post(f"{address}enrollment/", {"wanted": "1"})
    leave(bob, course)
    assert "Stop following" in browser.get(address).content.decode()
    browser.post(f"{address}enrollment/", {"wanted": "0"})
    assert "Stop following" not in browser.get(address).content.decode()


def test_following_a_language_enrols_in_all_of_it(bob, as_, course):
    language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    Course.objects.update(language=language)
    browser = as_(bob)
    assert "Enrol in all Python courses" in browser.get("/languages/python/").content.decode()
    assert browser.post("/languages/python/enrollment/", {"wanted": "1"}).status_code == 303
    assert Enrollment.objects.get(user=bob).source == "LANGUAGE"
    assert "Stop following" in browser.get("/languages/python/").content.decode()
    browser.post("/languages/python/enrollment/", {"wanted": "0"})
    assert Enrollment.objects.get(user=bob).status == "ACTIVE"


def test_the_catalogue_finds_words_and_forgives_typos(client, course):
    make_course("rust", "Rust for the impatient")
    assert "Rust for the impatient" not in client.get("/courses/?q=python").content.decode()
    assert "Python from zero" in client.get("/courses/?q=pyhton").content.decode()


def test_the_catalogue_says_what_it_ignored(client, course):
    page = client.get("/courses/?language=klingon&difficulty=brutal").content.decode()
    assert "There is no language “klingon”: ignored" in page
    assert "Python from zero" in page


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page=99999999999",
        "q=" + "x" * 5000,
        "q=%27%22%3B--",
        "q=%26%7C%21",
        "difficulty[]=1",
    ],
)
def test_the_catalogue_survives_any_address(client, course, query):
    assert client.get(f"/courses/?{query}").status_code == 200


def test_nothing_found_offers_something_else(client, course):
    page = client.get("/courses/?q=zzzzqqqq").content.decode()
    assert "No course matches" in page
    assert "Python from zero" in page


def test_htmx_gets_the_results_alone(client, course):
    page = client.get("/courses/?q=python", headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div class="stack" id="results">')
    assert "<html" not in page


def test_the_history_explains_every_point(ada, as_, lessons):
    for lesson in lessons[:2]:
        complete_lesson(ada, lesson)
    page = as_(ada).get("/progress/history/").content.decode()
    assert page.count("+10") == 2
    assert '<td class="num" data-label="Total after">20</td>' in page


def test_points_can_be_out_of_sight(ada, as_, lessons):
    complete_lesson(ada, lessons[0])
    ada.profile.preferences = {"show_points": False}
    ada.profile.save()
    for address in ("/classroom/", HOME, LESSON, "/progress/"):
        assert " XP" not in as_(ada).get(address).content.decode()


def test_a_left_course_is_gone_from_the_classroom_and_its_progress_is_kept(ada, as_, lessons):
    complete_lesson(ada, lessons[0])
    leave(ada, lessons[0].course)
    assert "Pick a first course" in as_(ada).get("/classroom/").content.decode()
    assert CourseProgress.objects.get(user=ada).done == 1


def test_a_quiz_that_was_begun_waits_on_the_dashboard(ada, as_, lessons):
    quiz = make_quiz(lessons[0].module, time_limit=10)
    attempt, _ = start_attempt(ada, quiz)
    page = as_(ada).get("/classroom/")
    assert "Waiting for you" in page.text
    assert f'href="/attempts/{attempt.pk}/"' in page.text
    finish_attempt(attempt)
    assert "Waiting for you" not in as_(ada).get("/classroom/").text
