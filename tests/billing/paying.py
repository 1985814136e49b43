"""Somebody who pays, with rows made by hand: what looks at Stripe would have written."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils.timezone import now

from accounts.models import User
from billing.models import (
    Customer,
    Invoice,
    PaymentMethod,
    Plan,
    Price,
    Subscription,
    Transaction,
)
from courses.models import Tier

NUMBERS = count(1)


def make_price(tier: Tier = Tier.PRO, amount: int = 1200, **fields: Any) -> Price:
    plan, _ = Plan.objects.get_or_create(tier=tier)
    fields = {"currency": "eur", "stripe_price_id": f"price_{next(NUMBERS)}", **fields}
    return Price.objects.create(plan=plan, amount=amount, **fields)


def make_customer(user: User) -> Customer:
    known = {"stripe_customer_id": f"cus_{user.pk.hex}"}
    return Customer.objects.get_or_create(user=user, defaults=known)[0]


def make_subscription(user: User, price: Price | None = None, **fields: Any) -> Subscription:
    """One that is active, begun ten days ago, and renews in twenty."""
    given = {
        "status": "active",
        "started_at": now() - timedelta(days=10),
        "period_ends_at": now() + timedelta(days=20),
        "stripe_subscription_id": f"sub_{next(NUMBERS)}",
    }
    return Subscription.objects.create(
        customer=make_customer(user),
        price=price or Price.objects.first() or make_price(),
        **{**given, **fields},
    )


def late(user: User, days: float, **fields: Any) -> Subscription:
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
