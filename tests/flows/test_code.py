"""An assignment up to its complete lesson: with script, without, by keys, on a phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments import analysing
from assessments.models import Assignment, Draft, Review, Submission
from assessments.reviewing.help_requests import ask_for_help
from assessments.runs import run_program
from courses.actions import save_rendered
from courses.models import Lesson
from progress.models import LessonProgress
from tests.assessments.code_builders import (
    RIGHT,
    STARTER,
    WRONG,
    add_case,
    make_assignment,
    make_program,
)
from tests.assessments.review_builders import decide
from tests.classroom.code_pages import judged
from tests.classroom.feedback_rows import say
from tests.flows.coding import code_field, is_saved, is_waiting, judge_all, press, write
from tests.flows.conftest import DESKTOP, PHONE, arrive
from tests.flows.looking import Looker
from tests.flows.test_keyboard import tab_to

BROKEN = "def add(a, b):\n    return totl\n"


@pytest.fixture
def assignment(lessons: list[Lesson]) -> Assignment:
    assignment = make_assignment(lessons[0].module)
    assignment.lesson.position = 2  # another lesson follows
    assignment.lesson.save()
    return assignment


def is_complete(user: User, assignment: Assignment) -> bool:
    return LessonProgress.objects.filter(user=user, lesson=assignment.lesson).exists()


def test_write_run_fail_mend_submit_pass(open_page: Any, ada: User, assignment: Assignment) -> None:
    page: Page = open_page(ada)
    page.goto(assignment.lesson.get_absolute_url())
    write(page, BROKEN)
    is_saved(page)
    assert Draft.objects.get().source == BROKEN
    press(page, "Run tests")
    is_waiting(page)
    expect(page.locator("#say")).to_have_text("Running your tests.")
    judge_all()
    result = page.locator("#result")
    expect(result).to_contain_text("0 of 2 sample tests pass.")
    expect(page.locator("#say")).to_have_text(
        "Run finished. 0 of 2 sample tests pass. First failing test: adds small."
    )
    result.get_by_role("link", name="Go to line 2").first.click()
    expect(code_field(page)).to_be_focused()
    arrive(page, "/lessons/adding/")
    write(page, WRONG)
    press(page, "Submit for grading")
    is_waiting(page)
    judge_all()
    expect(result.locator("mark").first).to_have_text("-1")
    expect(result).to_contain_text("Fails: adds large")
    expect(page.locator("#history")).to_contain_text("20%")
    expect(page.locator("#assignment-title")).to_have_text("Best so far: 20%")
    expect(result.locator(".verdict")).to_be_in_viewport()
    write(page, RIGHT)
    press(page, "Submit for grading")
    is_waiting(page)
    judge_all()
    expect(result).to_contain_text("All 4 tests pass.")
    expect(page.locator("#say")).to_have_text(
        "All 4 tests pass. Assignment complete. You earned 30 XP."
    )
    expect(page.locator("#xp-pill")).to_contain_text("30 XP")
    expect(page.locator(f"#toggle-{assignment.lesson.pk}")).to_have_text(re.compile("Passed"))
    expect(page.locator(f"#ol-{assignment.lesson.pk}")).to_contain_text("Done:")
    expect(page.locator("#next-cta")).to_have_class(re.compile("primary"))
    expect(page.locator("#history li")).to_have_count(2)
    expect(page.locator("#assignment-title")).to_have_text("Passed with 100%")
    assert is_complete(ada, assignment)
    page.locator("#next-cta").click()
    page.wait_for_url("**/lessons/lesson-*/")


def test_the_same_without_script(open_page: Any, ada: User, assignment: Assignment) -> None:
    page: Page = open_page(ada, script=False)
    page.goto(assignment.get_absolute_url())
    code_field(page).fill(WRONG)
    press(page, "Run tests")
    expect(page.get_by_role("heading", level=1)).to_have_text("A run, not graded")
    judge_all()
    page.get_by_role("link", name="Check again").click()
    expect(page.locator(".verdict")).to_contain_text("1 of 2 sample tests passes.")
    press(page, "Edit this code")
    expect(code_field(page)).to_have_value(WRONG)
    code_field(page).fill(RIGHT)
    press(page, "Save draft")
    expect(page.locator(".messages")).to_contain_text("Draft saved.")
    press(page, "Reset code")
    expect(code_field(page)).to_have_value(STARTER)
    press(page, "Undo: bring my code back")
    expect(code_field(page)).to_have_value(RIGHT)
    press(page, "Submit for grading")
    judge_all()
    page.get_by_role("link", name="Check again").click()
    expect(page.locator(".verdict")).to_contain_text("All 4 tests pass.")
    page.get_by_role("link", name="Next lesson").click()
    page.wait_for_url("**/lessons/lesson-*/")
    assert is_complete(ada, assignment)


def test_the_same_by_keys_alone(open_page: Any, ada: User, assignment: Assignment) -> None:
    page: Page = open_page(ada)
    page.goto(assignment.lesson.get_absolute_url())
    expect(page.locator(".cm-content")).to_be_visible()
    code_field(page).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.type("def add(a, b):\nreturn a - b")
    page.keyboard.press("Control+Enter")
    is_waiting(page)
    expect(code_field(page)).to_be_focused()
    judge_all()
    expect(page.locator("#result mark").first).to_be_visible()
    expect(code_field(page)).to_be_focused()  # a status moves no focus
    page.keyboard.press("F8")
    expect(page.locator("#result summary").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#result .case details[open]")).to_have_count(0)
    page.keyboard.press("F8")
    expect(page.locator("#result .case details[open]")).to_have_count(1)
    code_field(page).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("def add(a, b):\nreturn a + b")  # over what is coloured
    page.keyboard.press("Control+Shift+Enter")
    is_waiting(page)
    judge_all()
    expect(page.locator("#result")).to_contain_text("All 4 tests pass.")
    page.locator("#main").focus()
    tab_to(page, "Submit for grading", most=30)
    page.locator("#main").focus()
    page.keyboard.press("n")
    page.wait_for_url("**/lessons/lesson-*/")


def test_a_key_leads_from_one_failing_test_to_the_next(
    open_page: Any, ada: User, assignment: Assignment
) -> None:
    page: Page = open_page(ada)
    page.goto(assignment.lesson.get_absolute_url())
    write(page, BROKEN)
    press(page, "Submit for grading")
    is_waiting(page)
    judge_all()
    heads = page.locator("#result .case").locator("> details > summary, > p")
    expect(heads).to_have_count(4)
    code_field(page).focus()
    for number in (0, 1, 2, 3, 0):  # the last has nothing to open
        page.keyboard.press("F8")
        expect(heads.nth(number)).to_be_focused()
    page.locator("#result details details summary").first.focus()  # inside of the first
    page.keyboard.press("F8")
    expect(heads.nth(1)).to_be_focused()


def test_a_page_to_write_on_comes_in_fourteen_requests_at_most(
    open_page: Any, watch: Any, ada: User, assignment: Assignment
) -> None:
    for address in (assignment.lesson.get_absolute_url(), assignment.get_absolute_url()):
        watch.requests.clear()
        open_page(ada).goto(address, wait_until="networkidle")
        fetched = [x.url for x in watch.requests if not x.url.startswith("data:")]
        assert len(fetched) == len(set(fetched)) <= 14


def test_on_a_phone(open_page: Any, ada: User, assignment: Assignment) -> None:
    page: Page = open_page(ada, size=PHONE)
    page.goto(assignment.lesson.get_absolute_url())
    code_field(page).fill(WRONG)
    button = page.get_by_role("button", name="Run tests")
    expect(button).to_be_in_viewport()  # the bar stays where the thumb is
    order = [page.locator(x).bounding_box() for x in (".samples", ".editor", "#result", "#history")]
    tops = [box["y"] for box in order if box]
    assert tops == sorted(tops)
    assert len(tops) == 4
    button.tap()
    is_waiting(page)
    judge_all()
    expect(page.locator("#result mark").first).to_be_visible()
    bars = page.locator(".lesson-bar").evaluate("(bar) => getComputedStyle(bar).position")
    assert bars == "static"


def test_reset_and_its_undo(open_page: Any, ada: User, assignment: Assignment) -> None:
    page: Page = open_page(ada)
    page.goto(assignment.get_absolute_url())
    write(page, RIGHT)
    press(page, "Reset code")
    expect(page.locator("#source")).to_have_value(STARTER)
    expect(page.locator("#desk [data-focus]")).to_be_focused()
    press(page, "Undo: bring my code back")
    expect(page.locator("#source")).to_have_value(RIGHT)
    page.reload()
    expect(page.locator("#source")).to_have_value(RIGHT)


@pytest.mark.parametrize("keeps", [True, False])
def test_two_windows(open_page: Any, ada: User, assignment: Assignment, keeps: bool) -> None:
    page: Page = open_page(ada)
    page.goto(assignment.get_absolute_url())
    other = page.context.new_page()
    other.goto(assignment.get_absolute_url())
    write(other, "# theirs\n")
    is_saved(other)
    write(page, "# mine\n")
    conflict = page.locator("#conflict")
    expect(conflict).to_contain_text("# theirs")
    expect(page.locator("#save-state")).to_contain_text("Not saved")
    if keeps:
        press(page, "Keep mine")
    else:
        page.get_by_role("link", name="Take theirs").click()
    expect(conflict).to_be_hidden()
    wanted = "# mine\n" if keeps else "# theirs\n"
    expect(page.locator("#source")).to_have_value(wanted)
    assert Draft.objects.get().source == wanted
    write(page, f"{wanted}# on\n")
    is_saved(page)


def test_a_newer_run_is_not_replaced_by_an_older(
    open_page: Any, ada: User, assignment: Assignment
) -> None:
    page: Page = open_page(ada)
    page.goto(assignment.get_absolute_url())
    write(page, WRONG)
    press(page, "Run tests")
    is_waiting(page)
    first = Submission.objects.get()
    write(page, RIGHT)
    press(page, "Run tests")
    expect(page.locator("#newest")).not_to_have_value(str(first.pk))
    judge_all()
    expect(page.locator("#result")).to_contain_text("All 2 sample tests pass.")
    page.wait_for_timeout(1500)
    expect(page.locator("#result")).to_contain_text("All 2 sample tests pass.")


def test_own_input_and_an_example_in_a_text(
    open_page: Any, ada: User, lessons: list[Lesson]
) -> None:
    page: Page = open_page(ada)
    program = make_program(lessons[0].module)
    page.goto(program.get_absolute_url())
    write(page, "print(input() * 2)")
    page.get_by_text("Run with your own input").click()
    page.get_by_label("What the program reads").fill("ab\n")
    press(page, "Run with this input")
    is_waiting(page)
    judge_all()
    expect(page.locator("#result pre")).to_have_text("abab")
    lesson = lessons[0]
    lesson.content, lesson.is_preview = "```python\nprint('hi')\n```", True
    save_rendered(lesson)
    guest: Page = open_page()
    guest.goto(lesson.get_absolute_url())
    guest.get_by_role("button", name="Run example 1").click()
    expect(guest.locator("#example-1 .running")).to_be_visible()
    judge_all()
    expect(guest.locator("#example-1 pre")).to_have_text("hi")
    expect(guest.locator("#say")).to_have_text(re.compile("Run finished. Ran to its end."))


def test_a_run_on_its_own_page_says_what_came_of_it(
    open_page: Any, ada: User, lessons: list[Lesson]
) -> None:
    program = make_program(lessons[0].module)
    looker = Looker(open_page(ada))
    run = run_program(ada, program.lesson, "python", "print(input() * 2)", "ab")
    looker.visit(run.get_absolute_url())
    result = looker.page.get_by_role("region", name="Result")
    expect(result).to_contain_text("Your code waits.")
    judge_all()
    expect(result.locator("pre")).to_have_text("abab")
    looker.look("done")
    assert looker.problems == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_machine_finds_nothing_wrong(
    open_page: Any, ada: User, grace: User, lessons: list[Lesson], size: tuple[int, int]
) -> None:
    assignment = make_assignment(lessons[0].module)
    add_case(
        assignment, "long " * 20, args=["x" * 300, list(range(90))], expected=1, is_visible=True
    )
    looker = Looker(open_page(ada, size=size), widths=(size,))
    looker.visit(assignment.lesson.get_absolute_url())
    page = looker.page
    write(page, "def add(a, b):\n    print('y' * 9000)\n    return a - b\n")
    press(page, "Run tests")
    is_waiting(page)
    looker.look("waiting")
    judge_all()
    expect(page.locator("#result .verdict")).to_be_visible()
    looker.look("failing")
    first, second = judged(ada, assignment, WRONG), judged(ada, assignment, BROKEN)
    analysing.analyse(first.pk)
    ask_for_help(ada, first, "Why is it minus?")
    say(first, "Read line 2 aloud.")
    decide(Review.objects.get(), grace)
    for address in (
        first.get_absolute_url(),
        second.get_absolute_url(),
        f"{second.get_absolute_url()}changes/",
        assignment.get_absolute_url(),
    ):
        looker.visit(address)
    assert looker.problems == []
