"""Attempts: left and gone on with, limited, with more time, for practice, in any window."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.attempts import start_attempt
from assessments.models import Accommodation, Attempt, Quiz
from courses.models import Lesson
from gamification.models import XPTransaction
from tests.assessments.builders import make_quiz
from tests.flows.conftest import DESKTOP, NARROW, PHONE, arrive
from tests.flows.quizzing import (
    answer_all,
    begin,
    go_on,
    is_saved,
    open_question,
    option,
    place,
)


@pytest.fixture
def quiz(lessons: list[Lesson]) -> Quiz:
    return make_quiz(lessons[0].module)


def test_a_quiz_goes_on_where_it_was_left(open_page: Any, ada: User, lessons: Any) -> None:
    quiz = make_quiz(lessons[0].module, time_limit=10)
    page: Page = open_page(ada)
    attempt = begin(page, quiz)
    option(page, "3").check()
    go_on(page, 2)
    option(page, "{}").check()
    is_saved(page)
    page.reload()
    expect(option(page, "{}")).to_be_checked()
    deadline = attempt.deadline
    page.context.close()

    page = open_page(ada)
    assert begin(page, quiz, "Continue") == attempt
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 3 of 6")
    expect(place(page, 2)).to_have_text(re.compile(r"2\s*answered"))
    attempt.refresh_from_db()
    assert attempt.deadline == deadline


def test_two_tabs_begin_one_attempt(open_page: Any, ada: User, quiz: Quiz) -> None:
    page: Page = open_page(ada)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(quiz.get_absolute_url())
    for tab in (page, other):
        tab.get_by_role("button", name="Start").click()
        tab.wait_for_url("**/attempts/*/")
    assert page.url == other.url
    assert Attempt.objects.count() == 1


def test_attempts_are_counted_and_the_next_one_waits(
    open_page: Any, ada: User, lessons: Any
) -> None:
    quiz = make_quiz(lessons[0].module, max_attempts=2, wait=30)
    page: Page = open_page(ada)
    page.goto(quiz.get_absolute_url())
    panel = page.locator(".quiz-panel")
    expect(panel).to_contain_text("2 of 2 left; the best counts. 30 min between two of them")
    attempt = begin(page, quiz)
    page.get_by_role("button", name="Summary and submit").click()
    page.get_by_role("button", name="Submit quiz").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("0%, not passed yet")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text(
        re.compile(
            r"The next attempt is not open yet. It opens at (\d+ \w+, )?\d\d:\d\d, your time."
        )
    )
    page.goto(quiz.get_absolute_url())
    expect(panel).to_contain_text(
        re.compile(r"not open yet. It opens at (\d+ \w+, )?\d\d:\d\d, your time")
    )
    expect(panel.get_by_role("button")).to_have_count(0)

    Quiz.objects.update(wait=0)
    assert begin(page, quiz, "Try again") != attempt
    answer_all(page, Attempt.objects.open().get())
    page.get_by_role("button", name="Submit quiz").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Passed with 100%")
    page.goto(quiz.get_absolute_url())
    expect(panel.get_by_role("heading")).to_have_text("Passed with 100%")
    expect(panel).to_contain_text("You have used all attempts.")
    rows = panel.get_by_role("row")
    texts = (r"Score$", r"^\s*2\s(.|\s)*100%", r"^\s*1\s(.|\s)*\b0%")
    expect(rows).to_have_text([re.compile(text) for text in texts])
    rows.nth(2).get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("your best attempt has 100%")
    assert XPTransaction.objects.count() == 1


def test_a_quiz_may_be_taken_again_and_the_best_counts(
    open_page: Any, ada: User, quiz: Quiz
) -> None:
    page: Page = open_page(ada)
    for number in (1, 2):
        attempt = begin(page, quiz, "Start" if number == 1 else "Try again")
        answer_all(page, attempt)
        page.get_by_role("button", name="Submit quiz").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Passed with 100%")
    expect(page.locator("#say")).to_have_text("Quiz submitted.")  # XP is paid once
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/attempts/*/")
    assert list(Attempt.objects.values_list("number", flat=True)) == [3, 2, 1]


def test_practice_has_no_clock_and_does_not_count(open_page: Any, ada: User, lessons: Any) -> None:
    quiz = make_quiz(lessons[0].module, time_limit=10)
    page: Page = open_page(ada)
    attempt = begin(page, quiz, "Practise without the clock")
    assert attempt.is_practice
    expect(page.get_by_role("main")).to_contain_text("Practice: does not count")
    expect(page.locator("#clock")).to_have_count(0)
    answer_all(page, attempt)
    expect(page.get_by_role("main")).to_contain_text("Practice does not count.")
    page.get_by_role("button", name="Submit quiz").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("100% in practice")
    page.goto(quiz.get_absolute_url())
    expect(page.locator(".quiz-panel").get_by_role("row").last).to_contain_text("Practice 1")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert not XPTransaction.objects.exists()


@pytest.mark.parametrize(
    ("extra", "said", "clock"),
    [
        (150, "15 min from when you press Start (your extra time is in it).", r"Clock\s+1[45] min"),
        (0, "None. Take your time.", None),
    ],
    ids=["half as much again", "no clock"],
)
def test_extra_time_is_in_the_clock(
    open_page: Any, ada: User, lessons: Any, extra: int, said: str, clock: str | None
) -> None:
    quiz = make_quiz(lessons[0].module, time_limit=10)
    Accommodation.objects.create(user=ada, extra_time=extra)
    page: Page = open_page(ada)
    page.goto(quiz.get_absolute_url())
    expect(page.locator(".quiz-panel")).to_contain_text(said)
    begin(page, quiz)
    if clock:
        expect(page.locator("#clock")).to_contain_text(re.compile(clock))
    else:
        expect(page.locator("#clock")).to_have_count(0)


@pytest.mark.parametrize("layout", ["ONE", "ALL"])
def test_a_report_saves_and_leads_back_to_its_question(
    open_page: Any, ada: User, lessons: Any, layout: str
) -> None:
    attempt, _ = start_attempt(ada, make_quiz(lessons[0].module, layout=layout))
    page: Page = open_page(ada)
    page.goto(f"{attempt.get_absolute_url()}{'questions/3/' if layout == 'ONE' else ''}")
    question = page.locator("#question-3")
    question.get_by_label("Your answer").fill("for")
    question.get_by_role("button", name="Something wrong with it?").click()
    page.get_by_label("What is wrong with it").fill("“while” begins one too.")
    page.get_by_role("button", name="Send report").click()
    arrive(page, "/questions/3/" if layout == "ONE" else "#question-3")
    expect(page.locator("#say")).to_have_text("Thanks. A teacher will check.")
    expect(question.get_by_label("Your answer")).to_have_value("for")
    # The message stands above both columns and pushes neither into the other's place.
    edges = "(node) => [node.getBoundingClientRect().left, node.getBoundingClientRect().right]"
    _, end = page.locator(".lesson > article").evaluate(edges)
    start, _ = page.locator(".places").evaluate(edges)
    assert end < start


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROW], ids=["desktop", "phone", "narrow"])
def test_every_way_on_can_be_seen_and_pressed(
    open_page: Any, ada: User, quiz: Quiz, size: tuple[int, int]
) -> None:
    """The bar below hides nothing that has the focus, and nothing scrolls sideways."""
    attempt, _ = start_attempt(ada, quiz)
    page: Page = open_page(ada, size=size)
    open_question(page, attempt, 2)
    for control in page.locator("main :is(input, button, summary, a)").all():
        if not control.is_visible():
            continue
        control.focus()
        assert control.evaluate("""(node) => {
          const box = (node.closest("label") ?? node).getBoundingClientRect();
          const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return node === seen || (node.closest("label") ?? node).contains(seen);
        }"""), control.evaluate("(node) => node.outerHTML")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
