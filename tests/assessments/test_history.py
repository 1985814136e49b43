"""What a learner's attempts allow: beginning, practising, seeing the answers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.attempts import start_attempt
from assessments.errors import NoAttemptsLeft, NoPractice, TooSoon
from assessments.history import (
    AFTER_EACH,
    AFTER_LAST,
    AFTER_PASSING,
    NEVER,
    History,
    history_of,
)
from assessments.models import Attempt, Quiz
from tests.assessments.builders import make_quiz

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
Review = Quiz.Review
OPEN = "Answers are not shown while an attempt is open."


def done(number=1, percent=50, *, practice=False, at=NOON):
    return Attempt(
        number=number, percent=percent, passed=percent >= 70, is_practice=practice,
        status="SUBMITTED", started_at=at, closed_at=at,
    )  # fmt: skip


def going(number=1, *, practice=False):
    return Attempt(number=number, is_practice=practice, status="OPEN", started_at=NOON)


def history(*attempts, moment=NOON, **rules):
    return History(Quiz(**rules), attempts[::-1], moment)


def hidden(*attempts, **rules):
    refusal = history(*attempts, **rules).why_answers_are_hidden
    return str(refusal) if refusal else ""


def test_a_newcomer_may_begin_and_sees_nothing():
    new = history(max_attempts=2)
    assert (new.left, new.refusal, new.best, new.has_passed, new.open) == (
        2,
        None,
        None,
        False,
        None,
    )
    assert all(hidden(review=review) for review in Review)


def test_attempts_that_are_begun_are_used_up_and_practice_uses_none():
    assert history(done(), going(2), going(1, practice=True), max_attempts=3).left == 1
    assert history(done(), going(2), max_attempts=1).left == 0
    assert history(*[done()] * 9).left is None


def test_the_best_attempt_counts_and_of_equal_ones_the_first():
    some = history(done(1, 60), done(2, 90), done(3, 90), done(1, 100, practice=True))
    assert some.best.number == 2
    assert some.has_passed
    assert not history(done(1, 69), done(1, 100, practice=True)).has_passed


def test_all_attempts_used_is_a_refusal():
    assert isinstance(history(done(), max_attempts=1).refusal, NoAttemptsLeft)
    assert history(done(), max_attempts=2).refusal is None


def test_the_next_attempt_waits():
    row = done(at=NOON - timedelta(minutes=10))
    soon = history(row, wait=15).refusal
    assert isinstance(soon, TooSoon)
    assert soon.opens_at == NOON + timedelta(minutes=5)
    assert history(row, wait=10).refusal is None
    assert history(row).opens_at is None
    assert history(done(practice=True), wait=15).refusal is None
    assert history(wait=15).refusal is None


def test_practice_waits_until_no_attempt_can_gain_by_it():
    assert history().practice_refusal is None
    assert isinstance(history(max_attempts=2).practice_refusal, NoPractice)
    assert isinstance(history(done(), going(2), max_attempts=2).practice_refusal, NoPractice)
    assert history(done(), done(2), max_attempts=2).practice_refusal is None


@pytest.mark.parametrize(
    ("review", "limit", "attempts", "why"),
    [
        (Review.NEVER, None, [done(1, 100)], NEVER),
        (Review.NEVER, 1, [done(1, 100)], NEVER),
        (Review.EACH, None, [], AFTER_EACH),
        (Review.EACH, None, [done()], ""),
        (Review.EACH, 3, [done()], ""),
        (Review.EACH, 3, [done(), going(2)], OPEN),
        (Review.EACH, 3, [done(), going(1, practice=True)], OPEN),
        (Review.EACH, None, [done(practice=True)], AFTER_EACH),
        (Review.LAST, None, [done(practice=True)], AFTER_PASSING),
        (Review.LAST, 2, [done(1, 100)], AFTER_LAST),
        (Review.LAST, 2, [done(), going(2)], AFTER_LAST),
        (Review.LAST, 2, [done(), done(2)], ""),
        (Review.LAST, 1, [done(1, 0)], ""),
        (Review.LAST, 1, [done(1, 0), going(1, practice=True)], OPEN),
        (Review.LAST, None, [done(1, 69)], AFTER_PASSING),
        (Review.LAST, None, [done(1, 69), done(1, 100, practice=True)], AFTER_PASSING),
        (Review.LAST, None, [done(1, 70)], ""),
        (Review.LAST, None, [done(1, 70), going(2)], OPEN),
    ],
)
def test_when_answers_are_shown(review, limit, attempts, why):
    assert hidden(*attempts, review=review, max_attempts=limit) == why


@given(
    st.sampled_from(Review.values), st.none() | st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=4), st.booleans(),
)  # fmt: skip
def test_no_key_is_shown_while_something_can_still_be_gained(review, limit, closed, is_open):
    """Whatever was done: answers are never shown before one finished, nor beside an open attempt;
    and under LAST not while a try that counts is left and none was passed."""
    rows = [done(n, percent, practice=practice) for n, (percent, practice) in enumerate(closed, 1)]
    rows += [going(9)] if is_open else []
    found = history(*rows, review=review, max_attempts=limit)
    if found.why_answers_are_hidden is None:
        assert review != Review.NEVER
        assert found.closed
        assert not is_open
        if review == Review.LAST:
            assert found.left == 0 or (found.left is None and found.has_passed)


def test_a_history_is_one_query_and_ones_own(ada, bob, quiz, django_assert_num_queries):
    start_attempt(ada, quiz)
    start_attempt(ada, make_quiz(quiz.lesson.module, "another"))
    with django_assert_num_queries(1):
        found = history_of(ada, quiz, NOON)
    assert len(found.attempts) == 1
    assert not history_of(bob, quiz, NOON).attempts
