"""What is planted in messages, answers and settings is looked for everywhere: it is nowhere."""

import sys

import pytest
from django.contrib.admin import site
from django.core.signals import got_request_exception
from django.db import connection
from django.test import Client
from django.views.debug import ExceptionReporter

from billing import deliveries, gateway, reconciling, syncing
from billing.errors import GatewayTrouble
from billing.models import PaymentMethod, Subscription, WebhookDelivery
from tests.billing.rows import make_customer, make_price

pytestmark = pytest.mark.django_db
CARD, CODE, IBAN = "4242424242424242", "cvc-7391", "DE89370400440532013000"
TOLD = "pi_1_secret_of_the_customer"


@pytest.fixture
def planted(stripe):
    """All that may be found nowhere. A double's key and secret are known to nobody else."""
    return [CARD, "4242 4242 4242 4242", CODE, IBAN, TOLD, stripe.key, stripe.webhook_secret]


@pytest.fixture
def customer(ada, stripe):
    make_price(stripe_price_id="price_pro")
    owner = stripe.customer()
    stripe.method(
        owner, number=CARD, cvc=CODE, networks={"number": CARD}, iban=IBAN, default=True
    )  # fmt: skip
    return make_customer(ada, owner["id"])


def talk(stripe, client, customer):
    """Messages that say more than they should, heard and looked after; one of nobody's."""
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    for event in stripe.events:
        event["data"]["object"] |= {
            "number": CARD, "client_secret": TOLD, "payment_method_details": {"card": CARD},
            "description": f"{CARD} {CODE} {IBAN}", "metadata": {"key": stripe.key},
        }  # fmt: skip
    stranger = {**stripe.events[-1], "id": "evt_stranger"}
    stranger["data"] = {"object": {"id": "in_9", "customer": "cus_9", "number": CARD}}
    answers = stripe.deliver_to(client) + stripe.deliver_to(client, [stranger])
    assert {answer.status_code for answer in answers} == {200}
    deliveries.take_up()
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {
        "DONE", "IGNORED", "UNMATCHED",
    }  # fmt: skip
    return answers


def everything_stored():
    """Each row of each table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(one)::text FROM "{table}" one')
            yield from (text for (text,) in cursor.fetchall())


def assert_none(planted, text):
    assert [one for one in planted if one in text] == []


def test_nothing_of_it_is_stored_logged_or_shown(
    customer, stripe, client, as_, root, settings, planted, caplog
):
    answers = talk(stripe, client, customer)
    assert Subscription.objects.current().exists()
    assert PaymentMethod.objects.filter(last4="4242").exists()
    reconciling.reconcile()
    assert_none(planted, "\n".join(everything_stored()))
    assert_none(planted, caplog.text)
    assert_none(planted, "".join(answer.content.decode() for answer in answers))
    pages = [as_(customer.user).get("/billing/")]
    settings.DEMO_SCHOOL = True
    desks = [
        model._meta.model_name
        for model in site._registry
        if model.__module__.startswith("billing.")
    ]
    pages += [as_(root).get(f"/admin/billing/{name}/") for name in desks]
    assert len(pages) > 5
    assert {page.status_code for page in pages} == {200}
    for page in pages:
        assert_none(planted, page.content.decode())


@pytest.mark.parametrize("status", [400, 401, 402, 429, 500])
def test_no_trouble_of_stripes_tells_a_secret(
    customer, stripe, client, planted, caplog, monkeypatch, status
):
    monkeypatch.setattr("billing.transport.FIRST_PAUSE", 0)
    stripe.answers_with(status)
    stripe.deliver_to(client)
    deliveries.take_up()
    with pytest.raises(GatewayTrouble) as trouble:
        syncing.sync(customer)
    assert_none(planted, f"{trouble.value!s} {trouble.value!r}")
    row = reconciling.reconcile()
    assert row.trouble
    assert_none(planted, row.trouble)
    assert_none(planted, caplog.text)
    assert_none(planted, "\n".join(everything_stored()))


def test_the_report_of_something_that_broke_tells_no_secret(
    customer, stripe, planted, caplog, monkeypatch
):
    def broken(message):
        raise ZeroDivisionError("something that nobody expected")

    monkeypatch.setattr(deliveries, "take_in", broken)
    reports = []

    def report(sender, request, **kwargs):
        reporter = ExceptionReporter(request, *sys.exc_info())
        reports.extend([reporter.get_traceback_text(), reporter.get_traceback_html()])

    got_request_exception.connect(report)
    try:
        event = {**stripe.events[-1]}
        event["data"] = {"object": {"customer": "cus_1", "number": CARD, "cvc": CODE}}
        [answer] = stripe.deliver_to(Client(raise_request_exception=False), [event])
    finally:
        got_request_exception.disconnect(report)
    assert answer.status_code == 500
    assert len(reports) == 2
    assert all("something that nobody expected" in one for one in reports)
    for text in (*reports, answer.content.decode(), caplog.text):
        assert_none(planted, text)


def test_whatever_holds_the_key_does_not_show_it(stripe, planted):
    for thing in (gateway.client(1.0), gateway.client):
        assert_none(planted, repr(thing))
