"""What a look saw, written: each row, each change once, told once; and which look is written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from activity.models import Event
from billing import syncing
from billing.access import plan_of
from billing.errors import GatewayAway
from billing.models import (
    Checkout,
    Customer,
    Invoice,
    PaymentMethod,
    Price,
    Subscription,
    Transaction,
    WebhookDelivery,
)
from billing.seen import Seen
from courses.models import Tier
from tests.billing.rows import make_customer, make_price
from tests.billing.seeing import JANUARY, MONTH, bought, card, invoice, payment, subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(ada, shown):
    make_price(stripe_price_id="price_pro")
    return make_customer(ada, "cus_ada")


@pytest.fixture
def see(customer, shown):
    """Let Stripe show this, and look; what changed is returned."""

    def see(seen):
        shown.of["cus_ada"] = seen
        return syncing.sync(customer)

    return see


def late(days, **fields):
    """What of a subscription says that a payment has been late for so long."""
    since = now() - timedelta(days=days)
    return {"status": "past_due", "past_due_since": since, **fields}


def told():
    kinds = Event.objects.filter(subject__regex="^(subscription|invoice):")
    return list(kinds.order_by("created_at", "id").values_list("kind", flat=True))


def test_a_purchase_is_written_whole(see, customer):
    assert see(bought()) == [
        "subscription sub_1 is new: active",
        "invoice INV-2026-001 is new: paid",
        "payment ch_1 is new: succeeded",
        "payment method pm_1 is new",
    ]
    row = Subscription.objects.get()
    assert (row.customer, row.price.plan_id, row.status) == (customer, "PRO", "active")
    assert (row.period_ends_at, row.renewal_amount) == (JANUARY + MONTH, 1200)
    bill = Invoice.objects.get()
    assert (bill.number, bill.subscription, bill.total, bill.tax) == (
        "INV-2026-001",
        row,
        1200,
        192,
    )
    assert Transaction.objects.get().invoice == bill
    assert str(PaymentMethod.objects.get()) == "visa 4242"
    assert told() == ["SUBSCRIPTION_STARTED", "INVOICE_PAID"]
    assert Event.objects.get(kind="INVOICE_PAID").data == {
        "plan": "PRO", "amount": 1200, "currency": "eur", "number": "INV-2026-001",
    }  # fmt: skip


def test_the_same_again_changes_nothing(see, customer, django_assert_num_queries):
    see(bought())
    before = list(Subscription.objects.values()) + list(Invoice.objects.values())
    # The number of the look, the customer; four lists and the prices; the look, its messages; and
    # two savepoints that are transactions outside of tests.
    with django_assert_num_queries(13):
        assert see(bought()) == []
    assert list(Subscription.objects.values()) + list(Invoice.objects.values()) == before
    assert len(told()) == 2


def test_a_renewal_that_fails_and_recovers(see):
    see(bought())
    failed = JANUARY + MONTH
    late = subscription(status="past_due", past_due_since=failed)
    second = invoice(id="in_2", status="open", issued_at=JANUARY + MONTH)
    assert see(bought(subscriptions=[late], invoices=[second, invoice()])) == [
        "subscription sub_1 was active, is past_due",
        "invoice INV-2026-002 is new: open",
    ]
    assert Subscription.objects.get().past_due_since == failed
    assert told()[2:] == ["PAYMENT_FAILED"]
    paid = replace(second, status="paid", paid=1200, paid_at=failed)
    see(bought(invoices=[paid, invoice()]))
    assert Subscription.objects.get().past_due_since is None
    assert told()[2:] == ["PAYMENT_FAILED", "INVOICE_PAID"]


def test_the_grace_is_not_counted_anew(see):
    late = bought(subscriptions=[subscription(status="past_due")])
    see(late)
    since = Subscription.objects.get().past_due_since
    assert since is not None
    see(late)
    assert Subscription.objects.get().past_due_since == since


def test_an_end_is_told_once_and_another_beginning_as_well(see):
    see(bought())
    gone = subscription(status="canceled", ended_at=JANUARY)
    see(bought(subscriptions=[gone]))
    see(bought(subscriptions=[gone]))
    assert told() == ["SUBSCRIPTION_STARTED", "INVOICE_PAID", "SUBSCRIPTION_ENDED"]
    again = subscription(id="sub_2", started_at=JANUARY + MONTH)
    see(bought(subscriptions=[gone, again]))
    assert told()[3:] == ["SUBSCRIPTION_STARTED"]
    assert Subscription.objects.current().get().stripe_subscription_id == "sub_2"


def test_a_free_trial_pays_nothing(see):
    trial = subscription(status="trialing", trial_ends_at=JANUARY + MONTH)
    see(Seen(subscriptions=[trial], invoices=[invoice(total=0, paid=0, subtotal=0, tax=0)]))
    assert told() == ["SUBSCRIPTION_STARTED"]


def test_of_two_at_once_the_oldest_is_kept(see):
    younger = subscription(id="sub_2", started_at=JANUARY + timedelta(days=1))
    see(bought(subscriptions=[younger]))
    seen = see(bought(subscriptions=[younger, subscription()]))
    assert "subscription sub_2 was active, is closed: it is not ours any more" in seen
    assert Subscription.objects.current().get().stripe_subscription_id == "sub_1"
    older_gone = subscription(status="canceled")
    see(bought(subscriptions=[younger, older_gone]))
    assert Subscription.objects.current().get().stripe_subscription_id == "sub_2"


@pytest.mark.parametrize(
    ("older", "younger", "counts"),
    [
        # Past its grace, it opens nothing.
        (late(days=8), {}, "sub_2"),
        (late(days=6), {}, "sub_2"),
        (late(days=6), {"price_id": "price_free"}, "sub_1"),
        ({}, {"price_id": "price_team"}, "sub_2"),
        ({"price_id": "price_team"}, {}, "sub_1"),
        (late(days=6, price_id="price_team"), {}, "sub_1"),
        (late(days=8, price_id="price_team"), {}, "sub_2"),
        (late(days=8, price_id="price_team"), late(days=6), "sub_2"),
        (late(days=8), late(days=9), "sub_1"),
        ({"price_id": "price_team"}, {"price_id": "price_team"}, "sub_1"),
    ],
)
def test_of_two_the_one_that_opens_more_now_counts(see, customer, shown, older, younger, counts):
    make_price(Tier.ENTERPRISE, stripe_price_id="price_team")
    both = [
        subscription(id="sub_2", started_at=JANUARY + timedelta(days=1), **younger),
        subscription(**older),
    ]
    shown.of["cus_ada"] = bought(subscriptions=both)
    for _ in range(2):
        written = syncing.look_and_write(customer)
        assert Subscription.objects.current().get().stripe_subscription_id == counts
    other = {"sub_1": "sub_2", "sub_2": "sub_1"}[counts]
    assert any(sentence.startswith(f"Subscription {other}: ") for sentence in written.unmatched)


def test_the_younger_opens_once_the_older_is_past_its_grace(see, ada):
    younger = subscription(id="sub_2", started_at=JANUARY + timedelta(days=1))
    make_price(Tier.ENTERPRISE, stripe_price_id="price_team")
    see(bought(subscriptions=[subscription(price_id="price_team"), younger]))
    assert plan_of(ada) == "ENTERPRISE"
    see(bought(subscriptions=[subscription(**late(days=8, price_id="price_team")), younger]))
    assert plan_of(ada) == "PRO"
    see(bought(subscriptions=[subscription(price_id="price_team"), younger]))
    assert plan_of(ada) == "ENTERPRISE"


def test_the_second_of_two_is_reported(see, customer, shown):
    younger = subscription(id="sub_2", started_at=JANUARY + timedelta(days=1))
    shown.of["cus_ada"] = bought(subscriptions=[younger, subscription()])
    written = syncing.look_and_write(customer)
    assert written.unmatched == ["Subscription sub_2: there is another that is current."]


@pytest.mark.parametrize(
    "fields", [{"price_id": "price_other"}, {"quantity": 0}, {"currency": "usd"}]
)
def test_a_stored_one_that_is_not_ours_any_more_opens_nothing(see, fields):
    see(bought())
    see(bought(subscriptions=[subscription(**fields)]))
    assert not Subscription.objects.current().exists()
    assert Subscription.objects.get().ended_at is None
    see(bought())
    assert Subscription.objects.current().get().ended_at is None


def test_one_that_stripe_does_not_show_any_more_opens_nothing(see):
    see(bought())
    see(bought(subscriptions=[]))
    assert not Subscription.objects.current().exists()


def test_what_is_over_and_was_never_ours_troubles_nobody(see, customer):
    assert see(Seen(subscriptions=[subscription(price_id="p", status="canceled")])) == []
    assert syncing.look_and_write(customer).unmatched == []


def test_an_invoice_stays_as_it_was_issued(see):
    see(bought())
    changed = invoice(
        lines=[], billed_to={}, total=1, subtotal=1, tax=0, currency="usd", refunded=300,
        issued_at=JANUARY + 400 * timedelta(days=1), status="void",
    )  # fmt: skip
    assert see(bought(invoices=[changed])) == ["invoice INV-2026-001 was paid, is void"]
    row = Invoice.objects.get()
    assert (row.number, row.total, row.currency, row.issued_at) == (
        "INV-2026-001", 1200, "eur", JANUARY,
    )  # fmt: skip
    assert row.lines
    assert row.billed_to
    assert row.refunded == 300


def test_numbers_follow_the_invoices_and_the_year(see):
    last_year = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)
    see(
        bought(
            invoices=[
                invoice(id="in_3", issued_at=JANUARY + MONTH),
                invoice(id="in_2"),
                invoice(issued_at=last_year),
            ]
        )
    )
    numbers = Invoice.objects.order_by("stripe_invoice_id").values_list("number", flat=True)
    assert list(numbers) == ["INV-2025-001", "INV-2026-001", "INV-2026-002"]


def test_invoices_of_another_thing_are_kept_without_a_subscription(see):
    see(bought(invoices=[invoice(subscription_id=""), invoice(id="in_2", subscription_id="sub_9")]))
    assert list(Invoice.objects.values_list("subscription", flat=True)) == [None, None]


def test_cards_come_go_and_take_turns(see):
    other = card(id="pm_2", last4="4444", is_default=False)
    see(bought(methods=[card(), other]))
    turned = [replace(card(), is_default=False), replace(other, is_default=True)]
    assert see(bought(methods=turned)) == [
        "payment method pm_1 has another is_default",
        "payment method pm_2 has another is_default",
    ]
    assert see(bought(methods=turned[1:])) == ["payment method pm_1 is gone"]
    assert PaymentMethod.objects.get().last4 == "4444"


def test_a_payment_that_is_decided_later(see):
    see(bought(transactions=[payment(status="pending")]))
    assert see(bought()) == ["payment ch_1 was pending, is succeeded"]


def test_a_beginning_closes_the_checkout_that_led_to_it(see, customer):
    checkout = Checkout.objects.create(customer=customer, price=Price.objects.get())
    see(Seen())
    checkout.refresh_from_db()
    assert checkout.closed_at is None
    see(bought())
    checkout.refresh_from_db()
    assert checkout.closed_at is not None


def test_whoever_is_not_known_to_stripe_is_not_looked_at(bob, shown):
    customer = Customer.objects.create(user=bob)
    assert syncing.sync(customer) == []
    assert not shown.looks


def test_trouble_writes_nothing_and_is_the_callers(see, customer):
    see(bought())
    with pytest.raises(GatewayAway):
        see(GatewayAway("no answer"))
    customer.refresh_from_db()
    assert (customer.asked, customer.written) == (2, 1)
    see(bought())
    customer.refresh_from_db()
    assert (customer.asked, customer.written) == (3, 3)


def test_a_dry_look_says_what_it_would_and_writes_nothing(customer, shown):
    shown.of["cus_ada"] = bought()
    written = syncing.look_and_write(customer, keep=False)
    assert len(written.changed) == 4
    assert not Subscription.objects.exists()
    assert told() == []
    customer.refresh_from_db()
    assert (customer.written, customer.synced_at) == (0, None)
    assert syncing.sync(customer)[1] == "invoice INV-2026-001 is new: paid"


def test_an_older_look_that_comes_last_is_dropped(customer):
    older, later = syncing.take_ticket(customer.pk), syncing.take_ticket(customer.pk)
    gone = subscription(status="canceled")
    syncing.put_down(customer.pk, later, bought(subscriptions=[gone]))
    assert syncing.put_down(customer.pk, older, bought()).changed == []
    assert Subscription.objects.get().status == "canceled"
    assert syncing.put_down(customer.pk, later, bought()).changed == []


def test_no_transaction_is_open_while_stripe_is_asked(customer, shown):
    """Each test has one of its own: inside of that, another would be a savepoint."""
    outside, inside = list(connection.savepoint_ids), []

    def look():
        inside.extend(connection.savepoint_ids)
        return bought()

    shown.of["cus_ada"] = look
    syncing.sync(customer)
    assert inside == outside
    assert Subscription.objects.exists()


def test_once_all_is_in_place_no_message_is_unmatched_any_more(see):
    WebhookDelivery.objects.create(
        id="evt_1", type="x", stripe_customer_id="cus_ada", happened_at=now(), state="UNMATCHED"
    )
    see(Seen(subscriptions=[subscription(quantity=0)]))
    assert WebhookDelivery.objects.get().state == "UNMATCHED"
    see(bought())
    assert WebhookDelivery.objects.get().state == "DONE"
