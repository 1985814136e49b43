"""The sweep that settles streaks whose last day has passed: all of them, whoever is among them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gamification import streak_sweeps
from gamification.models import ActiveDay, Streak
from gamification.streak_sweeps import settle_those_at_their_end

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ZONES = ("UTC", "Asia/Tokyo", "America/New_York", "Nowhere/Gone")


def learn(number):
    """So many people who learned on the day, and not since."""
    users = [
        User(email=f"{n}@example.org", name=f"P {n}", timezone=ZONES[n % len(ZONES)])
        for n in range(number)
    ]
    User.objects.bulk_create(users)
    known = {"first_at": NOON, "last_at": NOON, "zone": "UTC"}
    ActiveDay.objects.bulk_create(ActiveDay(user=user, date=NOON.date(), **known) for user in users)
    Streak.objects.bulk_create(
        Streak(
            user=user, length=1, best=1, days=1, freezes=1, last_date=NOON.date(),
            alive_until=NOON.date() + timedelta(days=1), settled_on=NOON.date(),
        )
        for user in users
    )  # fmt: skip
    return users


@pytest.fixture(autouse=True)
def four_days_later(monkeypatch):
    monkeypatch.setattr(streak_sweeps, "BATCH", 3)
    with time_machine.travel(NOON + timedelta(days=4), tick=False):
        yield


def ended():
    return Streak.objects.filter(length=0, ended_on=date(2026, 3, 4), alive_until=None).count()


def test_one_call_settles_all_of_them():
    learn(11)
    assert settle_those_at_their_end() == 11
    assert ended() == 11
    assert settle_those_at_their_end() == 0


def test_a_batch_costs_the_same_for_one_as_for_many(monkeypatch):
    monkeypatch.setattr(streak_sweeps, "BATCH", 100)
    costs = []
    for number in (1, 20):
        User.objects.all().delete()
        users = learn(number)
        with CaptureQueriesContext(connection) as counted:
            streak_sweeps.settle_many(users)
        costs.append(sum("UPDATE gamification_streak" not in one["sql"] for one in counted))
    assert costs[0] == costs[1]
    assert ended() == 20


def test_who_cannot_be_settled_stops_nobody_and_is_named(caplog):
    bad, *others = learn(8)
    # A date after which there is no other.
    ActiveDay.objects.filter(user=bad).update(date=date(9999, 12, 31))
    assert settle_those_at_their_end() == len(others)
    assert ended() == len(others)
    assert f"The streak of {bad.pk} could not be looked at" in caplog.text


def test_when_its_time_is_over_the_rest_has_its_turn_later(caplog):
    learn(7)
    done = [settle_those_at_their_end(longest=timedelta(0)) for _ in range(8)]
    assert sum(done) == 7
    assert 0 < done[0] <= 3
    assert done[-1] == 0
    assert "some are left" in caplog.text
