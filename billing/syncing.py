"""Asking Stripe how things stand for a customer, and writing it down.

A look takes a number before it begins. What it saw is written only if no look with a later number
was written before: that one began later, so it has seen at least as much. Whatever order messages
come in, and however often, the rows end as Stripe's are.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from billing import gateway
from billing.models import Customer, Transaction, WebhookDelivery
from billing.seen import Seen
from billing.writing import write
from billing.written import Written

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticket:
    """The number of a look, the moment before which whatever happened is seen by it, and at whom.

    A customer deleted at Stripe is followed by another: whoever looks later looks at that one.
    """

    number: int
    began: datetime
    stripe_customer_id: str


def sync(customer: Customer) -> list[str]:
    """Bring our rows up to Stripe's. Return what changed, in sentences; raise GatewayTrouble."""
    return look_and_write(customer).changed


def look_and_write(customer: Customer, *, keep: bool = True) -> Written:
    """Look at Stripe, with no transaction open, then write. Without `keep`, only say what would."""
    ticket = take_ticket(customer.pk)
    if ticket is None:
        return Written()
    seen = gateway.look(ticket.stripe_customer_id)
    return put_down(customer.pk, ticket, seen, keep=keep)


@transaction.atomic(durable=True)
def take_ticket(key: UUID) -> Ticket | None:
    """The next number. Committed before the look begins: a request is never inside of it.

    None for somebody whom Stripe does not know.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE billing_customer SET asked = asked + 1
            WHERE id = %s AND stripe_customer_id IS NOT NULL
            RETURNING asked, clock_timestamp(), stripe_customer_id
            """,
            [key],
        )
        row = cursor.fetchone()
        return Ticket(*row) if row else None


@transaction.atomic(durable=True)
def put_down(key: UUID, ticket: Ticket, seen: Seen, *, keep: bool = True) -> Written:
    """Write what a look saw, unless a later look was written before."""
    # The user is wanted by events. Others may refer to the row meanwhile: they hold only its key.
    rows = Customer.objects.select_related("user")
    customer = rows.select_for_update(of=("self",), no_key=True).get(pk=key)
    if ticket.number <= customer.written:
        return Written()
    written = write(customer, seen, ticket.began)
    customer.written, customer.synced_at = ticket.number, ticket.began
    customer.save(update_fields=["written", "synced_at"])
    if not written.unmatched:
        settle(customer)
    if not keep:
        transaction.set_rollback(True)
    return written


def settle(customer: Customer) -> None:
    """Everything of the customer's has found its place: no message of theirs is unmatched."""
    paid = Transaction.objects.filter(customer=customer).values("stripe_id")
    theirs = Q(stripe_customer_id=customer.stripe_customer_id)
    # Of a refund it may have been heard before its payment was known here.
    theirs |= Q(stripe_customer_id="", stripe_object_id__in=paid)
    unmatched = WebhookDelivery.objects.filter(theirs, state=WebhookDelivery.State.UNMATCHED)
    unmatched.update(state=WebhookDelivery.State.DONE, why="")
