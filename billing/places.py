"""How many seats there are, and whose turn it is where fewer are paid for than are taken.

`places_of` and what is asked of one person read; `current` holds the Subscription's row, under
which seats are counted one after the other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.timezone import now

from accounts.models import User
from billing.errors import SeatsClosed
from billing.models import Seat, Subscription
from billing.models.subscriptions import SubscriptionQuerySet
from courses.models import Tier

# For so long somebody reads that their seat was taken back.
TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Places:
    """How many seats are paid for, taken, and promised to somebody who may still take one."""

    paid: int
    taken: int
    promised: int

    @property
    def free(self) -> int:
        return max(0, self.paid - self.taken - self.promised)

    @property
    def too_many(self) -> int:
        """How many have a seat that nobody pays for: it opens nothing."""
        return max(0, self.taken - self.paid)


def places_of(subscription: Subscription) -> Places:
    """One query."""
    counts = subscription.seats.aggregate(
        taken=Count("pk", filter=Q(removed_at=None, user__is_active=True)),
        promised=Count("pk", filter=Q(removed_at=None, user=None, expires_at__gt=now())),
    )
    return Places(subscription.quantity, **counts)


def with_seats() -> SubscriptionQuerySet:
    return Subscription.objects.filter(price__plan=Tier.ENTERPRISE)


def waiting_seats(subscription: Subscription) -> QuerySet[Seat]:
    """Taken seats beyond what is paid for, the newest of all: they open nothing."""
    return subscription.seats.taken().order_by("taken_at", "pk")[subscription.quantity :]


def left_behind(subscription: Subscription) -> QuerySet[Seat]:
    """What stands on ended subscriptions of the same owner, in the order in which it may follow.

    Seats of the owner's own stay behind: they would open nothing, and use up a place.
    """
    earlier = with_seats().filter(customer=subscription.customer_id).exclude(pk=subscription.pk)
    ended = earlier.exclude(status__in=Subscription.CURRENT)
    rows = Seat.objects.counted_at(now()).filter(subscription__in=ended)
    own = addresses_of_payer(subscription)
    rows = rows.exclude(user__customer=subscription.customer_id).exclude(user=None, email__in=own)
    # Nulls come last: first who has a seat, then who was promised one.
    return rows.order_by("taken_at", "invited_at", "pk")


def addresses_of_payer(subscription: Subscription) -> QuerySet[Any, str]:
    """Every `address` that whoever pays has verified, in lower case."""
    mine = EmailAddress.objects.filter(user__customer=subscription.customer_id, verified=True)
    addresses: QuerySet[Any, str] = mine.annotate(address=Lower("email")).values_list(
        "address", flat=True
    )
    return addresses


def seat_of(user: User) -> Seat | None:
    """The newest seat of the person, whether it opens anything or not. One query.

    If they have none: the one that was taken back last, for a while.
    """
    had = Q(is_taken_back=True, removed_at__gt=now() - TOLD_FOR)
    rows = Seat.objects.filter(had | Q(removed_at=None), user=user, user__is_active=True)
    newest = (F("removed_at").desc(nulls_first=True), "-taken_at")
    return rows.select_related("subscription__customer__user").order_by(*newest).first()


def stands(seat: Seat) -> bool:
    """Whether the promise can be kept now: it has not run out, and there is a place for it."""
    paid, moment = seat.subscription, now()
    if not seat.is_promised_at(moment) or paid.status not in Subscription.CURRENT:
        return False
    before = Q(invited_at__lt=seat.invited_at) | Q(invited_at=seat.invited_at, pk__lt=seat.pk)
    counted = paid.seats.counted_at(moment).filter(Q(user__isnull=False) | before)
    return paid.price.plan_id == Tier.ENTERPRISE and counted.count() < paid.quantity


def locked(key: UUID) -> Subscription:
    """The subscription, held until the end of the transaction: its seats are counted one by one."""
    return Subscription.objects.select_for_update(no_key=True).get(pk=key)


def current(key: UUID) -> Subscription:
    """The same, tidied, where Stripe goes on with it and it is of the plan that has seats."""
    paid = locked(key)
    if not with_seats().current().filter(pk=key).exists():
        raise SeatsClosed
    fit(paid, now())
    return paid


def fit(paid: Subscription, moment: datetime) -> None:
    """Let run out what was promised last beyond what is paid for; free seats of closed accounts."""
    paid.seats.kept().filter(user__is_active=False).update(removed_at=moment, email="")
    counted = paid.seats.counted_at(moment).count()
    if counted <= paid.quantity:
        return
    newest = paid.seats.promised_at(moment).order_by("-invited_at", "-pk").values("pk")
    surplus = list(newest[: counted - paid.quantity])
    Seat.objects.filter(pk__in=[one["pk"] for one in surplus]).update(expires_at=moment)
