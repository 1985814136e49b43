"""What a person, or their browser, may ask of every page."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.actions import set_preferences
from courses.actions import save_rendered
from progress.actions import complete_lesson
from tests.conftest import PASSWORD
from tests.flows.conftest import NARROW
from tests.flows.school import EVERYTHING, fill_school

# WCAG 1.4.12: whoever needs it sets letters, words, lines and paragraphs further apart.
SPACED = """* {
  letter-spacing: .12em !important; word-spacing: .16em !important; line-height: 1.5 !important;
} p { margin-block-end: 2em !important; }"""


def test_whoever_hides_points_sees_none(open_page: Any, ada: Any, lessons: Any) -> None:
    complete_lesson(ada, lessons[0])
    set_preferences(ada, show_points=False)
    page: Page = open_page(ada)
    page.goto(lessons[1].get_absolute_url())
    page.get_by_role("button", name="Lesson complete").click()
    said = "Lesson marked complete. 2 of 3 lessons done."
    expect(page.locator("#say")).to_have_text(said)
    expect(page.locator("#course-progress")).to_contain_text("2 of 3 lessons (66%)")
    course = "/classroom/courses/python-basics/"
    for address in (lessons[1].get_absolute_url(), "/classroom/", course, "/progress/"):
        page.goto(address)
        expect(page.locator("body")).not_to_contain_text(re.compile(r"\bXP\b|\blevel\b"))


def test_a_theme_is_seen_at_once_and_stays(open_page: Any, ada: Any) -> None:
    page: Page = open_page(ada)
    page.goto("/settings/appearance/")
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile("."))
    page.get_by_label("Dark").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(15, 22, 28)"
    )
    page.get_by_role("button", name="Save appearance").click()
    expect(page.locator("#toasts")).to_contain_text("Appearance saved.")
    page.goto("/classroom/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_password_can_be_shown_and_hidden(open_page: Any, transactional_db: Any) -> None:
    page: Page = open_page()
    page.goto("/accounts/login/")
    page.locator("#id_password").fill(PASSWORD)
    button = page.get_by_role("button", name="Show password")
    button.click()
    expect(page.locator("#id_password")).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Show password", pressed=True)).to_be_visible()
    button.click()
    expect(page.locator("#id_password")).to_have_attribute("type", "password")


def test_code_can_be_copied(open_page: Any, ada: Any, lessons: Any) -> None:
    lessons[0].content = "```python\nprint('Hello')\n```"
    save_rendered(lessons[0])
    page: Page = open_page(ada)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(lessons[0].get_absolute_url())
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#say")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "print('Hello')"


@pytest.mark.parametrize("need", ["spacing", "large text"])
def test_wide_spacing_and_large_text_fit_a_narrow_window(
    open_page: Any, transactional_db: Any, need: str
) -> None:
    school = fill_school()
    page: Page = open_page(school.ada, size=NARROW if need == "spacing" else (640, 900))
    for address in (
        "/classroom/",
        "/courses/",
        "/courses/python-basics/",
        "/classroom/courses/python-basics/",
        school.kinds["article"].get_absolute_url(),
        "/progress/",
        "/progress/history/",
        "/settings/profile/",
        "/help/",
    ):
        page.goto(address)
        # Through the console's own door: the CSP lets no page add styles.
        rule = SPACED if need == "spacing" else ":root { font-size: 200% !important; }"
        page.evaluate(
            """(rule) => {
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(rule);
              document.adoptedStyleSheets = [sheet];
            }""",
            rule,
        )
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider == 0, address


def test_what_is_written_survives_a_refusal(open_page: Any, ada: Any) -> None:
    page: Page = open_page(ada)
    page.goto("/settings/profile/")
    page.get_by_label("Bio").fill("Long, and dear to me.")
    page.get_by_label("Handle").fill("no spaces allowed!")
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page.get_by_label("Bio")).to_have_value("Long, and dear to me.")
    expect(page.get_by_label("Handle")).to_have_value("no spaces allowed!")
    assert page.locator("#id_handle").get_attribute("aria-invalid") == "true"


def test_a_lesson_prints_without_its_frame(open_page: Any, ada: Any, lessons: Any) -> None:
    lessons[0].content = EVERYTHING
    save_rendered(lessons[0])
    page: Page = open_page(ada)
    page.goto(lessons[0].get_absolute_url())
    page.emulate_media(media="print")
    for part in (".site-head", ".site-foot", ".lesson-bar", ".outline"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator(".prose")).to_be_visible()
