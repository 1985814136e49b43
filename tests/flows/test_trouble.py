"""Double presses, dead lines, broken servers, ended sessions: nothing is lost, all is said."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from gamification.models import XPTransaction
from progress.models import LessonProgress
from tests.flows.conftest import arrive


@pytest.fixture
def lesson_page(open_page: Any, ada: Any, lessons: Any) -> Page:
    page = open_page(ada)
    page.goto(lessons[0].get_absolute_url())
    return page


def toggle(page: Page, **state: bool) -> Any:
    return page.get_by_role("button", name="Lesson complete", **state)


def slow(route: Route) -> None:
    """Hold the answer for so long that a second press falls into the wait."""
    route.request.frame.page.wait_for_timeout(400)
    route.continue_()


def test_a_double_click_sends_one_post(lesson_page: Page, watch: Any) -> None:
    lesson_page.route("**/completion/", slow)
    toggle(lesson_page).dblclick()
    expect(toggle(lesson_page, pressed=True)).to_be_visible()
    lesson_page.wait_for_timeout(300)
    expect(toggle(lesson_page, pressed=True)).to_be_visible()
    assert len(watch.posts()) == 1
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1


def test_without_a_line_the_page_says_so_and_tries_again(lesson_page: Page, watch: Any) -> None:
    bar = lesson_page.locator("#net")
    expect(bar).to_be_hidden()
    watch.meant.append("Failed to")
    lesson_page.context.set_offline(True)
    toggle(lesson_page).click()
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("The site cannot be reached. Nothing you typed is lost.")
    expect(lesson_page.locator("#say-now")).to_contain_text("The site cannot be reached.")
    expect(toggle(lesson_page, pressed=False)).to_be_visible()
    lesson_page.get_by_role("button", name="Try again").click()
    expect(bar).to_be_visible()
    lesson_page.context.set_offline(False)  # tells the page, which tries by itself
    expect(toggle(lesson_page, pressed=True)).to_be_visible()
    expect(bar).to_be_hidden()
    assert LessonProgress.objects.count() == 1


def test_a_fault_of_ours_is_told_and_can_be_tried_again(lesson_page: Page) -> None:
    answers = iter([500, 503])

    def broken_at_first(route: Route) -> None:
        status = next(answers, 0)
        if status:
            route.fulfill(status=status, headers={"X-Request-ID": "0123456789ab"}, body="<p>no</p>")
        else:
            route.continue_()

    lesson_page.route("**/completion/", broken_at_first)
    bar = lesson_page.locator("#net")
    toggle(lesson_page).click()
    expect(bar).to_contain_text("Something broke on our side. Nothing you typed is lost.")
    expect(bar).to_contain_text("01234567")
    lesson_page.get_by_role("button", name="Try again").click()
    expect(bar).to_be_visible()
    expect(toggle(lesson_page, pressed=False)).to_be_visible()
    lesson_page.get_by_role("button", name="Try again").click()
    expect(toggle(lesson_page, pressed=True)).to_be_visible()
    expect(bar).to_be_hidden()


def test_after_the_session_ended_a_press_leads_to_sign_in_and_back(
    lesson_page: Page, lessons: Any
) -> None:
    Session.objects.all().delete()
    toggle(lesson_page).click()
    address = lessons[0].get_absolute_url()
    expect(lesson_page).to_have_url(re.compile(f"/accounts/login/\\?next={re.escape(address)}$"))
    expect(lesson_page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()


def test_two_tabs_agree(lesson_page: Page) -> None:
    other = lesson_page.context.new_page()
    other.goto(lesson_page.url)
    toggle(lesson_page).click()
    expect(toggle(lesson_page, pressed=True)).to_be_visible()
    toggle(other).click()  # still says "not done" there: the same wish again
    expect(toggle(other, pressed=True)).to_be_visible()
    expect(other.locator("#xp-pill")).to_contain_text("10 XP")
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1


def test_going_back_shows_what_is_true_now(lesson_page: Page) -> None:
    page = lesson_page
    page.goto("/classroom/courses/python-basics/")
    page.get_by_role("link", name="Start lesson").click()
    arrive(page, "/lesson-1/")
    toggle(page).click()
    expect(toggle(page, pressed=True)).to_be_visible()
    page.go_back()
    expect(page.locator("#course-progress")).to_contain_text("1 of 3 lessons (33%)")
