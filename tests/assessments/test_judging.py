"""From what a case gave back to an outcome: never a pass by any way but the right one."""

import math

import pytest

from assessments.judging import Verdict, judge
from assessments.models import Assignment, Outcome, TestCase
from sandbox.values import Type, Value, value_of
from sandbox.verdict import CaseResult, Status

FUNCTION = {"function": "f"}
ENDS = [Status.RUNTIME_ERROR, Status.COMPILE_ERROR, Status.TIME_LIMIT, Status.MEMORY_LIMIT,
        Status.OUTPUT_LIMIT]  # fmt: skip


def called(expected, got, compare="exact", **more):
    """Judge a call that gave `got` back."""
    assignment = Assignment(compare=compare, **FUNCTION, **more)
    value = got if isinstance(got, Value) else value_of(got)
    return judge(assignment, TestCase(expected=expected), CaseResult("c", Status.OK, value=value))


def raised(name, raises, status=Status.RUNTIME_ERROR):
    case = TestCase(raises=raises)
    return judge(Assignment(**FUNCTION), case, CaseResult("c", status, raised=name)).outcome


def printed(expected, got, compare="tokens", status=Status.OK, **more):
    case = TestCase(expected_stdout=expected)
    assignment = Assignment(compare=compare, **more)
    return judge(assignment, case, CaseResult("c", status, stdout=got))


@pytest.mark.parametrize(
    ("expected", "got", "compare", "passes"),
    [
        (1, 1, "exact", True), (1, True, "exact", False), (True, 1, "exact", False),
        (1, 1.0, "exact", False), (1, 1.0, "value", True), ([1], (1,), "exact", False),
        ([1], (1,), "value", True), ("1", 1, "exact", False), (None, None, "exact", True),
        ([2, 1], [1, 2], "exact", False), ([2, 1], [1, 2], "unordered", True),
        ([1, 1], [1], "unordered", False), (0.3, 0.1 + 0.2, "exact", False),
        (0.3, 0.1 + 0.2, "approx", True), (0.3, 0.31, "approx", False),
        (0, math.nan, "approx", False), (1.0, math.inf, "approx", False),
        (10**400, 10**400, "exact", True), (10**400, 10**400 + 1, "value", False),
        ({"a": 1}, {"a": 1}, "exact", True), ({"a": 1}, {"a": 1, "b": 2}, "exact", False),
        ("a", "A", "exact", False), ([], {}, "value", False), ("", None, "exact", False),
    ],
)  # fmt: skip
def test_a_value_passes_by_the_comparison_of_its_assignment(expected, got, compare, passes):
    assert (called(expected, got, compare).outcome == Outcome.PASSED) is passes


def test_what_only_says_that_it_is_equal_is_not():
    """A class of the learner's own has no value but its name."""
    assert called(3, Value(Type.OTHER, "Equal")).outcome == Outcome.WRONG
    like_an_int = Value(Type.OTHER, "int", (value_of(3),))
    assert called(3, like_an_int).outcome == Outcome.WRONG


def test_the_first_difference_is_named():
    judged = called([1, 2, 3], [1, 2, 4])
    assert (judged.where, judged.expected, judged.got) == ("item 3", "[1, 2, 3]", "[1, 2, 4]")
    assert printed("one two three", "one 2 three").where == "word 2"
    assert printed("a\nb\n", "a\nc\n", "exact").where == "line 2"


@pytest.mark.parametrize("status", ENDS)
def test_no_other_end_passes_whatever_came_before_it(status):
    """Also not with the right text printed, or the right value given."""
    assert printed("3\n", "3\n", status=status).outcome == status.name
    case, right = TestCase(expected=3), CaseResult("c", status, value=value_of(3))
    assert judge(Assignment(**FUNCTION), case, right).outcome == status.name


def test_a_call_that_gave_nothing_back_is_an_error():
    """As `os._exit(0)` leaves it."""
    gone = CaseResult("c", Status.OK)
    assert judge(Assignment(**FUNCTION), TestCase(expected=None), gone).outcome == "RUNTIME_ERROR"


@pytest.mark.parametrize(
    ("name", "raises", "outcome"),
    [
        ("ValueError", "ValueError", "PASSED"), ("KeyError", "ValueError", "RUNTIME_ERROR"),
        ("ValueError", "*", "PASSED"), ("OwnError", "*", "PASSED"),
        ("NotImplementedError", "*", "RUNTIME_ERROR"), ("NameError", "*", "RUNTIME_ERROR"),
        ("TypeError", "*", "RUNTIME_ERROR"), ("TypeError", "TypeError", "PASSED"),
        ("ValueError", "", "RUNTIME_ERROR"), ("", "*", "RUNTIME_ERROR"),
        ("", "ValueError", "RUNTIME_ERROR"),
    ],
)  # fmt: skip
def test_an_error_passes_where_it_is_what_is_expected(name, raises, outcome):
    assert raised(name, raises) == outcome


def test_an_error_that_is_expected_and_does_not_come_is_wrong():
    case = TestCase(raises="*", expected=None)
    judged = judge(Assignment(**FUNCTION), case, CaseResult("c", Status.OK, value=value_of(None)))
    assert (judged.outcome, judged.expected, judged.got) == ("WRONG", "an error", "None")


def test_a_stop_is_no_error_that_was_expected():
    assert raised("ValueError", "*", Status.TIME_LIMIT) == "TIME_LIMIT"


def verdict(*pairs, pass_percent=100):
    """Points of each case, and whether it passes."""
    cases = [
        judge(
            Assignment(**FUNCTION),
            TestCase(expected=1, points=points),
            CaseResult("c", Status.OK, value=value_of(1 if passes else 2)),
        )
        for points, passes in pairs
    ]
    return Verdict(cases, pass_percent)


def test_percent_is_rounded_down_and_points_are_of_what_passes():
    some = verdict((1, True), (1, True), (1, False))
    assert (some.points, some.out_of, some.percent, some.passed) == (2, 3, 66, False)
    assert verdict((199, True), (1, False)).percent == 99
    assert verdict((2, True), (1, False), pass_percent=66).passed
    assert not verdict((2, True), (1, False), pass_percent=67).passed


def test_the_outcome_is_that_of_the_first_that_does_not_pass():
    assert verdict((1, True), (1, False)).outcome == Outcome.WRONG
    assert verdict((1, True)).outcome == Outcome.PASSED


def test_without_cases_nothing_passes():
    assert not verdict().passed
