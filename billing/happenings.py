"""What is worth telling of somebody's payments: recorded once each, with what a reader needs."""

from typing import Any

from django.utils.timezone import now

from activity.actions import record
from activity.models import Event
from billing.models import Customer, Invoice, Subscription
from courses.models import Tier


def subscription_started(customer: Customer, subscription: Subscription) -> None:
    tell_subscription(customer, subscription, Event.Kind.SUBSCRIPTION_STARTED)
    # Who paid may have left before the site knew: a mail says that it is open.
    Subscription.objects.filter(pk=subscription.pk).update(mail_at=now())


def subscription_ended(customer: Customer, subscription: Subscription) -> None:
    tell_subscription(customer, subscription, Event.Kind.SUBSCRIPTION_ENDED)


def invoice_paid(customer: Customer, invoice: Invoice) -> None:
    tell_invoice(customer, invoice, Event.Kind.INVOICE_PAID, invoice.paid)


def payment_failed(customer: Customer, invoice: Invoice) -> None:
    tell_invoice(customer, invoice, Event.Kind.PAYMENT_FAILED, invoice.total - invoice.paid)


def tell_subscription(customer: Customer, subscription: Subscription, kind: Event.Kind) -> None:
    price = subscription.price
    amount = subscription.renewal_amount
    if amount is None:
        amount = price.amount * subscription.quantity
    data = {
        "plan": price.plan_id,
        "title": str(Tier(price.plan_id).label),
        "amount": amount,
        "currency": price.currency,
    }
    record(customer.user, kind, f"subscription:{subscription.pk}", data)


def tell_invoice(customer: Customer, invoice: Invoice, kind: Event.Kind, amount: int) -> None:
    data: dict[str, Any] = {
        "plan": invoice.subscription.price.plan_id if invoice.subscription else "",
        "amount": amount,
        "currency": invoice.currency,
        "number": invoice.number,
    }
    record(customer.user, kind, f"invoice:{invoice.pk}", data)
