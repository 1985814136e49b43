"""Checkouts begun at once: one customer, one open row, one session at Stripe."""

import pytest
from django.test import Client, override_settings

from billing.models import Checkout, Customer
from tests.billing.rows import make_price
from tests.doubles.stripe_endpoint import serving
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CLICKS = 20


@pytest.fixture
def stripe():
    with serving() as double, override_settings(**double.settings()):
        double.price("price_pro", 1200, "eur", "month")
        double.price("price_year", 12000, "eur", "year")
        yield double


def chooser(user, price):
    """A browser of its own each, as windows of one person are."""
    browser = Client()
    browser.force_login(user)
    return lambda: browser.post("/billing/checkout/", {"price": str(price.pk)})


@pytest.mark.parametrize("table", ["billing_customer", "billing_checkout"])
def test_twenty_clicks_at_once_lead_to_one_session(bob, stripe, table):
    pro = make_price(stripe_price_id="price_pro")
    answers = at_once(table, [chooser(bob, pro) for _ in range(CLICKS)])
    [session] = stripe.all("checkout.session")
    assert {(one.status_code, one["Location"]) for one in answers} == {(303, session["url"])}
    assert len(stripe.all("customer")) == Customer.objects.count() == 1
    assert Checkout.objects.get(closed_at=None).stripe_session_id == session["id"]


def test_two_prices_chosen_at_once_leave_one_that_can_be_paid(bob, stripe):
    month = make_price(stripe_price_id="price_pro")
    year = make_price(amount=12000, interval="year", stripe_price_id="price_year")
    clicks = [chooser(bob, price) for price in (month, year) * 4]
    answers = at_once("billing_checkout", clicks)
    assert {one.status_code for one in answers} <= {303, 409}
    still_open = stripe.all("checkout.session", status="open")
    assert len(still_open) <= 1
    assert Checkout.objects.filter(closed_at=None).count() <= 1
    again = chooser(bob, month)()
    [session] = stripe.all("checkout.session", status="open")
    assert again["Location"] == session["url"]
