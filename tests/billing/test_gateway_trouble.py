"""What goes wrong on the way to Stripe: bounded, of two kinds, and told without a secret."""

import logging
import time
import traceback

import pytest
from django.test import override_settings

from billing import client, deliveries, gateway, transport
from billing.errors import GatewayAway, GatewayOdd, GatewayRefused, GatewayTrouble
from tests.doubles.stripe_endpoint import faults
from tests.faults.test_faults import wait_until

CARD = "4242424242424242"
SECRETS = ["sk_test_planted51secret", CARD, "pi_1_secret_planted", "/c/pay/cs_test_planted"]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(transport, "FIRST_PAUSE", 0.01)


@pytest.fixture
def in_a_hurry(monkeypatch):
    """Where a person waits, and only there."""
    monkeypatch.setattr(gateway, "PAGE_SECONDS", 0.4)
    monkeypatch.setattr(gateway, "WORK_SECONDS", 600.0)


def ask() -> None:
    gateway.price("price_pro")


@pytest.mark.parametrize("status", [409, 429, 500, 502, 503, 529])
def test_what_mends_itself_is_tried_three_times(stripe, status):
    stripe.answers_with(status, times=2)
    ask()
    assert len(stripe.requests) == 3
    stripe.answers_with(status)
    with pytest.raises(GatewayAway):
        ask()
    assert len(stripe.requests) == 6


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404])
def test_what_is_refused_is_not_asked_again(stripe, status):
    stripe.answers_with(status)
    with pytest.raises(GatewayRefused):
        ask()
    assert len(stripe.requests) == 1


def test_stripe_says_itself_what_is_worth_another_try(stripe):
    stripe.answers_with(500, Stripe_Should_Retry="false")
    with pytest.raises(GatewayAway):
        ask()
    assert len(stripe.requests) == 1
    stripe.is_well()
    stripe.answers_with(400, times=1, Stripe_Should_Retry="true")
    ask()
    assert len(stripe.requests) == 3


def test_a_pause_that_stripe_asks_for_is_kept(stripe):
    stripe.answers_with(429, times=1, Retry_After="1")
    began = time.monotonic()
    ask()
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("pause", ["30", "99999999999999999999"])
def test_nobody_waits_for_a_pause_that_is_too_long(stripe, pause):
    stripe.answers_with(429, Retry_After=pause)
    with pytest.raises(GatewayAway):
        ask()
    assert len(stripe.requests) == 1


@pytest.mark.parametrize("pause", ["Sun, 22 Nov 2026 04:00:00 GMT", "-5", "²", "nan", "1e9"])
def test_a_pause_that_is_no_number_is_not_minded(stripe, pause):
    stripe.answers_with(503, times=1, Retry_After=pause.encode("utf-8").decode("latin-1"))
    ask()
    assert len(stripe.requests) == 2


@pytest.mark.parametrize("fault", [faults.gone, faults.half])
def test_a_connection_that_is_cut_is_tried_again(stripe, fault):
    stripe.goes_wrong(fault, times=2)
    ask()
    assert len(stripe.requests) == 3


def test_a_stripe_that_is_away_is_away(stripe):
    stripe.away = True
    with pytest.raises(GatewayAway):
        ask()
    with (
        override_settings(STRIPE_API_BASE="http://127.0.0.1:9"),
        pytest.raises(GatewayAway, match="did not answer"),
    ):
        ask()


@pytest.mark.parametrize("fault", [faults.hang, faults.drip])
def test_a_slow_answer_ends_after_its_time_and_no_other_try_begins(stripe, in_a_hurry, fault):
    stripe.goes_wrong(fault)
    began = time.monotonic()
    with pytest.raises(GatewayAway):
        ask()
    assert time.monotonic() - began >= 0.4
    assert stripe.slow_answers_ended == 0
    wait_until(lambda: stripe.requests)
    assert len(stripe.requests) == 1


def test_no_try_begins_when_its_pause_would_end_too_late(stripe, monkeypatch):
    monkeypatch.setattr(gateway, "PAGE_SECONDS", 4.9)
    stripe.answers_with(429, Retry_After="5")
    with pytest.raises(GatewayAway):
        ask()
    assert len(stripe.requests) == 1


def test_all_that_is_asked_together_ends_in_its_time(stripe):
    with pytest.raises(GatewayAway), transport.within(0), transport.within(60):
        ask()
    assert not stripe.requests
    stripe.answers_with(429, times=1, Retry_After="5")
    with pytest.raises(GatewayAway), transport.within(4.9):
        ask()
    assert len(stripe.requests) == 1
    ask()


def test_an_answer_takes_no_longer_than_is_left_for_all(stripe, monkeypatch):
    monkeypatch.setattr(gateway, "PAGE_SECONDS", 600.0)
    stripe.goes_wrong(faults.hang)
    with pytest.raises(GatewayAway), transport.within(0.4):
        ask()
    assert stripe.slow_answers_ended == 0


@pytest.mark.parametrize("bound", ["PAGE_SECONDS_IN_ALL", "LOOK_SECONDS_IN_ALL"])
def test_a_look_has_its_time_and_no_more_than_a_page_has(stripe, monkeypatch, bound):
    monkeypatch.setattr(gateway, bound, 0.0)
    with pytest.raises(GatewayAway), gateway.for_a_page():
        gateway.look("cus_1")
    assert not stripe.requests


def test_nobody_takes_up_a_message_that_is_still_looked_after():
    assert deliveries.FIRST_PAUSE.total_seconds() > gateway.LOOK_SECONDS_IN_ALL


def test_an_answer_of_another_shape_says_nothing_of_all_others(stripe):
    stripe.goes_wrong(faults.says({"object": "price", "id": "price_pro"}))
    with pytest.raises(GatewayOdd, match="not of the shape"):
        ask()


def test_a_huge_answer_is_not_read(stripe):
    stripe.goes_wrong(faults.huge)
    with pytest.raises(GatewayAway):
        ask()


def test_the_key_is_not_carried_elsewhere(stripe):
    stripe.goes_wrong(faults.elsewhere)
    with pytest.raises(GatewayAway):
        ask()
    assert {one.path for one in stripe.requests} == {"/v1/prices/price_pro"}


ODD = [
    b"", b"<html>", b"\xff\xfe", b'{"id": ', b"[]", b"null", b"7", b"{}", b"[" * 100_000,
    b'{"a":' * 400 + b"1" + b"}" * 400,
    {"object": "list"}, {"object": "list", "data": None}, {"object": "list", "data": [None]},
    {"object": "list", "data": [{}], "has_more": True, "url": "/v1/prices"},
    {"object": "list", "data": [{"id": None}], "has_more": True, "url": "//elsewhere.example"},
    {"object": ["list"]}, {"object": "price", "id": "price_pro"}, {"object": "customer", "id": "x"},
    {"object": "price", "unit_amount_decimal": "much"}, {"object": "subscription", "items": 3},
    {"object": "invoice", "lines": []}, {"object": "checkout.session", "id": 7, "url": []},
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD)))
def test_an_answer_that_is_none_of_stripes_is_trouble_and_nothing_else(stripe, number):
    stripe.goes_wrong(faults.says(ODD[number]))
    for asking in (
        ask,
        lambda: gateway.look("cus_1"),
        lambda: list(gateway.every_subscription()),
        lambda: gateway.set_quantity("sub_1", 2),
        lambda: gateway.session("cs_1"),
    ):
        with pytest.raises(GatewayTrouble):
            asking()


@pytest.mark.parametrize(
    "id", ["", "a/b", "../v1", "é", "x" * 5000, "?expand[]=data", "\x00", "//x"]
)
def test_an_id_of_any_kind_asks_for_nothing_else(stripe, id):
    with pytest.raises(GatewayTrouble):
        gateway.invoice_link(id)
    assert all(one.path.startswith("/v1/invoices/") for one in stripe.requests)


def holding(secret: str) -> list:
    """Answers that say the secret aloud wherever an answer can."""
    odd = {"object": "price", "id": secret, "recurring": secret, "client_secret": secret}
    return [
        faults.holding(secret),
        faults.status(400, secret, Stripe_Notice=secret),
        faults.status(503, secret, Retry_After="x", Request_Id=secret),
        faults.says(odd),
        faults.says(secret.encode()),
        faults.says({"object": secret, secret: secret}),
    ]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("number", range(6))
def test_no_secret_is_said_by_a_failure_or_its_log(stripe, caplog, capfd, secret, number):
    caplog.set_level(logging.DEBUG)
    stripe.goes_wrong(holding(secret)[number])
    with pytest.raises(GatewayTrouble) as caught:
        gateway.set_quantity(secret if secret != CARD else "sub_1", 2) if number == 0 else ask()
    trouble = caught.value
    assert trouble.__cause__ is None
    assert trouble.__context__ is None
    logging.getLogger("billing").error("It failed.", exc_info=trouble)
    said = [repr(trouble), str(trouble), trouble.code, *traceback.format_exception(trouble)]
    said += [*capfd.readouterr()]
    ours = [one for one in caplog.records if not one.name.startswith("urllib3")]
    said += [logging.Formatter().format(one) for one in ours]
    assert not any(secret in one or stripe.key in one for one in said)


def test_no_secret_of_a_good_answer_is_logged(stripe, caplog, capfd, monkeypatch):
    """Not even where somebody asked Stripe's package to say all it knows."""
    monkeypatch.setenv("STRIPE_LOG", "debug")
    monkeypatch.setattr("stripe._util.STRIPE_LOG", "debug")
    client._client.cache_clear()
    caplog.set_level(logging.DEBUG)
    customer = gateway.make_customer("customer-1", "ada@example.org", "Ada Planted", "u-1")
    price = gateway.Price(stripe_price_id="price_pro", currency="eur")
    session = gateway.open_session("checkout-1", customer, price, 1, "https://a.example", "")
    portal = gateway.portal(customer, "https://a.example", "")
    said = caplog.text + "".join(capfd.readouterr())
    for secret in (session.url, portal, stripe.key, "ada@example.org", "Ada Planted"):
        assert secret not in said
    for secret in (stripe.key, session.url):
        assert secret not in repr(client._client(stripe.key, stripe.base, 1.0))
        assert secret not in repr(session)
