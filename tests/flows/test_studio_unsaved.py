"""What an author has typed and not saved: nothing saves it unasked, nothing drops it unsaid."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from accounts.models import User
from assessments.models import Assignment, Quiz
from courses.models import Lesson
from sandbox.job import MAX_SOURCE
from studio.outline import add_lesson, new_course
from tests.conftest import make_person

SEE_BUTTON = """button => {
  const width = button.offsetWidth;
  new MutationObserver(() => {
    const { textContent, ariaBusy, offsetWidth } = button;
    sessionStorage.seen = `${textContent} ${ariaBusy} ${offsetWidth === width}`;
  }).observe(button, { childList: true });
}"""


@pytest.fixture
def staff(transactional_db: Any, settings: Any) -> User:
    settings.DEMO_SCHOOL = True
    return make_person("root@example.org", "Root", role=User.Role.ADMIN, is_superuser=True)


@pytest.fixture
def lesson(staff: User) -> Lesson:
    made = add_lesson(new_course({"title": "Loops"}).modules.get(), "First", "ARTICLE")
    Lesson.objects.update(content="As it stands.", status="PUBLISHED")
    return made


class Asked:
    """Counts how often the browser asked whether to leave, and stays."""

    def __init__(self, page: Page) -> None:
        self.page, self.times = page, 0
        page.on("dialog", self.stay)

    def stay(self, dialog: Dialog) -> None:
        assert dialog.type == "beforeunload"
        self.times += 1
        dialog.dismiss()

    def on(self, role: Any, name: str) -> bool:
        """Whether it asks, instead of leaving, when that link or button is pressed."""
        before, left = self.times, []

        def leave(frame: Any) -> None:
            left.append(frame.url)

        self.page.on("framenavigated", leave)
        self.page.get_by_role(role, name=name, exact=True).first.click(no_wait_after=True)
        for _ in range(300):
            if self.times > before or left:
                break
            self.page.wait_for_timeout(50)
        self.page.remove_listener("framenavigated", leave)
        return self.times > before


@pytest.fixture
def page(open_page: Any, staff: User) -> Page:
    opened: Page = open_page(staff)
    return opened


@pytest.fixture
def asked(page: Page) -> Asked:
    return Asked(page)


def text_of(page: Page) -> Any:
    return page.get_by_label("Text", exact=True)


def test_a_preview_that_failed_comes_with_the_line_and_saves_nothing(
    page: Page, lesson: Lesson, watch: Any
) -> None:
    watch.meant.append("Failed to")
    page.goto(f"/studio/lessons/{lesson.pk}/")
    page.context.set_offline(True)
    text_of(page).fill("Half a sent")
    expect(page.locator("#net")).to_be_visible()
    page.context.set_offline(False)  # tells the page, which tries by itself
    came_back(page)


def test_a_preview_that_failed_is_tried_again_and_saves_nothing(page: Page, lesson: Lesson) -> None:
    page.goto(f"/studio/lessons/{lesson.pk}/")
    page.route("**/lessons/**", lambda route: route.fulfill(status=503, body="no"), times=1)
    text_of(page).fill("Half a sent")
    page.get_by_role("button", name="Try again").click()
    came_back(page)


def came_back(page: Page) -> None:
    """The preview is there, and the lesson stands as it did."""
    expect(page.locator("#preview")).to_contain_text("Half a sent")
    expect(page.locator("#net")).to_be_hidden()
    expect(text_of(page)).to_have_value("Half a sent")
    assert Lesson.objects.get().content == "As it stands."


def test_an_option_that_could_not_be_added_saves_no_question(
    page: Page, lesson: Lesson, watch: Any
) -> None:
    watch.meant.append("Failed to")
    quiz = Quiz.objects.get(lesson=add_lesson(lesson.module, "Check", "QUIZ"))
    page.goto(f"/studio/quizzes/{quiz.pk}/questions/new/?kind=SINGLE")
    page.get_by_label("Question", exact=True).fill("So?")
    for place, word in enumerate(("Yes", "No")):
        text_of(page).nth(place).fill(word)
    page.get_by_label("Correct").first.check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Add an option").click()
    expect(page.locator("#net")).to_be_visible()
    page.context.set_offline(False)
    expect(text_of(page)).to_have_count(4)
    assert not quiz.questions.exists()


def test_leaving_is_asked_about_until_it_is_saved(page: Page, lesson: Lesson, asked: Asked) -> None:
    page.goto(f"/studio/lessons/{lesson.pk}/")
    assert not asked.on("link", "Back to the outline")
    page.wait_for_url("**/studio/courses/**")
    page.goto(f"/studio/lessons/{lesson.pk}/")
    text_of(page).fill("Typed.")
    page.get_by_label("Title", exact=True).fill("")
    assert asked.on("link", "Back to the outline")
    assert not asked.on("button", "Save the lesson")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    text_of(page).click()
    assert asked.on("link", "Back to the outline")
    page.get_by_label("Title", exact=True).fill("First")
    assert not asked.on("button", "Save the lesson")
    expect(page.locator(".messages")).to_have_text("The lesson is saved.")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_publishing_takes_what_is_typed_along(
    open_page: Any, staff: User, lesson: Lesson, script: bool
) -> None:
    Lesson.objects.update(status="DRAFT")
    page: Page = open_page(staff, script=script)
    asked = Asked(page)
    page.goto(f"/studio/lessons/{lesson.pk}/")
    text_of(page).fill("Two lines,\nboth typed.")
    assert not asked.on("button", "Publish")
    expect(page.locator(".messages")).to_contain_text("Published: First.")
    lesson.refresh_from_db()
    assert (lesson.content, lesson.status) == ("Two lines,\nboth typed.", "PUBLISHED")
    page.get_by_label("Title", exact=True).fill("Enter saves")
    page.get_by_label("Title", exact=True).press("Enter")
    expect(page.locator(".messages")).to_have_text("The lesson is saved.")
    page.goto(f"/studio/courses/{lesson.course.slug}/")
    page.get_by_text("Facts: summary").click()
    page.get_by_label("Summary", exact=True).fill("Typed.")
    assert not asked.on("button", "Ready to publish?")
    expect(page.get_by_role("heading", name="Ready to publish?")).to_be_visible()
    lesson.course.refresh_from_db()
    assert lesson.course.summary == "Typed."
    lesson.refresh_from_db()
    assert (lesson.title, lesson.status) == ("Enter saves", "PUBLISHED")


def test_a_form_that_came_back_with_another_row_is_still_unsaved(
    page: Page, lesson: Lesson, asked: Asked
) -> None:
    quiz = Quiz.objects.get(lesson=add_lesson(lesson.module, "Check", "QUIZ"))
    page.goto(f"/studio/quizzes/{quiz.pk}/questions/new/?kind=SINGLE")
    page.get_by_label("Question", exact=True).fill("So?")
    page.get_by_role("button", name="Add an option").click()
    expect(text_of(page)).to_have_count(4)
    assert asked.on("link", "Cancel")


def test_another_form_of_the_page_takes_nothing_unsaved_along(
    page: Page, lesson: Lesson, asked: Asked
) -> None:
    page.goto(f"/studio/courses/{lesson.course.slug}/")
    page.get_by_text("Facts: summary").click()
    page.get_by_label("Summary", exact=True).fill("Typed.")
    page.get_by_text("Add a module").click()
    page.get_by_label("Title of the new module").fill("Second")
    assert asked.on("button", "Add the module")
    assert lesson.course.modules.count() == 1


def test_of_two_versions_mine_is_unsaved_and_can_be_left(
    page: Page, lesson: Lesson, asked: Asked
) -> None:
    module = lesson.module
    page.goto(f"/studio/modules/{module.pk}/")
    page.get_by_label("Title", exact=True).fill("Mine")
    assert asked.on("link", "Cancel")
    type(module).objects.update(title="Theirs")
    assert not asked.on("button", "Save the module")
    expect(page.get_by_role("heading", name="Somebody changed this")).to_be_visible()
    page.get_by_role("heading", name="Somebody changed this").click()
    assert asked.on("link", "Courses")
    assert not asked.on("link", "Take what was saved")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Theirs")


def test_a_fault_leads_into_the_field_for_code(page: Page, lesson: Lesson) -> None:
    task = Assignment.objects.get(lesson=add_lesson(lesson.module, "Write", "ASSIGNMENT"))
    page.goto(f"/studio/assignments/{task.pk}/edit/")
    code = page.get_by_role("textbox", name="Reference solution")
    expect(code).to_have_class(re.compile("cm-content"))
    expect(code).to_have_attribute("aria-describedby", "id_solution_helptext")
    page.locator("#id_solution").evaluate(
        "(field, size) => { field.removeAttribute('maxlength'); field.value = 'x'.repeat(size); }",
        MAX_SOURCE + 1,
    )
    page.get_by_role("button", name="Save code and rules").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(code).to_have_class(re.compile("cm-content"))
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(code).to_have_attribute("aria-describedby", re.compile("id_solution_error"))
    page.get_by_role("link", name="Reference solution").click()
    expect(code).to_be_focused()


def test_a_slow_save_says_that_it_is_at_work(page: Page, lesson: Lesson) -> None:
    def slow(route: Route) -> None:
        time.sleep(0.8)
        route.continue_()

    page.goto(f"/studio/lessons/{lesson.pk}/")
    page.locator("#save").evaluate(SEE_BUTTON)
    page.route(f"**/lessons/{lesson.pk}/", slow, times=1)
    page.locator("#save").click()
    expect(page.locator(".messages")).to_have_text("The lesson is saved.")
    assert page.evaluate("sessionStorage.seen") == "Saving… true true"
    expect(page.locator("#save")).to_have_text("Save the lesson")
