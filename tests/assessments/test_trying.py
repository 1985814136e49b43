"""An assignment on trial: what its cases miss is found before learners do."""

import pytest
from django.utils.translation import override

from assessments import trying
from assessments.assignments import problems_of_assignments
from assessments.authoring import save_assignment, try_again
from assessments.fairness import NO_CASE
from assessments.models import Assignment, TestCase, Trial, Work
from assessments.running import RunnerAway
from assessments.trials import ask, latest
from tests.assessments.code_builders import (
    RIGHT,
    WRONG,
    add_case,
    make_assignment,
    make_lesson_for,
    make_program,
)

OLDEST = "def is_adult(age):\n    return age >= 18\n"


@pytest.fixture
def module(lessons):
    return lessons[0].module


def found(assignment):
    """What a trial finds, by code."""
    trial = trying.try_out(ask(assignment).pk)
    texts = {}
    for one in trial.findings:
        texts.setdefault(one["code"], []).append(one["text"])
    return trial, texts


def adult(module, *ages):
    lesson = make_lesson_for(module, "adult")
    assignment = Assignment.objects.create(
        lesson=lesson, function="is_adult", compare="exact", solution=OLDEST
    )
    for age in ages:
        add_case(assignment, str(age), args=[age], expected=age >= 18)
    return assignment


def test_a_good_assignment_has_no_findings_and_is_measured(module):
    assignment = adult(module, 17, 18, 19)
    trial, texts = found(assignment)
    assert (trial.status, texts.get("unnoticed"), texts.get("constant")) == ("PASSED", None, None)
    assignment.refresh_from_db()
    assert assignment.fuel > 0
    assert assignment.seconds > 0


def test_a_boundary_that_no_case_looks_at_is_named(module):
    trial, texts = found(adult(module, 3, 40))
    assert trial.status == "PASSED"
    assert any("line 2" in text and ">" in text for text in texts["unnoticed"])


def test_what_a_solution_gives_instead_is_said_in_the_language_of_who_asks(module):
    with override("de"):
        _, texts = found(make_assignment(module, solution=WRONG))
    said = "Die Musterlösung besteht „adds small“ nicht: Scheitert, herausgekommen ist -1."
    assert said in texts["solution"]


def test_a_solution_that_fails_is_an_error_beside_its_case(module):
    trial, texts = found(make_assignment(module, solution=WRONG))
    assert trial.status == "FAILED"
    assert "The reference solution does not pass “adds small”: fails, got -1." in texts["solution"]
    assert all(one["is_error"] for one in trial.findings)
    assert {one["case"] for one in trial.findings} == {"small", "negative", "large"}


def test_a_starter_that_passes_is_an_error(module):
    trial, texts = found(make_assignment(module, starter=RIGHT))
    assert (trial.status, texts["starter"]) == ("FAILED", ["The starter code passes as it is."])


def test_a_starter_that_passes_one_case_is_told(module):
    starter = "def add(a, b):\n    return 0\n"
    trial, texts = found(make_assignment(module, starter=starter))
    assert trial.status == "PASSED"
    assert texts["starter-case"] == ["The starter code passes “adds zero” as it is."]


@pytest.mark.parametrize("solution", ["", " \n"])
def test_without_a_solution_nothing_can_be_checked(module, solution):
    trial, texts = found(make_assignment(module, solution=solution))
    assert (trial.status, texts) == ("FAILED", {"empty": [trying.NO_SOLUTION]})


def test_without_cases_nothing_is_judged(module):
    assignment = make_assignment(module)
    TestCase.objects.all().delete()
    trial, texts = found(assignment)
    assert (trial.status, texts) == ("FAILED", {"empty": [trying.NO_CASES]})


def test_a_program_that_always_prints_the_same_is_caught_out(module):
    program = make_program(module)
    program.cases.exclude(key="hello").delete()
    _, texts = found(program)
    assert texts["constant"]
    trial, texts = found_again(program)
    assert trial.status == "PASSED"
    assert "constant" not in texts


def found_again(program):
    add_case(program, "second", stdin="other\n", expected_stdout="other\n")
    trial = trying.try_out(try_again(program).pk)
    return trial, {one["code"]: one for one in trial.findings}


def test_a_slow_solution_stretches_the_limits_of_all(module):
    slow = "def add(a, b):\n    for _ in range(100_000): pass\n    return a + b\n"
    assignment = make_assignment(module, solution=slow)
    found(assignment)
    assignment.refresh_from_db()
    quick = make_assignment(module, "quick")
    found(quick)
    quick.refresh_from_db()
    assert assignment.fuel > 1.2 * quick.fuel


def test_one_trial_for_each_revision(module):
    assignment = make_assignment(module)
    assert ask(assignment) == ask(assignment)
    assignment.solution = "def add(a, b):\n    return b + a\n"
    save_assignment(assignment, list(assignment.cases.in_order()))
    assert [trial.revision for trial in Trial.objects.all()] == [2, 1]
    assert latest(assignment).revision == 2


def test_a_late_trial_does_not_measure_what_was_written_since(module):
    assignment = make_assignment(module)
    first = ask(assignment)
    assignment.solution = "def add(a, b):\n    return b + a\n"
    save_assignment(assignment, list(assignment.cases.in_order()))
    assert trying.try_out(first.pk).status == "PASSED"
    assignment.refresh_from_db()
    assert assignment.fuel is None


def test_without_a_runner_a_trial_waits(module, monkeypatch):
    def away(*_):
        raise RunnerAway("No runner.")

    trial = ask(make_assignment(module))
    monkeypatch.setattr(trying, "run_cases", away)
    assert trying.try_out(trial.pk) is None
    trial.refresh_from_db()
    assert (trial.status, trial.fault, trial.tries) == (Work.Status.PENDING, "No runner.", 0)


def test_a_solution_that_never_ends_gives_learners_no_more_time(module):
    """What it used is no measure, and asking again multiplies nothing."""
    assignment = make_assignment(
        module, solution="def add(a, b):\n    while True: pass\n", cpu_seconds=0.2
    )
    trial, _ = found(assignment)
    assignment.refresh_from_db()
    assert (trial.status, assignment.fuel, assignment.seconds) == ("FAILED", None, None)


def test_the_measure_of_a_solution_is_the_same_the_second_time(module):
    assignment = adult(module, 17, 18, 19)
    found(assignment)
    assignment.refresh_from_db()
    first = assignment.fuel
    try_again(assignment)
    found(assignment)
    assignment.refresh_from_db()
    assert assignment.fuel == first


def test_of_nothing_to_try_no_failed_trial_is_told(module):
    assignment = make_assignment(module)
    assignment.cases.all().delete()
    found(assignment)
    assert Trial.objects.get().status == "FAILED"
    told = problems_of_assignments(module.course.lessons.filter(pk=assignment.lesson_id))
    assert [problem.message for problem in told] == [NO_CASE]


def test_an_assignment_whose_trial_failed_keeps_its_course_from_being_published(module):
    assignment = make_assignment(module, solution=WRONG)
    module.course.lessons.exclude(pk=assignment.lesson_id).delete()
    assert not [x for x in problems_of_assignments(module.course.lessons.shown()) if x.is_error]
    found(assignment)
    (problem,) = [x for x in problems_of_assignments(module.course.lessons.shown()) if x.is_error]
    assert str(problem).startswith("Adding: Its trial failed")
