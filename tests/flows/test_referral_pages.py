"""The page of one's own link, and what staff see of points, in a real browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from accounts.models import User
from gamification.models import Multiplier, Referral, Season
from tests.assessments.code_builders import make_lesson_for
from tests.conftest import make_course, make_person
from tests.flows.looking import Looker
from tests.flows.school import LONG_TITLE
from tests.gamification.board_people import pay_lesson
from tests.gamification.referral_people import qualified

LONG_NAME = "Wilhelmina Charlotte van den Bergh-Oosterhuis the Younger of Amersfoort"
ROOM = "/studio/gamification/"
SECTIONS = ["", "multipliers/", "seasons/", "challenges/", "referrals/", "people/", "uncounted/"]


@pytest.fixture
def root(transactional_db: Any, settings: Any) -> User:
    settings.DEMO_SCHOOL = True
    return make_person("root@example.org", LONG_NAME, role=User.Role.ADMIN, is_superuser=True)


def test_ones_own_link_is_copied_and_the_page_is_sound(root: User, open_page: Any) -> None:
    looker = Looker(open_page(root))
    page = looker.page
    looker.visit("/referrals/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_role("textbox", name="Link").input_value()
    qualified(root, "Zoe")
    looker.visit("/referrals/")
    assert not looker.problems


def test_what_staff_see_of_points_is_sound(root: User, open_page: Any) -> None:
    looker = Looker(open_page(root))
    for section in SECTIONS:
        looker.visit(f"{ROOM}{section}")
    course = make_course("long", LONG_TITLE)
    make_lesson_for(course.modules.order_by("position")[0], "task", position=50, title=LONG_TITLE)
    ada = make_person("ada@example.org", LONG_NAME)
    qualified(ada, "Zoe")
    Referral.objects.update(flags=["network", "burst", "disposable", "idle"])
    entry = pay_lesson(ada, 900)
    begins = now() + timedelta(days=9)
    span = {"title": LONG_TITLE[:80], "starts_at": begins, "ends_at": begins + timedelta(days=9)}
    Multiplier.objects.create(factor="1.25", made_by=root, course=course, **span)
    Season.objects.create(slug="long", theme="Long days", **span)
    rows = ["multipliers/new/", "seasons/long/"]
    rows += [f"challenges/new/?course={course.slug}", f"people/{ada.pk}/"]
    for section in ["", "multipliers/", "seasons/", "referrals/", *rows]:
        looker.visit(f"{ROOM}{section}")
    looker.visit(f"{ROOM}people/")
    looker.page.get_by_role("textbox", name="Email").fill("nobody@example.org")
    looker.page.get_by_role("button", name="Find the person").click()
    expect(looker.page.get_by_role("heading", name="There is a problem")).to_be_visible()
    looker.look("nobody is found")
    looker.visit(f"{ROOM}entries/{entry.pk}/reversal/")
    assert not looker.problems, "\n".join(dict.fromkeys(looker.problems))
