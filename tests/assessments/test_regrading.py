"""Marking again: up by itself, down only with a reason, and what followed stays."""

import re
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity.models import Event
from assessments import attempts, regrading
from assessments.attempts import finish_attempt, start_attempt
from assessments.errors import ReasonNeeded
from assessments.models import Attempt, Option, Quiz
from assessments.regrading import preview, regrade
from enrollments.actions import leave
from enrollments.models import Enrollment
from gamification.ledger import wrong_standings
from gamification.models import Standing, XPTransaction
from progress.models import LessonProgress
from tests.assessments.builders import make_quiz
from tests.assessments.crowd import people, take
from tests.assessments.finished import answer, finished, question_at, scores, set_right, turn_key
from tests.conftest import make_person
from tests.races.gate import at_once
from tests.races.meeting import HalfWay, meet


@pytest.fixture
def mended(quiz):
    """The question that ada gets wrong in `three` turns out to be keyed wrongly."""
    return lambda: turn_key(question_at(quiz, 5))


def facts(change):
    return change.before, change.after, change.passed_before, change.passed_after


def test_a_mended_key_raises_and_completes(ada, quiz, root, mended):
    attempt = finished(ada, quiz, right=3)
    mended()
    assert [facts(one) for one in preview(quiz)] == [(60, 80, False, True)]
    assert scores(attempt)[:2] == (60, False)
    changes = regrade(quiz, by=root)
    assert [facts(one) for one in changes] == [(60, 80, False, True)]
    assert changes[0].raised
    assert scores(attempt)[:3] == (80, True, Decimal(4))
    assert LessonProgress.objects.filter(user=ada, lesson=quiz.lesson).count() == 1
    assert Standing.objects.get(user=ada).total_xp == 20
    assert Event.objects.filter(user=ada, kind="QUIZ_PASSED").count() == 1
    told = Event.objects.get(kind="ATTEMPT_REGRADED")
    assert re.fullmatch(rf"regrade:{attempt.pk}:\d{{8}}T\d{{12}}", told.subject)
    assert (told.data["before"], told.data["after"], told.data["reason"]) == (60, 80, "")
    assert (told.data["passed"], told.data["pass_percent"]) == (True, 70)
    assert LogEntry.objects.get(user=root).change_message == "Marked again: 1 up, 0 down."


def test_again_finds_nothing_to_do(ada, quiz, root, mended):
    finished(ada, quiz, right=3)
    mended()
    assert regrade(quiz, by=root)
    events = Event.objects.count()
    assert regrade(quiz, by=root) == []
    assert preview(quiz) == []
    assert Event.objects.count() == events
    assert XPTransaction.objects.count() == 1


def test_up_down_and_up_again_is_told_each_time(ada, quiz, mended):
    finished(ada, quiz, right=3)
    mended()
    regrade(quiz, by=None)
    turn_key(question_at(quiz, 5))
    regrade(quiz, by=None, lower=True, reason="It was right before.")
    turn_key(question_at(quiz, 5))
    regrade(quiz, by=None)
    told = [one.data for one in Event.objects.filter(kind="ATTEMPT_REGRADED").order_by("pk")]
    assert [(one["before"], one["after"]) for one in told] == [(60, 80), (80, 60), (60, 80)]
    assert told[1]["reason"] == "It was right before."


def test_a_pass_that_comes_and_goes_is_told_each_time(ada, quiz):
    finished(ada, quiz, right=3)
    for pass_percent in (60, 70, 60):
        Quiz.objects.filter(pk=quiz.pk).update(pass_percent=pass_percent)
        assert len(regrade(quiz, by=None, lower=True, reason="Another rule.")) == 1
    assert Event.objects.filter(kind="ATTEMPT_REGRADED").count() == 3


def test_what_a_question_paid_is_kept_with_its_mark(ada, quiz):
    attempt = finished(ada, quiz, right=3)
    points = attempt.answers.order_by("position").values_list("points", flat=True)
    quiz.questions.filter(position=1).update(points=10)
    regrade(quiz, by=None)
    assert list(points) == [10, 1, 1, 1, 1, 0]
    quiz.questions.filter(position=1).update(points=1)
    regrade(quiz, by=None)  # it would fall
    assert list(points) == [10, 1, 1, 1, 1, 0]


def test_points_that_nobody_earned_are_no_change_and_are_kept(ada, quiz):
    attempt = finished(ada, quiz, right=0)
    quiz.questions.filter(position=1).update(points=3)
    assert regrade(quiz, by=None) == []
    attempt.refresh_from_db()
    assert (attempt.out_of, attempt.answers.get(position=1).points) == (7, 3)


def test_who_would_fall_keeps_every_mark(ada, quiz):
    attempt = finished(ada, quiz, right=5)
    before = scores(attempt)
    turn_key(question_at(quiz, 1))
    turn_key(question_at(quiz, 5))
    (change,) = preview(quiz)
    assert facts(change) == (100, 60, True, False)
    assert change.lowered
    assert preview(quiz, lower=False) == []
    assert regrade(quiz, by=None) == []
    assert scores(attempt) == before


def test_lowering_takes_a_reason_and_leaves_completion_and_points(ada, quiz, root):
    attempt = finished(ada, quiz, right=5)
    turn_key(question_at(quiz, 1))
    turn_key(question_at(quiz, 5))
    for reason in ("", "  \n "):
        with pytest.raises(ReasonNeeded):
            regrade(quiz, by=root, lower=True, reason=reason)
    assert len(regrade(quiz, by=root, lower=True, reason=" The key was wrong. ")) == 1
    assert scores(attempt)[:2] == (60, False)
    assert LessonProgress.objects.filter(user=ada).count() == 1
    assert Standing.objects.get(user=ada).total_xp == 20
    told = Event.objects.get(kind="ATTEMPT_REGRADED")
    assert told.data["reason"] == "The key was wrong."
    assert regrade(quiz, by=root, lower=True, reason="Again.") == []


def test_a_lower_pass_mark_passes_and_a_higher_one_takes_no_pass(ada, bob, course, quiz):
    Enrollment.objects.create(user=bob, course=course)
    low, high = finished(ada, quiz, right=3), finished(bob, quiz, right=4)
    Quiz.objects.filter(pk=quiz.pk).update(pass_percent=60)
    assert [facts(one) for one in regrade(quiz, by=None)] == [(60, 60, False, True)]
    Quiz.objects.filter(pk=quiz.pk).update(pass_percent=90)
    quiz.refresh_from_db()
    assert len(preview(quiz)) == 2
    assert regrade(quiz, by=None) == []
    assert scores(low)[:2] == (60, True)
    assert scores(high)[:2] == (80, True)


def test_more_points_with_a_higher_pass_mark_do_not_cost_the_pass(ada, quiz, mended):
    Quiz.objects.filter(pk=quiz.pk).update(pass_percent=60)
    quiz.refresh_from_db()
    attempt = finished(ada, quiz, right=3)
    mended()
    Quiz.objects.filter(pk=quiz.pk).update(pass_percent=90)
    assert [facts(one) for one in regrade(quiz, by=None)] == [(60, 80, True, True)]
    assert scores(attempt)[:2] == (80, True)


def test_marks_follow_the_key_also_where_the_percent_stays(ada, quiz):
    attempt = finished(ada, quiz, right=4)
    turn_key(question_at(quiz, 1))
    turn_key(question_at(quiz, 5))
    assert preview(quiz) == regrade(quiz, by=None) == []
    marks = scores(attempt)[3]
    assert marks[:5] == (0, 1, 1, 1, 1)
    assert not Event.objects.filter(kind="ATTEMPT_REGRADED").exists()


def test_a_fall_by_less_than_a_percent_is_one_too(ada, quiz):
    quiz.questions.filter(position=1).update(points=100)
    attempt = finished(ada, quiz, right=4)
    before = scores(attempt)
    quiz.questions.filter(position=1).update(points=Decimal("99.99"))
    assert preview(quiz) == regrade(quiz, by=None) == []
    assert scores(attempt) == before


def test_no_question_pays_any_more(ada, quiz):
    attempt = finished(ada, quiz, right=5)
    quiz.questions.update(points=0)
    assert regrade(quiz, by=None) == []
    assert scores(attempt)[0] == 100
    assert [facts(one) for one in preview(quiz)] == [(100, 0, True, False)]


def test_practice_is_marked_too_and_brings_nothing(ada, quiz, mended):
    Quiz.objects.filter(pk=quiz.pk).update(max_attempts=1)
    quiz.refresh_from_db()
    finished(ada, quiz, right=0)
    practice = finished(ada, quiz, right=3, practice=True)
    mended()
    changes = regrade(quiz, by=None)
    assert {one.attempt.is_practice for one in changes} == {True, False}
    assert scores(practice)[:2] == (80, True)
    assert not LessonProgress.objects.exists()
    assert Event.objects.filter(kind="ATTEMPT_REGRADED").count() == 1


def test_who_left_passes_and_completes_nothing_yet(ada, course, quiz, mended):
    attempt = finished(ada, quiz, right=3)
    leave(ada, course)
    mended()
    assert len(regrade(quiz, by=None)) == 1
    assert scores(attempt)[:2] == (80, True)
    assert not LessonProgress.objects.exists()


def test_open_attempts_and_other_quizzes_are_left_alone(ada, lessons, quiz, mended):
    other = finished(ada, make_quiz(lessons[1].module, "other"), right=3)
    going_on, _ = start_attempt(ada, quiz)
    mended()
    assert preview(quiz) == regrade(quiz, by=None) == []
    going_on.refresh_from_db()
    assert going_on.is_open
    assert scores(other)[0] == 60


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    right=st.lists(st.booleans(), min_size=8, max_size=8),
    points=st.lists(st.integers(0, 9), min_size=5, max_size=5),
    pass_percent=st.integers(1, 100),
)
def test_whatever_becomes_of_the_key_nobody_falls(ada, quiz, right, points, pass_percent):
    attempt = Attempt.objects.filter(user=ada).first() or finished(ada, quiz, right=4)
    completions = LessonProgress.objects.count()
    for option, value in zip(
        Option.objects.filter(question__quiz=quiz).order_by("pk"), right, strict=False
    ):
        set_right(option, value)
    for place, worth in enumerate(points, start=1):
        quiz.questions.filter(position=place).update(points=worth)
    Quiz.objects.filter(pk=quiz.pk).update(pass_percent=pass_percent)
    quiz.refresh_from_db()
    percent, passed, *_ = scores(attempt)
    wanted = [facts(one) for one in preview(quiz, lower=False)]
    assert [facts(one) for one in regrade(quiz, by=None)] == wanted
    after = scores(attempt)
    assert after[0] >= percent
    assert after[1] >= passed
    assert regrade(quiz, by=None) == []
    assert scores(attempt) == after
    assert LessonProgress.objects.count() >= completions
    assert XPTransaction.objects.count() <= 1
    assert wrong_standings() == 0


def test_preview_asks_the_same_number_of_questions_for_more_attempts(
    quiz, django_assert_num_queries
):
    def habit(place, question, options):
        return ([one.pk for one in options[:1]], "for"), Decimal(0)

    for stem, count in (("few", 5), ("many", 60)):
        take(quiz, people(count, stem), habit)
        with django_assert_num_queries(5):  # key, options, attempts, answers, no more attempts
            assert preview(quiz)


def test_more_than_a_chunk_is_read_in_chunks(quiz, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(regrading, "CHUNK", 4)

    def habit(place, question, options):
        return ([one.pk for one in options[:1]], "for"), Decimal(0)

    take(quiz, people(10), habit)
    with django_assert_num_queries(2 + 3 * 2 + 1):
        assert len(preview(quiz)) == 10
    assert len(regrade(quiz, by=None)) == 10
    assert regrade(quiz, by=None) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
@pytest.mark.parametrize("table", ["assessments_attempt", "assessments_answer", "activity_event"])
def test_finishing_and_marking_again_at_once_agree(course, quiz, table):
    """A learner finishes by the key of a moment ago while everybody is marked again."""
    learners = [make_person(f"l{n}@example.org", f"L{n}") for n in range(4)]
    for user in learners:
        Enrollment.objects.create(user=user, course=course)
    for user in learners[:2]:
        finished(user, quiz, right=3)
    going_on = [start_attempt(user, quiz)[0] for user in learners[2:]]
    turn_key(question_at(quiz, 5))
    actions = [lambda one=one: finish_attempt(one) for one in going_on]
    actions += [lambda: regrade(quiz, by=None) for _ in range(3)]
    results = at_once(table, actions)
    assert sum(len(one) for one in results if isinstance(one, list)) == 2
    assert preview(quiz) == []
    assert Event.objects.filter(kind="ATTEMPT_REGRADED").count() == 2
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 2
    assert wrong_standings() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_an_attempt_that_closes_by_the_old_key_is_waited_for(ada, quiz, monkeypatch):
    """It has read the key, the key is mended, everybody is marked again; then it commits."""
    attempt, _ = start_attempt(ada, quiz)
    answer(attempt, right=3)
    stop = HalfWay(attempts.mark_answers)
    monkeypatch.setattr(attempts, "mark_answers", stop)

    def mend():
        turn_key(question_at(quiz, 5))
        return regrade(quiz, by=None)

    changes, waited = meet(stop, lambda: finish_attempt(attempt), mend)
    assert waited
    assert [facts(one) for one in changes] == [(60, 80, False, True)]
    assert scores(attempt)[:2] == (80, True)
