"""What one look at Stripe saw of a customer: plain values, in the words of our tables."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SeenSubscription:
    """Amounts in the smallest unit of the currency; moments in UTC."""

    id: str
    status: str
    price_id: str
    quantity: int
    currency: str
    started_at: datetime
    period_ends_at: datetime | None = None
    cancels_at: datetime | None = None
    trial_ends_at: datetime | None = None
    # When the oldest invoice that is still open was finalised, if payment is late.
    past_due_since: datetime | None = None
    ended_at: datetime | None = None
    renewal_amount: int | None = None


@dataclass(frozen=True, slots=True)
class SeenInvoice:
    """A finalised invoice: drafts are not seen."""

    id: str
    subscription_id: str
    status: str
    currency: str
    subtotal: int
    tax: int
    total: int
    paid: int
    refunded: int
    issued_at: datetime
    paid_at: datetime | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    billed_to: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeenTransaction:
    """A payment, refund or dispute; `kind` is one of `Transaction.Kind`."""

    id: str
    invoice_id: str
    kind: str
    status: str
    currency: str
    amount: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class SeenMethod:
    """Never more of a card than this."""

    id: str
    kind: str
    brand: str = ""
    last4: str = ""
    expires_month: int | None = None
    expires_year: int | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class SeenPrice:
    """`interval` is month or year, or in Stripe's words whatever else it is; none: paid once."""

    id: str
    # None: it is not so much for each.
    amount: int | None
    currency: str
    interval: str
    is_active: bool
    includes_tax: bool
    # Whether it is said there if tax is included.
    says_tax: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that matters here about one customer, as it was at one moment."""

    subscriptions: list[SeenSubscription] = field(default_factory=list)
    invoices: list[SeenInvoice] = field(default_factory=list)
    transactions: list[SeenTransaction] = field(default_factory=list)
    methods: list[SeenMethod] = field(default_factory=list)
