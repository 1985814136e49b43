"""Looking as somebody, in the browser: said on every page, by keys and without scripts."""

from typing import Any

from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Lesson
from tests.conftest import PASSWORD
from tests.flows.conftest import PHONE, arrive
from tests.flows.looking import Looker


def test_the_banner_stays_on_each_page_until_it_is_pressed_away(
    transactional_db: Any,
    open_page: Any,
    settings: Any,
    lessons: list[Lesson],
    root: User,
    ada: User,
) -> None:
    settings.DEMO_SCHOOL = True
    page: Page = open_page(root, size=PHONE)
    looker = Looker(page)
    page.goto(f"/impersonation/{ada.pk}/")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    arrive(page, f"/impersonation/{ada.pk}/")
    page.get_by_label("Why").fill("She cannot find her quiz.")
    page.keyboard.press("Enter")
    arrive(page, "/classroom/")
    banner = page.get_by_role("complementary", name="Looking as somebody")
    expect(banner).to_contain_text("You see the site as Ada.")
    looker.look("the classroom of somebody")
    page.goto(lessons[0].get_absolute_url())
    page.get_by_role("button", name="Lesson complete").click()
    notices = page.get_by_role("region", name="Notices")
    expect(notices).to_contain_text("You are only looking: nothing can be changed.")
    page.mouse.wheel(0, 5000)
    expect(banner).to_be_in_viewport()
    without_script = open_page(size=PHONE, script=False)
    without_script.context.add_cookies(page.context.cookies())
    without_script.goto("/progress/")
    without_script.get_by_role("button", name="Stop looking").click()
    expect(without_script.get_by_text("You are yourself again.")).to_be_visible()
    assert looker.problems == []
