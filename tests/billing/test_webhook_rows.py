"""The rows WH of bad inputs: whatever is posted is answered in JSON, and never with a 500."""

import csv
import io
import json
import re
import time
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client
from gunicorn.http.errors import InvalidChunkSize
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as some

from billing import deliveries
from billing.models import Subscription, WebhookDelivery
from billing.seen import Seen
from gamification.models import XPTransaction
from tests.billing.rows import make_customer, make_price
from tests.billing.seeing import (
    ADDRESS,
    bought,
    card,
    deliver,
    event,
    invoice,
    payment,
    signature,
    subscription,
)

pytestmark = pytest.mark.django_db

with (Path(__file__).parent.parent / "bad_inputs" / "webhook_rows.tsv").open() as table:
    ROWS = {row["row"]: row for row in csv.DictReader(table, delimiter="\t")}
MINUTES = 60


def kept(answer, row):
    """The answer is what the table says."""
    expected = ROWS[row]
    assert answer.status_code == int(expected["status"])
    assert not answer.cookies
    if expected["body"]:
        assert answer.json() == {"detail": expected["body"]}


def nothing_stored():
    return not WebhookDelivery.objects.exists()


@pytest.fixture
def ada_buys(ada, shown):
    """Ada is a customer; what Stripe shows of her is set by the test."""
    make_price(stripe_price_id="price_pro")
    return make_customer(ada, "cus_ada")


def work_off():
    """What a worker does after the messages have come."""
    deliveries.take_up()


def states():
    return set(WebhookDelivery.objects.values_list("state", flat=True))


def has_plan(customer):
    return customer.subscriptions.current().exists()


def test_every_row_is_tested_here():
    tests = set(re.findall(r"def test_(wh\d\d)_", Path(__file__).read_text()))
    elsewhere = {"WH10", "WH24"}
    assert {row for row in ROWS if row.lower() not in tests} == elsewhere


@pytest.mark.usefixtures("selling")
class TestRefused:
    @pytest.fixture(autouse=True)
    def store_nothing(self):
        yield
        assert nothing_stored()

    def test_wh01_unsigned(self, client):
        body = json.dumps(event()).encode()
        kept(client.post(ADDRESS, body, content_type="application/json"), "WH01")
        kept(deliver(client, body, header=""), "WH01")

    def test_wh02_signed_by_others(self, client):
        body = json.dumps(event()).encode()
        kept(deliver(client, body, secret="whsec_another"), "WH02")
        kept(deliver(client, body, header=signature(body).replace("v1", "v0")), "WH02")
        kept(deliver(client, body, header=signature(b"{}")), "WH02")

    def test_wh03_old_copies(self, client):
        for body in (event(), event(created=int(time.time()) - 10 * MINUTES)):
            kept(deliver(client, body, at=time.time() - 10 * MINUTES), "WH03")

    def test_wh04_not_ascii(self, client):
        kept(deliver(client, event(), header="v1=é"), "WH04")
        kept(deliver(client, event(), header=f"t={int(time.time())},v1=é"), "WH04")

    def test_wh05_not_utf8(self, client):
        kept(deliver(client, b"\xff\xfe\x00"), "WH05")

    @pytest.mark.parametrize("body", [b"[]", b'"hello"', b"hello", b"7", b"null", b"", b"{}"])
    def test_wh06_no_object(self, client, body):
        kept(deliver(client, body), "WH06")

    @pytest.mark.parametrize("name", ["id", "type", "created", "livemode"])
    @pytest.mark.parametrize("value", [None, "", [], 1e308, "\x00", "é" * 300])
    def test_wh07_strange_fields(self, client, name, value):
        kept(deliver(client, event(**{name: value})), "WH07")

    @pytest.mark.parametrize("size", [512 * 1024 + 1, 5 * 1024 * 1024])
    def test_wh08_too_large(self, client, size):
        kept(deliver(client, b" " * size), "WH08")

    def test_wh19_other_mode(self, client, settings):
        kept(deliver(client, event(livemode=True)), "WH19")
        settings.STRIPE_IS_LIVE = True
        kept(deliver(client, event(livemode=False)), "WH19")

    @pytest.mark.parametrize("name", ["STRIPE_WEBHOOK_SECRET", "STRIPE_SECRET_KEY"])
    def test_wh20_not_configured(self, client, settings, caplog, name):
        setattr(settings, name, "")
        kept(deliver(client, event()), "WH20")
        body = json.dumps(event()).encode()
        kept(deliver(client, body, secret=""), "WH20")
        assert {record.levelname for record in caplog.records} == {"WARNING"}

    @pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
    def test_wh21_other_methods(self, client, method):
        kept(getattr(client, method)(ADDRESS), "WH21")

    @pytest.mark.parametrize("ahead", [2 * MINUTES, 10 * MINUTES, 10**9])
    def test_wh23_from_the_future(self, client, ahead):
        kept(deliver(client, event(), at=time.time() + ahead), "WH23")

    @pytest.mark.parametrize(
        "body",
        [
            b"[" * 400_000,
            b'{"a":' * 60_000 + b"1" + b"}" * 60_000,
            b'{"id": ' + b"9" * 400_000 + b"}",
            b'{"created": NaN, "id": "evt_1", "type": "a", "livemode": false}',
            b'{"created": 1e999, "id": "evt_1", "type": "a", "livemode": false}',
            b'{"id": "\\ud800", "created": 1, "type": "a", "livemode": false}',
        ],
    )  # fmt: skip
    def test_wh25_junk(self, client, body):
        kept(deliver(client, body), "WH25")


def test_a_body_as_large_as_may_be_is_read(client, selling):
    whole = json.dumps(event()).encode()
    assert deliver(client, whole + b" " * (512 * 1024 - len(whole))).status_code == 200


def test_a_message_that_comes_without_its_length_is_not_read(client, selling):
    answer = client.generic("POST", ADDRESS, b"x" * 99, CONTENT_LENGTH="", CONTENT_TYPE="a/b")
    assert answer.status_code == 400
    answer = client.generic("POST", ADDRESS, b"x" * 99, CONTENT_LENGTH="9e9", CONTENT_TYPE="a/b")
    assert answer.status_code == 400


def in_chunks(client, stream, **headers):
    """As a server passes on what comes in chunks: without a length, and it knows the end."""
    told = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": stream}
    return client.generic(
        "POST", ADDRESS, b"", **told, **headers, **{"wsgi.input_terminated": True}
    )


def test_what_comes_in_chunks_is_read_as_far_as_may_be(client, selling):
    stream = io.BytesIO(b"x" * 700_000)
    answer = in_chunks(client, stream)
    assert (answer.status_code, answer.json()) == (413, {"detail": "too large"})
    assert stream.tell() == 512 * 1024 + 1
    whole = json.dumps(event()).encode().ljust(512 * 1024)
    answer = in_chunks(client, io.BytesIO(whole), HTTP_STRIPE_SIGNATURE=signature(whole))
    assert answer.status_code == 200


def test_chunks_that_are_none_are_not_signed(client, selling):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise InvalidChunkSize(b"zz")

    assert in_chunks(client, Broken()).status_code == 400
    assert nothing_stored()


@pace(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=some.binary(max_size=300), header=some.text(max_size=80), is_signed=some.booleans())
def test_anonymous_junk_is_never_a_500(selling, body, header, is_signed):
    header = signature(body) if is_signed else header.encode("latin-1", "replace").decode("latin-1")
    browser = Client(raise_request_exception=False)
    answer = browser.generic("POST", ADDRESS, body, HTTP_STRIPE_SIGNATURE=header)
    assert answer.status_code == 400
    assert nothing_stored()


def test_a_message_costs_one_statement_and_no_session(
    client, selling, django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_assert_num_queries(1), django_capture_on_commit_callbacks() as then:
        answer = deliver(client, event())
    assert (answer.status_code, answer.json()) == (200, {"detail": "received"})
    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers
    assert len(then) == 1


def test_a_browser_that_is_signed_in_cannot_bring_a_message(as_, ada, selling):
    body = json.dumps(event())
    answer = as_(ada).post(ADDRESS, body, content_type="application/json")
    assert answer.status_code == 400


def test_no_token_is_asked_for(selling):
    assert deliver(Client(enforce_csrf_checks=True), event()).status_code == 200


def test_while_the_database_is_away_stripe_is_told_to_come_again(client, selling, monkeypatch):
    def away(message):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(deliveries, "take_in", away)
    answer = deliver(client, event())
    assert (answer.status_code, answer.json()) == (503, {"detail": "try again"})


def test_wh09_again_and_again(client, ada_buys, shown):
    shown.of["cus_ada"] = bought()
    what = event("checkout.session.completed")
    for _ in range(3):
        kept(deliver(client, what), "WH09")
        work_off()
    assert WebhookDelivery.objects.get().tries == 1
    assert shown.looks == ["cus_ada"]
    assert ada_buys.invoices.count() == ada_buys.transactions.count() == 1


def test_wh11_older_after_newer(client, ada_buys, shown):
    shown.of["cus_ada"] = bought(subscriptions=[subscription(status="canceled")])
    for created in (2_000, 1_000):
        kept(deliver(client, event(created=created)), "WH11")
        work_off()
    assert Subscription.objects.get().status == "canceled"


def test_wh12_of_one_second(client, ada_buys, shown):
    shown.of["cus_ada"] = bought()
    for kind in ("customer.subscription.deleted", "customer.subscription.created"):
        kept(deliver(client, event(kind, created=1_000)), "WH12")
    work_off()
    assert has_plan(ada_buys)
    assert states() == {"DONE"}


def test_wh13_refund_before_payment(client, ada_buys, shown):
    refund = payment(id="re_1", kind="REFUND")
    shown.of["cus_ada"] = bought(
        invoices=[invoice(refunded=1200)], transactions=[payment(), refund]
    )
    for kind, about in [
        ("charge.refunded", {"id": "ch_1", "object": "charge", "customer": "cus_ada"}),
        ("invoice.paid", {"id": "in_1", "object": "invoice", "customer": "cus_ada"}),
    ]:
        kept(deliver(client, event(kind, about=about)), "WH13")
        work_off()
    assert ada_buys.invoices.get().refunded == 1200
    assert set(ada_buys.transactions.values_list("kind", flat=True)) == {"PAYMENT", "REFUND"}


def test_wh14_unknown_customer(client, selling, ada_buys, caplog):
    stranger = {"id": "sub_9", "object": "subscription", "customer": "cus_stranger"}
    kept(deliver(client, event(about=stranger)), "WH14")
    work_off()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.why) == ("UNMATCHED", "Its customer is not known here.")
    assert "is unmatched" in caplog.text
    ada_buys.refresh_from_db()
    assert not has_plan(ada_buys)
    assert ada_buys.asked == 0


@pytest.mark.parametrize("kind", ["product.updated", "nobody.knows_this", "payout.paid"])
def test_wh15_other_kinds(client, ada_buys, shown, kind):
    kept(deliver(client, event(kind)), "WH15")
    work_off()
    assert states() == {"IGNORED"}
    assert not shown.looks


def test_wh16_not_paid_yet(client, ada_buys, shown):
    waiting = subscription(status="incomplete")
    shown.of["cus_ada"] = Seen(subscriptions=[waiting], invoices=[invoice(status="open")])
    kept(deliver(client, event("checkout.session.completed")), "WH16")
    work_off()
    assert not has_plan(ada_buys)
    shown.of["cus_ada"] = bought()
    kept(deliver(client, event("checkout.session.async_payment_succeeded")), "WH16")
    work_off()
    assert has_plan(ada_buys)


def test_wh17_two_people(client, ada_buys, bob, shown):
    other = make_customer(bob, "cus_bob")
    shown.of["cus_ada"] = bought()
    about = {
        "id": "cs_1", "object": "checkout.session", "customer": "cus_ada",
        "client_reference_id": str(bob.pk), "metadata": {"user": str(bob.pk)},
        "customer_email": bob.email,
    }  # fmt: skip
    kept(deliver(client, event("checkout.session.completed", about=about)), "WH17")
    work_off()
    assert has_plan(ada_buys)
    assert not has_plan(other)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"price_id": "price_other"}, "its price price_other is not one of ours"),
        ({"quantity": 0}, "it is for nobody"),
        ({"currency": "usd"}, "its currency usd is not that of its price"),
        ({"status": "dreaming"}, "its state dreaming is not known"),
    ],
)
def test_wh18_not_sold_here(client, ada_buys, shown, fields, why):
    shown.of["cus_ada"] = Seen(subscriptions=[subscription(**fields)], methods=[card()])
    kept(deliver(client, event()), "WH18")
    work_off()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.why) == ("UNMATCHED", f"Subscription sub_1: {why}.")
    assert not Subscription.objects.exists()


def test_wh22_money_goes_back(client, ada_buys, shown):
    shown.of["cus_ada"] = bought(
        transactions=[
            payment(),
            payment(id="re_1", kind="REFUND"),
            payment(id="dp_1", kind="DISPUTE", status="needs_response"),
        ]
    )
    kept(deliver(client, event("invoice.paid")), "WH22")
    work_off()
    points = XPTransaction.objects.count()
    for kind, about in [
        ("charge.dispute.created", {"id": "dp_1", "object": "dispute", "charge": "ch_1"}),
        ("refund.created", {"id": "re_1", "object": "refund", "charge": "ch_1"}),
        ("invoice.payment_failed", {"id": "in_1", "object": "invoice", "customer": "cus_ada"}),
    ]:
        kept(deliver(client, event(kind, about=about)), "WH22")
        work_off()
    assert states() == {"DONE"}
    assert has_plan(ada_buys)
    assert len(shown.looks) == 4
    assert XPTransaction.objects.count() == points
