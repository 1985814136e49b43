"""The one way to Stripe: what we ask of it, in our words.

No function is called inside a transaction. Whatever goes wrong is GatewayAway (the same may work
later) or GatewayRefused (it would be refused again), and no text of these says a key, an address or
anything that Stripe answered. Stripe's package is an extra, imported when it is first needed.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from billing import looking, whole
from billing.client import client, each, every, in_our_words, plain
from billing.errors import GatewayAway, GatewayRefused, GatewayUnheard
from billing.models import Price
from billing.seen import Seen, SeenPrice, SeenSubscription
from billing.transport import within

# How long an answer may take where a person waits, and where nobody does; and all answers together.
PAGE_SECONDS, PAGE_SECONDS_IN_ALL = 10.0, 20.0
WORK_SECONDS, LOOK_SECONDS_IN_ALL = 20.0, 100.0
# Stripe's word for what it does not have.
MISSING = "resource_missing"

Flow = Literal["", "payment_method_update", "subscription_update"]


@dataclass(frozen=True, slots=True)
class Session:
    """A checkout at Stripe. `status` is open, complete or expired; only an open one has a URL."""

    id: str
    url: str = field(repr=False)
    status: str = "open"


def for_a_page() -> AbstractContextManager[None]:
    """Whatever is asked in here, looks as well, is over in the time that a person waits."""
    return within(PAGE_SECONDS_IN_ALL)


@contextmanager
def being_changed() -> Iterator[None]:
    """Whether Stripe did what is asked in here is not known where its answer is lost."""
    try:
        yield
    except GatewayAway as trouble:
        raise GatewayUnheard(str(trouble), trouble.code) from None


def is_configured() -> bool:
    """Whether anything is sold here."""
    return bool(settings.STRIPE_SECRET_KEY)


@in_our_words
def make_customer(key: str, email: str, name: str, user_id: str) -> str:
    """Make the customer that belongs to `key`, or find the one made before; returns its id.

    Two requests: a key is good only for the same words, and people change their names.
    """
    customers = client(PAGE_SECONDS).v1.customers
    made = plain(customers.create({"metadata": {"user": user_id}}, {"idempotency_key": key}))
    id = str(made["id"])
    customers.update(id, {"email": email, "name": name})
    return id


@in_our_words
def change_email(customer_id: str, email: str) -> None:
    """Where Stripe writes to from now on. Of a customer who was deleted there: MISSING."""
    client(WORK_SECONDS).v1.customers.update(customer_id, {"email": email})


@in_our_words
def going_on(customer_id: str) -> list[str] | None:
    """What has not ended of all that a customer subscribed to; None if there is no such customer.

    Two requests. Who was deleted at Stripe can buy nothing there, and nothing of theirs goes on.
    """
    stripe = client(PAGE_SECONDS)
    try:
        customer = plain(stripe.v1.customers.retrieve(customer_id))
    except GatewayRefused as refusal:
        if refusal.code != MISSING:
            raise
        return None
    if customer.get("deleted"):
        return None
    found = every(stripe.v1.subscriptions.list, {"customer": customer_id, "status": "all"})
    return [str(one["id"]) for one in found if one["status"] not in looking.OVER]


@in_our_words
def open_session(
    key: str, customer_id: str, price: Price, quantity: int, return_url: str, cancel_url: str
) -> Session:
    """Open a checkout, or find the one that was opened with this key and these words."""
    asked: Any = {
        "mode": "subscription",
        "customer": customer_id,
        "line_items": [{"price": price.stripe_price_id, "quantity": quantity}],
        # A price may have others at Stripe, chosen by where somebody is: they match no price here.
        "currency": price.currency,
        "success_url": return_url,
        "cancel_url": cancel_url,
        # Name and address as typed there go on the invoices.
        "customer_update": {"name": "auto", "address": "auto"},
    }
    if settings.STRIPE_AUTOMATIC_TAX:
        # Where somebody lives says which tax, and a tax number whether it is theirs to pay.
        asked["automatic_tax"] = asked["tax_id_collection"] = {"enabled": True}
        asked["billing_address_collection"] = "required"
    if price.trial_days:
        asked["subscription_data"] = {"trial_period_days": price.trial_days}
    return _session(
        client(PAGE_SECONDS).v1.checkout.sessions.create(asked, {"idempotency_key": key})
    )


@in_our_words
def session(session_id: str) -> Session:
    """The checkout as it is now. One that Stripe does not have is over."""
    sessions = client(PAGE_SECONDS).v1.checkout.sessions
    try:
        return _session(sessions.retrieve(session_id))
    except GatewayRefused as refusal:
        if refusal.code != MISSING:
            raise
        return Session(session_id, "", "expired")


@in_our_words
def expire_session(session_id: str) -> None:
    """Close an open checkout, so that nobody can pay there. One that is over is refused."""
    client(PAGE_SECONDS).v1.checkout.sessions.expire(session_id)


@in_our_words
def portal(customer_id: str, return_url: str, flow: Flow, subscription_id: str = "") -> str:
    """The address of Stripe's portal for this customer, good for a short time."""
    asked: Any = {"customer": customer_id, "return_url": return_url}
    if flow:
        back = {"type": "redirect", "redirect": {"return_url": return_url}}
        asked["flow_data"] = {"type": flow, "after_completion": back}
    if flow == "subscription_update":
        asked["flow_data"][flow] = {"subscription": subscription_id}
    made = plain(client(PAGE_SECONDS).v1.billing_portal.sessions.create(asked))
    return str(made["url"])


@in_our_words
def set_cancel(subscription_id: str, wanted: bool) -> None:
    """Let it end with its period, or go on. It may have been told to end by a moment instead."""
    subscriptions = client(PAGE_SECONDS).v1.subscriptions
    found = plain(subscriptions.retrieve(subscription_id))
    ends_with_period, ends_at = found["cancel_at_period_end"], found["cancel_at"]
    with being_changed():
        if wanted and not ends_with_period and ends_at is None:
            subscriptions.update(subscription_id, {"cancel_at_period_end": True})
        elif not wanted and ends_with_period:
            subscriptions.update(subscription_id, {"cancel_at_period_end": False})
        elif not wanted and ends_at is not None:
            subscriptions.update(subscription_id, {"cancel_at": ""})


@in_our_words
def set_quantity(subscription_id: str, quantity: int) -> None:
    """Pay for so many seats from now on; the next invoice evens out the rest of this period."""
    subscriptions = client(PAGE_SECONDS).v1.subscriptions
    item = only_item(plain(subscriptions.retrieve(subscription_id)))
    asked: Any = {"items": [{"id": item, "quantity": quantity}]}
    with being_changed():
        subscriptions.update(subscription_id, asked)


def only_item(subscription: looking.Thing) -> str:
    """The id of what it is for, which Stripe wants where that is to change."""
    items = [part["id"] for part in subscription["items"]["data"]]
    if len(items) != 1:
        raise GatewayRefused(_("That subscription is not of one price."))
    return str(items[0])


@in_our_words
def change_of_plan(
    customer_id: str, return_url: str, subscription_id: str, price_id: str, quantity: int
) -> str:
    """The address at which somebody confirms another price, good for a short time."""
    stripe = client(PAGE_SECONDS)
    item = only_item(plain(stripe.v1.subscriptions.retrieve(subscription_id)))
    flow = "subscription_update_confirm"
    wanted = {"id": item, "price": price_id, "quantity": quantity}
    back = {"type": "redirect", "redirect": {"return_url": return_url}}
    asked: Any = {
        "customer": customer_id,
        "return_url": return_url,
        "flow_data": {
            "type": flow,
            "after_completion": back,
            flow: {"subscription": subscription_id, "items": [wanted]},
        },
    }
    return str(plain(stripe.v1.billing_portal.sessions.create(asked))["url"])


@in_our_words
def invoice_link(stripe_invoice_id: str) -> str:
    """Where an invoice can be read or printed. It opens it to whoever has it: never store it."""
    found = plain(client(PAGE_SECONDS).v1.invoices.retrieve(stripe_invoice_id))
    link = found.get("hosted_invoice_url") or found.get("invoice_pdf")
    if not link:
        raise GatewayRefused(_("That invoice has no page."))
    return str(link)


@in_our_words
def price(price_id: str) -> SeenPrice:
    """What Stripe says of a price now."""
    found = plain(client(PAGE_SECONDS).v1.prices.retrieve(price_id))
    return looking.price_of(found)


@in_our_words
def look(customer_id: str) -> Seen:
    """See everything of a customer that matters here, in five requests.

    The customer, subscriptions, invoices with what paid them, charges with what was refunded, and
    ways to pay. One more for each current subscription that will be renewed (its next invoice), for
    each charge that is disputed, and for each further hundred of anything or list that is cut off.
    """
    with within(LOOK_SECONDS_IN_ALL):
        return whole.of(client(WORK_SECONDS), customer_id)


def every_subscription() -> Iterator[tuple[str, SeenSubscription]]:
    """All subscriptions there are, with the ids of their customers, a hundred at a request.

    Invoices are not looked at: what is late is so since its period began, as far as can be seen
    here, and no renewal has an amount.
    """
    for one in each(client(WORK_SECONDS).v1.subscriptions.list, {"status": "all"}):
        yield _owned(one)


def every_event(since: datetime) -> Iterator[dict[str, Any]]:
    """What Stripe told, or would have, since then: the newest first, for thirty days at most."""
    asked = {"created": {"gte": int(since.timestamp())}}
    yield from each(client(WORK_SECONDS).v1.events.list, asked)


@in_our_words
def _owned(found: looking.Thing) -> tuple[str, SeenSubscription]:
    return (looking.id_of(found["customer"]), looking.subscription_of(found))


def _session(made: Any) -> Session:
    found = plain(made)
    return Session(found["id"], found["url"] or "", found["status"])
