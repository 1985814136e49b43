"""What the pages of somebody's own billing show, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from billing.access import Holding, holding_of, is_selling
from billing.models import (
    Checkout,
    Customer,
    Feature,
    Invoice,
    PaymentMethod,
    Plan,
    Seat,
    Subscription,
    Transaction,
)
from billing.offers import SEATED
from billing.paying import Paying
from billing.places import seat_of
from billing.pricing import courses_of_tiers, features_of, newest_of
from courses.models import Course, Tier

INVOICES_PER_PAGE = 12
MOVES = 10
# Two seconds apart: half a minute in all.
LOOKS = 15
COUNTED = frozenset(map(str, range(LOOKS + 1)))
METHODS = {
    "amex": gettext_lazy("American Express"),
    "customer_balance": gettext_lazy("Bank transfer"),
    "diners": gettext_lazy("Diners Club"),
    "jcb": "JCB",
    "paypal": "PayPal",
    "sepa_debit": gettext_lazy("SEPA direct debit"),
    "unionpay": "UnionPay",
    "us_bank_account": gettext_lazy("US bank account"),
}
Status = Subscription.Status


@dataclass(frozen=True, slots=True)
class Opened:
    """What the plan that is held opens, and what it does not."""

    courses: int
    closed: int
    features: list[str]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Billing:
    """`paying`: the reader's own subscription, also one that has ended.

    `closed_seat`: a seat of theirs that nobody pays for now.
    """

    holding: Holding
    paying: Paying | None
    opened: Opened
    method: PaymentMethod | None = None
    invoices: Page[Any] | None = None
    moves: Page[Any] | None = None
    closed_seat: Seat | None = None

    @property
    def plan(self) -> str:
        return str(self.holding.tier.label)

    @property
    def open_invoices(self) -> list[Invoice]:
        """Those that wait to be paid, on whichever page of the list they stand."""
        return (
            [one for one in self.invoices.paginator.object_list if one.due] if self.invoices else []
        )

    @property
    def beside_invoices(self) -> str:
        """What stays in the address while invoices are leafed through."""
        return f"moves={self.moves.number}&" if self.moves and self.moves.number > 1 else ""

    @property
    def beside_moves(self) -> str:
        one = self.invoices
        return f"page={one.number}&" if one and one.number > 1 else ""

    @property
    def method_name(self) -> str:
        one = self.method
        if one is None:
            return ""
        return str(METHODS.get(one.brand or one.kind, (one.brand or one.kind).title()))


def billing_page(user: User, number: str, moves: str = "") -> Billing:
    """Eight queries at most. `number`, `moves`: which page of invoices, and of what moved."""
    holding = holding_of(user)
    own = holding.subscription or newest_of(user)
    customer = own.customer_id if own else customer_of(user)
    shown: dict[str, Any] = {}
    if customer:
        shown = {"invoices": invoices_of(customer, number), "moves": moves_of(customer, moves)}
    if own:
        methods = PaymentMethod.objects.filter(customer=own.customer_id, is_default=True)
        shown["method"] = methods.first()
    if holding.why == "free" and is_selling():
        shown["closed_seat"] = seat_of(user)
    paying = Paying(own, now()) if own else None
    return Billing(holding, paying, opened_by(holding.tier), **shown)


def customer_of(user: User) -> UUID | None:
    return Customer.objects.filter(user=user).values_list("pk", flat=True).first()


def invoices_of(customer: UUID, number: str) -> Page[Any]:
    """One query: there is one a month, so all of them come, without what only their pages show."""
    rows = Invoice.objects.filter(customer=customer).defer("lines", "billed_to", "seller")
    return Paginator(list(rows), INVOICES_PER_PAGE).get_page(number)


def moves_of(customer: UUID, number: str) -> Page[Any]:
    """One query, as for invoices."""
    moved = Transaction.objects.filter(customer=customer).select_related("invoice")
    moved = moved.defer("invoice__lines", "invoice__billed_to", "invoice__seller")
    return Paginator(list(moved), MOVES).get_page(number)


def opened_by(tier: Tier) -> Opened:
    """What the plan opens at this school. Two queries."""
    plans = {Tier(plan.tier): plan for plan in Plan.objects.all()}
    counts = courses_of_tiers()
    courses = sum(counts[one] for one in tier.covered())
    plan, free = plans.get(tier) or Plan(tier=tier), plans.get(Tier.FREE)
    # A school that sells nothing keeps nothing back but its paid courses.
    held = features_of(plan, free if is_selling() else None)
    return Opened(
        courses=courses,
        closed=sum(counts.values()) - courses,
        features=[str(one.label) for one in Feature if one in held],
        missing=[str(one.label) for one in Feature if one not in held],
    )


@dataclass(frozen=True, slots=True)
class Line:
    """What was sold, and for which time, if it was written down: older invoices do not say."""

    description: str
    quantity: int
    amount: int
    starts: datetime | None = None
    ends: datetime | None = None


def line_of(stored: dict[str, Any]) -> Line:
    times = {
        name: datetime.fromisoformat(stored[name]) for name in ("starts", "ends") if name in stored
    }
    return Line(stored["description"], stored["quantity"], stored["amount"], **times)


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """An invoice as it was made out, and what was paid and given back since."""

    invoice: Invoice
    moves: list[Transaction]

    @property
    def lines(self) -> list[Line]:
        return [line_of(one) for one in self.invoice.lines]

    @property
    def due(self) -> int:
        """What is still to be paid."""
        return self.invoice.due

    @property
    def is_refunded(self) -> bool:
        """Whether all of it was given back."""
        return 0 < self.invoice.total <= self.invoice.refunded

    @property
    def billed_to(self) -> list[str]:
        """Name, address, tax numbers and email, a line each."""
        told = self.invoice.billed_to
        address = told.get("address", {})
        town = " ".join(filter(None, [address.get("postal_code"), address.get("city")]))
        street = [address.get("line1"), address.get("line2"), town]
        place = [*street, address.get("state"), address.get("country")]
        return [
            line
            for line in [told.get("name"), *place, *told.get("tax_ids", []), told.get("email")]
            if line
        ]


def my_invoice(user: User, number: str) -> Invoice | None:
    """One of the reader's own. One query."""
    return Invoice.objects.filter(customer__user=user, number=number).first()


def invoice_page(user: User, number: str) -> InvoicePage | None:
    """Two queries."""
    found = my_invoice(user, number)
    return InvoicePage(found, list(found.transactions.all())) if found else None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Back from paying: the plan is open, or a payment is on its way, or nothing is.

    `course`: where somebody stood before they went to pay.
    """

    subscription: Subscription | None
    is_awaited: bool
    looks: int
    course: Course | None = None

    @property
    def is_open(self) -> bool:
        return self.subscription is not None

    @property
    def plan(self) -> str:
        return self.subscription.price.plan.name if self.subscription else ""

    @property
    def seats(self) -> int:
        """How many there are to give to others; 0: the plan is for one."""
        found = self.subscription
        return found.quantity if found and found.price.plan_id in SEATED else 0

    @property
    def opened(self) -> Course | None:
        """The course to go on with, if the plan opens it."""
        if self.course is None or self.subscription is None:
            return None
        held = Tier(self.subscription.price.plan_id)
        return self.course if held.rank >= self.course.needed_plan.rank else None

    @property
    def asks_again(self) -> bool:
        return self.is_awaited and not self.is_open and self.looks < LOOKS

    @property
    def next_look(self) -> int:
        return self.looks + 1

    @property
    def said(self) -> str:
        """What is read out to whoever cannot see that the page has changed; empty: nothing."""
        if self.is_open:
            return _("%(plan)s is open.") % {"plan": self.plan}
        if not self.is_awaited:
            return _("No payment is on its way.")
        return "" if self.asks_again else _("The payment is not confirmed yet.")


def arrival_of(user: User, looks: int, course: Course | None = None) -> Arrival:
    """Two queries. Stripe is not asked: its message is what opens a plan."""
    found = newest_of(user)
    # Who pays late is told of a payment that failed, and not that one is confirmed.
    current = found if found and found.status in (Status.ACTIVE, Status.TRIALING) else None
    waiting = Checkout.objects.filter(customer__user=user, closed_at=None)
    on_its_way = bool(found and found.status == Status.INCOMPLETE)
    is_awaited = current is None and (on_its_way or waiting.exists())
    return Arrival(current, is_awaited, min(looks, LOOKS), course)
