"""The bell, the inbox and the page of what one is told, in a browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from accounts.models import User
from notifications.models import Mute, Notification
from notifications.telling import tell
from tests.flows.conftest import PHONE
from tests.flows.looking import Looker
from tests.flows.school import LONG_TITLE

LETTER = "Well done.\nThe next lesson is short.\n\nSee you, https://school.example/" + "a" * 60
SETTINGS = "/settings/notifications/"


@pytest.fixture
def news(transactional_db: Any, ada: User) -> None:
    """Three things to read: a review, an answer with a very long title, and a level."""
    data = {"url": "/courses/", "course": "c", "course_title": "Python from zero"}
    told = [
        ("REVIEW_GIVEN", {**data, "title": "Loops"}, "course:c"),
        ("REPLY_GIVEN", {**data, "title": LONG_TITLE}, "course:d"),
        ("LEVEL_REACHED", {"level": 3}, ""),
    ]
    for number, (kind, words, about) in enumerate(told):
        tell([ada.pk], kind, f"some:{number}", words, about, now() - timedelta(hours=number))


@pytest.fixture
def page(open_page: Any, ada: User, news: None) -> Page:
    opened: Page = open_page(ada)
    return opened


def buttons(page: Page, name: str) -> Any:
    return page.locator("#list").get_by_role("button", name=re.compile(f"^{name}"))


def letter(user: User, by: User) -> str:
    """A teacher wrote to them; where that is read."""
    data = {"title": LONG_TITLE, "by": str(by.pk), "url": "/courses/", "text": LETTER}
    tell([user.pk], "TEACHER_WROTE", "message:1", data, "course:c")
    return f"/notifications/{Notification.objects.get(subject='message:1').pk}/"


def test_nothing_that_a_machine_can_find_is_wrong(page: Page, ada: User, grace: User) -> None:
    looker, written = Looker(page), letter(ada, grace)
    for address in ("/notifications/", "/notifications/?show=all", "/notifications/?show=saved"):
        looker.visit(address)
    looker.visit(written)
    page.goto("/notifications/")
    page.locator("#bell > summary").click()
    page.get_by_role("link", name="You reached level 3").first.wait_for()
    looker.look("the bell's panel")
    looker.visit(SETTINGS)
    page.get_by_label("Quiet to", exact=True).fill("")
    page.get_by_role("button", name="Save notifications").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    looker.look("settings with a problem")
    page.goto("/notifications/")
    page.get_by_role("button", name="Mark all read").click()
    page.get_by_role("heading", name="All caught up.").wait_for()
    looker.look("nothing to read")
    assert not looker.problems, "\n".join(looker.problems)


def test_done_goes_on_to_the_next_row(page: Page) -> None:
    page.goto("/notifications/")
    bell = page.locator("#bell > summary")
    expect(bell).to_have_accessible_name("Notifications, 3 unread")
    buttons(page, "Done").first.click()
    expect(bell).to_have_accessible_name("Notifications, 2 unread")
    expect(page.locator("#list")).not_to_contain_text("Loops")
    expect(buttons(page, "Done").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(bell).to_have_accessible_name("Notifications, 1 unread")
    expect(buttons(page, "Done").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(bell).to_have_accessible_name("Notifications")
    expect(page.get_by_role("heading", name="All caught up.")).to_be_focused()


def test_keys_go_through_the_rows(page: Page) -> None:
    page.goto("/notifications/")
    rows = page.locator("[data-row]")
    for key, at in [("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)]:
        page.keyboard.press(key)
        expect(rows.nth(at)).to_be_focused()
    page.keyboard.press("e")
    expect(rows).to_have_count(2)
    expect(buttons(page, "Done").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()


def test_the_bell_asks_once_and_leads_to_the_thing(page: Page, watch: Any) -> None:
    page.goto("/notifications/?show=saved")
    asked = lambda: [x.url for x in watch.requests if x.url.endswith("/latest/")]  # noqa: E731
    bell = page.locator("#bell > summary")
    assert not asked()
    for _ in range(3):
        bell.click()
    review = page.locator("#bell").get_by_role("link", name="Your work was reviewed")
    review.wait_for()
    assert len(asked()) == 1
    page.keyboard.press("Escape")
    expect(review).to_be_hidden()
    bell.click()
    review.click()
    expect(page).to_have_url(re.compile("/courses/$"))
    expect(bell).to_have_accessible_name("Notifications, 2 unread")


def test_muting_says_what_is_silent_and_settings_bring_it_back(page: Page) -> None:
    page.goto("/notifications/")
    buttons(page, "Mute this").first.click()
    page.get_by_text("You hear no more of Python from zero.").first.wait_for()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.goto(SETTINGS)
    page.get_by_role("button", name="Unmute Python from zero").click()
    page.get_by_text("Nothing is muted.").wait_for()
    assert not Mute.objects.exists()


def test_all_of_it_works_without_scripts(open_page: Any, ada: User, news: None) -> None:
    page: Page = open_page(ada, size=PHONE, script=False)
    page.goto("/courses/")
    page.get_by_role("link", name="Notifications, 3 unread").click()
    buttons(page, "Save.*Your work").click()
    buttons(page, "Done.*Your work").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("link", name="Saved").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_role("link", name="Unread (2)").click()
    page.get_by_role("button", name="Mark all read").click()
    page.get_by_role("heading", name="All caught up.").wait_for()
    assert not Notification.objects.unread().exists()
    page.goto(SETTINGS)
    box = page.get_by_label("News of the school: Email")
    box.check()
    page.get_by_role("button", name="Save notifications").click()
    page.get_by_text("Notifications saved.").wait_for()
    expect(box).to_be_checked()


def test_badges_are_folded_and_keys_go_through_what_is_open(page: Page, ada: User) -> None:
    for tier in (1, 2, 3):
        data = {"title": "Steady", "url": "/courses/", "tier": tier, "tiers": 4}
        tell([ada.pk], "ACHIEVEMENT_EARNED", f"achievement:{tier}", data)
    page.goto("/notifications/")
    fold = page.locator("summary").filter(has_text="You earned 3 badges")
    page.keyboard.press("j")
    expect(fold).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Loops").first).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Steady, tier 3 of 4").first).to_be_focused()
    page.keyboard.press("k")
    expect(fold).to_be_focused()
    page.keyboard.press("e")
    expect(fold).to_have_count(0)
    assert Notification.objects.unread().count() == 3


@pytest.mark.parametrize("width", [1280, 390])
def test_each_verb_stands_in_a_column_of_its_own(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/notifications/")
    for name in ("Done", "Save"):
        lefts = {round(one.bounding_box()["x"]) for one in buttons(page, name).all()}
        assert len(lefts) == 1, name
