"""Ways through an assignment in a browser: writing, pressing, judging while the page waits."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from assessments import grading, programs
from assessments.models import Run, Submission


def code_field(page: Page) -> Locator:
    """What one writes in: the plain field, or the editor that took its place."""
    return page.get_by_role("textbox", name="Your code")


def write(page: Page, source: str) -> None:
    """Put code into the field that the form sends, whichever is seen."""
    page.evaluate(
        """(text) => {
          const field = document.getElementById("source");
          field.value = text;
          for (const name of ["input", "change"])
            field.dispatchEvent(new Event(name, {bubbles: true}));
        }""",
        source,
    )


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def judge_all() -> list[Any]:
    """Do what a worker does: judge what waits."""
    for run in Run.objects.open():
        programs.run_program(run.pk)
    return [grading.grade(one.pk) for one in Submission.objects.open()]


def is_waiting(page: Page) -> None:
    expect(page.locator("#result .running, #judged .running").first).to_be_visible()


def is_saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
