"""Tables of who pays: what is for sale, who bought it, what money moved, what Stripe told."""

from billing.models.customers import Checkout, Customer, PaymentMethod
from billing.models.deliveries import Reconciliation, WebhookDelivery
from billing.models.payments import Invoice, InvoiceCounter, Transaction
from billing.models.plans import Feature, Plan, Price
from billing.models.subscriptions import Grant, Seat, Subscription

__all__ = [
    "Checkout",
    "Customer",
    "Feature",
    "Grant",
    "Invoice",
    "InvoiceCounter",
    "PaymentMethod",
    "Plan",
    "Price",
    "Reconciliation",
    "Seat",
    "Subscription",
    "Transaction",
    "WebhookDelivery",
]
