"""Seats at once: never more than are paid for, one an address and a person, and no promise lost."""

import pytest
from django.db import connection

from activity.models import Event
from billing import errors, seats
from billing.models import Seat, Subscription
from billing.places import places_of
from tests.billing.rows import crowd, make_seats, promised, seated
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 20


@pytest.fixture(autouse=True)
def many_may_be_asked(monkeypatch):
    """Not what is raced for here."""
    monkeypatch.setattr("billing.seats.hold_back", lambda subscription: None)
    monkeypatch.setattr("billing.seats.hold_back_mail_to", lambda seat: None)


@pytest.fixture
def without_lock(monkeypatch):
    """Nobody holds the subscription, and nobody writes before they have counted."""
    monkeypatch.setattr("billing.places.locked", lambda key: Subscription.objects.get(pk=key))
    monkeypatch.setattr("billing.places.fit", lambda paid, moment: None)


def trying(act, *args):
    """What the verb returns, or the kind of its refusal."""

    def attempt():
        try:
            return act(*args)
        except errors.BillingRefused as refusal:
            return type(refusal)

    return attempt


def test_twenty_invitations_at_once_fill_what_is_paid_for(grace):
    paid = make_seats(grace, 5)
    asked = [trying(seats.invite, paid, [f"p{one}@example.org"]) for one in range(CROWD)]
    came = at_once("billing_seat", asked)
    assert came.count(errors.SeatsFull) == CROWD - 5
    assert Seat.objects.count() == 5


def test_one_address_invited_at_once_has_one_seat(grace):
    paid = make_seats(grace, 5)
    came = at_once("billing_seat", [trying(seats.invite, paid, ["bob@example.org"])] * CROWD)
    assert sorted(map(len, came)) == [0] * (CROWD - 1) + [1]
    assert Seat.objects.count() == 1


def test_one_invitation_taken_at_once_is_one_seat_and_one_event(grace, bob):
    seat = promised(make_seats(grace))
    came = at_once("billing_seat", [trying(seats.take, bob, seat.invitation)] * CROWD)
    assert set(came) == {seat}
    assert Event.objects.filter(kind="SEAT_TAKEN").count() == 1


def test_twenty_take_what_fewer_were_paid_for(grace):
    """The subscription shrank at Stripe when all had been promised theirs."""
    paid, people = make_seats(grace, CROWD), crowd(CROWD)
    sent = [promised(paid, person.email).invitation for person in people]
    Subscription.objects.update(quantity=5)
    came = at_once(
        "billing_seat",
        [trying(seats.take, *one) for one in zip(people, sent, strict=True)],
    )
    assert came.count(errors.InvitationGone) == CROWD - 5
    assert Seat.objects.taken().count() == 5


def test_invited_taken_sent_again_and_removed_at_once_it_stays_within_what_is_paid(grace, bob):
    paid = make_seats(grace, 2)
    seat = promised(paid)
    at_once(
        "billing_seat",
        [
            trying(seats.take, bob, seat.invitation),
            trying(seats.resend, seat),
            trying(seats.remove, grace, seat),
            trying(seats.invite, paid, ["bob@example.org"]),
            trying(seats.invite, paid, ["zoe@example.org", "eve@example.org"]),
        ]
        * 3,
    )
    places = places_of(paid)
    assert places.taken + places.promised <= 2


def test_what_is_taken_over_at_once_comes_once_and_within_what_is_paid(grace):
    old = make_seats(grace, 4)
    for person in crowd(4):
        seated(old, person)
    Subscription.objects.update(status="canceled")
    new = make_seats(grace, 3)
    came = at_once("billing_seat", [trying(seats.take_over, new)] * 4)
    assert sorted(came) == [0, 0, 0, 3]
    assert new.seats.count() == 3


def test_the_gate_sees_a_missing_lock(grace, without_lock):
    """The proof of the proof: where nobody holds the subscription, more is promised than paid."""
    paid = make_seats(grace, 5)
    asked = [trying(seats.invite, paid, [f"p{one}@example.org"]) for one in range(CROWD)]
    at_once("billing_seat", asked)
    assert Seat.objects.count() == CROWD


def test_the_gate_sees_a_missing_lock_where_seats_are_taken(grace, without_lock):
    paid, people = make_seats(grace, CROWD), crowd(CROWD)
    sent = [promised(paid, person.email).invitation for person in people]
    Subscription.objects.update(quantity=5)
    at_once("billing_seat", [trying(seats.take, *one) for one in zip(people, sent, strict=True)])
    assert Seat.objects.taken().count() == CROWD


def test_without_its_rule_the_database_would_keep_an_address_twice(grace, without_lock):
    paid = make_seats(grace, CROWD)
    rule = "seat_of_address_once"
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [rule])
        (definition,) = cursor.fetchone()
        cursor.execute(f"DROP INDEX {rule}")
        try:
            at_once("billing_seat", [trying(seats.invite, paid, ["bob@example.org"])] * 4)
            assert Seat.objects.count() == 4
        finally:
            cursor.execute("DELETE FROM billing_seat")
            cursor.execute(definition)
