"""The editors on a phone: what opens stays on the screen, and little stands over the form."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from assessments.models import Assignment, Quiz
from courses.models import Module
from studio.outline import add_lesson, new_course
from tests.conftest import make_person
from tests.flows.conftest import NARROW, PHONE


@pytest.fixture
def staff(transactional_db: Any, settings: Any) -> User:
    settings.DEMO_SCHOOL = True
    return make_person("root@example.org", "Root", role=User.Role.ADMIN, is_superuser=True)


@pytest.fixture
def module(staff: User) -> Module:
    course = new_course({"title": "Loops for all", "summary": "Learn loops."})
    first: Module = course.modules.get()
    add_lesson(first, "Boil", "ARTICLE")
    return first


@pytest.fixture
def page(open_page: Any, staff: User) -> Page:
    opened: Page = open_page(staff)
    return opened


def box(one: Locator) -> Any:
    return one.bounding_box()


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
def test_a_menu_of_the_outline_opens_inside_the_page(
    page: Page, module: Module, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/studio/courses/{module.course.slug}/")
    for name in ("More: Boil", f"More: {module}"):
        page.locator("summary", has_text=name).click()
        menu = page.locator("details.menu[open] > ul")
        expect(menu).to_be_visible()
        assert box(menu)["x"] >= 0
        assert box(menu)["x"] + box(menu)["width"] <= size[0]


def test_both_ways_to_save_share_a_row(page: Page, module: Module) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    quiz = Quiz.objects.get(lesson=add_lesson(module, "Check", "QUIZ"))
    task = Assignment.objects.get(lesson=add_lesson(module, "Write", "ASSIGNMENT"))
    for address, name in (
        (f"/studio/quizzes/{quiz.pk}/questions/new/?kind=SINGLE", "Save the question"),
        (f"/studio/assignments/{task.pk}/cases/new/", "Save the case"),
    ):
        page.goto(address)
        one = box(page.get_by_role("button", name=name, exact=True))
        other = box(page.get_by_role("button", name="Save and write the next", exact=True))
        assert one["y"] == other["y"]
        assert box(page.locator(".save-bar"))["height"] < 80
