"""What this room keeps of people.

Tax law wants payments and invoices kept, with their numbers and sums. Whom an invoice was made out
to stands at Stripe, under the customer's id, which stays here.
"""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
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


def what_ends(user: User) -> list[str]:
    """What somebody pays for, as it ends with their account."""
    current = Subscription.objects.current().filter(customer__user=user).first()
    if current is None:
        return []
    said = [
        _(
            "You pay for a plan. It is cancelled: nothing more is charged, and of what is paid "
            "already nothing comes back."
        )
    ]
    others = Seat.objects.filter(subscription=current).taken().exclude(user=user).count()
    if others:
        said.append(
            ngettext(
                "%(count)d person has a seat that you pay for, until the paid time is over.",
                "%(count)d people have seats that you pay for, until the paid time is over.",
                others,
            )
            % {"count": others}
        )
    return said


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
    says=what_ends,
    is_last=True,
)  # fmt: skip
