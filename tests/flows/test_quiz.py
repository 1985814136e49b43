"""A quiz from its start to its review: by keys alone, and without script."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.models import Attempt, QuestionReport, Quiz
from courses.models import Lesson
from tests.assessments.builders import make_quiz
from tests.flows.conftest import arrive
from tests.flows.quizzing import (
    begin,
    go_on,
    is_saved,
    kept,
    key_of,
    open_question,
    option,
    place,
)
from tests.flows.test_keyboard import tab_to

ALL_RIGHT = ["3", "[], [1]", "for", "3.14", "No", "As said."]

PARTLY = re.compile("Partly ?: question 6")


@pytest.fixture
def quiz(lessons: list[Lesson]) -> Quiz:
    return make_quiz(lessons[0].module)


def all_kept(attempt: Attempt) -> list[str]:
    return [kept(attempt, number) for number in range(1, 7)]


def test_a_whole_quiz_by_keys_alone(open_page: Any, ada: User, quiz: Quiz) -> None:
    page: Page = open_page(ada)
    page.goto(quiz.get_absolute_url())
    page.locator("#main").focus()
    tab_to(page, "Start", most=2)
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/*/")
    page.wait_for_load_state()
    choose_one_by_its_number(page)
    choose_some_by_their_numbers(page)
    write_a_word(page)
    write_a_number(page)
    choose_one_by_arrows(page)
    page.keyboard.press("1")
    page.keyboard.type("As said.")
    tab_to(page, "Save and continue", most=4)
    page.keyboard.press("Enter")
    arrive(page, "/summary/")
    expect(page.get_by_role("heading", level=1)).to_have_text("All 6 answered")
    expect(page.get_by_role("main")).to_contain_text("Question 1: answered, flagged")
    page.locator("#main").focus()
    tab_to(page, "Submit quiz", most=2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Passed with 100%")
    expect(page.locator("#say")).to_have_text("Quiz submitted. You earned 20 XP.")
    expect(page.locator("#say-now")).to_be_empty()
    expect(page.locator("#xp-pill")).to_contain_text("20 XP")
    page.keyboard.press("n")
    arrive(page, "/lessons/lesson-3/")
    assert all_kept(Attempt.objects.get()) == ALL_RIGHT


def choose_one_by_its_number(page: Page) -> None:
    """`f` says to come back, Tab leads on; saving is silent."""
    page.keyboard.press(key_of(page, "3"))
    expect(option(page, "3")).to_be_checked()
    expect(option(page, "3")).to_be_focused()
    is_saved(page)
    page.keyboard.press("f")
    expect(page.get_by_label("Come back to this")).to_be_checked()
    expect(place(page, 1)).to_contain_text("answered, flagged")
    expect(page.locator("#say")).to_be_empty()
    tab_to(page, "Save and continue", most=3)
    page.keyboard.press("Enter")
    arrive(page, "/questions/2/")


def choose_some_by_their_numbers(page: Page) -> None:
    """Each turns its box on or off; `n` saves and goes on, `p` goes back."""
    for text in ("[]", "{}", "[1]", "{}"):
        page.keyboard.press(key_of(page, text))
    page.keyboard.press("n")
    arrive(page, "/questions/3/")
    page.keyboard.press("p")
    arrive(page, "/questions/2/")
    expect(option(page, "{}")).not_to_be_checked()
    page.keyboard.press("n")
    arrive(page, "/questions/3/")


def write_a_word(page: Page) -> None:
    """`1` goes to the field, where keys are letters and Enter goes on."""
    page.keyboard.press("1")
    page.keyboard.type("f1np")
    expect(page.get_by_label("Your answer")).to_have_value("f1np")
    page.keyboard.press("Control+A")
    page.keyboard.type("for")
    page.keyboard.press("Enter")
    arrive(page, "/questions/4/")


def write_a_number(page: Page) -> None:
    """What is none is told, and the telling leads to the field."""
    page.keyboard.press("1")
    page.keyboard.type("about three")
    page.keyboard.press("Enter")
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: Question 4 of 6"))
    field = page.get_by_label("Your answer")
    expect(field).to_have_value("about three")
    expect(field).to_have_accessible_description(re.compile("Enter a number, such as 3.5."))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("3.14")
    page.keyboard.press("Enter")
    arrive(page, "/questions/5/")


def choose_one_by_arrows(page: Page) -> None:
    page.keyboard.press(key_of(page, "Yes"))
    page.keyboard.press("ArrowDown")
    expect(option(page, "No")).to_be_checked()
    page.keyboard.press("n")
    arrive(page, "/questions/6/")


def test_without_script_one_question_a_page(open_page: Any, ada: User, quiz: Quiz) -> None:
    page: Page = open_page(ada, script=False)
    attempt = begin(page, quiz)
    expect(page.get_by_text("Every button here saves first.")).to_be_visible()
    expect(page.get_by_text("Answers are saved as you give them.")).to_be_hidden()
    option(page, "3").check()
    place(page, 3).get_by_role("button").click()  # the list saves what was chosen
    arrive(page, "/questions/3/")
    expect(place(page, 1)).to_contain_text("answered")
    expect(place(page, 2)).to_contain_text("not answered")
    page.get_by_label("Your answer").fill("for")
    page.get_by_title("Save and go back").click()
    arrive(page, "/questions/2/")
    option(page, "[]").check()
    option(page, "[1]").check()
    page.get_by_label("Come back to this").check()
    page.get_by_role("button", name="Summary and submit").click()
    arrive(page, "/summary/")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 of 6 answered")
    expect(page.get_by_role("listitem").filter(has_text="Question")).to_have_text(
        [re.compile(f"Question {x}:") for x in (2, 4, 5, 6)]
    )
    page.get_by_role("link", name="Open question 4").click()
    arrive(page, "/questions/4/")
    page.get_by_label("Your answer").fill("more than three")
    page.get_by_role("button", name="Save and continue").click()
    problem = page.locator("main [role=alert]")
    expect(problem).to_contain_text("Question 4: Enter a number, such as 3.5.")
    page.get_by_label("Your answer").fill("3,14")
    go_on(page, 5)
    option(page, "No").check()
    go_on(page, 6)
    page.get_by_label("Your answer").fill("As said.")
    page.get_by_role("button", name="Save and continue").click()
    arrive(page, "/summary/")
    page.get_by_role("button", name="Submit quiz").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Passed with 100%")
    assert [*all_kept(attempt)[:3], *all_kept(attempt)[4:]] == [*ALL_RIGHT[:3], *ALL_RIGHT[4:]]
    look_back(page)


def look_back(page: Page) -> None:
    """The review: why, one's own judgement, a report."""
    page.get_by_role("link", name="See answers").click()
    expect(page.get_by_text("Because.").first).to_be_visible()
    page.get_by_role("button", name=PARTLY).click()
    expect(page.get_by_role("button", name=PARTLY, pressed=True)).to_be_visible()
    page.get_by_role("link", name="Report question 3").click()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("What is wrong with it").fill("It has two right answers.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("main")).to_contain_text("Thanks. A teacher will check.")
    assert QuestionReport.objects.get().text == "It has two right answers."


def test_without_script_all_on_one_page(open_page: Any, ada: User, lessons: list[Lesson]) -> None:
    quiz = make_quiz(lessons[0].module, layout=Quiz.Layout.ALL)
    page: Page = open_page(ada, script=False)
    attempt = begin(page, quiz)
    headings = page.get_by_role("heading", level=2, name=re.compile("^Question . of 6"))
    expect(headings).to_have_count(6)
    question = [page.locator(f"#question-{number}") for number in range(7)]
    option(question[1], "3").check()
    place(page, 4).get_by_role("button").click()
    arrive(page, "#question-4")
    assert kept(attempt, 1) == "3"
    for text in ("[]", "[1]"):
        option(question[2], text).check()
    question[3].get_by_label("Your answer").fill("for")
    question[4].get_by_label("Your answer").fill("many")
    question[5].get_by_label("Come back to this").check()
    page.get_by_role("button", name="Save and see summary").click()
    # What can be kept is kept; what cannot is still there to be mended.
    expect(page.locator("main [role=alert]")).to_have_text(re.compile("Question 4: Enter a number"))
    expect(question[4].get_by_label("Your answer")).to_have_value("many")
    assert kept(attempt, 3) == "for"
    question[4].get_by_label("Your answer").fill("3.14")
    option(question[5], "No").check()
    question[6].get_by_label("Your answer").fill("As said.")
    page.get_by_role("button", name="Save and see summary").click()
    arrive(page, "/summary/")
    expect(page.get_by_role("main")).to_contain_text("Question 5: answered, flagged")
    page.get_by_role("button", name="Submit quiz").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Passed with 100%")
    assert all_kept(attempt) == ALL_RIGHT


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_what_is_submitted_stays_so(open_page: Any, ada: User, quiz: Quiz, script: bool) -> None:
    page: Page = open_page(ada, script=script)
    attempt = begin(page, quiz)
    option(page, "3").check()
    go_on(page, 2)
    stale = page.context.new_page()
    open_question(stale, attempt, 1)
    page.get_by_role("button", name="Summary and submit").click()
    again = page.context.new_page()
    again.goto(page.url)
    page.get_by_role("button", name="Submit quiz").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("20%, not passed yet")

    option(stale, "4").check()
    stale.get_by_role("button", name="Save and continue").click()
    again.get_by_role("button", name="Submit quiz").click()
    for late in (stale, again):
        expect(late.locator("main [role=alert]")).to_have_text(re.compile("Already submitted."))
        late.get_by_role("link", name="See your result").click()
        expect(late.get_by_role("heading", level=1)).to_have_text("20%, not passed yet")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("20%, not passed yet")
    assert kept(attempt, 1) == "3"
    assert Attempt.objects.get().percent == 20
