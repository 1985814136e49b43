"""A customer as a whole: what a look asks of Stripe, list by list."""

from functools import partial
from typing import TYPE_CHECKING

from billing import looking
from billing.client import every, plain
from billing.errors import GatewayRefused
from billing.seen import Seen

if TYPE_CHECKING:
    from stripe import StripeClient


def of(stripe: "StripeClient", customer_id: str) -> Seen:
    whose = {"customer": customer_id}
    customer = plain(stripe.v1.customers.retrieve(customer_id))
    subscriptions = every(stripe.v1.subscriptions.list, {**whose, "status": "all"})
    invoices = every(stripe.v1.invoices.list, {**whose, "expand": ["data.payments"]})
    charges = every(stripe.v1.charges.list, {**whose, "expand": ["data.refunds"]})
    methods = [] if customer.get("deleted") else methods_of(stripe, customer_id)
    lines = {one["id"]: lines_of(stripe, one) for one in invoices}
    amounts = {one["id"]: renewal_amount_of(stripe, one) for one in subscriptions}
    refunds = [refund for one in charges for refund in refunds_of(stripe, one)]
    disputes = [dispute for one in charges for dispute in disputes_of(stripe, one)]
    seen = (looking.invoice_of(one, lines[one["id"]], charges) for one in invoices)
    return Seen(
        subscriptions=[
            looking.subscription_of(one, invoices, amounts[one["id"]]) for one in subscriptions
        ],
        invoices=[one for one in seen if one is not None],
        transactions=looking.transactions_of(charges, refunds, disputes, invoices),
        methods=looking.methods_of(methods, customer, subscriptions),
    )


def methods_of(stripe: "StripeClient", customer_id: str) -> list[looking.Thing]:
    return every(partial(stripe.v1.customers.payment_methods.list, customer_id), {})


def lines_of(stripe: "StripeClient", invoice: looking.Thing) -> list[looking.Thing]:
    shown = invoice["lines"]
    if not shown["has_more"]:
        return list(shown["data"])
    return every(partial(stripe.v1.invoices.line_items.list, invoice["id"]), {})


def refunds_of(stripe: "StripeClient", charge: looking.Thing) -> list[looking.Thing]:
    shown = charge["refunds"]
    if not shown["has_more"]:
        return list(shown["data"])
    return every(stripe.v1.refunds.list, {"charge": charge["id"]})


def disputes_of(stripe: "StripeClient", charge: looking.Thing) -> list[looking.Thing]:
    """Stripe lists them by charge only, and says of a charge only that there is one."""
    if not charge["disputed"]:
        return []
    return every(stripe.v1.disputes.list, {"charge": charge["id"]})


def renewal_amount_of(stripe: "StripeClient", subscription: looking.Thing) -> int | None:
    """What the next invoice will come to, if there is to be one."""
    if not looking.is_renewed(subscription):
        return None
    try:
        found = plain(stripe.v1.invoices.create_preview({"subscription": subscription["id"]}))
    except GatewayRefused:
        return None
    return int(found["total"])
