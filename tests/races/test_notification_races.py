"""Telling at the gate: however many tell it at once, everybody hears it once."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from activity.actions import record
from activity.models import Event
from classroom.reminders import tell_of_freezes
from gamification.models import Streak
from notifications import actions
from notifications.models import Channel, EmailLog, Mute, Notification, Preference
from notifications.telling import tell
from tests.conftest import make_person
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]

DATA = {"title": "Loops", "url": "/", "decision": "ACCEPTED", "course": "c", "course_title": "P"}


def test_an_event_that_happens_twice_at_once_is_told_once(bob):
    def happen():
        return record(bob, Event.Kind.REVIEW_GIVEN, "review:1", DATA) is not None

    assert sum(at_once("activity_event", [happen for _ in range(6)])) == 1
    assert Notification.objects.count() == EmailLog.objects.count() == 1


@pytest.mark.parametrize("table", ["notifications_notification", "notifications_emaillog"])
def test_the_same_thing_told_many_at_once_reaches_each_once(db, table):
    people = [make_person(f"p{n}@example.org", f"P{n}").pk for n in range(10)]
    orders = [people, people[::-1], people[5:] + people[:5]]

    def telling(order):
        return lambda: tell(order, "REVIEW_GIVEN", "review:1", DATA).people

    told = at_once(table, [telling(order) for order in orders for _ in range(2)])
    assert sum(told) == 10
    assert Notification.objects.count() == EmailLog.objects.count() == 10


def test_muting_twice_at_once_is_one_mute(bob):
    tell([bob.pk], "REVIEW_GIVEN", "review:1", DATA, "course:c")
    row = Notification.objects.get()
    muted = at_once("notifications_mute", [lambda: actions.mute(bob, row.pk) for _ in range(6)])
    assert {one.pk for one in muted} == {Mute.objects.get().pk}


def test_choosing_twice_at_once_keeps_one_choice(bob):
    def choose():
        actions.choose(bob, {("review", Channel.EMAIL.value): False})

    at_once("notifications_preference", [choose for _ in range(6)])
    assert not Preference.objects.get().is_on


def test_two_beats_at_once_remind_everybody_once(db):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(6)]
    today = datetime.now(UTC).date()
    days = {"length": 4, "best": 4, "days": 4, "froze_on": today, "settled_on": today}
    Streak.objects.bulk_create(Streak(user=one, **days) for one in people)
    told = at_once("notifications_notification", [tell_of_freezes for _ in range(4)])
    assert sum(told) == Notification.objects.count() == 6


def test_the_gate_sees_a_missing_constraint(bob):
    """The proof of the proof: without its constraint one thing is told several times."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notifications_notification DROP CONSTRAINT notification_once")

    def careless():
        Notification.objects.create(user=bob, kind="REVIEW_GIVEN", subject="review:1", data=DATA)

    try:
        at_once("notifications_notification", [careless for _ in range(4)])
        assert Notification.objects.count() == 4
    finally:
        Notification.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE notifications_notification "
                "ADD CONSTRAINT notification_once UNIQUE (user_id, kind, subject)"
            )
