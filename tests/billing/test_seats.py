"""Seats: never more than are paid for, one an address and a person, open while somebody pays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from accounts.actions import deactivate, reactivate
from accounts.emails import InvalidEmail
from accounts.models import User
from activity.models import Event
from billing import errors, seats
from billing.models import Seat, Subscription
from billing.places import left_behind, places_of, seat_of, waiting_seats
from billing.seat_retention import forget_addresses
from certificates.models import Certificate
from courses.models import Tier
from enrollments.actions import enroll
from progress.actions import complete_lesson
from progress.models import LessonProgress
from tests.billing.rows import crowd, make_seat, make_seats, promised, seated
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


def counts(subscription):
    subscription.refresh_from_db()
    places = places_of(subscription)
    return places.taken, places.promised, places.free


def opened(user):
    return Seat.objects.open_at(now()).filter(user=user).exists()


def shrink(subscription, quantity):
    Subscription.objects.filter(pk=subscription.pk).update(quantity=quantity)
    subscription.refresh_from_db()


def end(subscription):
    Subscription.objects.filter(pk=subscription.pk).update(status="canceled", ended_at=now())
    subscription.refresh_from_db()


def test_what_is_promised_and_taken_counts_once(grace, bob):
    paid = make_seats(grace, 3)
    assert len(seats.invite(paid, ["bob@example.org", "Zoe@Example.org", "zoe@example.org"])) == 2
    assert counts(paid) == (0, 2, 1)
    assert seats.invite(paid, ["BOB@example.org"]) == []
    assert not opened(bob)
    seat = seats.take(bob, Seat.objects.get(email="bob@example.org").invitation)
    assert (seat.user, counts(paid)) == (bob, (1, 1, 1))
    assert opened(bob)
    assert seats.invite(paid, ["bob@example.org"]) == []


def test_all_are_invited_or_none(grace):
    paid = make_seats(grace, 2)
    with pytest.raises(errors.SeatsFull, match="2 of your seats are free, and this asks for 3"):
        seats.invite(paid, ["a@example.org", "b@example.org", "c@example.org"])
    with pytest.raises(InvalidEmail):
        seats.invite(paid, ["a@example.org", "b@example.org\nBcc: c@example.org"])
    assert not Seat.objects.exists()
    seats.invite(paid, ["a@example.org", "b@example.org"])
    with pytest.raises(errors.SeatsFull, match="No seat is free"):
        seats.invite(paid, ["c@example.org"])


def test_an_invitation_works_once_and_tells_of_it_once(grace, bob):
    seat = promised(make_seats(grace))
    assert len(seat.invitation) == 32
    assert seats.take(bob, seat.invitation) == seats.take(bob, seat.invitation)
    event = Event.objects.get(kind="SEAT_TAKEN")
    assert (event.user, event.subject) == (bob, f"seat:{seat.pk}")
    zoe = make_person("zoe@example.org", "Zoe")
    with pytest.raises(errors.InvitationGone):
        seats.take(zoe, seat.invitation)
    with pytest.raises(errors.InvitationGone):
        seats.take(zoe, "nobody-has-sent-this")


def test_an_invitation_works_for_two_weeks_and_then_holds_no_place(grace, bob, time_machine):
    time_machine.move_to("2026-11-21T12:00:00Z", tick=False)
    paid = make_seats(grace, 1)
    seat = promised(paid)
    time_machine.shift(timedelta(days=14, seconds=-1))
    assert counts(paid) == (0, 1, 0)
    time_machine.shift(timedelta(seconds=1))
    assert counts(paid) == (0, 0, 1)
    with pytest.raises(errors.InvitationGone):
        seats.take(bob, seat.invitation)
    # Invited once more it is the same seat with a new invitation.
    assert seats.invite(paid, ["bob@example.org"]) == [seat]
    assert seats.take(bob, Seat.objects.get().invitation).user == bob


def test_sending_again_kills_the_invitation_before(grace, bob):
    paid = make_seats(grace, 1)
    seat = promised(paid)
    assert seats.resend(seat)
    with pytest.raises(errors.InvitationGone):
        seats.take(bob, seat.invitation)
    seat.refresh_from_db()
    seats.take(bob, seat.invitation)
    assert not seats.resend(seat)


def test_what_ran_out_is_sent_again_only_where_a_seat_is_free(grace):
    paid = make_seats(grace, 1)
    seat = promised(paid)
    Seat.objects.update(expires_at=now())
    promised(paid, "zoe@example.org")
    with pytest.raises(errors.SeatsFull):
        seats.resend(seat)


@pytest.mark.parametrize("status", ["canceled", "unpaid", "incomplete", "paused"])
def test_nothing_is_promised_or_taken_while_nobody_pays(grace, bob, status):
    paid = make_seats(grace)
    seat = promised(paid)
    Subscription.objects.update(status=status)
    for act in (
        lambda: seats.take(bob, seat.invitation),
        lambda: seats.invite(paid, ["zoe@example.org"]),
        lambda: seats.resend(seat),
    ):
        with pytest.raises(errors.SeatsClosed):
            act()


def test_only_enterprise_has_seats(grace):
    with pytest.raises(errors.SeatsClosed):
        seats.invite(make_seats(grace, tier=Tier.PRO), ["bob@example.org"])


def test_the_seat_goes_to_whoever_has_verified_the_address(grace, bob):
    paid = make_seats(grace)
    seat = promised(paid, "robert@example.org")
    with pytest.raises(errors.OtherAddress):
        seats.take(bob, seat.invitation)
    bob.emailaddress_set.create(email="robert@example.org", verified=False)
    with pytest.raises(errors.OtherAddress):
        seats.take(bob, seat.invitation)
    bob.emailaddress_set.update(verified=True)
    assert seats.take(bob, seat.invitation).user == bob


def test_a_person_has_one_seat(grace, bob):
    paid = make_seats(grace)
    seated(paid, bob)
    bob.emailaddress_set.create(email="robert@example.org", verified=True)
    with pytest.raises(errors.HasSeat):
        seats.take(bob, promised(paid, "robert@example.org").invitation)


@pytest.mark.parametrize("fields", [{"email": "BOB@example.org"}, {"user": "bob"}, {"email": ""}])
def test_the_database_keeps_one_seat_an_address_and_a_person(grace, bob, fields):
    paid = make_seats(grace)
    seated(paid, bob)
    given = {"email": "other@example.org", **fields}
    if "user" in given:
        given |= {"user": bob, "taken_at": now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(subscription=paid, **given)


def test_whoever_pays_uses_up_no_seat_of_their_own(grace):
    paid = make_seats(grace, 2)
    grace.emailaddress_set.create(email="Hopper@example.org", verified=True)
    for email in (grace.email, "HOPPER@example.org"):
        with pytest.raises(errors.OwnSeat, match=f"without a seat. Leave {email.lower()} out"):
            seats.invite(paid, ["bob@example.org", email])
    assert counts(paid) == (0, 0, 2)
    # Promised before the address was theirs.
    seat = promised(paid, "rear@example.org")
    with pytest.raises(errors.OwnSeat):
        seats.take(grace, seat.invitation)
    grace.emailaddress_set.create(email="rear@example.org", verified=True)
    with pytest.raises(errors.OwnSeat):
        seats.take(grace, seat.invitation)
    with pytest.raises(errors.OwnSeat):
        seats.resend(seat)
    assert seats.remove(grace, seat)


def test_an_address_that_somebody_only_says_is_theirs_may_be_invited(grace):
    grace.emailaddress_set.create(email="bob@example.org", verified=False)
    assert promised(make_seats(grace)).email == "bob@example.org"


def test_the_payers_own_seats_take_no_place_of_others(grace, bob, ada):
    old = make_seats(grace, 4)
    make_seat(old, grace)
    make_seat(old, None, email="hopper@example.org")
    seated(old, bob)
    last = promised(old, ada.email)
    grace.emailaddress_set.create(email="hopper@example.org", verified=True)
    end(old)
    new = make_seats(grace, 2)
    assert left_behind(new).count() == 2
    assert seats.take_over(new) == 2
    assert seats.take(ada, last.invitation).subscription == new
    assert opened(bob)


def test_who_lost_a_seat_finds_it_for_a_month(grace, bob, ada, time_machine):
    time_machine.move_to("2026-11-21T12:00:00Z", tick=False)
    paid = make_seats(grace)
    lost, given = seated(paid, bob), seated(paid, ada)
    seats.remove(grace, lost)
    seats.leave(ada, given)
    assert seat_of(bob) == lost
    assert seat_of(ada) is None
    time_machine.shift(timedelta(days=30))
    assert seat_of(bob) is None
    seats.remove(grace, seated(paid, bob))
    again = seated(paid, bob)
    assert seat_of(bob) == again


def test_fewer_seats_let_the_newest_promises_run_out_first(grace, bob):
    paid = make_seats(grace, 4)
    seated(paid, bob)
    first, second, third = [promised(paid, f"{n}@example.org") for n in range(3)]
    shrink(paid, 2)
    assert opened(bob)
    zoe = make_person("2@example.org", "Zoe")
    with pytest.raises(errors.InvitationGone):
        seats.take(zoe, third.invitation)
    with pytest.raises(errors.SeatsFull):
        seats.resend(second)
    assert seats.take(make_person("0@example.org", "Eve"), first.invitation)
    assert counts(paid)[0] == 2


def test_then_the_newest_wait_and_nobody_is_thrown_out(grace):
    paid = make_seats(grace, 4)
    people = crowd(4)
    for person in people:
        seated(paid, person)
    shrink(paid, 2)
    assert [opened(person) for person in people] == [True, True, False, False]
    assert [seat.user for seat in waiting_seats(paid)] == people[2:]
    assert (places_of(paid).too_many, counts(paid)) == (2, (4, 0, 0))
    assert seats.leave(people[0], people[0].seats.get())
    assert [opened(person) for person in people] == [False, True, True, False]
    shrink(paid, 3)
    assert [opened(person) for person in people[1:]] == [True, True, True]


def test_of_seats_taken_at_one_moment_as_many_open_as_are_paid_for(grace):
    paid = make_seats(grace, 5)
    people = crowd(5)
    for person in people:
        seated(paid, person)
    Seat.objects.update(taken_at=now())
    shrink(paid, 3)
    assert sum(map(opened, people)) == 3
    assert {seat.user for seat in waiting_seats(paid)} == {p for p in people if not opened(p)}


def test_seats_close_with_their_subscription_and_come_back_with_it(grace, bob):
    paid = make_seats(grace)
    seated(paid, bob)
    for status, open_ in [("canceled", False), ("active", True), ("unpaid", False)]:
        Subscription.objects.update(status=status)
        assert opened(bob) == open_
    Subscription.objects.update(status="past_due", past_due_since=now() - timedelta(days=6))
    assert opened(bob)
    Subscription.objects.update(past_due_since=now() - timedelta(days=7))
    assert not opened(bob)


def test_a_subscription_of_another_plan_opens_no_seats(grace, bob):
    paid = make_seats(grace)
    seated(paid, bob)
    Subscription.objects.update(price=make_seats(bob, tier=Tier.PRO).price)
    assert not opened(bob)


def test_a_new_subscription_takes_over_what_the_old_one_had(grace, bob):
    old = make_seats(grace, 4)
    people = crowd(3)
    for person in people:
        seated(old, person)
    invitation = promised(old).invitation
    end(old)
    new = make_seats(grace, 3)
    assert left_behind(new).count() == 4
    # One of them has been invited again meanwhile.
    seated(new, people[0])
    assert seats.take_over(new) == 2
    assert counts(new) == (3, 0, 0)
    assert all(map(opened, people))
    shrink(new, 5)
    assert seats.take_over(new) == 1
    assert seats.take(bob, invitation).subscription == new
    assert seats.take_over(new) == 0
    assert Event.objects.filter(kind="SEAT_TAKEN", user=people[1]).count() == 1


def test_nothing_is_taken_over_from_others_or_from_what_still_runs(grace, bob, ada):
    other = make_seats(bob)
    seated(other, ada)
    end(other)
    assert seats.take_over(make_seats(grace)) == 0
    with pytest.raises(errors.SeatsClosed):
        seats.take_over(other)


def test_who_loses_a_seat_keeps_what_they_learned(grace, bob, course, lessons):
    paid = make_seats(grace)
    seat = seated(paid, bob)
    enroll(bob, course)
    for lesson in lessons:
        complete_lesson(bob, lesson)
    assert seats.remove(grace, seat)
    assert not opened(bob)
    assert LessonProgress.objects.filter(user=bob).count() == len(lessons)
    assert Certificate.objects.get(user=bob).status == Certificate.Status.VALID
    seat.refresh_from_db()
    assert seat.removed_at
    assert seat.email == ""
    assert not seats.remove(grace, seat)
    assert seated(paid, bob).pk != seat.pk


def test_only_the_owner_removes_and_only_the_holder_leaves(grace, bob, ada):
    paid = make_seats(grace)
    seat = seated(paid, bob)
    assert not seats.remove(bob, seat)
    assert not seats.remove(ada, seat)
    assert not seats.leave(grace, seat)
    assert opened(bob)
    assert seats.leave(bob, seat)
    assert not opened(bob)


def test_a_promise_that_is_taken_back_leaves_nothing(grace, bob):
    seat = promised(make_seats(grace))
    assert seats.remove(grace, seat)
    assert not Seat.objects.exists()
    with pytest.raises(errors.InvitationGone):
        seats.take(bob, seat.invitation)


def test_a_closed_account_holds_no_seat(grace, bob, ada):
    paid = make_seats(grace, 1)
    seat = seated(paid, bob)
    deactivate(bob)
    assert not opened(bob)
    assert counts(paid) == (0, 0, 1)
    elsewhere = promised(make_seats(ada))
    with pytest.raises(errors.OtherAddress):
        seats.take(bob, elsewhere.invitation)
    reactivate(bob)
    assert opened(bob)
    deactivate(bob)
    seated(paid, ada)
    reactivate(bob)
    assert (opened(bob), opened(ada)) == (False, True)
    seat.refresh_from_db()
    assert seat.email == ""


def test_addresses_that_nobody_needs_are_forgotten_once(grace, bob, ada):
    paid = make_seats(grace, 5)
    erased, held = seated(paid, bob), seated(paid, ada)
    for days in (89, 91):
        late = promised(paid, f"{days}@example.org")
        ran_out = now() - timedelta(days=days)
        Seat.objects.filter(pk=late.pk).update(expires_at=ran_out)
    User.objects.filter(pk=bob.pk).update(is_active=False, deleted_at=now())
    assert forget_addresses() == 2
    assert forget_addresses() == 0
    emails = set(Seat.objects.values_list("email", flat=True))
    assert emails == {"", held.email, "89@example.org"}
    erased.refresh_from_db()
    assert erased.removed_at


def test_nobody_is_sent_many_mails(grace, bob):
    paid = make_seats(grace, 1)
    seat = promised(paid)
    for _ in range(4):
        seats.resend(seat)
    with pytest.raises(
        errors.InvitesTooOften, match=r"bob@example\.org was sent several"
    ) as refusal:
        seats.resend(seat)
    assert 86_000 < refusal.value.wait <= 86_400
    seats.remove(grace, seat)
    with pytest.raises(errors.InvitesTooOften):
        seats.invite(paid, ["bob@example.org"])
    for number in range(23):
        seats.remove(grace, promised(paid, f"{number}@example.org"))
    with pytest.raises(errors.InvitesTooOften, match="Wait a while"):
        promised(paid, "one-more@example.org")
