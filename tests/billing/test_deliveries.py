"""Messages from their coming to their end: due, claimed, put off, looked at again, forgotten."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from billing import deliveries, syncing, tasks
from billing.errors import GatewayAway, GatewayOdd, GatewayRefused
from billing.models import Subscription, WebhookDelivery
from billing.webhooks import message_of
from tests.billing.rows import make_customer, make_price
from tests.billing.seeing import KEY, bought, event, subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(ada, shown):
    make_price(stripe_price_id="price_pro")
    shown.of["cus_ada"] = bought()
    return make_customer(ada, "cus_ada")


def come(*args, **fields):
    """An event comes in; its row."""
    what = event(*args, **fields)
    deliveries.take_in(message_of(what))
    return WebhookDelivery.objects.get(pk=what["id"])


def later(**fields):
    WebhookDelivery.objects.update(next_try_at=now() - timedelta(seconds=1), **fields)


def test_a_row_holds_what_it_is_about_and_nothing_else(customer):
    row = come("customer.subscription.updated", id="evt_1", created=1_700_000_000)
    assert (row.stripe_customer_id, row.stripe_object_id) == ("cus_ada", "sub_1")
    assert row.happened_at.year == 2023
    assert (row.state, row.tries, row.done_at) == ("DUE", 0, None)


def test_whoever_takes_it_in_first_is_told_to_do_something(customer):
    what = message_of(event())
    assert deliveries.take_in(what) is True
    assert deliveries.take_in(what) is False
    assert deliveries.take_in(message_of(event("payout.paid"))) is False


def test_a_message_is_looked_after_once(customer, shown):
    row = come()
    tasks.handle_delivery(row.pk)
    tasks.handle_delivery(row.pk)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("DONE", 1)
    assert row.done_at is not None
    assert shown.looks == ["cus_ada"]
    assert Subscription.objects.get().status == "active"


def test_what_came_before_a_look_began_is_not_asked_again(customer, shown):
    rows = [come(), come("invoice.paid"), come("customer.updated")]
    for row in rows:
        tasks.handle_delivery(row.pk)
    assert len(shown.looks) == 1
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"DONE"}
    shown.of["cus_ada"] = bought(subscriptions=[subscription(status="canceled")])
    tasks.handle_delivery(come().pk)
    assert Subscription.objects.get().status == "canceled"


def test_a_worker_killed_after_its_claim_costs_a_pause(customer):
    row = come()
    assert deliveries.claim(row.pk)
    assert tasks.take_up_deliveries() == 0
    later()
    assert tasks.take_up_deliveries() == 1
    row.refresh_from_db()
    assert (row.state, row.tries) == ("DONE", 2)


def test_a_worker_killed_after_the_effect_costs_another_look(customer, monkeypatch):
    row = come()
    deliveries.claim(row.pk)
    syncing.sync(customer)
    later()
    tasks.take_up_deliveries()
    row.refresh_from_db()
    assert row.state == "DONE"
    assert customer.invoices.count() == 1


def test_while_stripe_is_away_all_wait_and_nobody_else_asks(customer, shown, caplog):
    shown.of["cus_ada"] = GatewayAway("Stripe does not answer.")
    for _ in range(5):
        come()
    assert tasks.take_up_deliveries() == 1
    assert len(shown.looks) == 1
    assert WebhookDelivery.objects.due().count() == 5
    assert tasks.take_up_deliveries() == 0
    assert "does not answer" in caplog.text
    shown.of["cus_ada"] = bought()
    later()
    assert tasks.take_up_deliveries() == 5
    assert not WebhookDelivery.objects.due().exists()


@pytest.mark.parametrize(
    "trouble",
    [GatewayRefused("No such key."), GatewayOdd("Another shape."), ZeroDivisionError("odd")],
)
def test_trouble_with_one_does_not_stop_the_others(customer, bob, shown, trouble, caplog):
    shown.of["cus_ada"] = trouble
    other = make_customer(bob, "cus_bob")
    mine = come()
    come(about={"id": "sub_9", "customer": "cus_bob"})
    assert tasks.take_up_deliveries() == 2
    assert [row.pk for row in WebhookDelivery.objects.due()] == [mine.pk]
    assert mine.pk in caplog.text
    assert KEY not in caplog.text
    other.refresh_from_db()
    assert other.written == 1


def test_one_sweep_at_a_time(customer, shown):
    come()
    other = connection.copy()
    with other.cursor() as cursor:
        lock = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
        cursor.execute(lock, [deliveries.SWEEP])
        assert tasks.take_up_deliveries() == 0
        assert not shown.looks
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()
    assert tasks.take_up_deliveries() == 1
    assert shown.looks == ["cus_ada"]


def test_the_pauses_grow_to_an_hour_and_there_is_no_last_try(customer, shown):
    shown.of["cus_ada"] = GatewayRefused("no")
    row = come()
    pauses = []
    for _ in range(8):
        later()
        before = now()
        tasks.handle_delivery(row.pk)
        row.refresh_from_db()
        pauses.append(round((row.next_try_at - before).total_seconds() / 60))
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]
    later(tries=4_000, received_at=now() - timedelta(days=80))
    tasks.handle_delivery(row.pk)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("DUE", 4_001)


def test_an_unmatched_message_can_be_looked_at_again_or_dismissed(customer):
    strange = {"id": "sub_9", "customer": "cus_stranger"}
    first, second = come(about=strange), come(about=strange)
    tasks.take_up_deliveries()
    assert deliveries.look_again([first.pk]) == 1
    assert deliveries.dismiss([second.pk, first.pk]) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.why, second.state) == ("DUE", "", "IGNORED")


def test_once_the_missing_price_is_entered_a_message_that_is_looked_at_again_opens(customer, shown):
    shown.of["cus_ada"] = bought(subscriptions=[subscription(price_id="price_new")])
    row = come()
    tasks.take_up_deliveries()
    row.refresh_from_db()
    assert row.why == "Subscription sub_1: its price price_new is not one of ours."
    make_price(stripe_price_id="price_new", interval="year")
    deliveries.look_again([row.pk])
    tasks.take_up_deliveries()
    row.refresh_from_db()
    assert row.state == "DONE"
    assert Subscription.objects.current().exists()


def test_a_refund_finds_its_customer_by_the_payment(customer):
    syncing.sync(customer)
    row = come("refund.created", about={"id": "re_1", "object": "refund", "charge": "ch_1"})
    tasks.handle_delivery(row.pk)
    row.refresh_from_db()
    assert row.state == "DONE"
    unknown = come("refund.created", about={"id": "re_2", "object": "refund", "charge": "ch_2"})
    tasks.handle_delivery(unknown.pk)
    unknown.refresh_from_db()
    assert unknown.state == "UNMATCHED"


def test_a_refund_that_came_before_its_payment_is_matched_by_the_next_look(customer):
    row = come("refund.created", about={"id": "re_1", "object": "refund", "charge": "ch_1"})
    other = come("refund.created", about={"id": "re_2", "object": "refund", "charge": "ch_2"})
    tasks.take_up_deliveries()
    assert {one.state for one in WebhookDelivery.objects.all()} == {"UNMATCHED"}
    syncing.sync(customer)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, row.why, other.state) == ("DONE", "", "UNMATCHED")


def test_what_is_done_is_forgotten_after_ninety_days(customer):
    come("payout.paid")
    tasks.handle_delivery(come().pk)
    waiting = come()
    tasks.handle_delivery(come(about={"id": "sub_9", "customer": "cus_stranger"}).pk)
    assert deliveries.forget() == 0
    WebhookDelivery.objects.update(received_at=now() - timedelta(days=91))
    assert deliveries.forget() == 2
    assert deliveries.forget() == 0
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"DUE", "UNMATCHED"}
    assert waiting in WebhookDelivery.objects.due()


def test_staff_decide_about_unmatched_messages_in_the_admin(customer, as_, root, settings):
    settings.DEMO_SCHOOL = True
    desk, strange = as_(root), {"id": "sub_9", "customer": "cus_stranger"}
    for action, state, told in [
        ("look_again", "DUE", "Looked after again, within a minute: 1."),
        ("dismiss", "IGNORED", "None of ours: 1."),
    ]:
        row = come(about=strange)
        tasks.take_up_deliveries()
        data = {"action": action, "_selected_action": row.pk}
        page = desk.post("/admin/billing/webhookdelivery/", data, follow=True)
        assert told in page.content.decode()
        row.refresh_from_db()
        assert row.state == state


def test_what_was_put_off_is_taken_up_as_it_came(customer, bob, grace, shown):
    make_customer(bob, "cus_bob")
    make_customer(grace, "cus_grace")
    for place, name in enumerate(("bob", "grace", "ada")):
        row = come(about={"id": "sub_9", "customer": f"cus_{name}"})
        came = now() - timedelta(minutes=9 - place)
        # The oldest was tried last.
        tried = now() - timedelta(seconds=1 + place)
        rows = WebhookDelivery.objects.filter(pk=row.pk)
        rows.update(received_at=came, next_try_at=tried)
    assert tasks.take_up_deliveries() == 3
    assert shown.looks == ["cus_bob", "cus_grace", "cus_ada"]


def test_an_id_that_is_stored_while_its_message_is_given_up_is_matched(ada, shown, monkeypatch):
    row = come("customer.updated", about={"id": "cus_ada", "object": "customer"})
    end = deliveries.end

    def stored_just_before(*args):
        make_customer(ada, "cus_ada")
        end(*args)

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "end", stored_just_before)
        tasks.handle_delivery(row.pk)
    row.refresh_from_db()
    assert (row.state, row.why) == ("DUE", "")
    tasks.take_up_deliveries()
    row.refresh_from_db()
    assert row.state == "DONE"
