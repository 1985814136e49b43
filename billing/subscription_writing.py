"""Subscriptions as a look saw them. What was not bought here opens nothing here."""

from datetime import datetime
from typing import Any

from django.utils.timezone import now

from billing import happenings
from billing.looking import OVER
from billing.models import Customer, Price, Subscription
from billing.models.subscriptions import GRACE
from billing.places import fit
from billing.seen import SeenSubscription
from billing.written import Written, change, set_fields
from courses.models import Tier

Status = Subscription.Status


def write_subscriptions(
    customer: Customer, seen: list[SeenSubscription], began: datetime, written: Written
) -> dict[str, Subscription]:
    """Write those that have a place here; return them by their ids at Stripe."""
    rows = Subscription.objects.filter(customer=customer).select_related("price")
    stored = {row.stripe_subscription_id: row for row in rows}
    fitting = sort_out(seen, prices_of(seen), began, written)
    for key, row in stored.items():
        if key not in fitting and row.status in Subscription.CURRENT:
            close(row, written)
    # Whatever ends goes before what begins: at no moment are there two that are current.
    in_order = sorted(fitting.values(), key=lambda pair: pair[0].status in Subscription.CURRENT)
    for one, price in in_order:
        row = stored.get(one.id) or Subscription(stripe_subscription_id=one.id)
        row.customer = customer
        put_one(row, one, price, began, written)
        stored[one.id] = row
    return stored


def prices_of(seen: list[SeenSubscription]) -> dict[str, Price]:
    rows = Price.objects.filter(stripe_price_id__in={one.price_id for one in seen})
    return {row.stripe_price_id: row for row in rows}


def sort_out(
    seen: list[SeenSubscription], prices: dict[str, Price], moment: datetime, written: Written
) -> dict[str, tuple[SeenSubscription, Price]]:
    """Those that fit, the oldest first. Of those that are current, one does."""
    fitting: dict[str, tuple[SeenSubscription, Price]] = {}
    strange: dict[str, str] = {}
    in_order = sorted(seen, key=lambda one: (one.started_at, one.id))
    for one in in_order:
        price = prices.get(one.price_id)
        why = misfit(one, price)
        if why or price is None:
            strange[one.id] = why
        else:
            fitting[one.id] = (one, price)
    current = [key for key, (one, _) in fitting.items() if one.status in Subscription.CURRENT]
    # The first of the best: the oldest.
    counts = max(current, key=lambda key: what_it_opens(*fitting[key], moment), default="")
    for key in current:
        if key != counts:
            del fitting[key]
            strange[key] = "there is another that is current"
    written.unmatched += [
        f"Subscription {one.id}: {strange[one.id]}."
        for one in in_order
        if one.id in strange and one.status not in OVER
    ]
    return fitting


def what_it_opens(one: SeenSubscription, price: Price, moment: datetime) -> tuple[int, bool]:
    """The rank of what it opens at a moment, and whether it is paid: more counts before less."""
    is_paid = one.status != Status.PAST_DUE
    is_open = is_paid or one.past_due_since is None or one.past_due_since > moment - GRACE
    return (Tier(price.plan_id).rank if is_open else Tier.FREE.rank, is_paid)


def misfit(one: SeenSubscription, price: Price | None) -> str:
    """Why the subscription has no place here; empty if it has."""
    if price is None:
        return f"its price {one.price_id} is not one of ours"
    if one.currency != price.currency:
        return f"its currency {one.currency} is not that of its price"
    if one.quantity < 1:
        return "it is for nobody"
    if one.status not in Status.values:
        return f"its state {one.status} is not known"
    return ""


def close(row: Subscription, written: Written) -> None:
    """A stored one that Stripe does not show as ours any more opens no door. Nobody ended it."""
    was = row.status
    values = {"status": Status.CANCELED, "ended_at": None, "past_due_since": None}
    names = set_fields(row, values)
    what = f"subscription {row.stripe_subscription_id}"
    written.changed += change(what, names, was, "closed: it is not ours any more")


def put_one(
    row: Subscription, one: SeenSubscription, price: Price, began: datetime, written: Written
) -> None:
    """Write one row, and tell if it began or ended."""
    customer, is_new = row.customer, row._state.adding
    was = "" if is_new else row.status
    values = values_of(row, one, price, began)
    what = f"subscription {one.id}"
    if is_new:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        written.changed.append(f"{what} is new: {one.status}")
    else:
        paid_for = row.quantity
        written.changed += change(what, set_fields(row, values), was, one.status)
        if one.quantity < paid_for:
            fit(row, now())
    began_now = one.status in Subscription.CURRENT and was not in Subscription.CURRENT
    ended_now = one.status not in Subscription.CURRENT and was in Subscription.CURRENT
    if began_now:
        happenings.subscription_started(customer, row)
        customer.checkouts.filter(closed_at=None).update(closed_at=began)
    elif ended_now:
        happenings.subscription_ended(customer, row)


def values_of(
    row: Subscription, one: SeenSubscription, price: Price, began: datetime
) -> dict[str, Any]:
    late_since = None
    if one.status == Status.PAST_DUE:
        # The grace is never counted anew because a look could not tell since when.
        late_since = one.past_due_since or row.past_due_since or began
    return {
        "price": price,
        "status": one.status,
        "quantity": one.quantity,
        "started_at": one.started_at,
        "period_ends_at": one.period_ends_at,
        "cancels_at": one.cancels_at,
        "trial_ends_at": one.trial_ends_at,
        "past_due_since": late_since,
        "ended_at": one.ended_at,
        "renewal_amount": one.renewal_amount,
    }
