"""A passed quiz and passed code: one thing of one day, and badges that are due."""

import pytest

from activity.actions import record
from assessments import rejudgings
from assessments.attempts import close_overdue, finish_attempt, start_attempt
from assessments.models import Attempt
from assessments.promises import complete_those_passed
from assessments.regrading import regrade
from assessments.rejudging import judge_again
from enrollments.models import Enrollment
from gamification.achievements.registry import WAKING
from gamification.models import AchievementsDue, ActiveDay, XPTransaction
from gamification.receivers import NOTED
from progress.models import LessonProgress
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import RIGHT, WRONG, make_assignment
from tests.assessments.finished import finished, question_at, turn_key
from tests.assessments.test_attempts import answer_all, run_out
from tests.assessments.test_rejudging import as_wrong_expects, hand_in


@pytest.fixture
def quiz(lessons):
    return make_quiz(lessons[0].module)


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def notes_of(user):
    """Whether there are any since this was asked last."""
    return bool(AchievementsDue.objects.filter(user=user).delete()[0])


def events_of(user):
    return list(ActiveDay.objects.filter(user=user).values_list("events", flat=True))


def test_a_passed_quiz_is_one_thing_of_its_day_and_wakes_its_badges(ada, quiz):
    attempt, _ = start_attempt(ada, quiz)
    answer_all(attempt)
    assert finish_attempt(attempt).completed
    assert events_of(ada) == [1]
    assert notes_of(ada)


def test_passed_code_is_one_thing_of_its_day_and_wakes_its_badges(ada, assignment):
    hand_in(ada, assignment, WRONG)
    assert (events_of(ada), notes_of(ada)) == ([1], True)
    hand_in(ada, assignment, RIGHT)
    assert (events_of(ada), notes_of(ada)) == ([2], True)
    assert LessonProgress.objects.filter(user=ada).exists()


def test_marking_again_wakes_badges_and_makes_no_day(ada, quiz, root):
    finished(ada, quiz, right=3)
    notes_of(ada)
    turn_key(question_at(quiz, 5))
    regrade(quiz, by=root)
    assert LessonProgress.objects.filter(user=ada).exists()
    assert (events_of(ada), notes_of(ada)) == ([1], True)


def test_judging_again_wakes_badges_and_makes_no_day(ada, assignment):
    hand_in(ada, assignment, WRONG)
    notes_of(ada)
    as_wrong_expects(assignment)
    judge_again(rejudgings.ask(assignment, None, preview=False).pk)
    assert LessonProgress.objects.filter(user=ada).exists()
    assert (events_of(ada), notes_of(ada)) == ([1], True)


def test_a_door_that_opens_later_wakes_badges_and_makes_no_day(ada, quiz):
    attempt, _ = start_attempt(ada, quiz)
    answer_all(attempt)
    Enrollment.objects.update(status="PAUSED")
    run_out(attempt)
    assert close_overdue() == 1
    assert Attempt.objects.get().passed
    assert notes_of(ada)
    Enrollment.objects.update(status="ACTIVE")
    assert complete_those_passed() == 1
    assert XPTransaction.objects.filter(user=ada).count() == 1
    assert (events_of(ada), notes_of(ada)) == ([1], True)


@pytest.mark.parametrize("kind", sorted(WAKING - NOTED))
def test_whatever_else_may_earn_a_badge_is_noted_by_itself(bob, course, kind):
    record(bob, kind, f"course:{course.pk}", {"title": "It", "url": "/"})
    assert notes_of(bob)
