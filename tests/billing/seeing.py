"""What a look at Stripe may see, and messages signed as Stripe signs them."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from billing.seen import Seen, SeenInvoice, SeenMethod, SeenSubscription, SeenTransaction

SECRET = "whsec_not_for_anybody"
KEY = "sk_test_not_for_anybody"
ADDRESS = "/billing/webhooks/stripe/"
JANUARY = datetime(2026, 1, 10, 12, tzinfo=UTC)
MONTH = timedelta(days=31)
numbers = itertools.count(1)


def sell(settings: Any) -> None:
    """There are keys of Stripe's: what was bought counts, and messages are heard."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, SECRET
    settings.STRIPE_IS_LIVE = False


def subscription(**fields: Any) -> SeenSubscription:
    return SeenSubscription(
        **{
            "id": "sub_1", "status": "active", "price_id": "price_pro", "quantity": 1,
            "currency": "eur", "started_at": JANUARY, "period_ends_at": JANUARY + MONTH,
            "renewal_amount": 1200, **fields,
        }
    )  # fmt: skip


def invoice(**fields: Any) -> SeenInvoice:
    paid = fields.get("status", "paid") == "paid"
    return SeenInvoice(
        **{
            "id": "in_1", "subscription_id": "sub_1", "status": "paid", "currency": "eur",
            "subtotal": 1008, "tax": 192, "total": 1200, "paid": 1200 if paid else 0,
            "refunded": 0, "issued_at": JANUARY, "paid_at": JANUARY if paid else None,
            "lines": [{"description": "Pro", "quantity": 1, "amount": 1200}],
            "billed_to": {"name": "Ada", "email": "ada@example.org"}, **fields,
        }
    )  # fmt: skip


def payment(**fields: Any) -> SeenTransaction:
    return SeenTransaction(
        **{
            "id": "ch_1", "invoice_id": "in_1", "kind": "PAYMENT", "status": "succeeded",
            "currency": "eur", "amount": 1200, "happened_at": JANUARY, **fields,
        }
    )  # fmt: skip


def card(**fields: Any) -> SeenMethod:
    return SeenMethod(
        **{
            "id": "pm_1", "kind": "card", "brand": "visa", "last4": "4242",
            "expires_month": 12, "expires_year": 2030, "is_default": True, **fields,
        }
    )  # fmt: skip


def bought(**fields: Any) -> Seen:
    """Somebody who has just bought the plan."""
    return Seen(
        **{
            "subscriptions": [subscription()], "invoices": [invoice()],
            "transactions": [payment()], "methods": [card()], **fields,
        }
    )  # fmt: skip


class Shown:
    """Stands for `gateway.look`: what Stripe would show of each customer, and who was looked at."""

    def __init__(self) -> None:
        self.of: dict[str, Seen | Exception | Callable[[], Seen]] = {}
        self.looks: list[str] = []

    def __call__(self, customer_id: str) -> Seen:
        self.looks.append(customer_id)
        what = self.of.get(customer_id, Seen())
        if isinstance(what, Exception):
            raise what
        return what() if callable(what) else what


def event(type_: str = "customer.subscription.updated", **fields: Any) -> dict[str, Any]:
    """An event as Stripe shapes it. `about` is the object in it."""
    about = {"id": "sub_1", "object": "subscription", "customer": "cus_ada"}
    about = fields.pop("about", about)
    return {
        "id": f"evt_{next(numbers)}", "object": "event", "type": type_, "livemode": False,
        "created": int(time.time()), "api_version": "2026-10-28.endive",
        "data": {"object": about}, **fields,
    }  # fmt: skip


def signature(body: bytes, secret: str = SECRET, at: float | None = None) -> str:
    moment = int(time.time() if at is None else at)
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={signed.hexdigest()}"


def deliver(client: Any, what: Any, header: str | None = None, **signing: Any) -> Any:
    """POST an event, or these bytes, as Stripe does."""
    body = what if isinstance(what, bytes) else json.dumps(what).encode()
    header = signature(body, **signing) if header is None else header
    headers = {"Stripe-Signature": header}
    return client.post(ADDRESS, body, content_type="application/json", headers=headers)
