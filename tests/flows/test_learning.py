"""The main flow, from signing up to the second lesson, in all kinds of browsers."""

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from courses.models import Course
from enrollments.models import Enrollment
from gamification.models import Standing, XPTransaction
from progress.models import LessonProgress
from tests.conftest import PASSWORD, make_course
from tests.flows.conftest import DESKTOP, PHONE, arrive

CODE = re.compile(r"^\s*([A-Z0-9]{3,4}(?:-[A-Z0-9]{3,4})+)\s*$", re.MULTILINE)


def code_in_mail() -> str:
    found = CODE.search(str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def sign_up(page: Page, email: str = "eve@example.org", name: str = "Eve") -> None:
    """Fill the form in, read the mail, type its code."""
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code").wait_for()
    assert mail.outbox[-1].to == [email]
    page.get_by_label("Code").fill(code_in_mail())
    page.get_by_role("button", name="Confirm").click()


@pytest.fixture
def two_courses(transactional_db: Any) -> None:
    # The second press reaches level 1.
    first = make_course("git-for-one", "Git for one", lessons=3)
    first.lessons.update(xp_reward=60)
    make_course("python-basics", "Python from zero", lessons=2)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_newcomer_signs_up_and_completes_a_lesson(
    two_courses: None, open_page: Any, size: tuple[int, int], script: bool
) -> None:
    page = open_page(size=size, script=script)
    page.goto("/")
    sign_up(page)

    # In the classroom, and in every open course.
    expect(page).to_have_url(re.compile("/classroom/$"))
    places = Enrollment.objects.filter(user__email="eve@example.org", status="ACTIVE")
    assert places.count() == 2
    for title in ("Git for one", "Python from zero"):
        expect(page.get_by_role("link", name=title).first).to_be_visible()

    # The first lesson of the course that is offered.
    page.get_by_role("link", name="Start lesson").click()
    arrive(page, "/lessons/lesson-1/")
    address = page.url
    course = Course.objects.get(slug=address.split("/")[5])
    xp = course.lessons.get(slug="lesson-1").xp_reward
    total = course.required_count
    percent = 100 // total
    if script:
        page.evaluate("window.stays = true")

    def press(done: bool) -> None:
        page.get_by_role("button", name="Lesson complete").click()
        pressed = page.get_by_role("button", name="Lesson complete", pressed=done)
        expect(pressed).to_be_visible()

    def shows(done: int, xp: int) -> None:
        """Everything the press changes; on a phone the outline stands below the text."""
        of = f"{done} of {total} lessons ({percent * done}%)"
        expect(page.locator("#course-progress")).to_contain_text(of)
        expect(page.locator("#course-progress .track i.on")).to_have_count(done)
        expect(page.locator("#xp-pill")).to_contain_text(f"{xp} XP")
        row = page.locator(".outline li").first
        expect(row.get_by_text("Done:")).to_have_count(done)
        expect(page.locator("#next-cta")).to_have_text("Next lesson")
        expect(page.locator("#next-cta")).to_be_visible()
        for key in ("course-progress", "xp-pill", "next-cta"):
            expect(page.locator(f"[id={key}]")).to_have_count(1)

    shows(0, 0)
    press(True)
    shows(1, xp)
    press(False)
    shows(0, xp)
    press(True)
    shows(1, xp)
    assert page.url == address
    assert not script or page.evaluate("window.stays"), "the page was loaded anew"
    assert XPTransaction.objects.count() == LessonProgress.objects.count() == 1

    page.locator("#next-cta").click()
    expect(page).to_have_url(re.compile("/lessons/lesson-2/$"))
    shows_xp = page.locator("#xp-pill")
    expect(shows_xp).to_contain_text(f"{xp} XP")
    assert Standing.objects.get(user__email="eve@example.org").total_xp == xp


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_course_ends_with_everything_told(
    two_courses: None, open_page: Any, script: bool
) -> None:
    page = open_page(script=script)
    sign_up(page)
    page.goto("/classroom/courses/git-for-one/lessons/lesson-1/")
    for number in (1, 2, 3):
        arrive(page, f"/lesson-{number}/")
        page.get_by_role("button", name="Lesson complete").click()
        expect(page.get_by_role("button", name="Lesson complete", pressed=True)).to_be_visible()
        expect(page.locator("#xp-pill")).to_contain_text(f"{60 * number} XP")
        if number == 2:
            expect(page.locator("#xp-pill")).to_contain_text("level 1")
            said = page.locator("#say") if script else page.locator(".messages")
            expect(said).to_contain_text("You reached level 1.")
        if number < 3:
            page.locator("#next-cta").click()
    expect(page.locator("#course-progress")).to_contain_text("3 of 3 lessons (100%)")
    page.goto("/classroom/courses/git-for-one/")
    expect(page.get_by_role("main")).to_contain_text("Complete since")
    page.goto("/progress/history/")
    expect(page.get_by_role("main")).to_contain_text("180 XP, level 1, 220 XP to level 2")


def test_signing_in_leads_back_to_where_one_was_going(open_page: Any, ada: Any) -> None:
    page = open_page()
    page.goto("/progress/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/progress/$"))
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("Email")).to_have_value("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/progress/$"))
