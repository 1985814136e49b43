"""Courses that one is in and whose plan one does not hold: no page leads into their closed door."""

import re

import pytest
from django.utils.timezone import now

from assessments.attempts import start_attempt
from assessments.models import Draft
from billing.models import Subscription
from courses.models import Course, Lesson
from enrollments.actions import enroll
from enrollments.models import Enrollment
from progress.actions import complete_lesson
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment
from tests.billing.rows import make_subscription
from tests.classroom.test_plans import COURSE, EURO, HOME, LESSON, cost_of, text_of
from tests.conftest import make_course

OPENS = '<span class="visually-hidden">, opens with the Pro plan</span>'


def put_in(user, *courses) -> None:
    """Places as sign-up gives them: the door asks for the plan, nobody else does."""
    Enrollment.objects.bulk_create(Enrollment(user=user, course=course) for course in courses)


def cards_on(page) -> list[str]:
    return re.findall(r'<h[23]><a dir="auto" href="[^"]+">([^<]+)</a></h[23]>', page)


def main_of(page) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


class TestTheDashboard:
    def test_goes_on_with_the_course_that_is_open_however_long_ago_that_was(
        self, ada, as_, pro, lessons, sold
    ):
        put_in(ada, make_course("free", "A free one"))
        bought = make_subscription(ada, sold)
        complete_lesson(ada, Lesson.objects.get(pk=lessons[0].pk))
        browser = as_(ada)
        page = text_of(browser.get("/classroom/", headers=EURO))
        assert f'href="{HOME}lessons/lesson-2/" data-key="r">Resume lesson' in page
        assert cards_on(page) == ["Python from zero", "A free one"]
        Subscription.objects.filter(pk=bought.pk).update(status="canceled", ended_at=now())
        page = text_of(browser.get("/classroom/", headers=EURO))
        assert 'href="/classroom/courses/free/lessons/lesson-1/" data-key="r">Start lesson' in page
        assert cards_on(page) == ["A free one", "Python from zero"]
        assert HOME not in page
        assert f'<a dir="auto" href="{COURSE}">Python from zero</a>' in page
        assert '<span class="visually-hidden">Locked: </span> Pro · 12 € a month</span>' in page
        assert "What you did is kept. It opens again with the Pro plan." in page

    def test_says_so_if_nothing_is_open_and_offers_what_is(self, ada, as_, pro, lessons, sold):
        page = text_of(as_(ada).get("/classroom/", headers=EURO))
        assert "<h1>Python from zero needs the Pro plan</h1>" in page
        assert 'href="/courses/?cost=free" data-key="r">Find a free course</a>' in page
        assert 'href="/pricing/">See plans</a>' in main_of(page)
        assert "/classroom/courses/" not in main_of(page)
        assert "It opens with the Pro plan." in page
        assert "All caught up" not in page

    def test_where_nothing_is_sold_names_the_plan_alone(self, ada, as_, pro, lessons):
        page = text_of(as_(ada).get("/classroom/"))
        assert "<h1>Python from zero needs the Pro plan</h1>" in page
        assert "Locked: </span> Pro</span>" in page
        assert "/pricing/" not in page

    def test_a_course_that_is_finished_keeps_its_certificate_and_shows_its_lock(
        self, ada, as_, course, lessons
    ):
        for lesson in lessons:
            complete_lesson(ada, lesson)
        Course.objects.update(required_plan="PRO")
        page = text_of(as_(ada).get("/classroom/"))
        assert "All caught up" in page
        assert "See your certificate" in page
        assert "Locked: </span> Pro</span>" in page

    def test_locked_courses_do_not_crowd_out_open_ones(self, ada, as_, pro, sold):
        late = [make_course(f"pro-{n}", f"Pro {n}", required_plan="PRO") for n in range(13)]
        put_in(ada, *late)
        free = make_course("free", "A free one")
        put_in(ada, free)
        Enrollment.objects.filter(course=free).update(enrolled_at="2020-01-01T00:00:00Z")
        page = as_(ada).get("/classroom/").text
        assert cards_on(page)[0] == "A free one"
        assert len(cards_on(page)) == 12
        assert "/classroom/courses/free/lessons/lesson-1/" in page
        assert "All of your courses" in page

    def test_what_was_begun_behind_the_door_does_not_wait_for_anybody(
        self, ada, as_, course, lessons
    ):
        task = make_assignment(lessons[0].module)
        start_attempt(ada, make_quiz(lessons[0].module))
        Draft.objects.create(user=ada, assignment=task, source="pass", saved_at=now())
        browser = as_(ada)
        assert browser.get("/classroom/").text.count("Continue<span") == 2
        Course.objects.update(required_plan="PRO")
        assert "Waiting for you" not in browser.get("/classroom/").text


def test_my_courses_show_their_locks_and_the_locked_ones_last(ada, as_, pro, sold):
    put_in(ada, make_course("free", "A free one"))
    Enrollment.objects.filter(course__slug="free").update(enrolled_at="2020-01-01T00:00:00Z")
    page = text_of(as_(ada).get("/classroom/courses/", headers=EURO))
    assert cards_on(page) == ["A free one", "Python from zero"]
    assert "Locked: </span> Pro · 12 € a month" in page
    assert HOME not in page


def test_the_table_of_progress_shows_locks_too(ada, as_, pro, sold):
    page = text_of(as_(ada).get("/progress/", headers=EURO))
    assert f'<a dir="auto" href="{COURSE}">Python from zero</a>' in page
    assert "Locked: </span>Pro · 12 € a month" in page


@pytest.mark.parametrize("address", ["/classroom/", "/classroom/courses/", "/progress/", COURSE])
def test_many_locked_courses_cost_as_much_as_one(ada, as_, pro, sold, address):
    browser = as_(ada)
    put_in(ada, make_course("free", "A free one"))
    browser.get(address)
    one = cost_of(browser, address)
    put_in(ada, *(make_course(f"pro-{n}", required_plan="PRO") for n in range(8)))
    assert cost_of(browser, address) == one


def test_a_dashboard_of_free_courses_asks_for_no_plan(ada, as_, course, sold):
    browser = as_(ada)
    browser.get("/classroom/")
    free = cost_of(browser, "/classroom/")
    put_in(ada, make_course("pro", required_plan="PRO"))
    assert cost_of(browser, "/classroom/") == free + 2


class TestTheCoursePage:
    def test_locked_lessons_have_a_lock_and_previews_stay_open(self, ada, bob, as_, pro, sold):
        Lesson.objects.filter(slug="lesson-2").update(is_preview=True)
        for person in (ada, bob):
            page = text_of(as_(person).get(COURSE))
            assert page.count(OPENS) == 3
            assert page.count("Free preview") == 1
            assert f'<a dir="auto" href="{HOME}lessons/lesson-2/">Lesson-2</a>' in page
            assert "lessons/lesson-1/" not in page
        assert f'href="{HOME}lessons/lesson-2/">Open free lesson</a>' in text_of(
            as_(ada).get(COURSE)
        )

    def test_whoever_holds_the_plan_sees_neither_lock_nor_preview(self, ada, as_, pro, sold):
        Lesson.objects.filter(slug="lesson-2").update(is_preview=True)
        make_subscription(ada, sold)
        page = text_of(as_(ada).get(COURSE))
        assert OPENS not in page
        assert "Free preview" not in page

    def test_a_free_course_has_no_locks_for_those_who_look(self, client, course):
        page = text_of(client.get(COURSE))
        assert "#i-lock" not in page

    def test_a_course_that_comes_first_says_that_it_needs_a_plan(self, bob, as_, pro, sold):
        make_course("second", prerequisite=pro)
        told = "That course needs the Pro plan."
        assert told in text_of(as_(bob).get("/courses/second/"))
        make_subscription(bob, sold)
        assert told not in text_of(as_(bob).get("/courses/second/"))


class TestAPreviewOfALockedCourse:
    @pytest.fixture(autouse=True)
    def preview(self, pro, sold):
        Lesson.objects.filter(slug="lesson-1").update(is_preview=True)

    def test_locks_the_others_and_leads_on_to_the_course(self, client, ada, bob, as_):
        for browser in (client, as_(ada), as_(bob)):
            page = text_of(browser.get(LESSON))
            assert page.count(OPENS) == 3
            assert "opens when you enrol" not in page
            assert f'href="{COURSE}" data-key="n">About the course</a>' in page
            assert "lessons/lesson-2/" not in page
            assert 'name="wanted"' not in page
            assert "With an account you are enrolled at once" not in page
            assert "part of the Pro plan." in page
            assert 'href="/pricing/?course=python-basics">See plans</a>' in main_of(page)

    def test_leads_on_to_the_next_preview(self, ada, as_):
        Lesson.objects.filter(slug="lesson-2").update(is_preview=True)
        page = text_of(as_(ada).get(LESSON))
        assert f'href="{HOME}lessons/lesson-2/" data-key="n">Next lesson</a>' in page

    def test_of_a_free_course_offers_to_enrol(self, bob, as_):
        Course.objects.update(required_plan="FREE")
        page = text_of(as_(bob).get(LESSON))
        assert ", opens when you enrol" in page
        assert 'name="wanted" value="1"' in page


def test_a_stranger_is_told_of_the_plan_and_not_to_enrol(bob, as_, pro, sold):
    answer = as_(bob).get(LESSON)
    page = text_of(answer)
    assert answer.status_code == 403
    assert "This course is part of the Pro plan." in page
    assert "is kept" not in page
    assert 'name="wanted"' not in page
    assert 'href="/pricing/?course=python-basics">See plans</a>' in page


def test_the_nearest_certificate_is_one_of_an_open_course(ada, as_, course, lessons):
    complete_lesson(ada, lessons[0])
    enroll(ada, make_course("free", "A free one"))
    page = as_(ada).get("/certificates/").text
    assert "Go on with Python from zero" in page
    Course.objects.filter(pk=course.pk).update(required_plan="PRO")
    assert "Go on with A free one" in as_(ada).get("/certificates/").text
