"""What is answered is kept: as it is given, in two tabs, in the wrong order, without a line."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from assessments.attempts import close_overdue, start_attempt
from assessments.models import Attempt, Quiz
from courses.models import Lesson
from tests.assessments.builders import make_quiz
from tests.flows.conftest import arrive
from tests.flows.quizzing import (
    go_on,
    is_saved,
    kept,
    open_question,
    option,
    place,
    set_clock,
)

ELSEWHERE = "This answer was changed in another tab."


@pytest.fixture
def quiz(lessons: list[Lesson]) -> Quiz:
    return make_quiz(lessons[0].module, time_limit=60)


@pytest.fixture
def attempt(ada: User, quiz: Quiz) -> Attempt:
    return start_attempt(ada, quiz)[0]


@pytest.fixture
def page(open_page: Any, ada: User, attempt: Attempt) -> Page:
    """The first question: does `7 // 2` give 3, 3.5 or 4?"""
    page: Page = open_page(ada)
    open_question(page, attempt, 1)
    return page


def test_choosing_saves_without_leaving(page: Page, attempt: Attempt) -> None:
    page.evaluate("window.stays = true")
    expect(place(page, 1)).to_have_text(re.compile(r"1\s*not answered"))
    option(page, "4").check()
    is_saved(page)
    expect(place(page, 1)).to_have_text(re.compile(r"1\s*answered"))
    expect(option(page, "4")).to_be_focused()
    expect(page.locator("#say")).to_be_empty()
    assert kept(attempt, 1) == "4"
    page.get_by_label("Come back to this").check()
    expect(place(page, 1)).to_have_text(re.compile(r"1\s*answered, flagged"))
    assert attempt.answers.get(position=1).is_flagged
    assert page.evaluate("window.stays")


def test_typing_is_saved_while_one_types(page: Page, attempt: Attempt) -> None:
    open_question(page, attempt, 6)
    field = page.get_by_label("Your answer")
    field.press_sequentially("They are read more often than written.")
    is_saved(page)
    expect(field).to_be_focused()
    assert kept(attempt, 6) == "They are read more often than written."
    field.press("Control+A")
    field.press("Delete")
    expect(place(page, 6)).to_contain_text("not answered")
    assert kept(attempt, 6) == ""


def test_a_number_that_is_none_is_told_and_not_kept(page: Page, attempt: Attempt) -> None:
    open_question(page, attempt, 4)
    page.get_by_label("Your answer").fill("many")
    page.keyboard.press("Tab")
    expect(page.locator("#save-state")).to_contain_text(
        "Not saved: question 4. Enter a number, such as 3.5."
    )
    expect(page.get_by_label("Your answer")).to_have_value("many")
    page.get_by_label("Your answer").fill("3.14")
    is_saved(page)
    assert kept(attempt, 4) == "3.14"


def test_on_a_page_with_all_questions_a_press_in_the_list_is_not_lost(
    open_page: Any, ada: User, lessons: list[Lesson]
) -> None:
    """Leaving a field saves it, and the answer must not pull the button from under the pointer."""
    quiz = make_quiz(lessons[0].module, "all", layout=Quiz.Layout.ALL)
    attempt, _ = start_attempt(ada, quiz)
    page: Page = open_page(ada)
    page.goto(attempt.get_absolute_url())
    page.locator("#question-3").get_by_label("Your answer").fill("for")
    button = place(page, 5).get_by_role("button")
    button.hover()
    page.mouse.down()
    is_saved(page)
    expect(button).to_be_focused()
    page.mouse.up()
    arrive(page, "#question-5")
    assert kept(attempt, 3) == "for"


def test_a_quick_change_of_mind_ends_with_the_last_one(page: Page, attempt: Attempt) -> None:
    """Also if the first saving is so slow that it arrives after everything else."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/answers/", hold, times=1)
    option(page, "4").check()
    option(page, "3").check()
    go_on(page, 2)
    late = held[0].request
    answer = page.request.post(
        late.url, headers=late.all_headers(), data=late.post_data_buffer or b""
    )
    assert answer.status == 409
    assert kept(attempt, 1) == "3"
    expect(page.locator("#net")).to_be_hidden()
    open_question(page, attempt, 1)
    for text in ("4", "3.5", "4", "3"):
        option(page, text).check()
    go_on(page, 2)
    assert kept(attempt, 1) == "3"


def test_the_newer_answer_of_another_tab_stays(page: Page, attempt: Attempt) -> None:
    other = page.context.new_page()
    open_question(other, attempt, 1)
    option(other, "3").check()
    is_saved(other)
    option(page, "4").check()
    state = page.locator("#save-state")
    expect(state).to_contain_text(f"Not saved: {ELSEWHERE}")
    assert kept(attempt, 1) == "3"

    state.get_by_role("button", name="See both answers").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: Question 1 of 6"))
    expect(page.get_by_role("main")).to_contain_text(f"Question 1: {ELSEWHERE}")
    expect(page.get_by_role("main")).to_contain_text("Saved in the other tab: 3.")
    expect(option(page, "4")).to_be_checked()
    page.get_by_role("link", name="Take what is saved").click()
    expect(option(page, "3")).to_be_checked()
    assert kept(attempt, 1) == "3"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_saving_again_keeps_mine(open_page: Any, ada: User, attempt: Attempt, script: bool) -> None:
    page: Page = open_page(ada, script=script)
    open_question(page, attempt, 3)
    other = page.context.new_page()
    open_question(other, attempt, 3)
    other.get_by_label("Your answer").fill("while")
    go_on(other, 4)
    page.get_by_label("Your answer").fill("for")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("main")).to_contain_text("Saved in the other tab: while.")
    expect(page.get_by_label("Your answer")).to_have_value("for")
    assert kept(attempt, 3) == "while"
    go_on(page, 4)
    assert kept(attempt, 3) == "for"


def test_without_a_line_nothing_is_lost(page: Page, watch: Any, attempt: Attempt) -> None:
    watch.meant.append("Failed to")
    words = "The site cannot be reached. Nothing you typed is lost."
    page.context.set_offline(True)
    option(page, "3").check()
    expect(page.locator("#net")).to_contain_text(words)
    expect(page.locator("#say-now")).to_have_text(words)
    # Neither going on nor the clock that was asked for takes the page or the answer away.
    page.get_by_role("button", name="Save and continue").click()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#net")).to_be_visible()
    expect(option(page, "3")).to_be_checked()
    assert kept(attempt, 1) == ""

    page.context.set_offline(False)  # tells the page, which sends by itself
    is_saved(page)
    expect(page.locator("#net")).to_be_hidden()
    assert kept(attempt, 1) == "3"
    go_on(page, 2)


def test_what_set_out_before_the_line_came_back_is_sent_again(
    page: Page, watch: Any, attempt: Attempt
) -> None:
    """Its failure may arrive after the page was told that there is a line."""
    watch.meant.append("Failed to")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/clock/", hold, times=1)
    with page.expect_request("**/clock/"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.context.set_offline(True)
    option(page, "3").check()
    expect(page.locator("#net")).to_be_visible()
    page.context.set_offline(False)
    is_saved(page)
    with page.expect_response("**/clock/"):
        held[0].abort("internetdisconnected")
    expect(page.locator("#net")).to_be_hidden()


def test_a_line_that_is_back_and_does_not_carry_yet_is_tried_again(
    page: Page, watch: Any, attempt: Attempt
) -> None:
    watch.meant.append("Failed to")
    page.context.set_offline(True)
    option(page, "3").check()
    expect(page.locator("#net")).to_be_visible()
    page.route("**/answers/", lambda route: route.abort("connectionrefused"), times=1)
    page.context.set_offline(False)
    is_saved(page)
    expect(page.locator("#net")).to_be_hidden()
    assert kept(attempt, 1) == "3"


def test_submitting_without_a_line_waits_for_it(page: Page, watch: Any, attempt: Attempt) -> None:
    watch.meant.append("Failed to")
    page.get_by_role("button", name="Summary and submit").click()
    arrive(page, "/summary/")
    page.context.set_offline(True)
    page.get_by_role("button", name="Submit quiz").click()
    expect(page.locator("#net")).to_be_visible()
    expect(page.get_by_role("button", name="Submit quiz")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("0%, not passed yet")
    assert Attempt.objects.get().status == "SUBMITTED"


def test_a_fault_of_ours_is_told_and_the_answer_sent_again(page: Page, attempt: Attempt) -> None:
    page.route("**/answers/", lambda route: route.fulfill(status=500, body=""), times=1)
    option(page, "3").check()
    expect(page.locator("#net")).to_contain_text("Something broke on our side.")
    page.get_by_role("button", name="Try again").click()
    is_saved(page)
    expect(page.locator("#net")).to_be_hidden()
    assert kept(attempt, 1) == "3"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_what_comes_after_the_sweep_is_told_so(
    open_page: Any, ada: User, attempt: Attempt, script: bool
) -> None:
    page: Page = open_page(ada, script=script)
    open_question(page, attempt, 1)
    set_clock(attempt, left=-6)
    assert close_overdue() == 1
    option(page, "3").check()
    if not script:
        page.get_by_role("button", name="Save and continue").click()
    told = page.locator("#save-state")
    expect(told).to_contain_text("Time is over. What was saved before counts;")
    told.get_by_role("link", name="See your result").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("0%, not passed yet")
    expect(page.get_by_role("main")).to_contain_text("Time ran out.")
