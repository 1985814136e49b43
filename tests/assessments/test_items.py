"""Item statistics against direct formulas and the standard library, on any marks whatever."""

import itertools
import math
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.findings import Kind, findings
from assessments.items import (
    NOBODY,
    TAIL,
    Choice,
    Item,
    Whole,
    alpha,
    choices,
    discrimination,
    efficiency,
    facility,
    highest,
    standard_error,
    tail,
    variance,
)

# A slow machine is no fault of the formulas.
unhurried = settings(deadline=None)
marks = st.integers(0, 1_000_000)
pairs = st.lists(st.tuples(marks, marks), min_size=1, max_size=60)
totals = st.lists(st.integers(0, 8).map(float), min_size=1, max_size=60)
tables = st.integers(2, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 20_000), min_size=width, max_size=width), min_size=2, max_size=40
    )
)


def near(value: float):
    return pytest.approx(value, rel=1e-6, abs=1e-9)


@unhurried
@given(pairs)
def test_discrimination_is_the_correlation_of_the_standard_library(rows):
    xs, ys = [x for x, _ in rows], [y for _, y in rows]
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert discrimination(xs, ys) is None
    else:
        assert discrimination(xs, ys) == near(statistics.correlation(xs, ys))
        assert -1 <= discrimination(xs, ys) <= 1
        assert discrimination(xs, ys) == discrimination(ys, xs)


@unhurried
@given(pairs)
def test_efficiency_is_a_part_of_the_most_that_the_marks_allow(rows):
    xs, ys = [x for x, _ in rows], [y for _, y in rows]
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert efficiency(xs, ys) is None
        return
    direct = statistics.covariance(xs, ys) / statistics.covariance(sorted(xs), sorted(ys))
    assert efficiency(xs, ys) == near(direct)
    assert efficiency(xs, ys) <= 1
    assert efficiency(sorted(xs), sorted(ys)) == 1


@unhurried
@given(st.lists(st.tuples(marks, marks, st.integers(1, 4)), min_size=1, max_size=40))
def test_what_is_said_once_of_several_people_counts_as_often(rows):
    xs, ys, people = zip(*rows, strict=True)
    each = [row[:2] for row in rows for _ in range(row[2])]
    all_xs, all_ys = zip(*each, strict=True)
    assert Item.of(xs, ys, 10_000, people=people) == Item.of(all_xs, all_ys, 10_000)
    assert variance(xs, people) == variance(all_xs)
    assert alpha([row[:2] for row in rows], people) == alpha(each)
    assert choices([(x % 3,) for x in xs], ys, people) == choices(
        [(x % 3,) for x in all_xs], all_ys
    )


@unhurried
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 4)), min_size=20))
def test_a_whole_quiz_in_rows_is_that_of_its_attempts(rows):
    def whole(rows):
        percents = [10.0 * (a + b) for a, b, _ in rows]
        return Whole.of(
            percents, [one >= 50 for one in percents], [60.0], pass_percent=50,
            alike={place: row[:2] for place, row in enumerate(rows) if row[0]},
            people=[row[2] for row in rows],
        )  # fmt: skip

    assert whole(rows) == whole([(a, b, 1) for a, b, people in rows for _ in range(people)])


@unhurried
@given(st.lists(marks, min_size=2, max_size=60))
def test_variance_is_that_of_the_standard_library(xs):
    assert variance(xs) == near(statistics.variance(xs))
    assert variance([xs[0]] * len(xs)) == 0


@unhurried
@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_facility_is_a_share(xs):
    assert facility(xs, 10_000) == near(statistics.fmean(xs) / 10_000)
    assert 0 <= facility(xs, 10_000) <= 1
    assert facility(xs, 0) is None
    assert facility([], 10_000) is None
    assert facility([20_000], 10_000) == 1


@unhurried
@given(tables)
def test_alpha_is_cronbachs(rows):
    width = len(rows[0])
    sums = [sum(row) for row in rows]
    if len(set(sums)) == 1:
        assert alpha(rows) is None
        return
    own = sum(statistics.variance([row[j] for row in rows]) for j in range(width))
    direct = width / (width - 1) * (1 - own / statistics.variance(sums))
    assert alpha(rows) == near(direct)
    assert alpha(rows) <= 1 + 1e-12


def test_alpha_of_questions_that_agree_is_one_and_needs_two():
    assert alpha([[1, 1, 1], [2, 2, 2], [5, 5, 5]]) == near(1)
    assert alpha([[1], [2]]) is None
    assert alpha([]) is None
    assert standard_error(12, 1.0000001) == 0
    assert standard_error(10, 0.75) == near(5)


@unhurried
@given(totals, st.booleans())
def test_a_tail_weighs_a_little_more_than_a_quarter(values, top):
    weights = tail(values, top=top)
    assert sum(weights[one] for one in values) == near(TAIL * len(values))
    ranked = sorted(weights, reverse=top)
    assert all(weights[a] >= weights[b] for a, b in itertools.pairwise(ranked))
    assert all(0 <= weight <= 1 for weight in weights.values())


@unhurried
@given(st.lists(st.tuples(st.sets(st.sampled_from("abc")), st.integers(0, 5).map(float)),
                min_size=1, max_size=50), st.randoms())  # fmt: skip
def test_choices_against_a_slow_count(rows, chance):
    chosen = [tuple(sorted(options)) for options, _ in rows]
    values = [total for _, total in rows]
    found = choices(chosen, values)
    top, bottom = tail(values, top=True), tail(values, top=False)
    for option in "abc":
        who = [total for options, total in rows if option in options]
        choice = found.get(option, NOBODY)
        assert choice.count == len(who)
        assert choice.all == near(len(who) / len(rows))
        assert choice.top == near(sum(top[one] for one in who) / (TAIL * len(rows)))
        assert choice.bottom == near(sum(bottom[one] for one in who) / (TAIL * len(rows)))
    mixed = list(zip(chosen, values, strict=True))
    chance.shuffle(mixed)
    again = choices([one for one, _ in mixed], [total for _, total in mixed])
    assert {key: one.count for key, one in again.items()} == {
        key: one.count for key, one in found.items()
    }
    assert all(again[key].top == near(one.top) for key, one in found.items())


def test_nobody_and_nothing():
    assert choices([], []) == {}
    empty = Item.of([], [], 10_000)
    assert (empty.facility, empty.discrimination, empty.omitted, empty.seconds) == (
        None, None, 0, None,
    )  # fmt: skip
    free = Item.of([0, 0], [1, 2], 0, options=3)
    assert (free.facility, free.discrimination, free.guess, free.corrected) == (None,) * 4


def test_an_item_by_hand():
    item = Item.of(
        [10_000, 10_000, 0, 0], [30_000, 20_000, 10_000, 0], 10_000,
        options=4, omitted=1, seconds=[10, 20, 90],
    )  # fmt: skip
    assert item.facility == 0.5
    assert item.discrimination == near(2 / math.sqrt(5))
    assert item.efficiency == 1
    assert (item.guess, item.corrected) == (0.25, near(1 / 3))
    assert (item.omitted, item.seconds) == (0.25, 20)
    assert Item.of([10_000], [0], 10_000, options=1).corrected is None


def test_the_upper_bound_of_a_correlation():
    assert highest(-1, 50) == -1
    assert highest(0.2, 3) == 1
    # r = 0.5, n = 28: z = 0.5493 + 1.96 / 5
    assert highest(0.5, 28) == near(math.tanh(0.549306144334 + 0.392))
    assert highest(-0.3, 20) > highest(-0.3, 200)


def test_a_whole_quiz():
    rows = [[10_000, 10_000]] * 6 + [[0, 0]] * 6
    whole = Whole.of(
        [100.0] * 6 + [0.0] * 6, [True] * 6 + [False] * 6, [60.0] * 12,
        pass_percent=70, alike=dict(enumerate(rows)),
    )  # fmt: skip
    assert (whole.mean, whole.median, whole.pass_rate, whole.seconds) == (50, 50, 0.5, 60)
    assert whole.deviation == near(statistics.stdev([100] * 6 + [0] * 6))
    assert (whole.alpha, whole.error, whole.near) == (near(1), near(0), 0)
    few = Whole.of([50.0] * 12, [False] * 12, [1.0] * 12, pass_percent=50, alike={0: [1, 2]})
    assert (few.alpha, few.error, few.near) == (None, None, None)


def an_item(f=0.6, d=0.4, asked=200, guess=0.25):
    return Item(asked, f, d, d, guess, 0, 20)


def kinds(*args, **kwargs):
    return [one.kind for one in findings(*args, **kwargs)]


NAMES = {"a": "A", "b": "B"}


def test_findings_at_their_thresholds():
    nothing = ({}, {"a"}, NAMES)
    assert kinds(an_item(), *nothing) == [Kind.GOOD]
    assert kinds(an_item(d=0.3), *nothing) == [Kind.GOOD]
    assert kinds(an_item(d=0.29), *nothing) == [Kind.FAIR]
    assert kinds(an_item(f=0.91, d=0.3), *nothing) == [Kind.FAIR]
    assert kinds(an_item(d=0.19), *nothing) == [Kind.WEAK]
    assert kinds(an_item(f=0.96, d=0.19), *nothing) == [Kind.TOO_EASY]
    assert kinds(an_item(f=0.95, d=0.25), *nothing) == [Kind.FAIR]
    assert kinds(an_item(f=0.29, guess=None), *nothing) == [Kind.TOO_HARD]
    assert kinds(an_item(f=0.30, guess=None), *nothing) == [Kind.GOOD]
    assert kinds(an_item(f=0.55, guess=0.5), *nothing) == [Kind.TOO_HARD]
    assert kinds(an_item(d=-0.2), *nothing) == [Kind.WRONG_KEY]
    assert kinds(an_item(d=-0.02, asked=60), *nothing) == [Kind.WEAK]
    assert kinds(an_item(d=None), *nothing) == [Kind.UNKNOWN]
    assert kinds(an_item(f=None), *nothing) == []


def test_the_words_name_what_to_look_at():
    chosen = {"a": Choice(10, 0.1, 0.2, 0.1), "b": Choice(90, 0.9, 0.8, 0.9)}
    (found,) = findings(an_item(), chosen, {"a"}, NAMES)
    assert found.words.startswith("Strong learners choose B more often than A")
    assert found.is_about_the_key
    assert kinds(an_item(), chosen, {"b"}, NAMES) == [Kind.GOOD]
    assert kinds(an_item(), chosen, set(), NAMES) == [Kind.GOOD]
    (hard,) = findings(an_item(f=0.2), {}, {"a"}, NAMES, taught_in="Loops")
    assert hard.words == "At guessing level. Is it taught in “Loops”?"


def test_several_right_options_are_judged_by_the_one_chosen_least():
    names = {"a": "A", "b": "B", "c": "C"}
    chosen = {
        "a": Choice(9, 0.9, 0.9, 0.8), "b": Choice(2, 0.2, 0.2, 0.2), "c": Choice(5, 0.5, 0.5, 0.5),
    }  # fmt: skip
    (found,) = findings(an_item(), chosen, {"a", "b"}, names)
    assert "choose C more often than B" in found.words


def test_an_option_is_idle_or_misleads():
    assert Choice(2, 0.029, 0, 0).is_idle
    assert not Choice(3, 0.03, 0, 0).is_idle
    assert Choice(3, 0.3, 0.31, 0.3).misleads
    assert not Choice(3, 0.3, 0.3, 0.3).misleads
