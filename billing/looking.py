"""Turns Stripe's objects into the values of `seen`. Pure: plain dictionaries in, values out."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from billing.seen import SeenInvoice, SeenMethod, SeenPrice, SeenSubscription, SeenTransaction

Thing = dict[str, Any]

CURRENT = ("active", "trialing", "past_due")
# What is over at Stripe troubles nobody, whatever it was for.
OVER = ("canceled", "incomplete_expired")
FINALISED = ("open", "paid", "void", "uncollectible")
# Card networks call them differently; other kinds say only who they are.
LONGEST_WORD = 40


def moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def known_moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def id_of(thing: str | Thing | None) -> str:
    """Stripe gives an id, or the whole object where it was asked to."""
    if thing is None:
        return ""
    return thing if isinstance(thing, str) else str(thing["id"])


def subscription_of(
    thing: Thing, invoices: Iterable[Thing] = (), renewal_amount: int | None = None
) -> SeenSubscription:
    """`invoices` are the customer's: the oldest one still open says since when payment is late."""
    parts = thing["items"]["data"]
    ends = max((part["current_period_end"] for part in parts), default=None)
    cancels = thing["cancel_at"]
    if cancels is None and thing["cancel_at_period_end"]:
        cancels = ends
    is_over = thing["ended_at"] is not None
    return SeenSubscription(
        id=thing["id"],
        status=thing["status"],
        # Several prices in one are nothing that is sold here: together they match none.
        price_id=" + ".join(id_of(part["price"]) for part in parts),
        quantity=sum(part.get("quantity") or 0 for part in parts),
        currency=thing["currency"],
        started_at=known_moment(thing["start_date"]),
        period_ends_at=moment(ends),
        cancels_at=None if is_over else moment(cancels),
        trial_ends_at=moment(thing["trial_end"]),
        past_due_since=late_since(thing, invoices),
        ended_at=moment(thing["ended_at"]),
        renewal_amount=renewal_amount,
    )


def late_since(thing: Thing, invoices: Iterable[Thing]) -> datetime | None:
    """When the oldest open invoice was to be paid: as it was finalised, or on the day it is due."""
    if thing["status"] != "past_due":
        return None
    due = [
        max(one["status_transitions"]["finalized_at"] or one["created"], one.get("due_date") or 0)
        for one in invoices
        if one["status"] == "open" and subscription_id_of(one) == thing["id"]
    ]
    # It may have been paid between two requests of one look: then the period's start is near.
    starts = (part["current_period_start"] for part in thing["items"]["data"])
    return moment(min(due, default=max(starts, default=thing["start_date"])))


def subscription_id_of(invoice: Thing) -> str:
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return id_of(details.get("subscription"))


def is_renewed(thing: Thing) -> bool:
    """Whether there will be another invoice."""
    ends = thing["cancel_at_period_end"] or thing["cancel_at"] is not None
    return thing["status"] in CURRENT and not ends


def invoice_of(thing: Thing, lines: list[Thing], charges: Iterable[Thing]) -> SeenInvoice | None:
    """A draft is none. `charges` are the customer's: those that paid it say what was given back."""
    if thing["status"] not in FINALISED:
        return None
    tax = sum(one["amount"] for one in thing["total_taxes"] or [])
    paid_by = payments_of(thing)
    refunded = sum(one["amount_refunded"] for one in charges if paid_by & payers_of(one))
    times = thing["status_transitions"]
    return SeenInvoice(
        id=thing["id"],
        subscription_id=subscription_id_of(thing),
        status=thing["status"],
        currency=thing["currency"],
        subtotal=thing["total"] - tax,
        tax=tax,
        total=thing["total"],
        paid=thing["amount_paid"],
        refunded=refunded,
        issued_at=known_moment(times["finalized_at"] or thing["created"]),
        paid_at=moment(times["paid_at"]),
        lines=lines_of(thing, lines),
        billed_to=billed_to(thing),
    )


def lines_of(invoice: Thing, lines: list[Thing]) -> list[dict[str, Any]]:
    """As Stripe worded them, and what was taken off as a line of its own."""
    written = [
        {"description": one["description"] or "", "quantity": one.get("quantity") or 1,
         "amount": one["amount"], **period_of(one)}
        for one in lines
    ]  # fmt: skip
    taken_off = sum(one["amount"] for one in invoice.get("total_discount_amounts") or [])
    if taken_off:
        written.append({"description": "Discount", "quantity": 1, "amount": -taken_off})
    return written


def period_of(line: Thing) -> dict[str, str]:
    """The time that was paid for; of what is no time, nothing."""
    period = line.get("period") or {}
    starts, ends = moment(period.get("start")), moment(period.get("end"))
    if starts is None or ends is None or starts >= ends:
        return {}
    return {"starts": starts.isoformat(), "ends": ends.isoformat()}


def billed_to(invoice: Thing) -> dict[str, Any]:
    """Whom it was made out to, as it was then. What is empty is left out."""
    address = invoice["customer_address"] or {}
    names = ("line1", "line2", "postal_code", "city", "state", "country")
    told = {
        "name": invoice["customer_name"],
        "email": invoice["customer_email"],
        "address": {name: address[name] for name in names if address.get(name)},
        "tax_ids": [one["value"] for one in invoice["customer_tax_ids"] or [] if one["value"]],
    }
    return {name: value for name, value in told.items() if value}


def payments_of(invoice: Thing) -> set[str]:
    """The ids of what paid an invoice, or was to."""
    payments = (invoice.get("payments") or {}).get("data", [])
    kinds = ("payment_intent", "charge")
    found = {id_of(one["payment"].get(kind)) for one in payments for kind in kinds}
    return found - {""}


def payers_of(charge: Thing) -> set[str]:
    """The ids by which an invoice may name this charge."""
    return {charge["id"], id_of(charge["payment_intent"])} - {""}


def transactions_of(
    charges: Iterable[Thing], refunds: Iterable[Thing], disputes: Iterable[Thing],
    invoices: Iterable[Thing],
) -> list[SeenTransaction]:  # fmt: skip
    """Payments, and what was asked back of them, each with the invoice that it was for."""
    by_payer = {payer: one["id"] for one in invoices for payer in payments_of(one)}
    charges = list(charges)
    of_charge = {
        one["id"]: next((by_payer[payer] for payer in payers_of(one) if payer in by_payer), "")
        for one in charges
    }
    kinds = (("PAYMENT", charges), ("REFUND", refunds), ("DISPUTE", disputes))
    return [
        SeenTransaction(
            id=one["id"],
            invoice_id=of_charge.get(one["id"] if kind == "PAYMENT" else id_of(one["charge"]), ""),
            kind=kind,
            status=one["status"] or "pending",
            currency=one["currency"],
            amount=one["amount"],
            happened_at=known_moment(one["created"]),
        )
        for kind, things in kinds
        for one in things
    ]


def methods_of(
    methods: Iterable[Thing], customer: Thing, subscriptions: Iterable[Thing]
) -> list[SeenMethod]:
    """The default is the current subscription's own way to pay, else the customer's."""
    own = (one["default_payment_method"] for one in subscriptions if one["status"] in CURRENT)
    usual = (customer.get("invoice_settings") or {}).get("default_payment_method")
    default = next((id_of(one) for one in own if one), id_of(usual))
    return [method_of(one, is_default=one["id"] == default) for one in methods]


def method_of(thing: Thing, is_default: bool) -> SeenMethod:
    """A card by its brand; a debit by its last four; of other kinds nothing but the kind."""
    kind = str(thing["type"])[:LONGEST_WORD]
    details = thing.get(kind) or {}
    last4 = details.get("last4") or ""
    brand = details.get("display_brand") or details.get("brand") or details.get("bank_name") or ""
    return SeenMethod(
        id=thing["id"],
        kind=kind,
        brand=str(brand)[:LONGEST_WORD],
        last4=last4 if isinstance(last4, str) and len(last4) == 4 and last4.isalnum() else "",
        expires_month=details.get("exp_month"),
        expires_year=details.get("exp_year"),
        is_default=is_default,
    )


def price_of(thing: Thing) -> SeenPrice:
    recurring = thing["recurring"] or {"interval": "", "interval_count": 1}
    count = recurring["interval_count"]
    return SeenPrice(
        id=thing["id"],
        amount=thing["unit_amount"],
        currency=thing["currency"],
        interval=recurring["interval"] if count == 1 else f"{count} {recurring['interval']}",
        is_active=thing["active"],
        includes_tax=thing["tax_behavior"] == "inclusive",
        says_tax=thing["tax_behavior"] in ("inclusive", "exclusive"),
    )
