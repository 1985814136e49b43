"""Subscriptions with seats, and the people who sit on them."""

from itertools import count
from typing import Any

from django.utils.timezone import now

from accounts.models import User
from billing import seats
from billing.models import Customer, Plan, Price, Seat, Subscription
from courses.models import Tier
from tests.conftest import make_person

NUMBERS = count(1)


def make_seats(owner: User, quantity: int = 3, tier: Tier = Tier.ENTERPRISE, **fields: Any) -> Any:
    """A subscription of the owner's with so many seats; every one has a price of its own."""
    number = next(NUMBERS)
    price = Price.objects.create(
        plan=Plan.objects.get_or_create(tier=tier)[0],
        stripe_price_id=f"price_seats{number}",
        currency="eur",
        amount=1200,
        is_offered=False,
    )
    given = {"status": "active", "started_at": now(), "quantity": quantity}
    return Subscription.objects.create(
        customer=Customer.objects.get_or_create(user=owner)[0],
        price=price,
        stripe_subscription_id=f"sub_seats{number}",
        **{**given, **fields},
    )


def promised(subscription: Subscription, email: str = "bob@example.org") -> Seat:
    (seat,) = seats.invite(subscription, [email])
    return seat


def seated(subscription: Subscription, user: User) -> Seat:
    """This person was invited, and has taken the seat."""
    return seats.take(user, promised(subscription, user.email).invitation)


def crowd(number: int) -> list[User]:
    return [make_person(f"p{one}@example.org", f"Person {one}") for one in range(number)]


def all_seated(subscription: Subscription, number: int) -> None:
    """So many people on seats, at a stroke."""
    people = [User(email=f"p{one}@example.org", name=f"Person {one}") for one in range(number)]
    User.objects.bulk_create(people)
    given = {"subscription": subscription, "taken_at": now()}
    Seat.objects.bulk_create(Seat(user=one, email=one.email, **given) for one in people)
