"""The comparison: finds what messages missed, mends it by another look, and reports it.

Three lists are gone through: what Stripe told lately, all subscriptions there, and checkouts that
were begun here. Whoever differs in one of them is looked at, as if a message had come. Then prices
that are offered here are compared with Stripe's.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.timezone import now

from billing import deliveries, gateway, syncing
from billing.errors import GatewayAway, GatewayOdd, GatewayRefused, GatewayTrouble
from billing.invoices import gaps
from billing.models import (
    Checkout,
    Customer,
    Price,
    Reconciliation,
    Subscription,
    Transaction,
    WebhookDelivery,
)
from billing.price_check import AskedPrice
from billing.seen import SeenSubscription
from billing.subscription_writing import sort_out, values_of
from billing.webhooks import BadMessage, Message, message_of
from billing.written import Written

logger = logging.getLogger(__name__)

# Each looks back a day further than to the last; the first one, as far as Stripe remembers.
OVERLAP, STRIPES_MEMORY = timedelta(days=1), timedelta(days=30)
# A message that is younger may be on its way.
ON_ITS_WAY = timedelta(minutes=15)
# Stripe ends a checkout after a day.
CHECKOUT_LASTS = timedelta(hours=25)
# What a list of subscriptions does not show, or not rightly.
NOT_LISTED = ("renewal_amount", "past_due_since")
LONGEST_TROUBLE = 300


class Report:
    """One comparison under way: whom to look at and why, and what has come of it."""

    def __init__(self, *, keep: bool) -> None:
        self.row = Reconciliation()
        self.keep = keep
        self.missed: list[str] = []

    def mended(self, customer_id: str, what: str) -> None:
        self.row.mended.append({"customer": customer_id, "what": what})

    def unmatched(self, customer_id: str, what: str) -> None:
        self.row.unmatched.append({"customer": customer_id, "what": what})


def reconcile(*, keep: bool = True) -> Reconciliation:
    """Compare everything. Without `keep`, nothing is written: the report says what would be."""
    report = Report(keep=keep)
    if keep:
        report.row.save(force_insert=True)
    try:
        compare(report)
    except GatewayTrouble as error:
        report.row.trouble = str(error)[:LONGEST_TROUBLE]
    if left_out := gaps():
        report.unmatched("", f"Numbers of invoices are left out: {', '.join(left_out)}.")
    report.row.finished_at = now()
    if keep:
        report.row.save()
    if report.row.mended or report.row.unmatched or report.row.trouble:
        logger.warning(
            "Payments differed from Stripe: %s mended, %s unmatched. %s",
            len(report.row.mended), len(report.row.unmatched), report.row.trouble,
        )  # fmt: skip
    return report.row


def compare(report: Report) -> None:
    since = look_back_to()
    wanting = missed_by_message(report, since)
    wanting |= differing(report)
    wanting |= left_open(report)
    known = Customer.objects.filter(stripe_customer_id__in=wanting)
    for customer in known.order_by("pk").iterator():
        look_at(report, customer)
    if report.keep:
        for key in report.missed:
            deliveries.handle(key)
    wrong_prices(report)


def look_back_to() -> datetime:
    """A day before the last comparison that went through began."""
    through = Reconciliation.objects.filter(finished_at__isnull=False, trouble="")
    last = through.order_by("-started_at").values_list("started_at", flat=True).first()
    farthest = now() - STRIPES_MEMORY
    return max(farthest, last - OVERLAP) if last else farthest


def missed_by_message(report: Report, since: datetime) -> set[str]:
    """Customers of whom Stripe told and we did not hear. The messages are taken in now."""
    until, found = now() - ON_ITS_WAY, []
    for event in gateway.every_event(since):
        message = readable(event)
        if message and deliveries.matters(message) and message.happened_at < until:
            found.append(message)
    heard = set(
        WebhookDelivery.objects.filter(pk__in=[one.id for one in found]).values_list(
            "pk", flat=True
        )
    )
    owners, customers = owners_of(found), set()
    for message in reversed(found):
        owner = owners.get(message.id)
        if message.id in heard or not owner:
            continue
        if report.keep and deliveries.take_in(message):
            report.missed.append(message.id)
        report.mended(owner, f"{message.type} {message.id} had not come")
        customers.add(owner)
    return customers


def owners_of(messages: list[Message]) -> dict[str, str]:
    """Which of our customers each message is about. A dispute names none, and what was paid."""
    ours = known_among(one.customer_id for one in messages)
    named = {one.object_id for one in messages if not one.customer_id}
    paid = Transaction.objects.filter(stripe_id__in=named)
    known: dict[str, str | None] = {key: key for key in ours}
    known |= dict(paid.values_list("stripe_id", "customer__stripe_customer_id"))
    owners = {one.id: known.get(one.customer_id or one.object_id) for one in messages}
    return {id: owner for id, owner in owners.items() if owner}


def readable(event: object) -> Message | None:
    try:
        return message_of(event)
    except BadMessage:
        return None


def known_among(ids: Iterable[str]) -> set[str]:
    rows = Customer.objects.filter(stripe_customer_id__in={one for one in ids if one})
    return {str(key) for key in rows.values_list("stripe_customer_id", flat=True)}


def differing(report: Report) -> set[str]:
    """Customers whose subscriptions here are not those at Stripe."""
    at_stripe: dict[str, list[SeenSubscription]] = defaultdict(list)
    for customer_id, seen in gateway.every_subscription():
        at_stripe[customer_id].append(seen)
    here: dict[str, dict[str, Subscription]] = defaultdict(dict)
    rows = Subscription.objects.select_related("price", "customer")
    for row in rows.iterator():
        key = row.customer.stripe_customer_id or ""
        here[key][row.stripe_subscription_id] = row
    known, prices = (
        known_among(at_stripe),
        {one.stripe_price_id: one for one in Price.objects.all()},
    )
    report.row.looked_at = len(at_stripe.keys() | here.keys())
    found = set()
    for key in sorted(at_stripe.keys() | here.keys()):
        if key not in known and key not in here:
            nobodys(report, key, at_stripe[key])
            continue
        written = Written()
        fitting = sort_out(at_stripe[key], prices, now(), written)
        for sentence in written.unmatched:
            report.unmatched(key, sentence)
        if differs(here[key], fitting):
            found.add(key)
    return found


def nobodys(report: Report, key: str, seen: list[SeenSubscription]) -> None:
    """Subscriptions of somebody who is no customer here."""
    for one in seen:
        if one.status in Subscription.CURRENT:
            report.unmatched(key, f"Subscription {one.id}: its customer is not known here.")


def differs(
    stored: dict[str, Subscription], fitting: dict[str, tuple[SeenSubscription, Price]]
) -> bool:
    """Whether a look would change something, as far as the list shows."""
    current = {id for id, row in stored.items() if row.status in Subscription.CURRENT}
    if current - fitting.keys():
        return True
    for one, price in fitting.values():
        row = stored.get(one.id)
        if row is None:
            return True
        values = values_of(row, one, price, now())
        if any(getattr(row, name) != values[name] for name in values.keys() - set(NOT_LISTED)):
            return True
    return False


def left_open(report: Report) -> set[str]:
    """Customers whose checkouts are open here long after Stripe has ended them; they are closed."""
    old = Checkout.objects.filter(closed_at=None, opened_at__lt=now() - CHECKOUT_LASTS)
    found = set()
    for checkout in old.select_related("customer"):
        status = "never opened"
        if checkout.stripe_session_id:
            status = gateway.session(checkout.stripe_session_id).status
        if status == "open":
            continue
        key = checkout.customer.stripe_customer_id or ""
        report.mended(key, f"a checkout of {checkout.opened_at:%Y-%m-%d} was open, is {status}")
        found.add(key)
        if report.keep:
            Checkout.objects.filter(pk=checkout.pk, closed_at=None).update(closed_at=now())
    return found


def wrong_prices(report: Report) -> None:
    """Prices offered here that Stripe has otherwise: what is charged is not what is shown.

    They may have been entered before there was a key, or archived at Stripe since.
    """
    for price in Price.objects.offered():
        try:
            told = AskedPrice(gateway.price(price.stripe_price_id)).differs_from(price)
        except (GatewayOdd, GatewayRefused) as error:
            told = [str(error)]
        for sentence in told:
            report.unmatched("", f"Price {price.stripe_price_id}: {sentence}")


def look_at(report: Report, customer: Customer) -> None:
    """Look at one customer. Trouble with one does not keep the others waiting, of whatever kind."""
    key = customer.stripe_customer_id or ""
    try:
        written = syncing.look_and_write(customer, keep=report.keep)
    except (GatewayOdd, GatewayRefused) as error:
        report.unmatched(key, str(error))
        return
    except GatewayAway:
        raise
    except Exception:
        logger.exception("Customer %s could not be looked at", key)
        report.unmatched(key, "What Stripe says could not be written. The log says why.")
        return
    for sentence in written.changed:
        report.mended(key, sentence)
