"""Days of learning at the gate: two things at once make one day, and both are counted."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils.timezone import now

from activity.actions import record
from activity.models import Event
from gamification import days, streak_sweeps
from gamification.days import note_day
from gamification.models import ActiveDay, Policy, Repair, Standing, Streak, XPTransaction
from gamification.streak_checks import note_many
from gamification.streak_choices import repair
from gamification.streak_sweeps import settle_many
from progress.actions import complete_lesson
from tests.conftest import make_person
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 8
DAY = timedelta(days=1)
DAYS, STREAKS = "gamification_activeday", "gamification_streak"


def test_things_at_once_make_one_day(bob):
    at_once(DAYS, [partial(note_day, bob, now())] * CROWD)
    day = ActiveDay.objects.get(user=bob)
    assert day.events == CROWD
    assert Streak.objects.get(user=bob).length == 1


def test_without_the_constraint_the_same_crowd_cannot_even_note(bob):
    """The upsert names the constraint: there is no way round it."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {DAYS} DROP CONSTRAINT active_day_once")
        try:
            with pytest.raises(Exception, match="no unique or exclusion constraint"):
                note_day(bob, now())
        finally:
            cursor.execute(
                f"ALTER TABLE {DAYS} ADD CONSTRAINT active_day_once UNIQUE (user_id, date)"
            )


def crowd_of_days(bob):
    """The first day makes the streak; then all the others come at once."""
    days.lock(bob)
    note_day(bob, now() - CROWD * DAY)
    moments = [now() - number * DAY for number in range(CROWD)]
    at_once(DAYS, [partial(note_day, bob, moment) for moment in moments])
    return Streak.objects.get(user=bob).length


def any_crowd_loses_days():
    """One of a crowd may look when the others are through: of five crowds not everyone has one."""
    people = (make_person(f"p{number}@example.org", "P") for number in range(5))
    return any(crowd_of_days(one) < CROWD + 1 for one in people)


def test_different_days_at_once_are_all_seen_by_the_streak(bob):
    assert crowd_of_days(bob) == CROWD + 1


def test_without_the_lock_the_streak_loses_days(monkeypatch):
    """The days come one after the other only because of the lock."""
    look = """
        SELECT 0 AS length, NULL::date AS last_date, version + 1 AS version
        FROM gamification_streak WHERE user_id = %(user)s
    """
    unlocked = days.COUNT_AGAIN.replace(days.LOCK_OR_MAKE, look)
    monkeypatch.setattr(days, "COUNT_AGAIN", unlocked)
    assert any_crowd_loses_days()


def test_facts_from_before_the_lock_would_lose_days(monkeypatch):
    """Whoever waited for the lock is told by the version to look again."""
    told = "held.version = coalesce(seen.version, 0) + 1"
    assert told in days.COUNT_AGAIN
    monkeypatch.setattr(days, "COUNT_AGAIN", days.COUNT_AGAIN.replace(told, "true"))
    assert any_crowd_loses_days()


def test_a_milestone_and_a_payment_at_once_do_not_lock_each_other_out(bob, course):
    """Streak before Standing, whoever comes: a milestone pays under the streak's lock."""
    Policy.objects.create(bonuses_pay=True)
    for number in range(6, 0, -1):
        note_day(bob, now() - number * DAY)
    seventh = now()
    data = {
        "title": "It", "url": "/", "xp": 10, "course_title": course.title, "course": str(course.pk),
        "kind": "ARTICLE", "module": "",
    }  # fmt: skip

    def finish(number):
        kinds = (Event.Kind.LESSON_COMPLETED, Event.Kind.ATTEMPT_FINISHED)
        record(bob, kinds[number % 2], f"some:{number}", data, at=seventh)

    at_once(STREAKS, [partial(finish, number) for number in range(CROWD)])
    assert Standing.objects.get(user=bob).total_xp == 20 + 10 * (CROWD // 2)
    assert XPTransaction.objects.filter(user=bob, source_type="STREAK").count() == 1


def test_a_run_that_is_taken_up_twice_at_once_is_told_once(ada, lessons):
    Policy.objects.create(bonuses_pay=True)
    first = now() - 8 * DAY
    for number in range(6):
        note_day(ada, first + number * DAY)
    complete_lesson(ada, lessons[0])
    at_once(STREAKS, [partial(repair, ada)] * CROWD)
    assert Repair.objects.filter(user=ada).count() == 1
    assert Streak.objects.get(user=ada).length == 7
    assert XPTransaction.objects.filter(user=ada, source_type="STREAK").count() == 1


def test_days_and_the_sweep_at_once_lose_no_day(bob, grace):
    """Both take the streaks in one order, and settle what the others have noted."""
    for user in (bob, grace):
        note_day(user, now() - DAY)
        note_day(user, now() - 9 * DAY)
    sweep = partial(settle_many, sorted([bob, grace], key=lambda user: user.pk))
    days_now = [partial(note_day, user, now()) for user in (bob, grace)]
    at_once(STREAKS, [sweep, *days_now, sweep])
    assert set(Streak.objects.values_list("length", "days")) == {(2, 3)}


def test_older_learning_and_a_new_day_at_once_are_one_history(bob):
    """The streak is locked first: whoever comes second sees what the other has noted."""
    old = [now() - number * DAY for number in range(1, 6)]
    events = [
        Event(user=bob, kind=Event.Kind.ATTEMPT_FINISHED, subject=f"old:{at}", created_at=at)
        for at in old
    ]
    Event.objects.bulk_create(events)
    older = partial(note_many, [bob])

    def finish(number):
        record(bob, Event.Kind.ATTEMPT_FINISHED, f"new:{number}", {})

    at_once(STREAKS, [older, partial(finish, 1), older, partial(finish, 2), older])
    assert [day.events for day in ActiveDay.objects.filter(user=bob)] == [1, 1, 1, 1, 1, 2]
    assert Streak.objects.get(user=bob).length == 6


def test_the_sweep_goes_on_after_its_first_batch(bob, grace, monkeypatch):
    """As in a worker: each batch is a transaction of its own; the list of people outlasts it."""
    monkeypatch.setattr(streak_sweeps, "BATCH", 1)
    for user in (bob, grace):
        note_day(user, now() - 9 * DAY)
    Streak.objects.update(length=1, best=1, alive_until=(now() - 8 * DAY).date())
    assert streak_sweeps.settle_those_at_their_end() == 2
    assert not Streak.objects.exclude(length=0, alive_until=None).exists()
