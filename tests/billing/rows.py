"""Rows of who pays, made as tests need them."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils.timezone import now

from accounts.models import User
from billing.models import Customer, Plan, Price, Seat, Subscription
from courses.models import Tier

NUMBERS = count(1)


def make_price(tier: Tier = Tier.PRO, **fields: Any) -> Price:
    plan, _ = Plan.objects.get_or_create(tier=tier)
    given = {"stripe_price_id": f"price_{next(NUMBERS)}", "currency": "eur", "amount": 1200}
    return Price.objects.create(plan=plan, **{**given, **fields})


def make_subscription(user: User, price: Price, status: str = "active", **fields: Any) -> Any:
    customer, _ = Customer.objects.get_or_create(user=user)
    given = {"stripe_subscription_id": f"sub_{next(NUMBERS)}", "started_at": now()}
    if status == "past_due":
        given["past_due_since"] = now()
    return Subscription.objects.create(
        customer=customer, price=price, status=status, **{**given, **fields}
    )


def make_seat(subscription: Subscription, user: User | None, **fields: Any) -> Seat:
    """A seat that this person has taken; with nobody it is a promise."""
    given: dict[str, Any] = {"email": user.email if user else f"to{next(NUMBERS)}@example.org"}
    if user:
        given |= {"user": user, "taken_at": now()}
    return Seat.objects.create(subscription=subscription, **{**given, **fields})


def late_by(**time: int) -> dict[str, Any]:
    return {"status": "past_due", "past_due_since": now() - timedelta(**time)}
