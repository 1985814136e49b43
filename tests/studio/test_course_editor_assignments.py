"""A new assignment on the authors' desk: what is preset, and what is said while it has no case."""

import pytest
from django.utils.timezone import now

from assessments.models import Assignment, Trial
from assessments.trying import try_out
from studio.outline import add_lesson, new_course
from tests.studio.authoring import sent_by
from tests.studio.test_assignment_pages import text

pytestmark = pytest.mark.django_db
SOLUTION = "def double(x):\n    return 2 * x\n"
TRIAL = "Its trial failed"


@pytest.fixture
def assignment():
    lesson = add_lesson(new_course({"title": "Loops"}).modules.get(), "Double", "ASSIGNMENT")
    return Assignment.objects.select_related("lesson__course").get(lesson=lesson)


def page(assignment):
    return f"/studio/assignments/{assignment.pk}/edit/"


def save(desk, assignment, **fields):
    sent = sent_by(desk.get(page(assignment)), "code", **fields)
    return desk.post(page(assignment), sent)


def test_how_results_are_compared_follows_what_is_run(desk, assignment):
    for function, compared in (("double", "exact"), ("", "exact")):
        assert save(desk, assignment, function=function, solution=SOLUTION).status_code == 303
        assignment.refresh_from_db()
        assert (assignment.function, assignment.compare) == (function, compared)
    save(desk, assignment, compare="tokens")
    assert save(desk, assignment, function="double", compare="value").status_code == 303
    assert save(desk, assignment, function="").status_code == 303
    assignment.refresh_from_db()
    assert assignment.compare == "tokens"


@pytest.mark.parametrize(
    ("function", "chosen", "words"),
    [
        ("double", "trim", "gives back is compared “Exactly”, “By value: 800 is 800.0, a tuple"),
        ("", "value", "prints is compared “Word by word”, “Exactly”, “Line by line"),
    ],
)
def test_what_does_not_fit_is_refused_in_the_words_of_the_menu(
    desk, assignment, function, chosen, words
):
    answer = save(desk, assignment, function=function, compare=chosen, solution=SOLUTION)
    assert answer.status_code == 422
    assert words in text(answer)
    assert "unordered," not in text(answer)


def test_without_a_case_it_says_that_and_of_no_trial(desk, assignment):
    answer = save(desk, assignment, function="double", solution=SOLUTION)
    assert answer.status_code == 303
    assert "Saved. Now add its first case." in text(desk.get(page(assignment)))
    try_out(Trial.objects.latest("created_at").pk)
    assert Trial.objects.latest("created_at").status == "FAILED"
    lesson = f"/studio/lessons/{assignment.lesson_id}/do/publish/"
    course = f"/studio/courses/{assignment.lesson.course.slug}/do/publish/"
    for answer in (
        desk.get(page(assignment)),
        desk.post(lesson),
        desk.get(course),
        desk.post(course, {"lesson": assignment.lesson_id}),
    ):
        assert "It has no test yet, so nothing would be checked. Add a case" in text(answer)
        assert TRIAL not in text(answer)


def test_a_solution_that_fails_its_case_is_still_told(desk, assignment):
    save(desk, assignment, function="double", solution=SOLUTION)
    form = {"name": "two", "args": "[2]", "expected": "5", "points": "1"}
    assert desk.post(f"/studio/assignments/{assignment.pk}/cases/new/", form).status_code == 303
    Trial.objects.update(status="FAILED", finished_at=now())
    assert TRIAL in text(desk.get(page(assignment)))
