"""The insight pages of a course in a browser: nothing that a machine can find is wrong."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from courses.models import Course
from progress import attention
from progress.models import AttentionMark
from studio.insights.counting import count_course
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import add_case, make_assignment
from tests.assessments.crowd import by_skill
from tests.conftest import make_course, make_person
from tests.flows.looking import Looker
from tests.studio.insights.conftest import make_learners, opened, where_people_stop
from tests.studio.insights.test_work_pages import stuck_in, took

PAGE = "/studio/courses/python-basics/insights/"


@pytest.fixture
def root(transactional_db: Any, settings: Any) -> Any:
    settings.DEMO_SCHOOL = True
    return make_person("root@example.org", "Root", role="ADMIN", is_superuser=True)


@pytest.fixture
def running(root: Any) -> Course:
    """A course with sixty learners of forty days ago, one of whom was written to."""
    course = make_course("python-basics", "Python from zero")
    lessons = list(course.lessons.in_outline_order())
    users = where_people_stop(course, lessons, now=now())
    make_learners(course, 3, 5, now=now(), start=100)
    for user in make_learners(course, 2, 30, now=now(), start=200):
        opened(user, lessons[0], now() - timedelta(days=1))
    attention.set_aside(users[0], course, AttentionMark.Kind.CONTACTED, by=root)
    return course


def test_the_students_of_a_course(running: Course, root: Any, open_page: Any) -> None:
    looker = Looker(open_page(root))
    for query in ("", "?show=everybody&page=2", "?show=aside", "?from=2001-01-01&to=2001-01-02"):
        looker.visit(f"{PAGE}students/{query}")
        expect(looker.page.get_by_role("heading", level=1)).to_contain_text("goes")
    assert not looker.problems, "\n" + "\n".join(dict.fromkeys(looker.problems))


@pytest.fixture
def at_work(root: Any) -> Course:
    """A course in whose assignment twenty of forty fail; all of them have taken its quiz."""
    course = make_course("python-basics", "Python from zero")
    module = course.modules.first()
    assert module
    task, quiz = make_assignment(module, function=""), make_quiz(module)
    make_assignment(module, "untried", function="")
    make_quiz(module, "untaken")
    for name in ("Empty list", "One item", "Many items with a name that goes on and on and on"):
        add_case(task, name, name=name)
    users = stuck_in(task, course, now=now())
    took(quiz, users, by_skill(Random(1)))
    count_course(course, now())
    return course


def test_assignments_and_quizzes_of_a_course(at_work: Course, root: Any, open_page: Any) -> None:
    looker = Looker(open_page(root))
    for path in ("", "lessons/", "assignments/", "quizzes/", "quizzes/?from=2001-01-01&horizon=0"):
        looker.visit(f"{PAGE}{path}")
        expect(looker.page.get_by_role("heading", level=1)).to_contain_text("goes")
    assert not looker.problems, "\n" + "\n".join(dict.fromkeys(looker.problems))


def test_from_right_to_left_bars_begin_at_the_right_and_words_stay_readable(
    at_work: Course, root: Any, open_page: Any
) -> None:
    page = open_page(root)
    page.goto(f"{PAGE}assignments/")
    edges = """() => { const box = (css) => document.querySelector(css).getBoundingClientRect();
      const [figure, bar, name] = [".figure", ".figure .bar", ".figure .name bdi"].map(box);
      return [figure.left - bar.left, bar.right - figure.right, name.right - figure.right]
        .map(Math.round); }"""
    left, right, _ = page.evaluate(edges)
    assert left == 0
    assert right < 0
    page.evaluate("document.documentElement.dir = 'rtl'")
    left, right, name = page.evaluate(edges)
    assert left < 0
    assert (right, name) == (0, 0)


def test_from_where_people_stop_two_presses_lead_to_the_reason(
    at_work: Course, root: Any, open_page: Any
) -> None:
    page = open_page(root)
    page.goto(PAGE)
    page.get_by_role("link", name="Where they fail in this assignment").click()
    expect(page.get_by_role("heading", name="Where people fail, and why")).to_be_visible()
    expect(page.get_by_text("“One item” stops most").first).to_be_visible()
    page.get_by_role("link", name="Quizzes").last.click()
    expect(page.get_by_role("heading", name="How first attempts go")).to_be_visible()
    assert page.url.endswith("insights/quizzes/")


def test_lists_and_filters_swap_the_panel(running: Course, root: Any, open_page: Any) -> None:
    page = open_page(root)
    page.goto(f"{PAGE}students/")
    page.get_by_role("link", name="Set aside (1)").click()
    expect(page.get_by_role("rowheader", name="Learner 0")).to_be_visible()
    assert page.url.endswith("students/?show=aside")
    page.get_by_role("button", name="Bring back Learner 0").click()
    expect(page.locator("#main").get_by_text("is in the list again")).to_be_visible()
    expect(page.get_by_text("Nobody is set aside.")).to_be_visible()
