"""Announcements in a real browser: written, sent in two presses, read, and looked at whole."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import User
from enrollments.models import Enrollment
from notifications import announcing
from notifications.models import Announcement
from tests.conftest import make_course, make_person
from tests.flows.looking import Looker
from tests.flows.school import LONG_TITLE
from tests.flows.test_studio_editor import see

ROOM = "/studio/announcements/"
TEXT = "No lessons in **May**.\n\n- We are back in June.\n- `print` stays."


@pytest.fixture
def root(transactional_db: Any, settings: Any) -> User:
    settings.DEMO_SCHOOL = True
    return make_person("root@example.org", "Root", role=User.Role.ADMIN, is_superuser=True)


@pytest.fixture
def looker(open_page: Any, root: User) -> Iterator[Looker]:
    found = Looker(open_page(root))
    yield found
    assert not found.problems, "\n" + "\n".join(dict.fromkeys(found.problems))


def test_the_pages_of_announcements_are_sound(looker: Looker, open_page: Any) -> None:
    course, ada = make_course("long", LONG_TITLE), make_person("ada@example.org", "Ada")
    Enrollment.objects.create(user=ada, course=course)
    see(looker, ROOM, "announcements-none")
    page = looker.page
    page.goto(f"{ROOM}new/")
    page.get_by_role("button", name="Keep and preview").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    looker.look("an announcement with problems")
    page.get_by_label("For").select_option(label=f"Course: {LONG_TITLE}")
    page.get_by_label("Title").fill("We are away in May")
    page.get_by_label("Text").fill(TEXT)
    page.get_by_role("button", name="Keep and preview").click()
    expect(page.get_by_text("1 person")).to_be_visible()
    row = Announcement.objects.get()
    see(looker, f"{ROOM}{row.pk}/", "announcement")
    see(looker, f"{ROOM}{row.pk}/change/", "announcement-change")
    see(looker, f"{ROOM}{row.pk}/withdraw/", "announcement-withdraw")
    page.goto(f"{ROOM}{row.pk}/")
    page.get_by_role("button", name="Send a test to me").click()
    expect(page.locator("#main").get_by_text("The test is in your own")).to_be_visible()
    page.get_by_role("link", name="Send…").click()
    looker.look("sending")
    page.get_by_role("button", name="Send the announcement").click()
    expect(page.locator("#main").get_by_text("It is sent in a moment.")).to_be_visible()
    announcing.tell_batch(row.pk)
    expect(page.locator("#main").get_by_text("It is being sent.")).to_be_visible()
    announcing.carry_on(row.pk)
    expect(page.get_by_text("Reached", exact=True)).to_be_visible()
    expect(page.locator("#main").get_by_text("It is being sent.")).to_have_count(0)
    see(looker, f"{ROOM}{row.pk}/", "announcement-sent")
    see(looker, ROOM, "announcements")
    see(looker, f"/announcements/{row.pk}/", "announcement-read")


def test_it_is_written_and_sent_without_scripts(open_page: Any, root: User) -> None:
    Enrollment.objects.create(user=root, course=make_course("short", "Short"))
    page = open_page(root, script=False)
    page.goto(f"{ROOM}new/")
    page.get_by_label("For").select_option(label="Course: Short")
    page.get_by_label("Title").fill("A break")
    page.get_by_label("Text").fill(TEXT)
    page.get_by_role("button", name="Keep and preview").click()
    page.get_by_role("link", name="Send…").click()
    page.get_by_role("button", name="Send the announcement").click()
    row = Announcement.objects.get()
    announcing.carry_on(row.pk)
    page.goto(f"/announcements/{row.pk}/")
    expect(page.get_by_text("We are back in June.")).to_be_visible()
