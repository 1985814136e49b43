"""The studio's pages of assignments in a real browser: looked at whole, and seen to go on."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import User
from assessments import grading, rejudgings, runner_checks, submissions, trying
from assessments.authoring import save_assignment, try_again
from assessments.models import Assignment, Rejudging, Trial
from assessments.rejudging import judge_again
from courses.models import Course
from enrollments.models import Enrollment
from tests.assessments.code_builders import RIGHT, WRONG, add_case, make_assignment
from tests.conftest import make_course, make_person
from tests.flows.looking import Looker

LONG = "a_very_long_name_that_goes_on_and_on_" * 4


@pytest.fixture
def staff(transactional_db: Any, settings: Any) -> User:
    settings.DEMO_SCHOOL = True
    return make_person("root@example.org", "Root", role=User.Role.ADMIN, is_superuser=True)


@pytest.fixture
def looker(open_page: Any, staff: User) -> Iterator[Looker]:
    found = Looker(open_page(staff))
    yield found
    assert not found.problems, "\n" + "\n".join(dict.fromkeys(found.problems))


@pytest.fixture
def course(staff: User) -> Course:
    return make_course("python-basics", "Python from zero")


@pytest.fixture
def learner(course: Course) -> User:
    ada = make_person("ada@example.org", "Ada")
    Enrollment.objects.create(user=ada, course=course)
    return ada


@pytest.fixture
def assignment(course: Course) -> Assignment:
    made = make_assignment(course.modules.first(), "adding")
    add_case(made, "long", args=[LONG, 1], expected=[LONG], hint="Think of <long> texts.")
    return made


def hand_in(user: User, assignment: Assignment, source: str) -> Any:
    submission = submissions.submit(user, assignment, source, graded=True)
    grading.grade(submission.pk)
    return submission


def show(looker: Looker, address: str, name: str) -> None:
    """Look at a page; with SHOTS set, keep pictures of it there."""
    looker.visit(address)
    folder = os.environ.get("SHOTS")
    if not folder:
        return
    for width in (1280, 390):
        looker.page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            looker.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            path = Path(folder) / f"{name}-{width}-{scheme}.png"
            looker.page.screenshot(path=path, full_page=True)


def test_pages_of_an_empty_school(looker: Looker, course: Course) -> None:
    for name in ("assignments", "reviews", "runner"):
        show(looker, f"/studio/{name}/", f"empty-{name}")


def test_an_assignment_with_findings_and_numbers(
    looker: Looker, assignment: Assignment, learner: User, course: Course
) -> None:
    page = f"/studio/assignments/{assignment.pk}/"
    show(looker, page, "assignment-untried")
    trying.try_out(try_again(assignment).pk)
    for n in range(10):
        person = make_person(f"p{n}@example.org", f"P{n}")
        Enrollment.objects.create(user=person, course=course)
        hand_in(person, assignment, RIGHT if n % 3 else WRONG)
    show(looker, page, "assignment-failing")
    assignment.cases.filter(key="long").update(expected=None, raises="TypeError")
    trying.try_out(try_again(assignment).pk)
    show(looker, page, "assignment-tried")
    show(looker, "/studio/assignments/", "assignments")


def test_judging_again(looker: Looker, assignment: Assignment, learner: User) -> None:
    page = f"/studio/assignments/{assignment.pk}/rejudge/"
    show(looker, page, "rejudge-nothing")
    hand_in(learner, assignment, WRONG)
    hand_in(learner, assignment, RIGHT)
    cases = list(assignment.cases.in_order())
    cases[0].expected = -1
    save_assignment(assignment, cases)
    show(looker, page, "rejudge-waiting")
    judge_again(rejudgings.ask(assignment, None).pk)
    show(looker, page, "rejudge-preview")
    done = rejudgings.ask(assignment, None, preview=False, lower=True, reason="It was wrong.")
    show(looker, page, "rejudge-at-work")
    judge_again(done.pk)
    show(looker, page, "rejudge-done")


def test_the_runner(looker: Looker, staff: User) -> None:
    check = runner_checks.ask(None)
    show(looker, "/studio/runner/", "runner-waiting")
    runner_checks.attack(check.pk)
    show(looker, "/studio/runner/", "runner")


def test_a_page_shows_by_itself_what_came_of_a_trial_and_of_a_preview(
    open_page: Any, staff: User, assignment: Assignment, learner: User
) -> None:
    page = open_page(staff)
    page.goto(f"/studio/assignments/{assignment.pk}/")
    page.get_by_role("button", name="Try it out").click()
    expect(page.get_by_text("Waiting", exact=True)).to_be_visible()
    trying.try_out(Trial.objects.get().pk)
    expect(page.get_by_role("button", name="Try it out again")).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)

    hand_in(learner, assignment, WRONG)
    cases = list(assignment.cases.in_order())
    cases[0].expected = -1
    save_assignment(assignment, cases)
    page.reload()
    page.get_by_role("link", name="See what would change").click()
    page.get_by_role("button", name="Work out what would change").click()
    expect(page.get_by_text("This page shows what comes of it.")).to_be_visible()
    judge_again(Rejudging.objects.get().pk)
    expect(page.get_by_role("button", name="Judge again")).to_be_visible()
    expect(page.get_by_role("rowheader", name="ada@example.org")).to_be_visible()
