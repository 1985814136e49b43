"""What is not saved yet outlives its page: a reload, a form that is too old, a lost sign-in."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.answering import Given, save_answers
from assessments.attempts import start_attempt
from assessments.models import Attempt
from courses.models import Lesson
from tests.assessments.builders import make_quiz
from tests.flows.conftest import Watch, sign_in
from tests.flows.quizzing import is_saved, kept, open_question, option

ESSAY = "Names are read more often than they are written."


@pytest.fixture
def attempt(ada: User, lessons: list[Lesson]) -> Attempt:
    return start_attempt(ada, make_quiz(lessons[0].module))[0]


@pytest.fixture
def page(open_page: Any, ada: User, attempt: Attempt) -> Page:
    """The open question, the last of six."""
    page: Page = open_page(ada)
    open_question(page, attempt, 6)
    return page


def essay(page: Page) -> Any:
    return page.get_by_label("Your answer")


def test_what_was_typed_a_moment_before_a_reload_comes_back_and_is_saved(
    page: Page, attempt: Attempt
) -> None:
    essay(page).fill(ESSAY)
    page.reload()
    expect(essay(page)).to_have_value(ESSAY)
    is_saved(page)
    assert kept(attempt, 6) == ESSAY


def test_what_another_page_saved_is_not_undone_by_an_old_draft(
    page: Page, attempt: Attempt
) -> None:
    essay(page).fill("An old thought.")
    page.evaluate("window.name = JSON.stringify({ ...sessionStorage })")
    answer = attempt.answers.select_related("question").get(position=6)
    page.wait_for_function("() => !Object.keys(sessionStorage).some((key) => /^draft/.test(key))")
    saved = save_answers(attempt, [Given(answer.question_id, text=ESSAY, version=1)])
    assert not saved.conflicts
    page.evaluate("Object.assign(sessionStorage, JSON.parse(window.name))")
    page.reload()
    expect(essay(page)).to_have_value(ESSAY)
    assert kept(attempt, 6) == ESSAY


def test_a_form_that_is_too_old_is_loaded_anew_and_sent(page: Page, attempt: Attempt) -> None:
    page.context.clear_cookies(name="csrftoken")
    essay(page).fill(ESSAY)
    is_saved(page)
    expect(essay(page)).to_have_value(ESSAY)
    assert kept(attempt, 6) == ESSAY
    expect(page.get_by_role("banner")).to_have_count(1)


def test_a_lost_sign_in_loses_nothing_that_was_typed(
    page: Page, ada: User, attempt: Attempt, live_server: Any
) -> None:
    page.context.clear_cookies(name="sessionid")
    essay(page).fill(ESSAY)
    page.wait_for_url("**/accounts/login/**")
    sign_in(page.context, ada, live_server.url)
    open_question(page, attempt, 6)
    expect(essay(page)).to_have_value(ESSAY)
    is_saved(page)
    assert kept(attempt, 6) == ESSAY


def test_a_choice_comes_back_as_well(page: Page, attempt: Attempt, watch: Watch) -> None:
    watch.meant += ["ERR_FAILED", "Failed to fetch"]
    open_question(page, attempt, 1)
    page.route("**/answers/", lambda route: route.abort())
    option(page, "4").check()
    expect(page.locator("#net")).to_be_visible()
    page.unroute("**/answers/")
    page.reload()
    expect(option(page, "4")).to_be_checked()
    is_saved(page)
    assert kept(attempt, 1) == "4"
