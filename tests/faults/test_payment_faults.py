"""Payments while parts fall away: a worker killed, messages lost, Redis or PostgreSQL gone."""

import os
import signal
import time
from functools import partial

import pytest
from django.db import connection
from django.test import Client

from billing import deliveries, tasks
from billing.clock import CLOCK
from billing.models import Invoice, Subscription, WebhookDelivery
from lms.celery import app as celery_app
from tests.billing.rows import make_customer, make_price
from tests.doubles.stripe_endpoint import serving
from tests.faults.test_faults import (
    SILENT_SECONDS,
    closed_port,
    cut_all_connections,
    forget_the_broker,
    process,
    silent_server,
    wait_until,
)
from tests.races.gate import in_own_connection

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

WORKER = [
    "-m", "celery", "-A", "lms", "worker", "--pool", "solo", "-Q", "default,payments",
    "--loglevel", "ERROR",
]  # fmt: skip


@pytest.fixture
def stripe(settings, monkeypatch):
    """A Stripe that the worker's process knows as well, by its environment."""
    with serving() as double:
        for name, value in double.settings().items():
            setattr(settings, name, value)
            if isinstance(value, str):
                monkeypatch.setenv(name, value)
        double.price("price_pro", 1200, "eur", "month")
        yield double


@pytest.fixture
def customer(ada, stripe):
    make_price(stripe_price_id="price_pro")
    return make_customer(ada, stripe.customer()["id"])


def buy(stripe, customer):
    """Pay at Stripe, and let all its messages come; what was answered."""
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    return {answer.status_code for answer in stripe.deliver_to(Client())}


def a_while_later():
    WebhookDelivery.objects.due().update(next_try_at=CLOCK)


def none_due():
    return not WebhookDelivery.objects.due().exists()


def assert_paid_once():
    assert Subscription.objects.get().status == "active"
    assert Invoice.objects.count() == 1
    states = set(WebhookDelivery.objects.values_list("state", flat=True))
    assert states <= {"DONE", "IGNORED"}


def test_a_worker_killed_between_its_claim_and_the_effect_loses_nothing(customer, stripe):
    assert buy(stripe, customer) == {200}
    asked = len(stripe.requests)
    # It is killed long before anything is answered.
    stripe.slow = 60.0
    with process(*WORKER) as running:
        wait_until(lambda: WebhookDelivery.objects.filter(tries=1).exists())
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    stripe.slow = 0.0
    assert not Subscription.objects.exists()
    assert WebhookDelivery.objects.due().filter(tries=1).exists()
    a_while_later()
    assert tasks.take_up_deliveries() > 0
    assert_paid_once()
    assert len(stripe.requests) > asked


@pytest.mark.parametrize("broken", [closed_port, silent_server])
def test_while_redis_is_away_messages_are_taken_in_and_the_sweep_finds_them(
    customer, stripe, broken
):
    broker = celery_app.conf.broker_url
    with broken() as address:
        celery_app.conf.broker_url = address
        forget_the_broker(celery_app)
        try:
            stripe.subscribe(customer.stripe_customer_id, "price_pro")
            began = time.monotonic()
            first = stripe.take_undelivered()[-1]
            [answer] = stripe.deliver_to(Client(), [first])
            took = time.monotonic() - began
        finally:
            celery_app.conf.broker_url = broker
            forget_the_broker(celery_app)
    assert answer.status_code == 200
    assert took < SILENT_SECONDS / 2
    assert tasks.take_up_deliveries() == 1
    assert_paid_once()


def test_a_restart_of_postgresql_between_messages_loses_none(customer, stripe):
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    for event in stripe.take_undelivered():
        cut_all_connections()
        [answer] = stripe.deliver_to(Client(raise_request_exception=False), [event])
        if answer.status_code != 200:
            assert (answer.status_code, answer.json()) == (503, {"detail": "try again"})
            [answer] = stripe.deliver_to(Client(), [event])
        assert answer.status_code == 200
    cut_all_connections()
    deliveries.take_up()
    assert none_due()
    assert_paid_once()


def test_while_postgresql_is_away_stripe_is_told_to_come_again(customer, stripe, monkeypatch):
    """A connection that dies under the statement: no 500, and nothing is half stored."""
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    events, take_in = stripe.take_undelivered(), deliveries.take_in
    monkeypatch.setattr(deliveries, "take_in", lambda message: kill_own(take_in, message))
    for event in events:
        browser = Client(raise_request_exception=False)
        # A request of its own: what it leaves of its connection is put away, as by a server.
        [answer] = in_own_connection(partial(stripe.deliver_to, browser, [event]))
        assert (answer.status_code, answer.json()) == (503, {"detail": "try again"})
    assert not WebhookDelivery.objects.exists()
    monkeypatch.undo()
    assert {answer.status_code for answer in stripe.deliver_to(Client(), events)} == {200}


def kill_own(take_in, message):
    """Take it in over a connection that the server has just ended."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    return take_in(message)


def test_the_worker_does_all_that_came_while_it_was_away(customer, stripe):
    assert buy(stripe, customer) == {200}
    with process(*WORKER):
        wait_until(none_due)
    assert_paid_once()
