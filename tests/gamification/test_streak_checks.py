"""Days for what was learned before there were days, and streaks held against their days."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity.actions import record
from activity.models import Event
from gamification.days import note_day, streak_of
from gamification.models import ActiveDay, Streak, XPTransaction
from gamification.streak_checks import (
    note_older_learning,
    people_with_older_learning,
    rebuild_streaks,
    wrong_streaks,
)
from gamification.streak_sweeps import OUTCOME
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Kind = Event.Kind


def learned(user, *moments, kind=Kind.ATTEMPT_FINISHED, **data):
    """Events of a time in which nothing noted days."""
    rows = [
        Event(user=user, kind=kind, subject=f"some:{at}:{n}", data=data, created_at=at)
        for n, at in enumerate(moments)
    ]
    Event.objects.bulk_create(rows)


def days_of(user):
    return list(
        ActiveDay.objects.filter(user=user).values_list(
            "date", "zone", "first_at", "last_at", "events"
        )
    )


@pytest.fixture
def third_of_march():
    with time_machine.travel(NOON + DAY, tick=False) as clock:
        yield clock


def test_learning_from_before_becomes_days_and_a_streak(bob, third_of_march):
    bob.timezone = "Asia/Tokyo"
    bob.save()
    evening = NOON + timedelta(hours=4)
    learned(bob, *(NOON - n * DAY for n in range(8)), evening)
    assert people_with_older_learning().get() == bob
    note_older_learning()
    assert streak_of(bob).length == 9
    assert days_of(bob)[-2:] == [
        (date(2026, 3, 2), "Asia/Tokyo", NOON, NOON, 1),
        (date(2026, 3, 3), "Asia/Tokyo", evening, evening, 1),
    ]
    before = days_of(bob)
    note_older_learning()
    assert days_of(bob) == before
    assert not people_with_older_learning().exists()


def test_code_counts_for_the_day_on_which_it_was_handed_in(bob, third_of_march):
    learned(bob, NOON, kind=Kind.SUBMISSION_JUDGED, handed_in="2026-03-01T23:00:00+00:00")
    note_older_learning()
    assert [day[0] for day in days_of(bob)] == [date(2026, 3, 1)]
    assert not people_with_older_learning().exists()


def test_what_is_no_learning_makes_no_day(bob, third_of_march):
    learned(bob, NOON, kind=Kind.ENROLLED)
    assert not people_with_older_learning().exists()


def test_a_lesson_that_was_passed_counts_with_its_work(bob, third_of_march):
    learned(bob, NOON - DAY, kind=Kind.LESSON_COMPLETED, passed=True)
    assert not people_with_older_learning().exists()
    learned(bob, NOON, kind=Kind.LESSON_COMPLETED, title="It")
    note_older_learning()
    assert [day[0] for day in days_of(bob)] == [date(2026, 3, 2)]
    assert not people_with_older_learning().exists()


def test_who_is_erased_gets_no_days(bob, third_of_march):
    learned(bob, NOON)
    type(bob).objects.filter(pk=bob.pk).update(is_active=False, deleted_at=NOON)
    assert not people_with_older_learning().exists()


def test_the_day_of_the_upgrade_is_one_day(bob, third_of_march):
    learned(bob, NOON - DAY, NOON + 20 * timedelta(hours=1))
    record(bob, Kind.ATTEMPT_FINISHED, "some:new", {}, at=NOON + DAY)
    assert streak_of(bob).length == 1
    note_older_learning()
    assert streak_of(bob).length == 2
    assert [(day[0].day, day[4]) for day in days_of(bob)] == [(1, 1), (3, 2)]


def test_old_milestones_are_no_news(bob, third_of_march):
    learned(bob, *(NOON - n * DAY for n in range(40)))
    note_older_learning()
    record(bob, Kind.ATTEMPT_FINISHED, "some:new", {}, at=NOON + DAY)
    assert streak_of(bob).length == 41
    assert not Event.objects.filter(kind=Kind.STREAK_REACHED).exists()
    assert not XPTransaction.objects.exists()


moments = st.lists(
    st.integers(0, 20 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    min_size=1,
    max_size=12,
    unique=True,
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    moments=moments,
    known=st.integers(0, 12),
    zone=st.sampled_from(["Asia/Kathmandu", "America/New_York"]),
)
def test_what_is_noted_later_is_what_would_have_been_noted(moments, known, zone):
    """Both have lived the same; of one the earlier part is noted afterwards."""
    moments = sorted(moments)
    mails = [f"{uuid4()}@example.org" for _ in range(2)]
    one, other = (make_person(mail, "Somebody", timezone=zone) for mail in mails)
    for number, moment in enumerate(moments):
        with time_machine.travel(moment, tick=False):
            record(one, Kind.ATTEMPT_FINISHED, f"some:{number}", {}, at=moment)
            if number < known:
                learned(other, moment)
            else:
                record(other, Kind.ATTEMPT_FINISHED, f"some:{number}", {}, at=moment)
    with time_machine.travel(moments[-1] + timedelta(hours=2), tick=False):
        note_older_learning()
        assert days_of(other) == days_of(one)
        kept = Streak.objects.values(*OUTCOME)
        assert kept.get(user=other) == kept.get(user=one)


def learn_on(user, *numbers):
    for number in numbers:
        with time_machine.travel(NOON + number * DAY, tick=False):
            note_day(user, NOON + number * DAY)


@pytest.mark.parametrize(
    "wrong",
    [{"length": 9, "best": 9}, {"best": 12}, {"freezes": 0}, {"days": 7}, {"alive_until": None},
     {"froze_on": date(2026, 3, 1)}, {"ended_on": date(2026, 3, 1)}],
)  # fmt: skip
def test_a_streak_that_differs_from_its_days_is_found_and_settled_anew(bob, third_of_march, wrong):
    learn_on(bob, -1, 0)
    right = Streak.objects.values().get()
    assert wrong_streaks() == 0
    Streak.objects.update(**wrong)
    assert wrong_streaks() == 1
    rebuild_streaks()
    assert wrong_streaks() == 0
    assert Streak.objects.values().get() | {"settled_on": right["settled_on"]} == right


def test_a_streak_that_is_lost_is_found(bob, third_of_march):
    learn_on(bob, 0)
    Streak.objects.all().delete()
    assert wrong_streaks() == 1
    rebuild_streaks()
    assert streak_of(bob).length == 1


def test_whose_day_is_just_over_is_for_the_sweep_and_later_it_is_wrong(bob, third_of_march):
    learn_on(bob, -1)
    third_of_march.move_to(NOON + DAY)
    assert wrong_streaks() == 0
    third_of_march.move_to(NOON + 2 * DAY)
    assert wrong_streaks() == 1


def test_somebody_who_cannot_be_settled_hides_nobody(bob, grace, third_of_march, caplog):
    learn_on(bob, 0)
    learn_on(grace, 0)
    Streak.objects.filter(user=bob).update(best=8)
    ActiveDay.objects.filter(user=grace).update(date=date(9999, 12, 31))
    assert wrong_streaks() == 1
    rebuild_streaks()
    assert Streak.objects.get(user=bob).best == 1
    assert str(grace.pk) in caplog.text


def test_a_blank_quiz_from_before_makes_no_day(bob, third_of_march):
    learned(bob, NOON, answered=0)
    assert not people_with_older_learning().exists()
    learned(bob, NOON - DAY, answered=2)
    note_older_learning()
    assert [day for day, *_ in days_of(bob)] == [date(2026, 3, 1)]
    assert not people_with_older_learning().exists()
