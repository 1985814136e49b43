"""The one way to Stripe, with Stripe's own client, against a Stripe of our own."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from billing import gateway
from billing.models import Price
from tests.doubles.stripe_endpoint import StripeEndpoint, serving

PRO = Price(stripe_price_id="price_pro", amount=1200, currency="eur")
BACK, AWAY = "https://school.example/billing/return/", "https://school.example/pricing/"


@pytest.fixture
def stripe() -> Iterator[StripeEndpoint]:
    with serving() as double, override_settings(**double.settings()):
        double.price("price_pro", 1200, "eur", "month")
        yield double


def test_a_checkout_that_is_paid_is_seen_whole(stripe):
    customer = gateway.make_customer("customer-1", "ada@example.org", "Ada", "u-1")
    session = gateway.open_session("checkout-1", customer, PRO, 1, BACK, AWAY)
    assert session.status == "open"
    stripe.complete(session.id)
    seen = gateway.look(customer)
    [subscription] = seen.subscriptions
    [invoice] = seen.invoices
    [payment] = seen.transactions
    [method] = seen.methods
    assert (subscription.status, subscription.renewal_amount) == ("active", 1200)
    assert (invoice.subscription_id, invoice.total, invoice.paid) == (subscription.id, 1200, 1200)
    assert (payment.invoice_id, payment.kind, payment.status) == (
        invoice.id,
        "PAYMENT",
        "succeeded",
    )
    assert (method.brand, method.last4, method.is_default) == ("visa", "4242", True)
    assert gateway.session(session.id).status == "complete"
