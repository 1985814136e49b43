"""Seasons and challenges at the gate: one start, one payment, one close."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from activity.models import Event
from gamification import challenge_making, challenges, ledger, seasons
from gamification.challenge_making import Plan, change_challenge
from gamification.models import (
    ChallengeEntry,
    ChallengeSolve,
    Multiplier,
    Season,
    SeasonGoal,
    SeasonResult,
    XPTransaction,
)
from gamification.season_errors import HasBegun
from tests.gamification.contest_builders import (
    earn,
    judge,
    learn_on,
    make_open_challenge,
    make_open_season,
    make_past_season,
    make_people,
    move,
)
from tests.races import meeting
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 8


@pytest.fixture
def challenge(course):
    return make_open_challenge(course)


def paid(source):
    return XPTransaction.objects.filter(source_type=source)


def test_many_starts_at_once_make_one_entry(ada, challenge):
    def press():
        browser = Client(raise_request_exception=False)
        browser.force_login(ada)
        return browser.post("/challenges/sprint/entry/", {"started": "1"}).status_code

    assert set(at_once("gamification_challengeentry", [press] * CROWD)) == {303}
    assert ChallengeEntry.objects.count() == 1


def plan_of(challenge, **changes):
    names = ("slug", "title", "course", "opens_at", "closes_at", "minutes")
    values = {name: getattr(challenge, name) for name in names}
    lessons = [task.lesson for task in challenge.tasks.all()]
    return Plan(**{**values, "lessons": lessons, **changes})


def change(challenge, **changes):
    """What staff try; True if it was still to be had."""
    with suppress(HasBegun):
        change_challenge(challenge, plan_of(challenge, **changes))
        return True
    return False


def test_a_start_that_meets_a_change_goes_by_what_was_changed(ada, challenge, monkeypatch):
    """The change holds the challenge and has not yet committed; the start waits for it."""
    stop = meeting.HalfWay(challenge_making.refuse_wrong_tasks)
    monkeypatch.setattr(challenge_making, "refuse_wrong_tasks", stop)
    entry, waited = meeting.meet(
        stop, lambda: change(challenge, minutes=90), lambda: challenges.start(ada, challenge)
    )
    assert waited
    assert entry.deadline - entry.started_at == timedelta(minutes=90)


def test_a_change_that_meets_a_start_comes_too_late(ada, challenge, monkeypatch):
    """The start has looked at the challenge and has not yet committed; the change waits for it."""
    stop = meeting.HalfWay(challenges.deadline_of)
    monkeypatch.setattr(challenges, "deadline_of", stop)
    changed, waited = meeting.meet(
        stop, lambda: challenges.start(ada, challenge), lambda: change(challenge, minutes=90)
    )
    assert waited
    assert not changed
    entry = ChallengeEntry.objects.select_related("challenge").get()
    assert entry.deadline - entry.started_at == timedelta(minutes=entry.challenge.minutes)


@pytest.mark.parametrize("table", ["gamification_challengesolve", "gamification_xptransaction"])
def test_many_verdicts_at_once_solve_once_and_pay_once(ada, challenge, table):
    entry = challenges.start(ada, challenge)
    lesson = challenge.tasks.first().lesson
    at_once(table, [lambda: judge(ada, lesson)] * CROWD)
    assert entry.solves.count() == paid("CHALLENGE").count() == 1
    assert ledger.total_of(ada) == 20
    assert ledger.wrong_standings() == 0


def test_the_last_tasks_at_once_end_it_once(ada, challenge):
    challenges.start(ada, challenge)
    lessons = [task.lesson for task in challenge.tasks.all()]
    verdicts = [lambda lesson=lesson: judge(ada, lesson) for lesson in lessons * 3]
    at_once("gamification_challengesolve", verdicts)
    assert ChallengeSolve.objects.count() == paid("CHALLENGE").count() == 2
    assert Event.objects.filter(kind="CHALLENGE_FINISHED").count() == 1
    assert ChallengeEntry.objects.get().finished_at is not None
    assert ledger.wrong_standings() == 0


def test_a_verdict_that_meets_the_end_counts_and_the_end_is_told_once(ada, challenge):
    entry = challenges.start(ada, challenge)
    move(challenge, timedelta(hours=2))
    entry.refresh_from_db()
    lesson = challenge.tasks.first().lesson
    verdicts = [lambda: judge(ada, lesson, entry.deadline)] * 3
    sweeps = [challenges.settle_overdue] * 3
    at_once("gamification_challengesolve", [*verdicts, *sweeps])
    assert entry.solves.count() == paid("CHALLENGE").count() == 1
    assert Event.objects.filter(kind="CHALLENGE_FINISHED").count() == 1


def test_a_challenge_called_off_while_somebody_starts_stays(ada, challenge, monkeypatch):
    stop = meeting.HalfWay(challenges.deadline_of)
    monkeypatch.setattr(challenges, "deadline_of", stop)
    gone, waited = meeting.meet(
        stop,
        lambda: challenges.start(ada, challenge),
        lambda: challenge_making.call_off(challenge),
    )
    assert (gone, waited) == (False, True)
    assert ChallengeEntry.objects.get().challenge == challenge


def test_practice_that_meets_its_task_being_taken_out_solves_nothing(ada, challenge, monkeypatch):
    """The task is deleted and that is not yet committed; the verdict waits, and stands."""
    move(challenge, timedelta(days=2))
    going, kept = (task.lesson for task in challenge.tasks.select_related("lesson__course"))
    stop = meeting.HalfWay(challenge_making.delete_tasks)
    monkeypatch.setattr(challenge_making, "delete_tasks", stop)
    told, waited = meeting.meet(
        stop, lambda: change(challenge, lessons=[kept]), lambda: judge(ada, going)
    )
    assert waited
    assert told is not None
    assert not ChallengeSolve.objects.exists()


@pytest.mark.parametrize("take_out", ["task", "challenge"])
def test_a_task_taken_out_while_it_is_practised_takes_that_with_it(
    ada, challenge, monkeypatch, take_out
):
    move(challenge, timedelta(days=2))
    going, kept = (task.lesson for task in challenge.tasks.select_related("lesson__course"))
    stop = meeting.HalfWay(challenges.write_solve)
    monkeypatch.setattr(challenges, "write_solve", stop)

    def take():
        if take_out == "challenge":
            return challenge_making.call_off(challenge)
        return change(challenge, lessons=[kept])

    assert meeting.meet(stop, lambda: judge(ada, going), take) == (True, True)
    assert not ChallengeSolve.objects.exists()


def set_goal(person, season):
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    return browser.post(f"{season.get_absolute_url()}goal/", {"days": "9"}, follow=True)


def test_a_goal_in_a_season_that_is_just_called_off_is_refused_with_a_sentence(bob, monkeypatch):
    """The season is about to be deleted; the goal waits for that, and finds it gone."""
    season = make_open_season(begun=-1)
    stop = meeting.HalfWay(seasons.read_clock)
    monkeypatch.setattr(seasons, "read_clock", stop)
    answer, waited = meeting.meet(
        stop, lambda: seasons.call_off(season), lambda: set_goal(bob, season)
    )
    assert (answer.status_code, waited) == (200, True)
    assert "This season has been deleted meanwhile." in answer.content.decode()
    assert not Season.objects.exists()


def test_a_season_called_off_while_a_goal_is_set_takes_the_goal_with_it(bob, monkeypatch):
    season = make_open_season(begun=-1)
    stop = meeting.HalfWay(seasons.keep)
    monkeypatch.setattr(seasons, "keep", stop)
    gone, waited = meeting.meet(
        stop, lambda: set_goal(bob, season), lambda: seasons.call_off(season)
    )
    assert (gone, waited) == (True, True)
    assert not SeasonGoal.objects.exists()


def test_two_who_announce_the_last_time_of_a_month_in_the_admin_announce_one(root, settings):
    settings.DEMO_SCHOOL = True
    begins, length = datetime(2031, 5, 8, tzinfo=UTC), timedelta(days=5)
    Multiplier.objects.create(
        title="First", factor=2, made_by=root, starts_at=begins, ends_at=begins + length,
        announced_at=begins - length,
    )  # fmt: skip
    given = {"title": "Next", "factor": "1.5", "starts_at_0": "2031-05-15", "starts_at_1": "00:00"}
    given |= {"ends_at_0": "2031-05-20", "ends_at_1": "00:00"}

    def announce():
        browser = Client(raise_request_exception=False)
        browser.force_login(root)
        answer = browser.post("/admin/gamification/multiplier/add/", given, follow=True)
        return (answer.status_code, "Nothing was saved. Two times have" in answer.content.decode())

    # A gate that those meet who only wait for it: both forms are found right before it opens.
    answers = at_once("gamification_multiplier", [announce] * 2)
    assert sorted(answers) == [(200, False), (200, True)]
    assert Multiplier.objects.count() == 2


def test_without_its_constraint_starts_at_once_make_many(ada, challenge):
    """The proof of the proof. Whoever finds a second entry beside their own takes theirs back."""
    drop = "ALTER TABLE gamification_challengeentry DROP CONSTRAINT challenge_entry_once"
    make = "ADD CONSTRAINT challenge_entry_once UNIQUE (user_id, challenge_id)"

    def begin():
        try:
            challenges.start(ada, challenge)
        except ChallengeEntry.MultipleObjectsReturned:
            return "taken back"
        return "kept"

    with connection.cursor() as cursor:
        cursor.execute(drop)
        try:
            came = at_once("gamification_challengeentry", [begin] * CROWD)
            assert ChallengeEntry.objects.count() == came.count("kept")
            assert came.count("taken back") or came.count("kept") > 1
        finally:
            ChallengeEntry.objects.all().delete()
            cursor.execute(f"ALTER TABLE gamification_challengeentry {make}")


def test_many_closes_at_once_count_and_pay_once(db):
    season = make_past_season()
    people = make_people(3)
    for person in people:
        earn(person, 10, season.starts_at)
        learn_on(person, season.first_date)
        SeasonGoal.objects.create(user=person, season=season, days=1)
    at_once("gamification_seasonresult", [seasons.end_seasons] * CROWD)
    seasons.end_seasons()
    assert SeasonResult.objects.count() == paid("SEASON_GOAL").count() == 3
    assert Event.objects.filter(kind="SEASON_ENDED").count() == 3
    assert Season.objects.get().told_at is not None
    assert ledger.wrong_standings() == 0


def test_an_award_while_a_season_closes_neither_waits_nor_changes_its_result(bob, monkeypatch):
    """The close has counted and not yet committed; the award does not wait for it."""
    season = make_past_season()
    earn(bob, 10, season.starts_at)
    stop = meeting.HalfWay(seasons.boards.freeze)
    monkeypatch.setattr(seasons.boards, "freeze", stop)
    _, waited = meeting.meet(
        stop,
        lambda: seasons.close_season(season),
        lambda: earn(bob, 5, season.starts_at + timedelta(hours=1)),
    )
    assert not waited
    assert SeasonResult.objects.get().points == 10
    assert ledger.total_of(bob) == 15
    assert not seasons.close_season(season)
    assert SeasonResult.objects.get().points == 10


def test_a_reversal_at_the_gate_of_a_close_leaves_one_of_two_true_results(bob, root):
    season = make_past_season()
    earn(bob, 10, season.starts_at)
    entry = earn(bob, 7, season.starts_at)
    at_once(
        "gamification_xptransaction",
        [
            lambda: seasons.close_season(season),
            lambda: ledger.reverse(entry, by=root, reason="Not theirs"),
        ],
    )
    assert SeasonResult.objects.get().points in (10, 17)
    assert ledger.wrong_standings() == 0
