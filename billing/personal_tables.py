"""What this room keeps of people.

Tax law wants payments and invoices kept, with their numbers and sums. Whom an invoice was made out
to stands at Stripe, under the customer's id, which stays here.
"""

from django.db.models import Q

from accounts.personal import BLANK, Leaving, declare, deleted, kept, nobodys
from billing.models import (
    Checkout,
    Customer,
    Grant,
    Invoice,
    PaymentMethod,
    Reconciliation,
    Seat,
    Subscription,
    Transaction,
    WebhookDelivery,
)

TAX = "Tax law wants it kept."
STRIPES = "Ids and times of Stripe's. What came with them is not kept."


def leave_seats(leaving: Leaving) -> None:
    """Nobody sits there any more; an invitation to one of the addresses is taken back."""
    Seat.objects.filter(user=None, email__in=leaving.emails).delete()
    Seat.objects.kept().filter(user=leaving.user).update(
        removed_at=leaving.user.deleted_at, email=""
    )


declare(
    "billing",
    kept(
        Customer, "user", clears={"told_email": ""}, keeps=("stripe_customer_id",),
        hides=("asked", "written", "tell_at"), why=TAX,
    ),
    deleted(PaymentMethod, "customer__user"),
    kept(Checkout, "customer__user", keeps=("stripe_session_id",), why=TAX),
    kept(
        Subscription, "customer__user", keeps=("stripe_subscription_id",), hides=("mail_at",),
        why=TAX,
    ),
    kept(
        Invoice, "customer__user", clears={"billed_to": {}}, why=TAX,
        keeps=("number", "stripe_invoice_id", "currency", "lines", "seller"),
    ),
    kept(Transaction, "customer__user", keeps=("stripe_id", "status", "currency"), why=TAX),
    kept(
        Seat, "user", clears={"email": ""}, keeps=("invitation",), hides=("invitation", "mail_at"),
        holding=~Q(email=""), why="How many seats were taken is held against what was paid.",
    ),
    kept(
        Grant, "user", acts=("given_by",), clears={"reason": BLANK},
        why="Who had which plan, and when, accounts for what was opened.",
    ),
    nobodys(WebhookDelivery, STRIPES),
    nobodys(Reconciliation, STRIPES),
    first=leave_seats,
    is_last=True,
)  # fmt: skip
