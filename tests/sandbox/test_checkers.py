"""Comparing outside: tables of what passes, and properties that hold for anything."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.checkers import (
    SAME,
    STRICT,
    Comparison,
    PatternRefused,
    TextCheck,
    ValueCheck,
    text,
    value,
)
from sandbox.values import Type, Value, value_of
from tests.sandbox.test_frames import VALUES

C = TextCheck
TEXTS = [
    (C.EXACT, "a\n", "a\n", True), (C.EXACT, "a\n", "a", False), (C.EXACT, "a", "a ", False),
    (C.LINES, "a\nb", "a  \nb\n\n", True), (C.LINES, "a\nb", "a\n\nb", False),
    (C.LINES, " a", "a", False), (C.LINES, "", "\n\n", True),
    (C.TOKENS, "1 2\n3", "1\n2 3", True), (C.TOKENS, "1 2", "1 2 3", False),
    (C.TOKENS, "7", "7.0", False), (C.TOKENS, "Yes", "yes", False), (C.TOKENS, "", " ", True),
    (C.NUMBERS, "0.1 x", "0.10000001 x", True), (C.NUMBERS, "1", "1.1", False),
    (C.NUMBERS, "nan", "NaN", True), (C.NUMBERS, "inf", "-inf", False),
    (C.NUMBERS, "1000000", "1000000.5", True), (C.NUMBERS, "x", "y", False),
    (C.NUMBERS, "1e400", "inf", True), (C.NUMBERS, "1", "0" * 100 + "1", False),
    (C.UNORDERED, "a\nb", "b\na\n", True), (C.UNORDERED, "a\na\nb", "a\nb\nb", False),
    (C.PATTERN, r"Hello, \w+!", "Hello, Ada!\n", True), (C.PATTERN, "a", "ab", False),
    (C.PATTERN, "a\nb+", "a\nbbb", True), (C.PATTERN, "a\nb", "a", False),
    (C.PATTERN, ".*", "x" * 300, False),
]  # fmt: skip


@pytest.mark.parametrize(("check", "expected", "got", "passes"), TEXTS)
def test_texts(check, expected, got, passes):
    assert text(check, expected, got).passed is passes


def test_the_first_difference_is_told():
    assert text(C.LINES, "a\nb\nc", "a\nx") == Comparison(False, 1, "b", "x")
    assert text(C.TOKENS, "1 2", "1") == Comparison(False, 1, "2", "")
    assert text(C.TOKENS, "1", "1 2") == Comparison(False, 1, "", "2")


@given(st.sampled_from([C.EXACT, C.LINES, C.TOKENS, C.NUMBERS, C.UNORDERED]), st.text())
def test_any_text_is_like_itself(check, content):
    assert text(check, content, content) == SAME


@given(st.text(), st.text())
def test_what_passes_strictly_passes_loosely(expected, got):
    strict_to_loose = [C.EXACT, C.LINES, C.TOKENS]
    passed = [text(check, expected, got).passed for check in strict_to_loose]
    assert passed == sorted(passed)
    assert text(C.UNORDERED, expected, got).passed >= passed[1]


@given(st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1)), st.randoms())
def test_unordered_lines_may_stand_anyhow(lines, random):
    other = lines.copy()
    random.shuffle(other)
    assert text(C.UNORDERED, "\n".join(lines), "\n".join(other)).passed


HARD = [
    r"(a+)+$", r"(a|a)*", r"(a*)*", r"a*a*a*a*b", r"(?=a)b", r"(a)\1", r"(?P<x>a)(?P=x)",
    "a?" * 30 + "a" * 30, r"(a{1,9}){1,9}", "(a|a)" * 30, "[", "(", "a" * 5_000, r"a{1000}",
    "a{,9}" * 4, r"(?i)a", "\n".join([".*.*.*"] * 3),
]  # fmt: skip


@pytest.mark.parametrize("pattern", HARD, ids=lambda pattern: pattern[:20])
def test_patterns_that_could_take_for_ever_are_refused(pattern):
    with pytest.raises(PatternRefused):
        text(C.PATTERN, pattern, "a" * 40 + "b")


@pytest.mark.parametrize(
    ("pattern", "line"),
    [(r".*.*.*x", "a" * 255), (r"a*a*[ab]?[ab]?[ab]?[ab]?[ab]?[ab]?c", "a" * 255),
     ("(a|a)" * 20 + "b", "a" * 40), (r"\w+\s\w+\s\w+!", "ab " * 85)],
)  # fmt: skip
def test_the_hardest_pattern_that_is_allowed_ends(pattern, line):
    began = time.process_time()
    text(C.PATTERN, pattern, line)
    assert time.process_time() - began < 5


LOOSE = ValueCheck(sequences_alike=True, by_value=True)
COUNTER = Value(Type.OTHER, "Counter", (value_of({"a": 2}),))
PAIRS = [
    (1, True, STRICT, False), (1, 1.0, STRICT, False), ("3", 3, STRICT, False),
    ([1], (1,), STRICT, False), (None, 0, STRICT, False), (b"a", "a", STRICT, False),
    ({1, 2}, {2, 1}, STRICT, True), ({"a": 1, "b": 2}, {"b": 2, "a": 1}, STRICT, True),
    ({"a": 1}, {"a": True}, STRICT, False), ([[1]], [[1.0]], STRICT, False),
    (0.1 + 0.2, 0.3, STRICT, False), (float("nan"), float("nan"), STRICT, True),
    (800, 800.0, LOOSE, True), ([1, (2,)], (1.0, [2]), LOOSE, True), (1, True, LOOSE, False),
    (0.1 + 0.2, 0.3, ValueCheck(tolerance=1e-9), True), (1, 1.0, ValueCheck(tolerance=1), False),
    ([0.1 + 0.2], [0.3], ValueCheck(tolerance=1e-9), True),
    (10**400, float("inf"), ValueCheck(by_value=True, tolerance=0.1), False),
    ([1, 2, 2], [2, 1, 2], ValueCheck(unordered=True), True),
    ([1, 2, 2], [1, 1, 2], ValueCheck(unordered=True), False),
    ([[1, 2]], [[2, 1]], ValueCheck(unordered=True), False),
    ([{1}, {2}], [{2}, {1}], ValueCheck(unordered=True), True),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "got", "check", "passes"), PAIRS)
def test_values(expected, got, check, passes):
    assert value(value_of(expected), value_of(got), check).passed is passes


def test_kinds_of_a_type_count_by_value_alone():
    expected = value_of({"a": 2})
    assert not value(expected, COUNTER).passed
    assert value(expected, COUNTER, LOOSE).passed
    assert not value(expected, Value(Type.OTHER, "Counter"), LOOSE).passed
    thing = Value(Type.OTHER, "Thing")
    assert not value(thing, thing, LOOSE).passed


def test_the_first_item_that_differs_is_told():
    assert value(value_of([1, 2, 3]), value_of([1, 5, 3])) == Comparison(False, 1, "2", "5")
    assert value(value_of([1]), value_of([1, 2])) == Comparison(False, 1, "", "2")
    assert value(value_of(1), value_of("1")) == Comparison(False, None, "1", "'1'")
    check = ValueCheck(unordered=True)
    assert value(value_of([1, 2]), value_of([2, 3]), check) == Comparison(False, 0, "1", "3")


CHECKS = st.builds(
    ValueCheck, st.booleans(), st.booleans(), st.none() | st.floats(0, 1), st.booleans()
)


@given(VALUES, CHECKS)
def test_any_value_is_like_itself(plain, check):
    assert value(value_of(plain), value_of(plain), check) == SAME


@given(VALUES, VALUES, CHECKS)
def test_order_of_the_sides_does_not_matter(one, other, check):
    mine, theirs = value_of(one), value_of(other)
    assert value(mine, theirs, check).passed is value(theirs, mine, check).passed


@given(VALUES, VALUES)
def test_what_is_strictly_alike_is_alike_in_python(one, other):
    if value(value_of(one), value_of(other)).passed:
        assert repr(one) == repr(other) or one == other
    elif type(one) is type(other) and repr(one) == repr(other):
        raise AssertionError(repr(one))


def test_large_collections_are_compared_in_time():
    began = time.process_time()
    numbers = list(range(20_000))
    assert value(value_of(set(numbers)), value_of(set(numbers))).passed
    other = [-number for number in numbers]
    assert not value(value_of(numbers), value_of(other), ValueCheck(unordered=True)).passed
    assert not value(value_of(set(numbers)), value_of(set(other))).passed
    assert time.process_time() - began < 10
