"""Seats of ENTERPRISE: who pays promises them by mail, and whoever is promised one takes it.

Each verb holds the Subscription's row, so that what is paid for is compared with what is taken
one after the other. Whoever pays holds the plan without a seat, and takes none.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext, ngettext

from accounts.emails import canonical_email
from accounts.models import User
from accounts.numerals import grouped
from activity.actions import record
from activity.models import Event
from billing import gateway, tasks
from billing.errors import (
    HasSeat,
    InvitationGone,
    InvitesTooOften,
    OtherAddress,
    OwnSeat,
    SeatsFull,
    TooFewSeats,
)
from billing.limits import INVITED, INVITING
from billing.models import Customer, Seat, Subscription
from billing.models.subscriptions import end_of_invitation, new_invitation
from billing.places import addresses_of_payer, current, left_behind, locked, places_of
from billing.subscriptions import change
from courses.models import Tier


def invite(subscription: Subscription, emails: Iterable[str]) -> list[Seat]:
    """Promise a seat to each address that has none, and have it mailed: to all of them, or none.

    Raises InvalidEmail, SeatsClosed, OwnSeat, SeatsFull, InvitesTooOften.
    """
    wanted = list(dict.fromkeys(map(canonical_email, emails)))
    hold_back(subscription)
    return promise(subscription.pk, wanted)


@transaction.atomic
def promise(key: UUID, emails: Sequence[str]) -> list[Seat]:
    paid = current(key)
    refuse_own(paid, emails)
    moment = now()
    kept = {seat.email: seat for seat in paid.seats.kept()}
    new = [Seat(subscription=paid, email=email) for email in emails if email not in kept]
    old = [kept[email] for email in emails if email in kept]
    again = [seat for seat in old if seat.user_id is None and not seat.is_promised_at(moment)]
    free = places_of(paid).free
    if len(new) + len(again) > free:
        raise SeatsFull(not_enough(free, len(new) + len(again)))
    for seat in (*new, *again):
        hold_back_mail_to(seat)
    for seat in again:
        send_anew(seat)
    tasks.mail_invitations.delay_on_commit()
    return [*Seat.objects.bulk_create(new), *again]


def refuse_own(paid: Subscription, emails: Sequence[str]) -> None:
    own = addresses_of_payer(paid).filter(address__in=emails).first()
    if own:
        raise OwnSeat(gettext("%(text)s Leave %(own)s out.") % {"text": OwnSeat.text, "own": own})


def not_enough(free: int, wanted: int) -> str:
    if not free:
        return gettext("No seat is free. Buy more, or take one back.")
    return ngettext(
        "%(free)s of your seats is free, and this asks for %(wanted)s.",
        "%(free)s of your seats are free, and this asks for %(wanted)s.",
        free,
    ) % {"free": free, "wanted": wanted}


@transaction.atomic
def resend(seat: Seat) -> bool:
    """Send a new invitation; the one before stops working. Say whether there was one to send.

    Raises SeatsClosed, OwnSeat, SeatsFull, InvitesTooOften.
    """
    hold_back(seat.subscription)
    paid = current(seat.subscription_id)
    found = paid.seats.kept().filter(pk=seat.pk, user=None).first()
    if found is None:
        return False
    refuse_own(paid, [found.email])
    if not found.is_promised_at(now()) and not places_of(paid).free:
        raise SeatsFull(not_enough(0, 1))
    hold_back_mail_to(found)
    send_anew(found)
    tasks.mail_invitations.delay_on_commit()
    return True


def send_anew(seat: Seat) -> None:
    seat.invitation = new_invitation()
    seat.invited_at = seat.mail_at = now()
    seat.expires_at = end_of_invitation()
    seat.save(update_fields=["invitation", "invited_at", "mail_at", "expires_at"])


def hold_back(subscription: Subscription) -> None:
    wait = INVITING.spend(str(subscription.customer_id))
    if wait:
        raise InvitesTooOften(
            gettext("You have sent many invitations. Wait a while, then go on."), wait
        )


def hold_back_mail_to(seat: Seat) -> None:
    wait = INVITED.spend(seat.email)
    if wait:
        text = gettext("%(email)s was sent several invitations today. Try again tomorrow.") % {
            "email": seat.email
        }
        raise InvitesTooOften(text, wait)


@transaction.atomic
def take(user: User, invitation: str) -> Seat:
    """Give the promised seat to whoever has verified the address it was promised to.

    Raises InvitationGone, SeatsClosed, OwnSeat, OtherAddress, HasSeat.
    """
    found = Seat.objects.kept().filter(invitation=invitation).first()
    if found is None:
        raise InvitationGone
    if found.user_id == user.pk:
        return found
    paid = current(found.subscription_id)
    seat = paid.seats.kept().filter(pk=found.pk, invitation=invitation).first()
    if seat is not None and seat.user_id == user.pk:
        return seat
    if seat is None or not seat.is_promised_at(now()):
        raise InvitationGone
    if paid.customer.user_id == user.pk:
        raise OwnSeat
    if not has_verified(user, seat.email):
        raise OtherAddress
    if paid.seats.kept().filter(user=user).exists():
        raise HasSeat
    seat.user, seat.taken_at, seat.mail_at = user, now(), None
    seat.save(update_fields=["user", "taken_at", "mail_at"])
    record(user, Event.Kind.SEAT_TAKEN, f"seat:{seat.pk}", {"plan": Tier.ENTERPRISE})
    return seat


def has_verified(user: User, email: str) -> bool:
    """Whether the address is this person's, whose account is open."""
    mine = EmailAddress.objects.filter(user=user.pk, user__is_active=True, verified=True)
    return bool(mine.filter(email__iexact=email).exists())


@transaction.atomic
def leave(user: User, seat: Seat) -> bool:
    """Give the seat back. What was learned with it stays. Say whether it was theirs."""
    paid = locked(seat.subscription_id)
    return close(paid.seats.filter(pk=seat.pk, user=user))


@transaction.atomic
def remove(owner: User, seat: Seat) -> bool:
    """Take a seat back, or the promise of one. Say whether there was one, and theirs to take."""
    paid = locked(seat.subscription_id)
    theirs = paid.seats.filter(pk=seat.pk, subscription__customer__user=owner)
    return close(theirs, is_taken_back=True)


def close(seats: QuerySet[Seat], *, is_taken_back: bool = False) -> bool:
    """Seats that somebody had are remembered without an address; promises are forgotten."""
    promises, _ = seats.filter(user=None).delete()
    closed = {"removed_at": now(), "email": "", "is_taken_back": is_taken_back}
    return bool(promises + seats.filter(removed_at=None).update(**closed))


def change_quantity(subscription: Subscription, quantity: int) -> bool:
    """Pay for so many seats from now on. Say whether our rows know of it already.

    Raises SeatsClosed, TooFewSeats, GatewayTrouble.
    """
    may_be_changed_to(subscription.pk, quantity)
    return change(
        subscription,
        lambda: gateway.set_quantity(subscription.stripe_subscription_id, quantity),
        lambda: subscription.quantity == quantity,
    )


@transaction.atomic
def may_be_changed_to(key: UUID, quantity: int) -> None:
    """Nobody loses a seat by a number: who is to go is said one by one."""
    taken = places_of(current(key)).taken
    if quantity < taken:
        raise TooFewSeats(
            gettext("%(taken)s seats are taken. Take %(too_many)s back first.")
            % {"taken": grouped(taken), "too_many": grouped(taken - quantity)}
        )


@transaction.atomic
def take_over(subscription: Subscription) -> int:
    """Bring over the seats of the owner's ended subscriptions, as far as there is room.

    The longest held come first, then promises that still stand; none of the owner's own. Return
    how many came.
    Raises SeatsClosed.
    """
    # Whoever writes what Stripe says holds the Customer first, then subscriptions in any order.
    Customer.objects.select_for_update(no_key=True).get(pk=subscription.customer_id)
    paid = current(subscription.pk)
    for earlier in left_behind(paid).values_list("subscription", flat=True).distinct().order_by():
        locked(earlier)
    here = list(paid.seats.kept().values_list("email", "user"))
    emails = {email for email, _ in here}
    people: set[UUID | None] = {user for _, user in here if user}
    coming: list[UUID] = []
    for seat in left_behind(paid):
        if seat.email not in emails and seat.user_id not in people:
            coming.append(seat.pk)
            emails.add(seat.email)
            people |= {seat.user_id} - {None}
    coming = coming[: places_of(paid).free]
    return Seat.objects.filter(pk__in=coming).update(subscription=paid)
