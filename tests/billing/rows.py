"""Rows of who pays and who sits on seats, as looks at Stripe and our verbs would leave them."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils.timezone import now

from accounts.models import User
from billing import seats
from billing.models import (
    Customer,
    Invoice,
    PaymentMethod,
    Plan,
    Price,
    Seat,
    Subscription,
    Transaction,
)
from courses.models import Tier
from tests.conftest import make_person

NUMBERS = count(1)


def make_price(tier: Tier = Tier.PRO, amount: int = 1200, **fields: Any) -> Price:
    plan, _ = Plan.objects.get_or_create(tier=tier)
    given = {"stripe_price_id": f"price_{next(NUMBERS)}", "currency": "eur"}
    return Price.objects.create(plan=plan, amount=amount, **{**given, **fields})


def make_customer(user: User, stripe_customer_id: str = "") -> Customer:
    known = {"stripe_customer_id": stripe_customer_id or f"cus_{user.pk.hex}"}
    return Customer.objects.get_or_create(user=user, defaults=known)[0]


def make_subscription(
    user: User, price: Price | None = None, status: str = "active", **fields: Any
) -> Subscription:
    """One that began ten days ago, and renews in twenty; if its payment is late, then just now."""
    given: dict[str, Any] = {
        "started_at": now() - timedelta(days=10),
        "period_ends_at": now() + timedelta(days=20),
        "past_due_since": now() if status == "past_due" else None,
        "stripe_subscription_id": f"sub_{next(NUMBERS)}",
    }
    return Subscription.objects.create(
        customer=make_customer(user),
        price=price or make_price(),
        status=status,
        **{**given, **fields},
    )


def make_late(user: User, days: float, **fields: Any) -> Subscription:
    """A payment of theirs has been late for so long."""
    since = now() - timedelta(days=days)
    return make_subscription(user, status="past_due", past_due_since=since, **fields)


def make_invoice(user: User, number: int = 1, total: int = 1200, **fields: Any) -> Invoice:
    at: datetime = fields.pop("issued_at", now() - timedelta(days=number))
    given: dict[str, Any] = {
        "status": "paid",
        "currency": "eur",
        "subtotal": total,
        "total": total,
        "paid": total,
        "paid_at": at,
        "lines": [{"description": "Pro, 1 month", "quantity": 1, "amount": total}],
        "billed_to": {"name": user.name, "email": user.email},
    }
    return Invoice.objects.create(
        number=f"INV-2026-{number:03}",
        customer=make_customer(user),
        stripe_invoice_id=f"in_{next(NUMBERS)}",
        issued_at=at,
        **{**given, **fields},
    )


def make_move(invoice: Invoice, kind: str = "PAYMENT", **fields: Any) -> Transaction:
    given = {"status": "succeeded", "amount": invoice.total, "happened_at": invoice.issued_at}
    return Transaction.objects.create(
        customer=invoice.customer,
        invoice=invoice,
        stripe_id=f"ch_{next(NUMBERS)}",
        kind=kind,
        currency=invoice.currency,
        **{**given, **fields},
    )


def make_method(user: User, **fields: Any) -> PaymentMethod:
    given = {"kind": "card", "brand": "visa", "last4": "4242", "is_default": True}
    given |= {"expires_month": 4, "expires_year": 2029}
    return PaymentMethod.objects.create(
        customer=make_customer(user),
        stripe_payment_method_id=f"pm_{next(NUMBERS)}",
        **{**given, **fields},
    )


def make_seats(
    owner: User, quantity: int = 3, tier: Tier = Tier.ENTERPRISE, **fields: Any
) -> Subscription:
    """A subscription of the owner's with so many seats; every one has a price of its own."""
    price = make_price(tier, is_offered=False)
    return make_subscription(owner, price, quantity=quantity, **fields)


def make_seat(subscription: Subscription, user: User | None, **fields: Any) -> Seat:
    """A seat that this person has, in whatever state; with nobody it is a promise."""
    given: dict[str, Any] = {"email": user.email if user else f"to{next(NUMBERS)}@example.org"}
    if user:
        given |= {"user": user, "taken_at": now()}
    return Seat.objects.create(subscription=subscription, **{**given, **fields})


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
