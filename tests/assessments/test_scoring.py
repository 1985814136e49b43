"""Marks and sums: in bounds, exact, and rounded down once, at the end."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.marking import mark_answers
from assessments.models import Answer, Question
from assessments.scoring import Key, Marked, Score, add_up, as_decimal, mark, share_of

Kind = Question.Kind
A, B, C, D, E = (UUID(int=number) for number in range(1, 6))
options = st.frozensets(st.sampled_from([A, B, C, D, E]))
points = st.decimals(0, 100, places=2)
shares = st.fractions(0, 1, max_denominator=12)
marks = st.lists(st.builds(Marked, shares, points), max_size=50)
keys = st.builds(
    Key,
    kind=st.sampled_from(Kind.values),
    points=points,
    correct=options,
    accept=st.lists(st.text(max_size=10) | st.from_regex(r"\A-?\d{1,5}\Z"), max_size=3).map(tuple),
    tolerance=st.sampled_from(["", "0.5", "5%"]),
    match_case=st.booleans(),
)


def key(kind, **fields):
    return Key(kind, Decimal(1), **fields)


@given(keys, options, st.text(max_size=20))
def test_a_share_is_between_nothing_and_all(key, chosen, text):
    assert 0 <= share_of(key, chosen, text) <= 1
    assert 0 <= mark(key, tuple(chosen), text).mark <= key.points


@given(options, options)
def test_several_choices_earn_right_less_wrong_and_never_less_than_nothing(correct, chosen):
    share = share_of(key(Kind.MULTI, correct=correct), chosen, "")
    assert share >= 0
    if correct:
        balance = len(chosen & correct) - len(chosen - correct)
        assert share == max(0, Fraction(balance, len(correct)))
        assert (share == 1) == (chosen == correct)
    else:
        assert share == 0


@given(options, options)
def test_choosing_everything_earns_no_more_than_choosing_what_is_right(correct, wrong):
    several = key(Kind.MULTI, correct=correct)
    assert share_of(several, correct | wrong, "") <= share_of(several, correct, "")


@given(options, options)
def test_one_choice_is_all_or_nothing(correct, chosen):
    share = share_of(key(Kind.SINGLE, correct=correct), chosen, "")
    assert share == (1 if len(chosen) == 1 and chosen <= correct else 0)


@given(marks)
def test_a_sum_is_in_bounds_and_its_percent_is_rounded_down(rows):
    score = add_up(rows)
    assert 0 <= score.score <= score.out_of
    assert 0 <= score.percent <= 100
    if score.out_of:
        assert score.percent * score.out_of <= 100 * score.score
        assert (score.percent + 1) * score.out_of > 100 * score.score
        assert (score.percent == 100) == (score.score == score.out_of)
    assert as_decimal(score.score, 3) <= as_decimal(score.out_of, 3)


@given(marks, st.randoms())
def test_the_order_of_questions_does_not_change_the_sum(rows, chance):
    mixed = list(rows)
    chance.shuffle(mixed)
    assert add_up(mixed) == add_up(rows)


@given(st.integers(1, 12), points.filter(bool))
def test_equal_parts_add_up_to_all_of_it(parts, worth):
    """Three thirds are a hundred percent; as floats or rounded they would be 99."""
    score = add_up([Marked(Fraction(1, parts), worth)] * parts)
    assert score.score == Fraction(worth)
    assert Score(score.score, Fraction(worth)).percent == 100


def test_a_hair_less_than_the_mark_is_less():
    rows = [Marked(Fraction(1), Decimal(1))] * 2 + [Marked(Fraction(0), Decimal(1))]
    assert add_up(rows).percent == 66
    assert Score(Fraction(6999, 100), Fraction(100)).percent == 69


def test_nothing_to_earn_is_nought_percent():
    assert add_up([]).percent == 0
    assert add_up([Marked(Fraction(1), Decimal(0))]).percent == 0


@pytest.mark.parametrize(
    ("text", "is_right"),
    [("for", 1), (" FOR ", 1), ("ｆｏｒ", 1), ("fo r", 0), ("", 0), ("for in", 0)],
)
def test_a_text_is_compared_without_capitals_and_outer_spaces(text, is_right):
    assert share_of(key(Kind.TEXT, accept=("for", "For loop")), (), text) == is_right


def test_capitals_count_where_the_author_says_so():
    strict = key(Kind.TEXT, accept=("None",), match_case=True)
    assert share_of(strict, (), "None") == 1
    assert share_of(strict, (), "none") == 0


def test_no_text_is_never_right():
    """Not even where an author accepted the empty text by mistake."""
    assert share_of(key(Kind.TEXT, accept=("",)), (), "") == 0


@pytest.mark.parametrize(
    ("tolerance", "text", "is_right"),
    [
        ("", "3.14", 1), ("", "3.140", 1), ("", "3,14", 1), ("", "3.141", 0), ("", "31.4e-1", 1),
        ("0.01", "3.15", 1), ("0.01", "3.13", 1), ("0.01", "3.1501", 0), ("0.01", "-3.14", 0),
        ("10%", "3.454", 1), ("10%", "2.826", 1), ("10%", "3.455", 0), ("", "pi", 0), ("", "", 0),
    ],
)  # fmt: skip
def test_a_number_is_right_within_its_tolerance(tolerance, text, is_right):
    wanted = key(Kind.NUMERIC, accept=("2.7", "3.14"), tolerance=tolerance)
    assert share_of(wanted, (), text) == is_right


def test_an_open_question_earns_nothing():
    assert share_of(key(Kind.OPEN, accept=("x",)), (), "x") == 0


@given(st.fractions(0, 10_000, max_denominator=10_000), st.integers(0, 6))
def test_the_nearest_decimal_is_near(value, places):
    assert abs(Fraction(as_decimal(value, places)) - value) <= Fraction(1, 2 * 10**places)


def test_an_attempt_is_judged_by_what_it_was_shown():
    """An option that was made right later counts only where it was shown."""
    question = Question(kind=Kind.MULTI, points=Decimal(2))
    shown = Answer(question=question, option_order=[A, B], chosen=[A])
    both = Key(Kind.MULTI, Decimal(2), correct=frozenset([A, C]))
    assert mark_answers([shown], {question.pk: both}).percent == 100
    assert shown.mark == 2
    all_shown = Answer(question=question, option_order=[A, B, C], chosen=[A])
    assert mark_answers([all_shown], {question.pk: both}).percent == 50
