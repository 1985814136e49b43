"""A new school, from an empty database to its first learner, in a browser: with script and without.

The owner types eight fields at most; nothing is ticked off.
"""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import School, User
from accounts.owner import setup_link
from accounts.school import forget
from courses.models import Course, CourseImport
from enrollments.models import Enrollment
from notifications.models import EmailLog
from studio.setting_up.machine import note_background
from tests.accounts.bad_sign_in import second_factor, shown_long_enough
from tests.accounts.conftest import code_in_mail
from tests.conftest import PASSWORD, make_person
from tests.flows.conftest import arrive
from tests.flows.looking import Looker

MOST_TYPED = 12


class Hand:
    """Types, and counts what it has typed."""

    def __init__(self, page: Page) -> None:
        self.page, self.typed = page, 0

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)
        self.typed += 1

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()


@pytest.fixture(autouse=True)
def an_empty_school(transactional_db: Any, settings: Any, live_server: Any) -> None:
    settings.DEMO_SCHOOL = False
    settings.SITE_URL = live_server.url
    settings.MAILERS = {
        "default": {"BACKEND": "notifications.mail_backend.Recorded"},
        "transport": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    }
    note_background()
    forget()


def keep(page: Page, name: str) -> None:
    """With SHOTS set, keep pictures of what is open there."""
    folder = os.environ.get("SHOTS")
    if not folder:
        return
    before = page.viewport_size
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
    if before:
        page.set_viewport_size(before)


def step(page: Page, key: str) -> Any:
    return page.locator(f"#step-{key}")


@pytest.mark.parametrize("script", [True, False])
def test_from_an_empty_database_to_the_first_learner(open_page: Any, script: bool) -> None:
    page: Page = open_page(script=script)
    owner = Hand(page)
    page.goto(setup_link())
    assert "t=" not in page.url
    owner.type("Email", "ida@example.org")
    owner.type("Your name", "Ida")
    owner.type("Password", PASSWORD)
    owner.press("Create the owner’s account")
    arrive(page, "/setup/")

    owner.follow("Set up the second factor")
    secret = page.locator("#secret").input_value()
    page.locator("#code-form input[name=code]").fill(shown_long_enough(secret))
    owner.typed += 1
    owner.press("Turn on")
    owner.follow("Go on setting up")
    arrive(page, "/setup/")
    expect(step(page, "database")).to_contain_text("answers in")

    owner.follow("Name it")
    owner.type("Name of the school", "Green Hill")
    page.get_by_label("Whoever has the link of invitation", exact=True).check()
    owner.press("Save")
    arrive(page, "/setup/")
    expect(page).to_have_title("Set up your school - Green Hill")

    step(page, "mail").get_by_role("button", name="Send a test to me").click()
    expect(step(page, "mail")).to_contain_text("took a test for ida@example.org")
    for key in ("runner", "https", "backup"):
        step(page, key).get_by_role("button", name=re.compile("^Later")).click()
        expect(step(page, key)).to_contain_text("Put off")

    step(page, "content").get_by_role("button", name=re.compile("sample")).click(timeout=30_000)
    page.wait_for_url("**/studio/courses/python-basics/", timeout=30_000)
    assert Course.objects.get().status == Course.Status.DRAFT
    page.get_by_role("button", name="Ready to publish?").click()
    page.locator("main form").get_by_role("button", name=re.compile("^Publish")).first.click()
    expect(page.get_by_role("link", name="See it in the catalogue")).to_be_visible()
    owner.follow("See it in the catalogue")
    page.get_by_role("button", name=re.compile("^Enrol")).first.click()
    page.goto("/classroom/courses/python-basics/")
    page.locator("main a[href*='/lessons/']").first.click()
    expect(page.locator("h1")).to_be_visible()

    page.goto("/setup/")
    for key in ("published", "opened"):
        expect(step(page, key)).to_have_class(re.compile("done"))
    expect(step(page, "enrolled")).not_to_have_class(re.compile("done"))
    link = page.get_by_label("Link of invitation").input_value()
    learn(open_page(script=script), link)

    page.goto("/setup/")
    arrive(page, "/studio/")
    expect(page.locator("#main").get_by_text("Your school is set up.")).to_be_visible()
    assert owner.typed <= MOST_TYPED
    assert School.objects.get().set_up_at


def learn(page: Page, link: str) -> None:
    """Somebody opens the link, signs up and reads the first lesson."""
    learner = Hand(page)
    page.goto("/accounts/signup/")
    expect(page.get_by_role("heading", name="By invitation only")).to_be_visible()
    page.goto(link)
    learner.type("Email", "lea@example.org")
    learner.type("Your name", "Lea")
    learner.type("Password", PASSWORD)
    learner.press("Create account")
    page.wait_for_url("**/accounts/confirm-email/")
    page.locator("input[name=code]").fill(code_in_mail())
    page.locator("main form").get_by_role("button").first.click()
    arrive(page, "/classroom/")
    assert Enrollment.objects.filter(user__email="lea@example.org").exists()
    page.goto("/classroom/courses/python-basics/")
    page.locator("main a[href*='/lessons/']").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert len(mail.outbox) >= 2


@pytest.fixture
def owner(transactional_db: Any) -> User:
    user = make_person("ida@example.org", "Ida", role=User.Role.ADMIN, is_superuser=True)
    second_factor(user)
    return user


def test_a_row_is_tested_again_in_its_place_and_keeps_the_focus(
    open_page: Any, owner: User
) -> None:
    page: Page = open_page(owner)
    page.goto("/setup/")
    page.evaluate("window.stays = true")
    button = step(page, "database").get_by_role("button")
    button.click()
    expect(page.locator("#say")).to_contain_text("Database: Done. PostgreSQL")
    assert page.evaluate("window.stays")
    expect(button).to_be_focused()
    step(page, "backup").get_by_role("button", name=re.compile("^Later")).click()
    expect(step(page, "backup")).to_contain_text("Put off")
    expect(page.locator("#setup-count")).to_contain_text("of 15 done")


def test_the_pages_of_setting_up_look_right(open_page: Any, owner: User) -> None:
    looker = Looker(open_page(owner))
    for address, name in (("/setup/", "setup"), ("/setup/school/", "school"), ("/studio/", "home")):
        looker.visit(address)
        keep(looker.page, name)
    School.objects.update_or_create(is_the_one=True, defaults={"hue": 350})
    forget()
    looker.visit("/setup/")
    keep(looker.page, "setup-rose")
    User.objects.update(role=User.Role.USER, is_superuser=False)
    guest = Looker(open_page())
    guest.page.goto(setup_link())
    for address, name, status in (
        ("/setup/owner/", "owner", 200), ("/setup/?t=old", "over", 410), ("/join/x/", "join", 404),
    ):  # fmt: skip
        guest.visit(address, status)
        keep(guest.page, name)
    School.objects.update_or_create(is_the_one=True, defaults={"joining": "INVITED"})
    guest.visit("/accounts/signup/")
    keep(guest.page, "closed")
    assert looker.problems + guest.problems == []


def test_an_owner_without_a_second_factor_sees_the_way_to_one(open_page: Any) -> None:
    user = make_person("ida@example.org", "Ida", role=User.Role.ADMIN, is_superuser=True)
    looker = Looker(open_page(user))
    looker.visit("/setup/")
    keep(looker.page, "begin")
    assert looker.problems == []


def test_the_first_page_of_the_admin_looks_right(open_page: Any, owner: User) -> None:
    EmailLog.objects.create(kind="account", to="x@example.org", state="FAILED")
    upload = {"by": owner, "name": "loops.zip", "size": 1, "sha256": "x" * 64}
    CourseImport.objects.create(**upload, status="READY", plan={"a": 1})
    looker = Looker(open_page(owner))
    looker.visit("/admin/")
    keep(looker.page, "admin")
    assert looker.problems == []
