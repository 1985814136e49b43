"""The whole way without a mouse."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.actions import set_preferences
from tests.conftest import PASSWORD, make_course
from tests.flows.conftest import arrive

FOCUSED = "document.activeElement.id || document.activeElement.textContent.trim()"


def tab_to(page: Page, wanted: str, *, most: int) -> None:
    """Press Tab until the element with that id or text has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == wanted:
            return
    raise AssertionError(f"{wanted!r} is more than {most} Tabs away")


def test_resume_complete_and_go_on_by_keys(open_page: Any, ada: Any, lessons: Any) -> None:
    page = open_page(ada)
    page.goto("/classroom/")
    page.keyboard.press("r")
    arrive(page, "/lesson-1/")
    expect(page.locator("#say")).to_be_empty()
    page.keyboard.press("m")
    said = "Lesson marked complete. 1 of 3 lessons done. You earned 10 XP."
    expect(page.locator("#say")).to_have_text(said)
    expect(page.locator(f"#toggle-button-{lessons[0].pk}")).to_be_focused()
    # The focus stayed, so Space presses the same control again.
    page.keyboard.press("Space")
    said = "Lesson marked not complete. 0 of 3 lessons done."
    expect(page.locator("#say")).to_have_text(said)
    expect(page.locator(f"#toggle-button-{lessons[0].pk}")).to_be_focused()
    page.keyboard.press("n")
    arrive(page, "/lesson-2/")
    page.keyboard.press("p")
    arrive(page, "/lesson-1/")


def test_the_skip_link_leads_past_the_header_to_the_next_step(open_page: Any, ada: Any) -> None:
    page = open_page(ada)
    page.goto("/classroom/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "Start lesson", most=1)


def test_the_list_of_keys_opens_and_closes(open_page: Any, ada: Any) -> None:
    page = open_page(ada)
    page.goto("/classroom/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    page.keyboard.press("r")  # belongs to the page behind
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile("/classroom/$"))


def test_the_menu_opens_and_closes(open_page: Any, ada: Any) -> None:
    page = open_page(ada)
    page.goto("/classroom/")
    summary = page.locator("details.menu:not(#bell) summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Settings").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()


@pytest.mark.parametrize("key", ["r", "?", "/"])
def test_single_keys_can_be_turned_off(open_page: Any, ada: Any, key: str) -> None:
    set_preferences(ada, shortcuts=False)
    page = open_page(ada)
    page.goto("/classroom/")
    page.keyboard.press(key)
    page.wait_for_timeout(200)
    expect(page).to_have_url(re.compile("/classroom/$"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement === document.body")


def test_single_keys_are_letters_while_one_types(open_page: Any, ada: Any) -> None:
    page = open_page(ada)
    page.goto("/classroom/")
    page.keyboard.press("/")
    page.keyboard.type("rmn?/")
    expect(page.get_by_role("searchbox")).to_have_value("rmn?/")


def test_signing_up_takes_few_tabs_and_problems_lead_to_their_fields(
    open_page: Any, transactional_db: Any
) -> None:
    page = open_page()
    page.goto("/accounts/signup/")
    page.locator("#main").focus()
    tab_to(page, "id_email", most=3)
    page.keyboard.type("not an address")
    tab_to(page, "id_name", most=1)
    page.keyboard.type("Eve")
    tab_to(page, "id_password1", most=1)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_email")).to_be_focused()
    expect(page.locator("#id_email")).to_have_value("not an address")
    expect(page.locator("#id_email")).to_have_accessible_description(re.compile("."))


def test_a_course_is_found_and_entered(open_page: Any, bob: Any, course: Any) -> None:
    make_course("git-for-one", "Git for one")
    page = open_page(bob)
    page.goto("/courses/")
    expect(page.locator("#result-count")).to_have_text("2 courses")
    page.locator("#catalogue-search").focus()
    # A list that is swapped while Tab goes through it would take the focus away.
    with page.expect_response(re.compile(r"[?&]q=python(&|$)")):
        page.keyboard.type("python")
    expect(page.locator("#result-count")).to_contain_text("1 course")
    expect(page.locator("#catalogue-search")).to_be_focused()
    expect(page).to_have_url(re.compile("q=python"))
    expect(page.locator(".htmx-request, [aria-busy=true]")).to_have_count(0)
    tab_to(page, "Python from zero", most=4)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Enrol").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/classroom/courses/python-basics/$"))
    expect(page.locator("#say")).to_have_text("You are enrolled in Python from zero.")
