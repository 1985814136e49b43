"""Ways through a quiz in a browser: beginning it, pressing what it shows, reading what was kept."""

import re
from datetime import timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from assessments.answering import save_answers
from assessments.clock import read_clock
from assessments.models import Attempt, Option, Quiz
from tests.assessments.builders import right_answer
from tests.flows.conftest import arrive

SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")


def begin(page: Page, quiz: Quiz, button: str = "Start") -> Attempt:
    """Press the button that begins or goes on, and return the attempt that is open then."""
    page.goto(quiz.get_absolute_url())
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url("**/attempts/*/")
    page.wait_for_load_state()
    return Attempt.objects.open().select_related("user", "quiz__lesson").latest("started_at")


def open_question(page: Page, attempt: Attempt, number: int) -> None:
    page.goto(f"{attempt.get_absolute_url()}questions/{number}/")
    expect(page.get_by_role("heading", name=f"Question {number} of")).to_be_visible()


def card(page: Page | Locator, text: str) -> Locator:
    """The option with that text."""
    return page.locator("label.opt", has_text=re.compile(rf"^\s*{re.escape(text)}\s*\d?\s*$"))


def option(page: Page | Locator, text: str) -> Locator:
    """Its radio button or checkbox."""
    return card(page, text).locator("input")


def key_of(page: Page, text: str) -> str:
    """The key that the page says chooses it."""
    return card(page, text).locator("kbd").inner_text()


def go_on(page: Page, number: int) -> None:
    """Save and continue, to the question with that number."""
    page.get_by_role("button", name="Save and continue").click()
    arrive(page, f"/questions/{number}/")


def place(page: Page, number: int) -> Locator:
    """A question in the list of all."""
    return page.locator(f"#qnav-{number}")


def is_saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_text(SAVED)


def kept(attempt: Attempt, number: int) -> str:
    """What stands in the database as the answer to that question, in words."""
    answer = attempt.answers.get(position=number)
    texts = Option.objects.filter(pk__in=answer.chosen).order_by("position")
    return answer.text or ", ".join(texts.values_list("text", flat=True))


def set_clock(attempt: Attempt, *, left: float, used: float = 1800) -> None:
    """Let the attempt have been open for `used` seconds, with `left` to go."""
    moment = read_clock()
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=moment - timedelta(seconds=used), deadline=moment + timedelta(seconds=left)
    )


def answer_all(page: Page, attempt: Attempt) -> None:
    """Give the right answers to the quiz of `make_quiz`, one question a page, up to its summary."""
    open_question(page, attempt, 1)
    for number, act in enumerate(ACTS, start=1):
        act(page)
        page.get_by_role("button", name="Save and continue").click()
        arrive(page, f"/questions/{number + 1}/" if number < len(ACTS) else "/summary/")


def right_answers(attempt: Attempt) -> None:
    """Save the right answers without a browser."""
    save_answers(attempt, [right_answer(row) for row in attempt.answers.all()])


def choose(*texts: str) -> Any:
    return lambda page: [option(page, text).check() for text in texts]


def write(text: str) -> Any:
    return lambda page: page.get_by_label("Your answer").fill(text)


ACTS = [
    choose("3"), choose("[]", "[1]"), write("for"), write("3.14"), choose("No"), write("As said."),
]  # fmt: skip
