"""The one way to Stripe, with Stripe's own client, against a Stripe of our own."""

import subprocess
import sys
from datetime import timedelta
from importlib import import_module

import pytest
from django.test import override_settings

from billing import client, foreseeing, gateway, transport
from billing.errors import GatewayAway, GatewayRefused, GatewayUnheard
from billing.models import Price
from tests.doubles.stripe_endpoint import faults

PRO = Price(stripe_price_id="price_pro", amount=1200, currency="eur")
BACK, AWAY = "https://school.example/billing/return/", "https://school.example/pricing/"


def make_customer(email: str = "ada@example.org") -> str:
    return gateway.make_customer("customer-1", email, "Ada", "u-1")


def open_session(customer: str, price: Price = PRO, quantity: int = 1) -> gateway.Session:
    return gateway.open_session("checkout-1", customer, price, quantity, BACK, AWAY)


def seen(subscription: dict):
    """The subscription as a look sees it."""
    found = gateway.look(subscription["customer"]).subscriptions
    return next(one for one in found if one.id == subscription["id"])


def test_without_a_key_nothing_is_sold_and_nothing_is_asked():
    with override_settings(STRIPE_SECRET_KEY=""):
        assert not gateway.is_configured()
        with pytest.raises(GatewayRefused, match="No key"):
            gateway.look("cus_1")


def test_a_checkout_that_is_paid_is_seen_whole(stripe):
    assert gateway.is_configured()
    customer = make_customer()
    session = open_session(customer)
    assert session.status == "open"
    stripe.complete(session.id)
    found = gateway.look(customer)
    [subscription] = found.subscriptions
    [invoice] = found.invoices
    [payment] = found.transactions
    [method] = found.methods
    assert (subscription.status, subscription.price_id) == ("active", "price_pro")
    assert (subscription.quantity, subscription.renewal_amount) == (1, 1200)
    assert subscription.period_ends_at == subscription.started_at + timedelta(days=30)
    assert (invoice.subscription_id, invoice.total, invoice.paid) == (subscription.id, 1200, 1200)
    assert (payment.invoice_id, payment.kind, payment.status) == (
        invoice.id,
        "PAYMENT",
        "succeeded",
    )
    assert (method.brand, method.last4, method.is_default) == ("visa", "4242", True)
    after = gateway.session(session.id)
    assert (after.status, after.url) == ("complete", "")


def test_a_customer_is_made_once_whatever_they_are_called_by_then(stripe):
    assert make_customer() == make_customer("ada@new.example")
    [customer] = stripe.all("customer")
    assert (customer["email"], customer["metadata"]) == ("ada@new.example", {"user": "u-1"})


def test_two_clicks_open_one_checkout(stripe):
    customer = make_customer()
    assert open_session(customer) == open_session(customer)
    assert len(stripe.all("checkout.session")) == 1


def test_an_answer_that_is_lost_makes_no_second_checkout(stripe):
    customer = make_customer()
    stripe.goes_wrong(faults.lost, times=1)
    session = open_session(customer)
    [made] = stripe.all("checkout.session")
    assert made["id"] == session.id


def test_a_key_that_was_used_for_other_words_is_refused_by_name(stripe):
    customer = make_customer()
    open_session(customer)
    with pytest.raises(GatewayRefused) as refused:
        open_session(customer, quantity=2)
    assert refused.value.code == "idempotency_error"


def test_a_checkout_asks_for_the_trial_of_the_price_and_the_seats(stripe):
    trial = Price(stripe_price_id="price_pro", amount=1200, currency="eur", trial_days=14)
    customer = make_customer()
    stripe.complete(open_session(customer, trial, 3).id)
    found = gateway.look(customer)
    [subscription] = found.subscriptions
    assert (subscription.status, subscription.quantity) == ("trialing", 3)
    assert subscription.trial_ends_at == subscription.started_at + timedelta(days=14)
    assert subscription.renewal_amount == 3600
    assert [one.total for one in found.invoices] == [0]
    assert found.transactions == []


def test_a_checkout_charges_in_the_currency_of_the_price_wherever_somebody_is(stripe):
    """A price at Stripe may have amounts in several: what is paid in another opens nothing here."""
    customer = make_customer()
    open_session(customer)
    assert stripe.requests[-1].params["currency"] == "eur"
    other = Price(stripe_price_id="price_pro", currency="usd")
    with pytest.raises(GatewayRefused):
        gateway.open_session("checkout-2", customer, other, 1, BACK, AWAY)


def test_a_checkout_is_expired_once(stripe):
    session = open_session(make_customer())
    gateway.expire_session(session.id)
    assert gateway.session(session.id).status == "expired"
    with pytest.raises(GatewayRefused):
        gateway.expire_session(session.id)


@pytest.mark.parametrize("flow", ["", "payment_method_update", "subscription_update"])
def test_the_portal_opens_where_it_was_asked_to(stripe, running, flow):
    url = gateway.portal(running["customer"], BACK, flow, running["id"])
    [session] = stripe.all("billing_portal.session")
    assert url == session["url"]
    assert (session["flow"] or {"type": ""})["type"] == flow


def test_a_subscription_ends_with_its_period_and_is_taken_up_again(stripe, running):
    gateway.set_cancel(running["id"], wanted=True)
    ending = seen(running)
    assert ending.cancels_at == ending.period_ends_at
    assert ending.renewal_amount is None
    gateway.set_cancel(running["id"], wanted=False)
    assert (seen(running).cancels_at, seen(running).renewal_amount) == (None, 1200)


def test_what_ends_by_a_moment_of_the_portal_is_taken_up_again_too(stripe, running):
    stripe.cancel(running, at_period_end=True)
    assert not running["cancel_at_period_end"]
    assert seen(running).cancels_at == seen(running).period_ends_at
    gateway.set_cancel(running["id"], wanted=False)
    assert seen(running).cancels_at is None


@pytest.mark.parametrize("wanted", [True, False])
def test_what_is_already_so_is_not_asked_of_stripe_again(stripe, running, wanted):
    gateway.set_cancel(running["id"], wanted)
    stripe.requests.clear()
    gateway.set_cancel(running["id"], wanted)
    assert [one.method for one in stripe.requests] == ["GET"]


def test_what_has_ended_cannot_be_taken_up_again(stripe, running):
    gateway.set_cancel(running["id"], wanted=True)
    stripe.renew(running)
    assert seen(running).status == "canceled"
    assert (seen(running).ended_at is not None, seen(running).cancels_at) == (True, None)
    with pytest.raises(GatewayRefused):
        gateway.set_quantity(running["id"], 2)


def test_seats_are_paid_for_from_now_on(stripe, running):
    gateway.set_quantity(running["id"], 5)
    assert (seen(running).quantity, seen(running).renewal_amount) == (5, 6000)


def test_what_seats_would_come_to_is_asked_without_a_change(stripe, running):
    assert foreseeing.next_total(running["id"], 3) == 3 * 1200 + 2 * 1200
    assert stripe.get("subscription", running)["items"]["data"][0]["quantity"] == 1
    stripe.away = True
    with pytest.raises(GatewayAway):
        foreseeing.next_total(running["id"], 3)


def test_a_late_payment_is_late_since_its_invoice(stripe, running):
    stripe.wait(days=30)
    stripe.fail(running)
    stripe.wait(days=3)
    stripe.fail_again(running)
    late = seen(running)
    invoice = gateway.look(running["customer"]).invoices[0]
    assert (late.status, late.past_due_since) == ("past_due", invoice.issued_at)
    assert (invoice.status, invoice.paid) == ("open", 0)
    stripe.pay_late(running)
    assert (seen(running).status, seen(running).past_due_since) == ("active", None)


def test_what_is_given_back_is_seen_at_its_invoice(stripe, running):
    [charge] = stripe.charges_of(running)
    stripe.refund(charge, 500)
    stripe.dispute(charge)
    found = gateway.look(running["customer"])
    kinds = {one.kind: (one.amount, one.status, one.invoice_id) for one in found.transactions}
    [invoice] = found.invoices
    assert kinds == {
        "PAYMENT": (1200, "succeeded", invoice.id),
        "REFUND": (500, "succeeded", invoice.id),
        "DISPUTE": (1200, "needs_response", invoice.id),
    }
    assert (invoice.paid, invoice.refunded) == (1200, 500)


def test_a_look_takes_six_requests_by_one_connection(stripe, running):
    gateway.look(running["customer"])
    assert len(stripe.requests) == 6
    assert len({one.port for one in stripe.requests}) == 1


def test_a_dispute_costs_one_request_more(stripe, running):
    stripe.dispute(stripe.charges_of(running)[0])
    gateway.look(running["customer"])
    assert len(stripe.requests) == 7


def test_lists_that_are_cut_off_are_read_to_the_end(stripe, running):
    [charge] = stripe.charges_of(running)
    for _ in range(12):
        stripe.refund(charge, 100)
    for _ in range(104):
        stripe.renew(running)
    found = gateway.look(running["customer"])
    assert len(found.invoices) == 105
    assert len([one for one in found.transactions if one.kind == "REFUND"]) == 12
    assert len([one for one in found.transactions if one.kind == "PAYMENT"]) == 105


def test_a_customer_who_was_deleted_is_seen_with_what_they_had(stripe, running):
    stripe.delete_customer(running["customer"])
    found = gateway.look(running["customer"])
    assert [one.status for one in found.subscriptions] == ["canceled"]
    assert found.methods == []


def test_a_customer_of_nobody_is_refused_by_name(stripe):
    with pytest.raises(GatewayRefused) as refused:
        gateway.look("cus_nobody")
    assert refused.value.code == "resource_missing"


def test_every_subscription_is_found_however_many(stripe):
    ids = {stripe.subscribe(stripe.customer(), "price_pro")["id"] for _ in range(103)}
    found = list(gateway.every_subscription())
    assert {one.id for _, one in found} == ids
    assert len(found) == len(stripe.requests) + 101 == 103
    owners = {one["id"]: one["customer"] for one in stripe.all("subscription")}
    assert all(owners[one.id] == customer for customer, one in found)


def test_a_price_says_what_it_costs(stripe):
    stripe.price("price_year", 150000, "jpy", "year")
    found = gateway.price("price_year")
    assert (found.amount, found.currency, found.interval) == (150000, "jpy", "year")
    assert (found.is_active, found.includes_tax) == (True, True)


def test_an_invoice_is_read_at_stripe(stripe, running):
    [invoice] = stripe.invoices_of(running)
    assert gateway.invoice_link(invoice["id"]) == invoice["hosted_invoice_url"]
    invoice["hosted_invoice_url"] = None
    assert gateway.invoice_link(invoice["id"]) == invoice["invoice_pdf"]
    invoice["invoice_pdf"] = None
    with pytest.raises(GatewayRefused):
        gateway.invoice_link(invoice["id"])


def test_the_url_of_a_checkout_is_in_no_text(stripe):
    session = open_session(make_customer())
    assert session.url.startswith(stripe.base)
    assert session.url not in f"{session!r}{session}"


def test_the_version_is_the_one_that_the_package_was_made_for():
    assert import_module("stripe").api_version == client.API_VERSION


def test_stripe_is_not_imported_before_it_is_asked():
    """Web processes of a site that sells nothing stay as small as they were."""
    code = (
        "import django; django.setup(); import billing.gateway, sys;"
        "print([name for name in sys.modules if name.partition('.')[0] == 'stripe'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_package_that_is_not_there_is_said_in_one_sentence(stripe, monkeypatch):
    client._client.cache_clear()
    monkeypatch.setitem(sys.modules, "stripe", None)
    with pytest.raises(GatewayAway, match="extra payments"):
        gateway.price("price_pro")


def test_tax_is_counted_by_stripe_where_the_school_wants_it(stripe, settings):
    customer = make_customer()
    open_session(customer)
    names = {"automatic_tax", "tax_id_collection", "billing_address_collection"}
    assert not names & set(stripe.requests[-1].params)
    settings.STRIPE_AUTOMATIC_TAX = True
    gateway.open_session("checkout-2", customer, PRO, 1, BACK, AWAY)
    asked = stripe.requests[-1].params
    assert asked["automatic_tax"] == asked["tax_id_collection"] == {"enabled": "true"}
    assert asked["billing_address_collection"] == "required"
    assert asked["customer_update"] == {"name": "auto", "address": "auto"}


@pytest.mark.parametrize("behavior", ["inclusive", "exclusive", "unspecified"])
def test_whether_a_price_says_what_becomes_of_tax_is_seen(stripe, behavior):
    stripe.get("price", "price_pro")["tax_behavior"] = behavior
    seen = gateway.price("price_pro")
    assert seen.says_tax == (behavior != "unspecified")
    assert seen.includes_tax == (behavior == "inclusive")


def test_a_change_whose_answer_is_lost_is_told_from_one_that_was_never_asked_for(
    stripe, running, monkeypatch
):
    monkeypatch.setattr(transport, "FIRST_PAUSE", 0.0)
    stripe.goes_wrong(faults.lost)
    with pytest.raises(GatewayAway) as before:
        gateway.set_cancel(running["id"], True)
    assert not isinstance(before.value, GatewayUnheard)
    stripe.is_well()
    for change in (
        lambda: gateway.set_cancel(running["id"], True),
        lambda: gateway.set_cancel(running["id"], False),
        lambda: gateway.set_quantity(running["id"], 4),
    ):
        stripe.loses_answers(transport.TRIES, after=1)
        with pytest.raises(GatewayUnheard):
            change()
    assert stripe.get("subscription", running)["items"]["data"][0]["quantity"] == 4
