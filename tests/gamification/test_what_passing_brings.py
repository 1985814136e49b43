"""A passed quiz and passed code: one thing of one day, by the time of the work; badges are due."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils.timezone import now

from activity.actions import record
from activity.models import Event
from assessments import grading, rejudgings, submissions
from assessments.attempts import close_overdue, finish_attempt, start_attempt
from assessments.models import Attempt, Submission
from assessments.promises import complete_those_passed
from assessments.regrading import regrade
from assessments.rejudging import judge_again
from classroom.pages.submissions import xp_of
from courses.models import Lesson
from enrollments.models import Enrollment
from gamification import periods
from gamification.achievements.registry import WAKING
from gamification.days import note_day
from gamification.models import AchievementsDue, ActiveDay, BoardRow, Streak, XPTransaction
from gamification.periods import week_of
from gamification.receivers import NOTED
from progress.actions import complete_lesson
from progress.models import LessonProgress
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import RIGHT, WRONG, make_assignment
from tests.assessments.finished import finished, question_at, turn_key
from tests.assessments.test_attempts import answer_all, run_out
from tests.assessments.test_rejudging import as_wrong_expects, hand_in
from tests.gamification.board_people import make_multiplier


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
    told = dict.fromkeys(["level", "days", "xp", "points", "before", "after"], 7)
    told |= dict.fromkeys(["title", "reply", "reason"], "It")
    record(bob, kind, f"course:{course.pk}", {**told, "url": "/"})
    assert notes_of(bob)


# ---- by the time of the work --------------------------------------------------------------------


def judged_later(user, assignment, handed_in, source=RIGHT):
    """Code that waited until now for its verdict."""
    submission = submissions.submit(user, assignment, source, graded=True)
    Submission.objects.filter(pk=submission.pk).update(created_at=handed_in)
    grading.grade(submission.pk)
    submission.refresh_from_db()
    return submission


def left_open(user, quiz, deadline):
    """A quiz that was answered and never handed in: somebody looks after its clock has run out."""
    attempt, _ = start_attempt(user, quiz)
    answer_all(attempt)
    started = deadline - timedelta(minutes=20)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=started, deadline=deadline)
    assert close_overdue() == 1


def moments_of(user):
    """When the entries count, and when their lessons were done."""
    entries = XPTransaction.objects.filter(user=user).values_list("created_at", flat=True)
    done = Event.objects.filter(user=user, kind="LESSON_COMPLETED")
    return {*entries, *done.values_list("created_at", flat=True)}


@pytest.fixture
def sunday(monkeypatch):
    """Two minutes before this week began; that week is not final, whatever the day is today."""
    monkeypatch.setattr(periods, "PROVISIONAL", timedelta(days=9))
    return week_of(now()).starts_at - timedelta(minutes=2)


def weeks_of(user):
    rows = BoardRow.objects.filter(user=user, board__scope="school", points__gt=0)
    return set(rows.values_list("board__period", flat=True))


def test_code_of_sunday_that_is_judged_later_counts_in_the_old_week(ada, assignment, sunday):
    submission = judged_later(ada, assignment, sunday)
    assert submission.finished_at > sunday + timedelta(minutes=1)
    assert weeks_of(ada) == {"all", week_of(sunday).name}
    assert moments_of(ada) == {sunday}
    assert xp_of(submission) == 30


def test_a_quiz_that_ended_on_sunday_counts_in_the_old_week(ada, quiz, sunday):
    left_open(ada, quiz, sunday)
    assert weeks_of(ada) == {"all", week_of(sunday).name}
    assert moments_of(ada) == {sunday}


def test_what_is_later_than_the_final_week_counts_in_no_week(ada, assignment):
    judged_later(ada, assignment, week_of(now()).starts_at - timedelta(days=8))
    assert weeks_of(ada) == {"all"}


@pytest.mark.parametrize(("hours", "pays"), [(-2, 30), (2, 60)])
def test_the_time_of_handing_in_multiplies_and_not_that_of_the_verdict(
    ada, root, assignment, hours, pays
):
    """The time of double points begins a day ago, or has ended by now."""
    begins = now() - timedelta(days=1 if hours < 0 else 9)
    multiplier = make_multiplier(root, "2", begins=begins - now())
    assert hours < 0 or multiplier.ends_at < now()
    judged_later(ada, assignment, multiplier.starts_at + timedelta(hours=hours))
    entry = XPTransaction.objects.get(user=ada)
    assert (entry.amount, entry.base, entry.board_points) == (pays, 30, 30)


def test_marking_and_judging_again_pay_by_the_time_of_the_work(ada, root, quiz, assignment, sunday):
    attempt = finished(ada, quiz, right=3)
    Attempt.objects.update(started_at=sunday - timedelta(hours=1), closed_at=sunday)
    turn_key(question_at(quiz, 5))
    regrade(quiz, by=root)
    assert moments_of(ada) == {sunday}
    assert LessonProgress.objects.get(user=ada).completed_at > attempt.closed_at
    earlier = sunday - timedelta(minutes=1)
    judged_later(ada, assignment, earlier, WRONG)
    as_wrong_expects(assignment)
    judge_again(rejudgings.ask(assignment, None, preview=False).pk)
    assert moments_of(ada) == {sunday, earlier}


def test_what_the_sweep_completes_pays_by_the_time_of_the_work(ada, quiz, sunday):
    finished(ada, quiz, right=0)
    Attempt.objects.update(passed=True, started_at=sunday - timedelta(hours=1), deadline=sunday)
    assert complete_those_passed() == 1
    assert moments_of(ada) == {sunday}


def test_a_level_is_reached_after_the_work_that_led_to_it_was_judged(ada, assignment, sunday):
    Lesson.objects.update(xp_reward=400)
    submission = judged_later(ada, assignment, sunday)
    levels = Event.objects.filter(user=ada, kind="LEVEL_REACHED")
    assert {one.created_at for one in levels} == {submission.finished_at}
    assert levels.count() == 2


def test_a_level_of_a_history_brought_in_stands_where_it_was_reached(ada, lessons, sunday):
    Lesson.objects.update(xp_reward=100)
    complete_lesson(ada, lessons[0], at=sunday)
    assert Event.objects.get(user=ada, kind="LEVEL_REACHED").created_at == sunday


def test_what_a_mended_key_passes_was_passed_when_the_attempt_ended(ada, root, quiz, sunday):
    finished(ada, quiz, right=3)
    Attempt.objects.update(started_at=sunday - timedelta(hours=1), closed_at=sunday)
    turn_key(question_at(quiz, 5))
    regrade(quiz, by=root)
    assert Event.objects.get(user=ada, kind="QUIZ_PASSED").created_at == sunday


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_what_ended_before_midnight_where_the_person_is_makes_the_day_before(
    ada, quiz, assignment, zone
):
    ada.timezone = zone
    ada.save()
    midnight = now().astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    left_open(ada, quiz, midnight - timedelta(minutes=1))
    judged_later(ada, assignment, midnight - timedelta(minutes=2))
    day = ActiveDay.objects.get(user=ada)
    assert (day.date, day.events) == (midnight.date() - timedelta(days=1), 2)
    assert Streak.objects.get(user=ada).last_date == day.date


# Nights on which the clocks change, and an ordinary one.
@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
        ("America/Santiago", date(2026, 9, 6)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("Asia/Kathmandu", date(2026, 5, 5)),
    ],
)
def test_days_that_are_noted_late_come_to_what_they_would_have(bob, grace, zone, night):
    """What is judged in another order than it was handed in leaves the same streak."""
    noon = datetime(night.year, night.month, night.day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    moments = [noon + timedelta(hours=hours) for hours in (-36, -12.5, -11.4, 0, 11.6, 12.4, 36)]
    for user in (bob, grace):
        user.timezone = zone
        user.save()
    with time_machine.travel(noon + timedelta(hours=40), tick=False):
        for moment in moments:
            note_day(bob, moment)
        for moment in (moments[3], *moments[4:], *reversed(moments[:3])):
            note_day(grace, moment)
    outcome = ("length", "best", "freezes", "days", "last_date", "alive_until", "settled_on")
    assert Streak.objects.values(*outcome).distinct().count() == 1
    days = ActiveDay.objects.values_list("date", "first_at", "last_at", "events")
    assert list(days.filter(user=bob)) == list(days.filter(user=grace))
