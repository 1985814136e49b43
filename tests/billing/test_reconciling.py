"""The comparison of every half day, against a Stripe of our own that nobody heard anything from."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from billing import deliveries, gateway, reconciling, soundness, syncing, tasks
from billing.errors import GatewayOdd, GatewayRefused
from billing.models import (
    Checkout,
    Invoice,
    InvoiceCounter,
    Price,
    Reconciliation,
    Subscription,
    Transaction,
    WebhookDelivery,
)
from tests.billing.rows import make_customer, make_price

pytestmark = pytest.mark.django_db
AN_HOUR_AGO = -1 / 24


@pytest.fixture
def stripe(stripe):
    """What happened there happened an hour ago."""
    stripe.wait(AN_HOUR_AGO)
    return stripe


@pytest.fixture
def customer(ada, stripe):
    make_price(stripe_price_id="price_pro")
    return make_customer(ada, stripe.customer()["id"])


def whats(row):
    return [one["what"] for one in row.mended]


def command(*args):
    """What it printed, and its exit code."""
    out = StringIO()
    try:
        call_command("reconcile_billing", *args, stdout=out)
    except CommandError as refusal:
        return out.getvalue() + str(refusal), refusal.returncode
    return out.getvalue(), 0


def test_when_all_was_heard_there_is_nothing_to_mend(customer, stripe, client):
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    stripe.deliver_to(client)
    deliveries.take_up()
    row = reconciling.reconcile()
    assert (row.mended, row.unmatched, row.trouble, row.looked_at) == ([], [], "", 1)
    assert row.finished_at is not None


def test_a_purchase_that_nobody_heard_of_is_found(customer, stripe):
    bought = stripe.subscribe(customer.stripe_customer_id, "price_pro")
    row = reconciling.reconcile()
    assert f"subscription {bought['id']} is new: active" in whats(row)
    assert any("had not come" in what for what in whats(row))
    assert {one["customer"] for one in row.mended} == {customer.stripe_customer_id}
    assert Subscription.objects.current().exists()
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"DONE"}
    assert reconciling.reconcile().mended == []


def test_an_end_that_nobody_heard_of_closes_the_door(customer, stripe, client):
    bought = stripe.subscribe(customer.stripe_customer_id, "price_pro")
    stripe.deliver_to(client)
    deliveries.take_up()
    stripe.cancel(bought)
    stripe.events.clear()
    row = reconciling.reconcile()
    assert whats(row)[0] == f"subscription {bought['id']} was active, is canceled"
    assert not Subscription.objects.current().exists()


def test_a_refund_that_nobody_heard_of_is_found_by_its_message(customer, stripe, client):
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    stripe.deliver_to(client)
    deliveries.take_up()
    [charge] = stripe.all("charge")
    stripe.refund(charge)
    reconciling.reconcile()
    assert Invoice.objects.get().refunded == 1200


def test_a_dispute_that_nobody_heard_of_is_found_by_its_payment(customer, stripe, client):
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    stripe.deliver_to(client)
    deliveries.take_up()
    dispute = stripe.dispute(stripe.all("charge")[0])
    row = reconciling.reconcile()
    assert Transaction.objects.get(kind="DISPUTE").stripe_id == dispute["id"]
    assert {one["customer"] for one in row.mended} == {customer.stripe_customer_id}
    assert reconciling.reconcile().mended == []


def test_a_subscription_that_stripe_does_not_know_is_closed(customer, stripe, client):
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    stripe.deliver_to(client)
    deliveries.take_up()
    stripe.objects["subscription"].clear()
    assert "closed: it is not ours any more" in whats(reconciling.reconcile())[0]
    assert not Subscription.objects.current().exists()


def test_messages_that_may_be_on_their_way_are_not_missed_yet(customer, stripe):
    stripe.wait(-AN_HOUR_AGO)
    stripe.events.clear()
    stripe.method(customer.stripe_customer_id)
    assert reconciling.reconcile().mended == []


def test_a_dry_run_says_the_same_and_changes_nothing(customer, stripe):
    bought = stripe.subscribe(customer.stripe_customer_id, "price_pro")
    text, code = command("--dry-run", "--json")
    report = json.loads(text[: text.rindex("}") + 1])
    assert code == 1
    would = [one["what"] for one in report["mended"]]
    assert f"subscription {bought['id']} is new: active" in would
    for model in (Subscription, Invoice, WebhookDelivery, Reconciliation, InvoiceCounter):
        assert not model.objects.exists()
    text, code = command()
    assert code == 0
    assert all(what in text for what in would)
    assert command("--dry-run")[1] == 0


def test_what_belongs_to_nobody_is_reported_each_time(customer, stripe):
    stranger = stripe.customer(email="stranger@example.org")
    foreign = stripe.subscribe(stranger, "price_pro")
    stripe.price("price_other")
    other = stripe.subscribe(customer.stripe_customer_id, "price_other")
    for _ in range(2):
        row = reconciling.reconcile()
        assert {(one["customer"], one["what"]) for one in row.unmatched} == {
            (stranger["id"], f"Subscription {foreign['id']}: its customer is not known here."),
            (
                customer.stripe_customer_id,
                f"Subscription {other['id']}: its price price_other is not one of ours.",
            ),
        }
    text, code = command()
    assert code == 1
    assert "2 unmatched" in text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"amount": 900}, "At Stripe the amount is 1200 (12"),
        ({"stripe_price_id": "price_none"}, "Stripe refuses (resource_missing)."),
    ],
)
def test_prices_that_stripe_has_otherwise_are_reported(customer, stripe, fields, told):
    Price.objects.update(**fields)
    [one] = reconciling.reconcile().unmatched
    assert one["what"].startswith(f"Price {Price.objects.get().stripe_price_id}: {told}")
    assert soundness.faults() == ["What the last comparison with Stripe could not mend: 1"]
    Price.objects.update(is_offered=False)
    assert reconciling.reconcile().unmatched == []
    assert soundness.faults() == []


def test_a_price_that_was_archived_at_stripe_is_reported(customer, stripe):
    stripe.get("price", "price_pro")["active"] = False
    [one] = reconciling.reconcile().unmatched
    assert one["what"] == "Price price_pro: At Stripe this price is archived."


def test_checkouts_left_open_are_closed(customer, stripe):
    price, long_ago = Price.objects.get(), now() - timedelta(days=2)
    opened = {"customer": customer, "price": price, "opened_at": long_ago}
    checkout = Checkout.objects.create(**opened)
    row = reconciling.reconcile(keep=False)
    assert whats(row) == [f"a checkout of {long_ago:%Y-%m-%d} was open, is never opened"]
    checkout.refresh_from_db()
    assert checkout.closed_at is None
    reconciling.reconcile()
    checkout.refresh_from_db()
    assert checkout.closed_at is not None


def test_a_checkout_that_stripe_does_not_have_keeps_nobody_waiting(customer, stripe):
    about = {"opened_at": now() - timedelta(days=2), "stripe_session_id": "cs_of_the_other_mode"}
    Checkout.objects.create(customer=customer, price=Price.objects.get(), **about)
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    row = reconciling.reconcile()
    assert row.trouble == ""
    assert Subscription.objects.current().exists()
    assert not Checkout.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize(
    "trouble", [GatewayRefused("No."), GatewayOdd("Another shape."), ZeroDivisionError("odd")]
)
def test_trouble_with_one_keeps_nobody_else_waiting(customer, bob, stripe, monkeypatch, trouble):
    def look(customer_id):
        if customer_id == customer.stripe_customer_id:
            raise trouble
        return found(customer_id)

    found, other = gateway.look, make_customer(bob, stripe.customer()["id"])
    for one in (customer, other):
        stripe.subscribe(one.stripe_customer_id, "price_pro")
    monkeypatch.setattr(syncing.gateway, "look", look)
    row = reconciling.reconcile()
    assert [one["customer"] for one in row.unmatched] == [customer.stripe_customer_id]
    assert row.trouble == ""
    assert other.subscriptions.current().exists()


def test_a_stripe_that_is_away_is_said_and_hurts_nobody(customer, stripe):
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    stripe.away = True
    row = reconciling.reconcile()
    assert row.trouble
    assert stripe.key not in row.trouble
    text, code = command()
    assert code == 1
    assert "Not all could be compared" in text
    stripe.is_well()
    assert reconciling.reconcile().mended


def test_numbers_that_are_left_out_are_reported(customer, stripe):
    InvoiceCounter.objects.create(year=2025, last=2)
    [one] = reconciling.reconcile().unmatched
    assert one["what"] == "Numbers of invoices are left out: INV-2025-001, INV-2025-002."


def test_where_nothing_is_sold_nothing_is_compared(db, settings):
    settings.STRIPE_SECRET_KEY = ""
    assert tasks.reconcile() == 0
    assert not Reconciliation.objects.exists()
    assert command() == ("Nothing is sold here: STRIPE_SECRET_KEY is not set.", 1)


def test_the_task_forgets_and_compares(customer, stripe):
    WebhookDelivery.objects.create(
        id="evt_old", type="x", happened_at=now(), state="DONE",
        received_at=now() - timedelta(days=91),
    )  # fmt: skip
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    assert tasks.reconcile() > 0
    assert not WebhookDelivery.objects.filter(pk="evt_old").exists()
    assert Subscription.objects.current().exists()


def test_the_doctor_names_what_closed_accounts_still_pay_for(customer, stripe):
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    syncing.sync(customer)
    customer.user.is_active = False
    customer.user.save()
    assert soundness.faults() == ["Subscriptions that go on, of accounts that are closed: 1"]
    Subscription.objects.update(cancels_at=now())
    assert soundness.faults() == []


def test_the_doctor_names_each_fault_and_mends_what_a_look_can(customer, stripe, settings):
    assert soundness.faults() == []
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    syncing.sync(customer)
    long_ago = now() - timedelta(days=3)
    Subscription.objects.update(period_ends_at=long_ago)
    type(customer).objects.update(created_at=long_ago)
    about = {"type": "x", "happened_at": now(), "received_at": long_ago}
    WebhookDelivery.objects.create(id="evt_1", stripe_customer_id="cus_stranger", **about)
    WebhookDelivery.objects.create(id="evt_2", state="UNMATCHED", **about)
    assert soundness.faults() == [
        "Messages of Stripe's that belong to nobody: 1",
        "Messages of Stripe's that wait for more than ten minutes: 1",
        "Subscriptions whose renewal was not heard of: 1",
        "Nothing was compared with Stripe in the last two days",
    ]
    soundness.put_right()
    assert soundness.faults() == ["Messages of Stripe's that belong to nobody: 2"]
    InvoiceCounter.objects.update(last=2)
    assert soundness.faults()[1].startswith("Numbers of invoices that are left out: INV-")
    Reconciliation.objects.update(trouble="Stripe did not answer.")
    assert "The last comparison with Stripe failed: Stripe did not answer." in soundness.faults()
    settings.STRIPE_SECRET_KEY = ""
    Reconciliation.objects.all().delete()
    assert len(soundness.faults()) == 2
