"""What each badge asks for, that it is earned once, and what becomes of one that is taken back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity.models import Event
from gamification import tasks
from gamification.achievements import awarding
from gamification.achievements.awarding import award, award_due, award_those_due, reached
from gamification.achievements.registry import ACHIEVEMENTS, ALL
from gamification.models import (
    AchievementsDue,
    Award,
    Challenge,
    ChallengeEntry,
    ChallengeSolve,
    ChallengeTask,
    Pause,
    Policy,
    Referral,
    RestRule,
    Season,
    Streak,
    WeeklyGoal,
    XPTransaction,
)
from progress.actions import complete_lesson
from tests.conftest import make_person
from tests.gamification.histories import (
    attempted,
    completed,
    day,
    handed_in,
    happened,
    learned_on,
    reviewed,
)

FIVE_SINGLE = {"first-light", "first-green", "all-kinds", "first-quiz", "back-again", "good-rest"}


def test_there_are_thirty_two_and_each_says_what_every_tier_asks_for():
    assert len(ACHIEVEMENTS) == len(ALL) == 32
    for one in ALL:
        words = [one.criterion(tier) for tier in range(1, len(one.tiers) + 1)]
        assert all(text.endswith(".") and "{" not in text for text in words), one.key
        assert len(set(words)) == len(words)
        assert list(one.tiers) == sorted(set(one.tiers))
        assert 1 <= len(one.tiers) <= 4
        assert one.woken_by
    assert {one.key for one in ALL if len(one.tiers) == 1} == FIVE_SINGLE


def test_nothing_is_asked_for_that_harms():
    words = " ".join(one.one + one.many for one in ALL).lower()
    for bad in ("night", "weekend", "fast", "rank", "first place", "buy", "every day", "secret"):
        assert bad not in words


# ---- lessons and courses ------------------------------------------------------------------------


def n_of(user, key):
    return reached(user).get(key, 0)


def test_lessons_are_counted_once_each_and_an_undone_one_stays(ada, lessons):
    completed(ada, lessons[0])
    completed(ada, lessons[1])
    assert (n_of(ada, "first-light"), n_of(ada, "steady-steps")) == (1, 2)


def test_a_module_is_closed_by_its_required_lessons_that_can_be_seen(ada, lessons):
    assert [lesson.module.slug for lesson in lessons] == ["start", "start", "on", "on"]
    completed(ada, lessons[0], day(0))
    assert n_of(ada, "module-closer") == 0
    completed(ada, lessons[2], day(1))  # the other lesson of its module is an extra
    assert n_of(ada, "module-closer") == 1
    type(lessons[1]).objects.filter(pk=lessons[1].pk).update(status="DRAFT")
    assert n_of(ada, "module-closer") == 2


def test_all_kinds_are_four_and_older_events_are_told_by_their_lesson(ada, lessons):
    kinds = ["ARTICLE", "VIDEO", "CODE_EXAMPLE", "INTERACTIVE"]
    for lesson, kind in zip(lessons, kinds, strict=True):
        lesson.kind = kind
        lesson.save()
        happened(ada, "LESSON_COMPLETED", f"lesson:{lesson.pk}")
    assert n_of(ada, "all-kinds") == 4


def test_a_quiz_is_no_fifth_kind(ada, lessons):
    completed(ada, lessons[0], kind="QUIZ")
    assert n_of(ada, "all-kinds") == 0


def test_big_assignments_pay_a_hundred(ada, lessons):
    completed(ada, lessons[0], kind="ASSIGNMENT", xp=99)
    completed(ada, lessons[1], kind="ASSIGNMENT", xp=100)
    completed(ada, lessons[2], kind="ARTICLE", xp=300)
    assert n_of(ada, "builder") == 1


def test_a_corrected_certificate_is_no_second_and_a_revoked_one_is_none(ada):
    happened(ada, "CERTIFICATE_ISSUED", "certificate:1", course="a")
    happened(ada, "CERTIFICATE_ISSUED", "certificate:2", course="a")
    assert n_of(ada, "certified") == 1
    happened(ada, "CERTIFICATE_ISSUED", "certificate:3", course="b")
    happened(ada, "CERTIFICATE_REVOKED", "certificate:3", course="b")
    assert n_of(ada, "certified") == 1


def test_levels_courses_and_referrals(ada, bob, grace):
    happened(ada, "COURSE_COMPLETED", "course:1")
    happened(ada, "LEVEL_REACHED", "level:5", level=5)
    Referral.objects.create(referrer=ada, referee=bob)
    state = {"state": "REWARDED", "qualified_at": day(1), "settled_at": day(8)}
    Referral.objects.create(referrer=ada, referee=grace, **state)
    found = reached(ada)
    assert (found["finisher"], found["milestone"], found["good-company"]) == (1, 5, 1)


# ---- code ---------------------------------------------------------------------------------------


def test_green_is_every_test_and_not_enough_of_them(ada):
    handed_in(ada, "a", 80)
    assert n_of(ada, "first-green") == 0
    handed_in(ada, "a", 100)
    assert (n_of(ada, "first-green"), n_of(ada, "problem-solver")) == (1, 1)


def test_tries_that_failed_are_told_by_the_event_or_counted(ada):
    handed_in(ada, "a", 0, day(0))
    handed_in(ada, "a", 100, day(1))
    handed_in(ada, "b", 100, day(2), failed=12)
    handed_in(ada, "c", 100, day(3))
    handed_in(ada, "c", 0, day(4))
    assert (n_of(ada, "bug-hunter"), n_of(ada, "long-haul")) == (2, 1)


def test_a_second_draft_was_asked_for_and_a_clean_read_was_not(ada):
    reviewed(ada, "a", "CHANGES", day(0))
    reviewed(ada, "a", "ACCEPTED", day(1))
    reviewed(ada, "b", "ACCEPTED", day(2))
    reviewed(ada, "b", "CHANGES", day(3))
    reviewed(ada, "c", "RETURNED", day(4))
    reviewed(ada, "c", "ACCEPTED", day(5))
    reviewed(ada, None, "ACCEPTED", day(6))
    assert (n_of(ada, "second-draft"), n_of(ada, "clean-read")) == (1, 1)


def test_languages_and_words_are_counted_once_an_assignment(ada):
    handed_in(ada, "a", 100, language="python", words=39)
    handed_in(ada, "a", 100, language="python", words=40)
    handed_in(ada, "a", 100, language="python", words=90)
    handed_in(ada, "b", 0, language="java", words=99)
    handed_in(ada, "c", 100, language="javascript")
    assert (n_of(ada, "polyglot"), n_of(ada, "in-my-words")) == (2, 1)


def test_who_asked_before_passing_asked_well(ada):
    reviewed(ada, "a", "CHANGES", day(3), "HELP_GIVEN", asked=day(0).isoformat())
    handed_in(ada, "a", 100, day(2))
    handed_in(ada, "b", 100, day(1))
    reviewed(ada, "b", "ACCEPTED", day(3), "HELP_GIVEN", asked=day(2).isoformat())
    reviewed(ada, "c", "CHANGES", day(0), "HELP_GIVEN")
    assert n_of(ada, "asks-well") == 1
    handed_in(ada, "c", 100, day(4))
    assert n_of(ada, "asks-well") == 2


# ---- quizzes ------------------------------------------------------------------------------------


def test_full_marks_are_counted_once_a_quiz_and_after_a_regrade(ada):
    for quiz, percent in (("a", 100), ("a", 100), ("b", 99)):
        attempted(ada, quiz, percent)
    assert n_of(ada, "sharp") == 1
    happened(ada, "ATTEMPT_REGRADED", "regrade:1", quiz="b", before=99, after=100)
    assert n_of(ada, "sharp") == 2


def test_a_comeback_is_thirty_points_above_an_earlier_attempt(ada):
    for number, (quiz, percent) in enumerate(
        [("a", 60), ("a", 89), ("a", 30), ("b", 90), ("b", 20), ("b", 49), ("b", 50)]
    ):
        attempted(ada, quiz, percent, day(number))
    assert n_of(ada, "comeback") == 1


@pytest.mark.parametrize(("days", "known"), [(13, 0), (14, 1)])
def test_what_is_passed_again_after_two_weeks_is_still_known(ada, days, known):
    attempted(ada, "a", 10, day(-30))
    attempted(ada, "a", 80, day(0))
    attempted(ada, "a", 90, day(days))
    assert n_of(ada, "still-know-it") == known


def test_only_reports_that_were_right_count(ada):
    happened(ada, "REPORT_ANSWERED", "report:1", accepted=True)
    happened(ada, "REPORT_ANSWERED", "report:2", accepted=False)
    assert n_of(ada, "question-fixer") == 1


# ---- days ---------------------------------------------------------------------------------------


def test_the_longest_streak_counts_and_so_does_one_that_was_told(ada):
    learned_on(ada, 0, 1, 2)
    Streak.objects.create(user=ada, length=0, best=3, settled_on=day(9).date())
    assert n_of(ada, "steady") == 3
    happened(ada, "STREAK_REACHED", "streak:7:2025-01-01", day(-200))
    assert n_of(ada, "steady") == 7


def test_a_week_of_rhythm_has_three_days_from_monday_on(ada):
    learned_on(ada, 0, 2, 6, 12, 13, 14, 21, 22, 23, 24)
    assert n_of(ada, "weekly-rhythm") == 2
    assert award(ada) == []


@pytest.mark.parametrize(("away", "back"), [(13, 0), (14, 1)])
def test_back_again_after_two_weeks(ada, lessons, away, back):
    attempted(ada, "a", 0, day(0))
    handed_in(ada, "a", 100, day(away))
    completed(ada, lessons[0], day(away))
    assert n_of(ada, "back-again") == back


def test_a_pause_is_a_rest_once_somebody_is_back(ada):
    pause = Pause.objects.create(user=ada, first=day(2).date(), last=day(4).date())
    learned_on(ada, 1)
    assert n_of(ada, "good-rest") == 0
    learned_on(ada, 9)
    assert n_of(ada, "good-rest") == 1
    Pause.objects.filter(pk=pause.pk).update(first=day(9).date(), last=day(9).date())
    assert n_of(ada, "good-rest") == 0


@pytest.mark.parametrize(
    ("days", "rested"),
    [((4, 7), 1), ((4, 6), 1), ((4, 5), 0), ((1, 3), 0), ((4, 5, 6), 0), ((-5, 30), 1)],
)
def test_a_free_weekday_is_a_rest_while_its_rule_holds(ada, days, rested):
    weekend = 1 << 5 | 1 << 6
    RestRule.objects.create(user=ada, from_date=day(1).date(), weekdays=weekend)
    learned_on(ada, *days)
    assert n_of(ada, "good-rest") == rested
    RestRule.objects.create(user=ada, from_date=day(2).date(), weekdays=0)
    assert n_of(ada, "good-rest") == 0


def test_a_goal_is_met_by_the_week_in_force(ada, lessons):
    learned_on(ada, 0, 7, 14)
    WeeklyGoal.objects.create(user=ada, from_week=day(0).date(), lessons=1)
    WeeklyGoal.objects.create(user=ada, from_week=day(7).date(), lessons=2)
    completed(ada, lessons[0], day(0, 1))
    completed(ada, lessons[1], day(7, 1))
    assert n_of(ada, "goal-keeper") == 1
    completed(ada, lessons[2], day(7, 2))
    assert n_of(ada, "goal-keeper") == 2
    WeeklyGoal.objects.create(user=ada, from_week=day(14).date(), lessons=0)
    completed(ada, lessons[3], day(14))
    assert n_of(ada, "goal-keeper") == 2


# ---- challenges and seasons ---------------------------------------------------------------------


@pytest.fixture
def challenge(course, lessons):
    row = Challenge.objects.create(
        slug="c", title="C", course=course, opens_at=day(0), closes_at=day(9), is_published=True
    )
    for position, lesson in enumerate(lessons[:2], start=1):
        ChallengeTask.objects.create(challenge=row, lesson=lesson, position=position)
    return row


def test_challenges_in_time_and_in_ones_own(ada, challenge):
    first, second = challenge.tasks.all()
    entry = ChallengeEntry.objects.create(
        challenge=challenge, user=ada, started_at=day(1), deadline=day(1, 1), finished_at=day(1, 1)
    )
    assert n_of(ada, "challenger") == 0
    ChallengeSolve.objects.create(task=first, user=ada, entry=entry, solved_at=day(1))
    assert (n_of(ada, "challenger"), n_of(ada, "full-set")) == (1, 0)
    ChallengeSolve.objects.create(task=second, user=ada, entry=entry, solved_at=day(1))
    assert (n_of(ada, "full-set"), n_of(ada, "practice-run")) == (1, 0)
    for task in (first, second):
        ChallengeSolve.objects.create(task=task, user=ada, solved_at=day(20))
    assert n_of(ada, "practice-run") == 1


def test_eight_weeks_of_a_season(ada):
    Season.objects.create(slug="s", title="S", starts_at=day(0), ends_at=day(84))
    learned_on(ada, -3, *range(0, 49, 7), 90)
    assert n_of(ada, "season-regular") == 0
    learned_on(ada, 55)
    assert n_of(ada, "season-regular") == 1


# ---- awarding -----------------------------------------------------------------------------------


def test_a_lesson_makes_its_badge_due_in_the_same_transaction(ada, lessons):
    complete_lesson(ada, lessons[0])
    assert AchievementsDue.objects.filter(user=ada).exists()
    assert not Award.objects.exists()


def test_the_press_that_completes_a_lesson_wakes_whoever_awards_it(
    ada, lessons, as_, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(tasks.award_achievements, "delay", tasks.award_achievements)
    with django_capture_on_commit_callbacks(execute=True):
        as_(ada).post(f"/lessons/{lessons[0].pk}/completion/", {"done": "1"})
        assert not Award.objects.exists()
    assert Award.objects.get(user=ada).key == "first-light"
    assert not AchievementsDue.objects.exists()


def test_what_is_due_is_awarded_once_told_and_dated_by_the_fact(ada, lessons):
    complete_lesson(ada, lessons[0], at=day(0))
    assert award_due(ada) == ["first-light:1"]
    assert not AchievementsDue.objects.filter(user=ada).exists()
    award_ = Award.objects.get(user=ada)
    told = Event.objects.get(user=ada, kind="ACHIEVEMENT_EARNED")
    assert award_.earned_at == told.created_at == day(0)
    assert told.subject == "achievement:first-light:1"
    assert told.data["title"] == "First light"
    assert told.data["url"] == "/achievements/#first-light"
    awarding.note(ada)
    assert award_due(ada) == []
    assert Award.objects.count() == 1


def test_several_tiers_may_come_at_once(ada, lessons):
    for number in range(1, 6):
        handed_in(ada, f"a{number}", 100, day(number), failed=1)
    assert award(ada) == ["bug-hunter:1", "first-green:1", "problem-solver:1"]
    dates = dict(Award.objects.values_list("key", "earned_at"))
    assert (dates["bug-hunter"], dates["problem-solver"]) == (day(1), day(5))


def test_it_pays_only_where_the_school_says_so(ada, lessons):
    completed(ada, lessons[0])
    award(ada)
    assert not XPTransaction.objects.exists()
    Policy.objects.create(bonuses_pay=True)
    handed_in(ada, "a", 100)
    award(ada)
    entry = XPTransaction.objects.get()
    assert (entry.source_type, entry.source_key) == ("ACHIEVEMENT", "first-green:1")
    assert (entry.amount, entry.board_points) == (10, 0)


def test_a_tier_that_was_taken_back_does_not_come_again(ada, root, lessons):
    completed(ada, lessons[0])
    award(ada)
    Award.objects.update(revoked_at=day(3), revoked_by=root, reason="Copied from a friend")
    assert award(ada) == []
    assert Award.objects.get().revoked_at == day(3)


def test_what_happens_while_badges_are_looked_at_stays_due(ada, lessons, monkeypatch):
    complete_lesson(ada, lessons[0])

    def meanwhile(user):
        awarding.note(user)
        return []

    monkeypatch.setattr(awarding, "award", meanwhile)
    award_due(ada)
    assert AchievementsDue.objects.filter(user=ada).count() == 1


def test_a_failure_keeps_what_is_due(ada, lessons, monkeypatch):
    complete_lesson(ada, lessons[0])
    before = AchievementsDue.objects.count()

    def fails(user):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(awarding, "award", fails)
        assert award_those_due() == 0
    assert AchievementsDue.objects.count() == before
    assert award_those_due() == 1
    assert Award.objects.get().key == "first-light"


def test_so_many_people_are_looked_at_and_who_failed_comes_last(ada, bob, monkeypatch):
    for user in (ada, ada, ada, bob):
        awarding.note(user)

    def fails_for_one(user):
        return [1 / 0] if user == ada else []

    monkeypatch.setattr(awarding, "award", fails_for_one)
    assert [award_those_due(limit=1) for _ in range(2)] == [0, 1]
    assert award_those_due(limit=2) == 0
    assert set(AchievementsDue.objects.values_list("user", flat=True)) == {ada.pk}


def test_nobody_who_is_gone_is_looked_at(db):
    awarding.award_by_id(make_person("gone@example.org", "Gone").pk)
    assert not Award.objects.exists()


def test_looking_costs_as_little_for_a_long_history_as_for_a_short_one(ada, lessons):
    completed(ada, lessons[0])
    for number in range(30):
        attempted(ada, f"q{number}", 70, day(0) + timedelta(hours=number))
    award(ada)
    awarding.note(ada)
    with CaptureQueriesContext(connection) as counted:
        award_due(ada)
    # What is due, its deletion, and all badges in one; the rest is savepoints and a setting.
    assert len(counted) <= 8
