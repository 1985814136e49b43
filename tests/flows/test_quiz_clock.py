"""The clock of a quiz: the server's, counted down, told, hidden, and what happens at its end."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.attempts import start_attempt
from assessments.models import Attempt, Quiz
from courses.models import Lesson
from tests.assessments.builders import make_quiz
from tests.flows.conftest import arrive
from tests.flows.quizzing import go_on, is_saved, kept, open_question, option, set_clock


@pytest.fixture
def quiz(lessons: list[Lesson]) -> Quiz:
    return make_quiz(lessons[0].module, time_limit=30)


@pytest.fixture
def attempt(ada: User, quiz: Quiz) -> Attempt:
    return start_attempt(ada, quiz)[0]


@pytest.fixture
def page(open_page: Any, ada: User) -> Page:
    page: Page = open_page(ada)
    return page


def test_the_clock_ticks_and_says_little(page: Page, attempt: Attempt) -> None:
    """Half of it, five minutes, one minute; the last one at once. Two minutes are shown."""
    page.clock.install()
    set_clock(attempt, left=1800, used=0)
    open_question(page, attempt, 1)
    left, clock = page.locator("[data-clock]"), page.locator("#clock")
    say, say_now = page.locator("#say"), page.locator("#say-now")
    for seconds, told in (
        (14 * 60 + 55, ""),
        (10, "Half of the time is left."),
        (9 * 60 + 50, "Half of the time is left."),
        (10, "5 minutes left."),
        (2 * 60 + 50, "5 minutes left."),
    ):
        page.clock.run_for(seconds * 1000)
        expect(say).to_have_text(told)
        expect(say_now).to_be_empty()
    expect(clock).not_to_have_class(re.compile("low"))
    expect(left).to_have_text(re.compile("^2 min 0. s left$"))
    page.clock.run_for(10_000)
    expect(clock).to_have_class(re.compile("low"))
    page.clock.run_for(60_000)
    expect(say_now).to_have_text("1 minute left.")
    expect(say).to_have_text("5 minutes left.")
    expect(left).to_have_text(re.compile("^5. s left$"))


def test_it_goes_by_the_clock_of_the_server(page: Page, attempt: Attempt) -> None:
    set_clock(attempt, left=1800)
    page.clock.install(time="1999-12-31T23:00:00Z")
    open_question(page, attempt, 1)
    left = page.locator("[data-clock]")
    expect(left).to_have_text(re.compile("^(30 min 00|29 min 5.) s left$"))
    page.clock.set_system_time("2040-01-01T00:00:00Z")
    page.clock.run_for(2_000)
    expect(left).to_have_text(re.compile("^29 min 5. s left$"))


def test_a_page_that_slept_asks_the_server(page: Page, attempt: Attempt) -> None:
    open_question(page, attempt, 1)
    set_clock(attempt, left=100, used=1700)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-clock]")).to_have_text(re.compile("^1 min [34]. s left$"))
    expect(page.locator("#clock")).to_have_class(re.compile("low"))
    set_clock(attempt, left=-6)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("main")).to_contain_text("Time ran out.")


def test_the_clock_can_be_hidden_and_stays_so(page: Page, attempt: Attempt) -> None:
    open_question(page, attempt, 1)
    left = page.locator("[data-clock]")
    expect(left).to_be_visible()
    page.locator("#clock summary").click()
    expect(left).to_be_hidden()
    go_on(page, 2)
    expect(page.locator("#clock summary")).to_be_visible()
    expect(left).to_be_hidden()
    page.locator("#clock summary").click()
    expect(left).to_be_visible()
    go_on(page, 3)
    expect(left).to_be_visible()


def test_at_zero_the_page_hands_in_what_stands_on_it(page: Page, attempt: Attempt) -> None:
    """Also what was typed a moment before, and would not have been saved yet."""
    open_question(page, attempt, 1)
    option(page, "3").check()
    is_saved(page)
    open_question(page, attempt, 3)
    set_clock(attempt, left=6, used=1794)
    page.reload()
    page.get_by_label("Your answer").fill("for")
    expect(page.locator("[data-clock]")).to_have_text(re.compile("^[12] s left$"))
    page.get_by_label("Your answer").fill("while")
    expect(page.get_by_role("heading", level=1)).to_have_text("20%, not passed yet")
    expect(page.get_by_role("main")).to_contain_text("It arrived just after the end")
    expect(page.locator("#say")).to_have_text("Quiz submitted.")
    assert kept(attempt, 3) == "while"
    closed = Attempt.objects.get()
    assert (closed.status, closed.is_late) == ("SUBMITTED", True)


def test_at_zero_the_summary_hands_in_too(page: Page, attempt: Attempt) -> None:
    set_clock(attempt, left=4, used=1796)
    page.goto(f"{attempt.get_absolute_url()}summary/")
    expect(page.get_by_role("heading", level=1)).to_have_text("0%, not passed yet")
    assert Attempt.objects.get().status == "SUBMITTED"


def test_when_time_ends_without_a_line_the_saved_counts(
    page: Page, watch: Any, attempt: Attempt
) -> None:
    watch.meant.append("Failed to")
    open_question(page, attempt, 1)
    option(page, "3").check()
    is_saved(page)
    open_question(page, attempt, 3)
    set_clock(attempt, left=6, used=1794)
    page.reload()
    page.context.set_offline(True)
    page.get_by_label("Your answer").fill("for")
    expect(page.locator("#net")).to_be_visible()
    expect(page.locator("[data-clock]")).to_have_text("Time is over")
    told = "Time is over. You are offline: what was saved before counts."
    expect(page.locator("#say-now")).to_have_text(told)
    expect(page.get_by_label("Your answer")).to_have_value("for")
    set_clock(attempt, left=-6, used=1806)  # and the grace with it
    page.context.set_offline(False)
    expect(page.get_by_role("main")).to_contain_text(
        "What was saved before counts; this was not received in time."
    )
    page.get_by_role("link", name="See your result").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("20%, not passed yet")
    assert kept(attempt, 3) == ""


def test_whoever_comes_back_too_late_finds_the_result(
    open_page: Any, page: Page, ada: User, quiz: Quiz, attempt: Attempt
) -> None:
    open_question(page, attempt, 1)
    option(page, "3").check()
    is_saved(page)
    page.context.close()
    set_clock(attempt, left=-6, used=1806)
    page = open_page(ada)
    page.goto(f"{attempt.get_absolute_url()}questions/2/")
    arrive(page, attempt.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("20%, not passed yet")
    words = "Time ran out. What was saved before counts; anything later was not received."
    expect(page.get_by_role("main")).to_contain_text(words)
    expect(page.locator("#say")).to_have_text(words)
    page.goto(quiz.get_absolute_url())
    expect(page.get_by_role("heading", level=2)).to_have_text("Best so far: 20%")


def test_without_script_the_end_is_said_as_a_time(
    open_page: Any, ada: User, attempt: Attempt
) -> None:
    page: Page = open_page(ada, script=False)
    open_question(page, attempt, 1)
    expect(page.locator("#clock")).to_contain_text(re.compile(r"ends at \d\d:\d\d:\d\d, your time"))
    expect(page.locator("[data-clock]")).to_be_empty()
