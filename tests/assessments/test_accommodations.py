"""More time for one person."""

from datetime import timedelta
from functools import partial

import pytest

from assessments import attempts
from assessments.accommodations import set_extra_time
from assessments.attempts import start_attempt
from assessments.models import Accommodation, Quiz
from enrollments.models import Enrollment
from tests.races.meeting import HalfWay, meet

ExtraTime = Accommodation.ExtraTime


@pytest.fixture
def timed(quiz):
    Quiz.objects.filter(pk=quiz.pk).update(time_limit=20, max_attempts=2)
    quiz.refresh_from_db()
    return quiz


def minutes(attempt):
    attempt.refresh_from_db()
    return attempt.deadline and (attempt.deadline - attempt.started_at) / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("extra", "given"),
    [
        (None, 20),
        (ExtraTime.QUARTER, 25),
        (ExtraTime.HALF, 30),
        (ExtraTime.DOUBLE, 40),
        (ExtraTime.NO_CLOCK, None),
    ],
)
def test_a_new_attempt_has_the_extra_time_and_an_open_one_follows(ada, timed, extra, given):
    attempt, _ = start_attempt(ada, timed)
    set_extra_time(ada, extra)
    assert minutes(attempt) == given
    attempt.delete()
    attempt, _ = start_attempt(ada, timed)
    assert minutes(attempt) == given


def test_taking_it_back_takes_it_from_the_open_attempt(ada, timed):
    set_extra_time(ada, ExtraTime.NO_CLOCK)
    attempt, _ = start_attempt(ada, timed)
    assert minutes(attempt) is None
    set_extra_time(ada, None)
    assert minutes(attempt) == 20
    assert not Accommodation.objects.exists()


def test_it_is_one_persons_own(ada, bob, course, timed):
    Enrollment.objects.create(user=bob, course=course)
    attempt, _ = start_attempt(bob, timed)
    set_extra_time(ada, ExtraTime.DOUBLE)
    assert minutes(attempt) == 20


def test_a_quiz_without_a_clock_gets_none(ada, quiz):
    attempt, _ = start_attempt(ada, quiz)
    set_extra_time(ada, ExtraTime.DOUBLE)
    assert minutes(attempt) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_an_attempt_that_is_just_beginning_gets_it_too(ada, timed, monkeypatch):
    """It has read that there is no extra time; staff give some; then it begins."""
    stop = HalfWay(attempts.deadline_for)
    monkeypatch.setattr(attempts, "deadline_for", stop)
    give = partial(set_extra_time, ada, ExtraTime.DOUBLE)
    _, waited = meet(stop, lambda: start_attempt(ada, timed), give)
    assert waited
    assert minutes(ada.attempts.get()) == 40
