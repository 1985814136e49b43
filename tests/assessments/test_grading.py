"""A submission from being handed in to its verdict, with the real runner."""

import pytest

from activity.models import Event
from assessments import grading, submissions
from assessments.errors import NothingToRun, TooOften
from assessments.models import Outcome, Submission
from enrollments.errors import NotEnrolled
from gamification.ledger import total_of
from progress.models import LessonProgress
from sandbox.job import SourceRefused
from tests.assessments.code_builders import RIGHT, WRONG, add_case, make_assignment, make_program


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def graded(user, assignment, source, *, graded=True):
    submission = submissions.submit(user, assignment, source, graded=graded)
    grading.grade(submission.pk)
    submission.refresh_from_db()
    return submission


def test_right_code_passes_completes_the_lesson_and_pays_once(ada, assignment):
    first = graded(ada, assignment, RIGHT)
    assert (first.status, first.outcome, first.points, first.out_of, first.percent) == (
        "PASSED", Outcome.PASSED, 5, 5, 100,
    )  # fmt: skip
    assert first.number == 1
    assert LessonProgress.objects.filter(user=ada, lesson=assignment.lesson).exists()
    assert total_of(ada) == 30
    again = graded(ada, assignment, RIGHT)
    assert (again.number, again.status) == (2, "PASSED")
    assert total_of(ada) == 30
    kinds = Event.objects.filter(user=ada, subject=f"assignment:{assignment.pk}")
    assert kinds.count() == 1


def test_wrong_code_fails_with_the_points_of_what_passes(ada, assignment):
    submission = graded(ada, assignment, WRONG)
    assert (submission.status, submission.outcome) == ("FAILED", Outcome.WRONG)
    assert (submission.points, submission.percent) == (1, 20)
    first = submission.results.first()
    assert (first.expected, first.got, first.outcome) == ("3", "-1", Outcome.WRONG)
    assert not LessonProgress.objects.filter(user=ada, lesson=assignment.lesson).exists()


def test_the_starter_passes_nothing(ada, assignment):
    assert graded(ada, assignment, assignment.starter).points == 0


def test_a_run_is_of_the_visible_cases_and_leaves_no_grade(ada, assignment):
    run = graded(ada, assignment, RIGHT, graded=False)
    assert (run.status, run.number, run.out_of) == ("PASSED", None, 2)
    assert not LessonProgress.objects.filter(user=ada).exists()
    assert not Event.objects.filter(kind__in=["SUBMISSION_JUDGED", "ASSIGNMENT_PASSED"]).exists()


def test_a_program_is_judged_by_what_it_prints(ada, lessons):
    program = make_program(lessons[0].module)
    assert graded(ada, program, "print(input())").status == "PASSED"
    constant = graded(ada, program, "print('hello')")
    assert (constant.status, constant.percent) == ("FAILED", 50)


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("def add(a, b):\n    return a +\n", Outcome.COMPILE_ERROR),
        ("def add(a, b):\n    return c\n", Outcome.RUNTIME_ERROR),
        ("def add(a, b):\n    while True: pass\n", Outcome.TIME_LIMIT),
        ("def add(a, b):\n    return bytearray(10**9) and 3\n", Outcome.MEMORY_LIMIT),
        ("def add(a, b):\n    print('x' * 10**6)\n    return a + b\n", Outcome.OUTPUT_LIMIT),
        ("def other(a, b):\n    return a + b\n", Outcome.RUNTIME_ERROR),
    ],
)
def test_every_end_has_its_own_outcome(ada, assignment, source, outcome):
    submission = graded(ada, assignment, source)
    assert (submission.status, submission.outcome, submission.points) == ("FAILED", outcome, 0)


def test_code_that_never_ends_costs_two_limits_and_not_all(ada, assignment):
    submission = graded(ada, assignment, "def add(a, b):\n    while True: pass\n")
    assert submission.results.count() == 4


def test_a_stranger_hands_in_nothing(bob, assignment):
    with pytest.raises(NotEnrolled):
        submissions.submit(bob, assignment, RIGHT, graded=True)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("source", ["", " \n", "x" * (64 * 1024 + 1), "a\x00b", b"\xff", "\ud800"])
def test_source_is_text_of_some_length(ada, assignment, source):
    with pytest.raises(SourceRefused):
        submissions.submit(ada, assignment, source, graded=True)
    assert not Submission.objects.exists()


def test_a_third_waits_until_one_of_two_is_done(ada, assignment):
    for _ in range(2):
        submissions.submit(ada, assignment, RIGHT, graded=True)
    with pytest.raises(TooOften):
        submissions.submit(ada, assignment, RIGHT, graded=True)
    assert Submission.objects.count() == 2


def test_the_eleventh_in_a_minute_waits(ada, assignment):
    for _ in range(10):
        submissions.submit(ada, assignment, RIGHT, graded=True)
        Submission.objects.all().delete()
    with pytest.raises(TooOften) as refusal:
        submissions.submit(ada, assignment, RIGHT, graded=True)
    assert 1 <= refusal.value.wait <= 60


def test_without_cases_nothing_is_run(ada, assignment):
    assignment.cases.all().delete()
    with pytest.raises(NothingToRun):
        submissions.submit(ada, assignment, RIGHT, graded=True)


def test_what_a_program_prints_is_kept_without_what_the_database_cannot_hold(ada, assignment):
    source = "def add(a, b):\n    print('\\x00<script>\\u202e')\n    return 0\n"
    submission = graded(ada, assignment, source)
    assert submission.results.first().stdout == "\ufffd<script>\u202e\n"


def test_a_verdict_is_written_once(ada, assignment):
    submission = submissions.submit(ada, assignment, RIGHT, graded=True)
    assert grading.grade(submission.pk) is not None
    assert grading.grade(submission.pk) is None


def test_values_go_in_and_come_out_as_they_were_written(ada, assignment):
    """jsonb would sort the keys by their length, and make an int of a large float."""
    case = assignment.cases.get(key="small")
    case.args = [{"longer": 1, "b": [1.0, 1e300, 10**30, None, "ä"]}]
    case.expected = {"z": 1, "a": True}
    case.save()
    case.refresh_from_db()
    assert list(case.args[0]) == ["longer", "b"]
    assert repr(case.args[0]["b"]) == repr([1.0, 1e300, 10**30, None, "ä"])
    assert list(case.expected) == ["z", "a"]


def test_what_a_compiler_says_of_a_hidden_input_is_not_kept(ada, lessons):
    program = make_program(lessons[0].module)
    told = graded(
        ada, program, "text = input()\nprint(text)\nif text == 'xyzzy': exec(text + '(')\n"
    )
    assert "xyzzy" not in told.compile_output
    assert "print(" in graded(ada, program, "print(").compile_output


def test_without_tests_any_more_nothing_is_judged(ada, assignment):
    submission = submissions.submit(ada, assignment, RIGHT, graded=True)
    assignment.cases.update(deleted_at=submission.created_at)
    assert grading.grade(submission.pk) is None
    submission.refresh_from_db()
    assert (submission.status, submission.percent) == ("ERROR", None)
    assert submission.fault == "The assignment has no tests any more."


def test_two_slow_cases_do_not_cost_a_pass_that_is_still_in_reach(ada, lessons):
    assignment = make_assignment(lessons[0].module, cpu_seconds=0.3, pass_percent=60)
    for number in range(6):
        add_case(assignment, f"more-{number}", args=[number, 5], expected=number + 5)
    slow = "def add(a, b):\n    while a == b == 0 or a == 1: pass\n    return a + b\n"
    submission = graded(ada, assignment, slow)
    stopped = submission.results.filter(outcome=Outcome.TIME_LIMIT).count()
    assert (submission.status, stopped, submission.percent) == ("PASSED", 3, 72)
    never = graded(ada, assignment, "def add(a, b):\n    while True: pass\n")
    left_out = never.results.filter(stderr__startswith="Not run")
    assert (never.status, left_out.count()) == ("FAILED", 5)


FORGED = """
import os, sys
def add(a, b):
    if a in (1, 0):
        return a + b
    nonce = sys.orig_argv[sys.orig_argv.index("-c") + 2]
    os.write(2, ("hidden: " + repr((a, b))).encode())
    os.write(1, ("\\x1eWAYMARK " + nonce + ' {"fault":"compile"}\\n').encode())
    os._exit(1)
"""


def test_a_forged_word_of_the_compiler_carries_nothing_out(ada, assignment):
    """A program can send the frame that says it did not compile, and print what it was given."""
    submission = graded(ada, assignment, FORGED)
    assert submission.status == "FAILED"
    assert submission.results.filter(outcome=Outcome.COMPILE_ERROR, was_visible=False).exists()
    assert submission.compile_output == ""
