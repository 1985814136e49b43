"""Payments at the gate: one message twenty times, two looks in the wrong order, two who number."""

from collections import Counter

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import now

from activity.models import Event
from billing import deliveries, invoices, subscription_writing, syncing, tasks, writing
from billing.models import Customer, Invoice, InvoiceCounter, Subscription, WebhookDelivery
from billing.seen import Seen
from tests.billing.rows import make_customer, make_price
from tests.billing.seeing import Shown, bought, deliver, event, invoice, sell, subscription
from tests.conftest import make_person
from tests.races.gate import at_once
from tests.races.meeting import HalfWay, meet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]


@pytest.fixture
def shown(settings, monkeypatch):
    sell(settings)
    stands_in = Shown()
    monkeypatch.setattr(syncing.gateway, "look", stands_in)
    return stands_in


@pytest.fixture
def customer(ada, shown):
    make_price(stripe_price_id="price_pro")
    shown.of["cus_ada"] = bought()
    return make_customer(ada, "cus_ada")


@pytest.fixture
def no_messages(monkeypatch):
    """Wake-ups are lost: the sweep alone finds what is due."""
    monkeypatch.setattr(tasks.handle_delivery, "delay", lambda key: None)


def post(what):
    return lambda: deliver(Client(), what).status_code


@pytest.mark.usefixtures("no_messages")
def test_one_message_twenty_times_at_once_is_one_row(customer, shown):
    what = event()
    answers = at_once("billing_webhookdelivery", [post(what)] * 20)
    assert answers == [200] * 20
    assert WebhookDelivery.objects.count() == 1
    assert deliver(Client(), what).status_code == 200
    handled = at_once("billing_webhookdelivery", [lambda: deliveries.handle(what["id"])] * 8)
    assert len(handled) == 8
    assert shown.looks == ["cus_ada"]
    assert WebhookDelivery.objects.get().tries == 1
    assert Event.objects.filter(kind="SUBSCRIPTION_STARTED").count() == 1


@pytest.mark.usefixtures("no_messages")
def test_of_twenty_one_alone_is_told_to_do_something(customer):
    message = deliveries.Message("evt_1", "invoice.paid", "cus_ada", "in_1", now(), False)
    told = at_once("billing_webhookdelivery", [lambda: deliveries.take_in(message)] * 20)
    assert Counter(told) == {True: 1, False: 19}


def test_the_gate_sees_a_message_without_its_key(customer):
    """The proof of the proof: who looks first and has no unique id stores it many times."""

    def careless():
        if not WebhookDelivery.objects.filter(type="evt").exists():
            with connection.cursor() as cursor:
                cursor.execute(
                    """
                    INSERT INTO billing_webhookdelivery (id, type, stripe_customer_id,
                      stripe_object_id, state, why, happened_at, received_at, tries, next_try_at)
                    VALUES (gen_random_uuid()::text, 'evt', '', '', 'DONE', '', now(), now(), 0,
                      now())
                    """
                )

    at_once("billing_webhookdelivery", [careless] * 4)
    assert WebhookDelivery.objects.count() == 4


CANCELED = Seen(subscriptions=[subscription(status="canceled")], invoices=[invoice()])


def look_and_change(customer, shown, monkeypatch):
    """The first look sees a plan that is active, and is slow; then it ends, and another looks."""
    seen = [bought(), CANCELED]
    slow = HalfWay(lambda *args: seen[0])

    def look(customer_id):
        return slow(customer_id) if not slow.reached.is_set() else seen[1]

    monkeypatch.setattr(syncing.gateway, "look", look)
    meet(slow, lambda: syncing.sync(customer), lambda: syncing.sync(customer))
    return Subscription.objects.get().status


def test_of_two_looks_the_older_one_does_not_write_last(customer, shown, monkeypatch):
    assert look_and_change(customer, shown, monkeypatch) == "canceled"
    customer.refresh_from_db()
    assert (customer.asked, customer.written) == (2, 2)


def test_without_numbers_the_older_look_would_open_what_had_ended(
    customer,
    shown,
    monkeypatch,
):
    """The proof of the proof: the same meeting, where each look is taken for the latest."""
    put_down = syncing.put_down

    def careless(key, ticket, seen, *, keep=True):
        Customer.objects.filter(pk=key).update(written=0)
        return put_down(key, ticket, seen, keep=keep)

    monkeypatch.setattr(syncing, "put_down", careless)
    assert look_and_change(customer, shown, monkeypatch) == "active"


def test_eight_looks_at_once_write_each_row_once(customer, shown):
    at_once("billing_subscription", [lambda: syncing.sync(customer)] * 8)
    customer.refresh_from_db()
    assert customer.written == customer.asked == 8
    assert Invoice.objects.get().number == "INV-2026-001"
    assert Event.objects.filter(kind="INVOICE_PAID").count() == 1


def test_a_look_holds_no_row_while_it_waits_for_stripe(customer, shown, monkeypatch):
    slow = HalfWay(lambda customer_id: bought())
    monkeypatch.setattr(syncing.gateway, "look", slow)

    def touch():
        Customer.objects.select_for_update(nowait=True).get(pk=customer.pk)

    _, waited = meet(slow, lambda: syncing.sync(customer), transaction.atomic(touch))
    assert not waited


def numbered(number):
    """Somebody's look that finds three new invoices; each third one breaks at its end."""
    customer = make_customer(make_person(f"p{number}@example.org", "P"), f"cus_{number}")
    seen = Seen(invoices=[invoice(id=f"in_{number}_{n}", subscription_id="") for n in range(3)])

    class Broken(Exception):
        """Something after the numbers were given."""

    def write():
        try:
            with transaction.atomic():
                writing.write(customer, seen, now())
                if number % 3 == 0:
                    raise Broken
        except Broken:
            return 0
        return 3

    return write


def test_invoices_numbered_at_once_leave_no_gap_and_share_no_number(db):
    written = at_once("billing_invoice", [numbered(n) for n in range(12)])
    assert sum(written) == 24
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == [f"INV-2026-{n:03d}" for n in range(1, 25)]
    assert InvoiceCounter.objects.get(year=2026).last == 24
    assert invoices.gaps() == []


def test_a_number_that_is_drawn_apart_from_its_invoice_would_be_lost(db):
    """The proof of the proof: a number that outlives what it was drawn for leaves a gap."""
    with transaction.atomic():
        invoices.next_number(2026)
    at_once("billing_invoice", [numbered(1), numbered(2)])
    assert invoices.gaps() == ["INV-2026-001"]
    with pytest.raises(transaction.TransactionManagementError):
        invoices.next_number(2026)


def test_two_that_number_wait_for_each_other(customer, monkeypatch):
    """The second number is given after the first one stands, or was given back."""
    slow = HalfWay(writing.next_number)
    write, other = numbered(3), numbered(4)
    turns = iter([slow] + [invoices.next_number] * 9)

    def in_turn(year):
        return next(turns)(year)

    monkeypatch.setattr(writing, "next_number", in_turn)
    came, waited = meet(slow, write, other)
    assert waited
    assert came == 3
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == ["INV-2026-001", "INV-2026-002", "INV-2026-003"]


def test_of_two_subscriptions_seen_in_turn_one_is_current(customer, shown, monkeypatch):
    younger = subscription(id="sub_2", started_at=now())
    both = [bought(subscriptions=[younger]), bought(subscriptions=[younger, subscription()])]
    turns = iter(both * 8)
    shown.of["cus_ada"] = lambda: next(turns)
    slow = HalfWay(subscription_writing.sort_out)
    monkeypatch.setattr(subscription_writing, "sort_out", slow)
    slow.may_go.set()
    at_once("billing_subscription", [lambda: syncing.sync(customer)] * 6)
    assert Subscription.objects.current().count() == 1
