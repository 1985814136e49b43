"""The editors of the studio in a real browser: by keys alone, without script, looked at whole."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.models import Question, Quiz
from courses.models import Asset, Course, Lesson, ProgrammingLanguage
from enrollments.models import Enrollment
from studio.outline import add_lesson, add_module, new_course
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import add_case, make_assignment
from tests.conftest import make_course, make_person
from tests.flows.looking import Looker
from tests.flows.school import EVERYTHING, LONG_TITLE, PIXEL

TITLES = "Loops for everybody"
TEXT = "A loop **repeats**.\n\n```python\nfor n in range(3):\n    print(n)\n```\n"


@pytest.fixture
def staff(transactional_db: Any, settings: Any) -> User:
    settings.DEMO_SCHOOL = True
    ProgrammingLanguage.objects.create(name="Python", slug="python")
    return make_person("root@example.org", "Root", role=User.Role.ADMIN, is_superuser=True)


@pytest.fixture
def looker(open_page: Any, staff: User) -> Iterator[Looker]:
    found = Looker(open_page(staff))
    yield found
    assert not found.problems, "\n" + "\n".join(dict.fromkeys(found.problems))


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
            path = Path(folder) / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
    if before:
        page.set_viewport_size(before)


def see(looker: Looker, address: str, name: str, status: int = 200) -> None:
    looker.visit(address, status)
    keep(looker.page, name)


def see_open(looker: Looker, name: str) -> None:
    looker.look(name)
    keep(looker.page, name)


def tab(page: Page, name: str | re.Pattern[str], role: Any = None, *, most: int = 60) -> None:
    """Press Tab until that field, link or button has the focus."""
    wanted = page.get_by_role(role, name=name) if role else page.get_by_label(name)
    for _ in range(most):
        page.keyboard.press("Tab")
        if any(one.evaluate("node => node === document.activeElement") for one in wanted.all()):
            return
    raise AssertionError(f"{name!r} is more than {most} Tabs away")


def press(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    tab(page, name, role)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab(page, label)
    page.keyboard.insert_text(text)


def choose(page: Page, label: str, value: str) -> None:
    """In a list of choices, typing goes to the one that begins so."""
    tab(page, label)
    page.keyboard.type(value)


def make_and_fill(page: Page, wait: Callable[[str], None]) -> None:
    """From an empty form to a draft with a lesson and a quiz, by keys."""
    write(page, "Title", TITLES)
    write(page, "Summary", "Say it once, do it often.")
    press(page, "Make the course")
    wait(r"/courses/loops-for-everybody/$")
    write(page, "Title of the new lesson", "Counting up")
    press(page, "Add and write it")
    wait(r"/lessons/[\w-]+/$")
    write(page, "Text", TEXT)
    press(page, "Save the lesson")
    expect(page.locator(".messages")).to_have_text("The lesson is saved.")
    press(page, "Back to the outline", "link")
    wait(r"#lesson-[\w-]+$")
    open_adding(page)
    write(page, "Title of the new lesson", "Check yourself")
    choose(page, "Kind", "Quiz")
    press(page, "Add and write it")
    wait(r"/quizzes/[\w-]+/edit/$")
    press(page, "Single choice", "link")
    wait(r"kind=SINGLE$")
    write(page, "Question", "What does a loop do?")
    for place, text in enumerate(("It repeats", "It stops", "It sleeps")):
        if not place:
            tab(page, "Correct")
            page.keyboard.press("Space")
        write(page, "Text", text)
    press(page, "Save the question")
    wait(r"/edit/#question-[\w-]+$")


def open_adding(page: Page) -> None:
    """The row of adding is a summary, which has no role to be asked for."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.includes('Add a lesson')"):
            return page.keyboard.press("Enter")
    raise AssertionError("No way to add a lesson")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_new_author_publishes_a_course_by_keys_alone(
    open_page: Any, staff: User, script: bool
) -> None:
    page: Page = open_page(staff, script=script)

    def wait(pattern: str) -> None:
        expect(page).to_have_url(re.compile(pattern))
        page.wait_for_load_state()

    page.goto("/studio/")
    tabs = page.get_by_role("navigation", name="Studio")
    tabs.get_by_role("link", name="Courses").focus()
    page.keyboard.press("Enter")
    wait(r"/studio/courses/$")
    press(page, "New course", "link")
    wait(r"/courses/new/$")
    make_and_fill(page, wait)
    press(page, TITLES, "link")
    wait(r"/courses/loops-for-everybody/")
    press(page, "Ready to publish?")
    wait(r"/do/publish/$")
    expect(page.get_by_text("Nothing: learners can begin and finish it.")).to_be_visible()
    press(page, "Publish the course")
    wait(r"/courses/loops-for-everybody/$")
    course = Course.objects.get()
    assert course.is_published
    assert list(course.lessons.live().in_outline_order().values_list("title", flat=True)) == [
        "Counting up",
        "Check yourself",
    ]
    assert Question.objects.get().options.count() == 3


def test_a_moved_lesson_keeps_the_focus_and_is_announced(open_page: Any, staff: User) -> None:
    course = new_course({"title": "Loops"})
    lessons = [add_lesson(course.modules.get(), f"L{n}", "ARTICLE") for n in range(1, 4)]
    Lesson.objects.update(content="Some words.")
    page: Page = open_page(staff)
    page.goto(f"/studio/courses/{course.slug}/")
    page.get_by_role("button", name="Move down: L1").focus()
    for place in (2, 3):
        page.keyboard.press("Enter")
        said = f"Moved: L1 is lesson {place} of 3 in First steps."
        expect(page.locator("#say")).to_have_text(said)
        expect(page.locator(f"#down-{lessons[0].pk}")).to_be_focused()
    expect(page.locator(".lines .title")).to_have_text(["L2", "L3", "L1"])
    page.locator(f"#more-{lessons[0].pk}").press("Enter")
    page.get_by_role("button", name="Publish", exact=True).press("Enter")
    expect(page.locator("#say")).to_have_text("Published: L1.")
    expect(page.locator(f"#more-{lessons[0].pk}")).to_be_focused()
    page.locator(f"#more-{lessons[0].pk}").press("Enter")
    page.get_by_role("button", name="Archive", exact=True).last.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_text("Back as it was: L1.")
    assert Lesson.objects.get(title="L1").status == "PUBLISHED"
    assert Lesson.objects.filter(deleted_at=None).count() == 3


def test_the_preview_follows_what_is_typed(open_page: Any, staff: User) -> None:
    lesson = add_lesson(new_course({"title": "Loops"}).modules.get(), "First", "ARTICLE")
    page: Page = open_page(staff)
    page.goto(f"/studio/lessons/{lesson.pk}/")
    page.get_by_label("Text", exact=True).press_sequentially("Some **strong** words", delay=5)
    expect(page.locator("#preview strong")).to_have_text("strong")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    assert not Lesson.objects.get().content


def test_a_file_is_added_while_one_writes_and_nothing_typed_is_lost(
    open_page: Any, staff: User, tmp_path: Path
) -> None:
    lesson = add_lesson(new_course({"title": "Loops"}).modules.get(), "First", "ARTICLE")
    (tmp_path / "a square.png").write_bytes(PIXEL)
    page: Page = open_page(staff)
    page.goto(f"/studio/lessons/{lesson.pk}/")
    page.get_by_label("Text", exact=True).fill("Not saved yet.")
    page.get_by_text("Files of the course").click()
    page.get_by_label("A file to add").set_input_files(tmp_path / "a square.png")
    page.get_by_role("button", name="Add it to the course").click()
    expect(page.get_by_text("Added: a-square.png.")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Not saved yet.")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_options_come_and_go_and_what_was_typed_stays(
    open_page: Any, staff: User, script: bool
) -> None:
    lesson = add_lesson(new_course({"title": "Loops"}).modules.get(), "Check", "QUIZ")
    quiz = Quiz.objects.get(lesson=lesson)
    page: Page = open_page(staff, script=script)
    page.goto(f"/studio/quizzes/{quiz.pk}/questions/new/?kind=MULTI")
    page.get_by_label("Question", exact=True).fill("Which are even?")
    for place, text in enumerate("123"):
        page.get_by_label("Text", exact=True).nth(place).fill(text)
    page.get_by_role("button", name="Add an option").click()
    expect(page.get_by_label("Text", exact=True)).to_have_count(4)
    page.get_by_label("Text", exact=True).nth(3).fill("4")
    page.get_by_role("button", name="Take out: option 1").click()
    expect(page.get_by_label("Text", exact=True)).to_have_count(3)
    page.get_by_label("Correct").nth(0).check()
    page.get_by_label("Correct").nth(2).check()
    page.get_by_role("button", name="Save the question").click()
    expect(page.locator(".messages")).to_have_text("The question is saved.")
    rows = Question.objects.get().options.order_by("position")
    assert list(rows.values_list("text", "is_correct")) == [("2", True), ("3", False), ("4", True)]


class TestWhatTheyLookLike:
    def test_new_courses(self, looker: Looker) -> None:
        see(looker, "/studio/courses/new/", "new")
        looker.page.get_by_role("button", name="Make the course").click()
        expect(looker.page.get_by_role("heading", name="There is a problem")).to_be_visible()
        see_open(looker, "new-error")
        course = new_course({"title": "An empty course"})
        see(looker, f"/studio/courses/{course.slug}/", "course-empty")
        see(looker, f"/studio/courses/{course.slug}/do/publish/", "publish-empty")

    def test_a_course_with_everything(self, looker: Looker) -> None:
        course = full_course()
        address = f"/studio/courses/{course.slug}/"
        see(looker, address, "course")
        page = looker.page
        page.locator(".menu > summary[id^=more]").nth(2).click()
        see_open(looker, "course-menu")
        page.goto(address)
        page.get_by_text("Facts: summary").click()
        see_open(looker, "course-facts")
        gone = course.lessons.filter(deleted_at=None).first()
        assert gone is not None
        page.goto(address)
        page.locator(f"#more-{gone.pk}").click()
        page.locator(f"#lesson-{gone.pk}").get_by_role("button", name="Archive").click()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        see_open(looker, "course-undo")
        see(looker, f"{address}do/publish/", "publish")
        lesson = course.lessons.filter(deleted_at=None).first()
        assert lesson is not None
        see(looker, f"/studio/lessons/{lesson.pk}/move/", "move")
        module = course.modules.first()
        assert module is not None
        see(looker, f"/studio/modules/{module.pk}/", "module")

    def test_sixty_lessons(self, looker: Looker) -> None:
        see(looker, f"/studio/courses/{make_course('many', 'Many', lessons=60).slug}/", "sixty")

    def test_asking_first(self, looker: Looker) -> None:
        course = make_course("python-basics", "Python from zero")
        ada = make_person("ada@example.org", "Ada")
        Enrollment.objects.create(user=ada, course=course)
        lesson = course.lessons.first()
        assert lesson is not None
        see(looker, f"/studio/courses/{course.slug}/", "course-published")
        see(looker, f"/studio/lessons/{lesson.pk}/do/relax/", "sure")
        see(looker, f"/studio/courses/{course.slug}/do/unpublish/", "sure-course")

    def test_lessons(self, looker: Looker) -> None:
        course = full_course()
        page = looker.page
        for kind in ("ARTICLE", "VIDEO", "INTERACTIVE", "QUIZ"):
            lesson = course.lessons.filter(deleted_at=None, kind=kind).first()
            assert lesson is not None
            see(looker, f"/studio/lessons/{lesson.pk}/", f"lesson-{kind.lower()}")
            page.get_by_text("Files of the course").click()
            page.get_by_text("Facts: summary").click()
            see_open(looker, f"lesson-{kind.lower()}-open")
        page.get_by_label("Title", exact=True).fill("")
        page.get_by_role("button", name="Save the lesson").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        see_open(looker, "lesson-error")

    def test_a_conflict(self, looker: Looker) -> None:
        lesson = add_lesson(new_course({"title": "Loops"}).modules.get(), "First", "ARTICLE")
        page = looker.page
        page.goto(f"/studio/lessons/{lesson.pk}/")
        Lesson.objects.filter(pk=lesson.pk).update(content="Theirs.\n\nIn two lines.")
        page.get_by_label("Text", exact=True).fill(EVERYTHING)
        page.get_by_role("button", name="Save the lesson").click()
        expect(page.get_by_role("heading", name="Somebody changed this")).to_be_visible()
        see_open(looker, "conflict")

    def test_quizzes(self, looker: Looker) -> None:
        course = full_course()
        page = looker.page
        empty = Quiz.objects.get(lesson=add_lesson(course.modules.all()[0], "Empty", "QUIZ"))
        see(looker, f"/studio/quizzes/{empty.pk}/edit/", "quiz-empty")
        quiz = Quiz.objects.exclude(pk=empty.pk).get()
        see(looker, f"/studio/quizzes/{quiz.pk}/edit/", "quiz")
        page.get_by_text("Rules: passing").click()
        see_open(looker, "quiz-rules")
        see(looker, f"/studio/quizzes/{quiz.pk}/preview/", "quiz-preview")
        for question in quiz.questions.all():
            name = f"question-{question.kind.lower()}"
            see(looker, f"/studio/questions/{question.pk}/", name)
        see(looker, f"/studio/quizzes/{quiz.pk}/questions/new/?kind=SINGLE", "question-new")
        page.get_by_role("button", name="Save the question").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        see_open(looker, "question-error")

    def test_assignments(self, looker: Looker) -> None:
        course = full_course()
        made = make_assignment(course.modules.all()[0], "adding")
        case = add_case(made, "long", args=["long" * 40, 1], expected=["x"], hint="Think.")
        empty = add_lesson(course.modules.all()[0], "Empty task", "ASSIGNMENT")
        see(looker, f"/studio/assignments/{made.pk}/edit/", "assignment")
        see(looker, f"/studio/assignments/{empty.assignment.pk}/edit/", "assignment-empty")
        see(looker, f"/studio/cases/{case.pk}/", "case")
        see(looker, f"/studio/assignments/{empty.assignment.pk}/cases/new/", "case-new")
        looker.page.get_by_role("button", name="Save the case").click()
        expect(looker.page.get_by_role("heading", name="There is a problem")).to_be_visible()
        see_open(looker, "case-error")


def full_course() -> Course:
    """Long names, every kind of lesson, files, something archived."""
    course = new_course({"title": LONG_TITLE, "summary": "It has everything, and more of it."})
    first = course.modules.get()
    second = add_module(course, LONG_TITLE)
    for path in ("square.png", "clip.webm", "captions.vtt", f"{'long-name-' * 9}.pdf"):
        Asset.objects.create(
            course=course, path=path, sha256="0" * 64, size=len(PIXEL),
            file=ContentFile(PIXEL, "square.png"),
        )  # fmt: skip
    article = add_lesson(first, "What a loop is", "ARTICLE")
    Lesson.objects.filter(pk=article.pk).update(content=EVERYTHING, status="PUBLISHED")
    for kind in ("VIDEO", "INTERACTIVE", "CODE_EXAMPLE"):
        add_lesson(first, LONG_TITLE, kind)
    make_quiz(second, "check", lesson={"title": "Check yourself"})
    archived = add_lesson(second, "Of another time", "ARTICLE")
    Lesson.objects.filter(pk=archived.pk).update(deleted_at=archived.updated_at)
    return course
