"""The Stripe of our own behaves as Stripe does where other tests rely on it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module

import pytest
import requests

from billing import gateway
from billing.errors import GatewayRefused
from tests.doubles.stripe_endpoint.__main__ import USUAL, make_prices
from tests.doubles.stripe_endpoint.forms import read_form


def kinds(stripe) -> list[str]:
    return [one["type"] for one in stripe.events]


def ask(stripe, method: str, path: str, **told):
    headers = {"Authorization": f"Bearer {stripe.key}", "Stripe-Version": "2026-10-28.endive"}
    headers |= {"Idempotency-Key": told.pop("key")} if "key" in told else {}
    return requests.request(method, stripe.base + path, headers=headers, timeout=5, **told)


def press(stripe, url: str, wish: str, **told) -> requests.Response:
    """A button of one of its pages."""
    return requests.post(url, {"do": wish, **told}, timeout=5, allow_redirects=False)


def test_a_form_is_read_as_the_tree_it_means():
    sent = "a=1&items[0][price]=p&items[0][quantity]=2&items[1][price]=q&expand[]=x&m[k]="
    assert read_form(sent) == {
        "a": "1",
        "items": [{"price": "p", "quantity": "2"}, {"price": "q"}],
        "expand": ["x"],
        "m": {"k": ""},
    }


def test_a_key_answers_the_same_again_and_refuses_other_words(stripe):
    first = ask(stripe, "POST", "/v1/customers", data={"name": "Ada"}, key="k")
    again = ask(stripe, "POST", "/v1/customers", data={"name": "Ada"}, key="k")
    other = ask(stripe, "POST", "/v1/customers", data={"name": "Bob"}, key="k")
    assert first.json() == again.json()
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/customers/cus_none", 404),
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/subscriptions?colour=red", 400),
        ("GET", "/v1/subscriptions?expand[]=data.everything", 200),
        ("GET", "/v1/invoices?starting_after=in_none", 404),
    ],
)
def test_what_it_does_not_know_is_refused(stripe, method, path, status):
    assert ask(stripe, method, path).status_code == status


def test_what_cannot_be_opened_is_refused(stripe, running):
    answer = ask(stripe, "GET", "/v1/subscriptions?expand[]=data.everything")
    assert answer.status_code == 400


def test_another_key_or_another_version_is_refused(stripe):
    url = f"{stripe.base}/v1/subscriptions"
    headers = {"Authorization": "Bearer sk_test_other", "Stripe-Version": "2026-10-28.endive"}
    assert requests.get(url, headers=headers, timeout=5).status_code == 401
    headers = {"Authorization": f"Bearer {stripe.key}", "Stripe-Version": "2020-08-27"}
    assert requests.get(url, headers=headers, timeout=5).status_code == 400


def test_its_signature_is_one_that_stripes_own_package_accepts(stripe, running):
    body, header = stripe.signed(stripe.events[-1])
    webhook = import_module("stripe").Webhook
    assert webhook.construct_event(body, header, stripe.webhook_secret).id
    wrong = import_module("stripe").SignatureVerificationError
    for odd in (stripe.signed(body, secret="whsec_other"), stripe.signed(body, at=1)):
        with pytest.raises(wrong):
            webhook.construct_event(*odd, stripe.webhook_secret)


def test_a_purchase_is_told_in_order(stripe, running):
    assert kinds(stripe) == [
        "customer.created",
        "payment_method.attached",
        "customer.subscription.created",
        "invoice.created",
        "invoice.finalized",
        "charge.succeeded",
        "invoice.paid",
        "invoice.payment_succeeded",
        "customer.subscription.updated",
    ]
    statuses = [one["data"]["object"]["status"] for one in stripe.events if "subscr" in one["type"]]
    assert statuses == ["incomplete", "active"]


def test_late_payments_go_the_way_that_stripe_goes(stripe, running):
    assert stripe.fail(running)["status"] == "past_due"
    assert stripe.fail_again(running)["status"] == "past_due"
    assert stripe.give_up(running, "unpaid")["status"] == "unpaid"
    assert stripe.pay_late(running)["status"] == "active"
    assert stripe.fail(running)["status"] == "past_due"
    assert stripe.give_up(running)["status"] == "canceled"
    assert running["ended_at"]


def test_what_was_never_paid_expires(stripe):
    made = stripe.subscribe(stripe.customer(), "price_pro", paid=False)
    assert made["status"] == "incomplete"
    assert stripe.give_up(made)["status"] == "incomplete_expired"
    assert [one["status"] for one in stripe.invoices_of(made)] == ["void"]


def test_a_trial_is_paid_for_when_it_ends(stripe):
    made = stripe.subscribe(stripe.customer(), "price_pro", trial_days=14)
    assert (made["status"], stripe.charges_of(made)) == ("trialing", [])
    assert stripe.renew(made)["status"] == "active"
    assert [one["amount"] for one in stripe.charges_of(made)] == [1200]


def test_what_is_in_an_amount_as_tax_is_said(stripe):
    stripe.tax_percent = 19
    made = stripe.subscribe(stripe.customer(), "price_pro")
    [invoice] = gateway.look(made["customer"]).invoices
    assert (invoice.subtotal, invoice.tax, invoice.total) == (1008, 192, 1200)


def test_its_clock_goes_on_alone(stripe, running):
    before = stripe.now()
    stripe.wait(days=30)
    assert stripe.now() - before >= 30 * 24 * 3600


def open_session(stripe) -> gateway.Session:
    price = gateway.Price(stripe_price_id="price_pro", currency="eur")
    return gateway.open_session(
        "checkout-1", stripe.customer()["id"], price, 1, "http://site/return/", "http://site/back/"
    )


def test_a_browser_pays_at_its_checkout(stripe):
    session = open_session(stripe)
    page = requests.get(session.url, timeout=5)
    assert "Pay with a card that fails" in page.text
    assert "declined" in press(stripe, session.url, "fail").text
    assert press(stripe, session.url, "back").headers["Location"] == "http://site/back/"
    assert stripe.all("subscription") == []
    assert press(stripe, session.url, "pay").headers["Location"] == "http://site/return/"
    assert [one["status"] for one in stripe.all("subscription")] == ["active"]
    assert "over" in requests.get(session.url, timeout=5).text


def test_a_browser_changes_what_it_has_in_the_portal(stripe, running):
    stripe.price("price_team", 900, "eur", "month")
    url = gateway.portal(running["customer"], "http://site/billing/", "")
    press(stripe, url, "cancel")
    assert running["cancel_at"]
    press(stripe, url, "resume")
    assert not running["cancel_at"]
    press(stripe, url, "to price_team")
    assert running["items"]["data"][0]["price"]["id"] == "price_team"
    press(stripe, url, "card")
    [default] = [one for one in gateway.look(running["customer"]).methods if one.is_default]
    assert (default.brand, default.last4) == ("mastercard", "4444")
    assert press(stripe, url, "back").headers["Location"] == "http://site/billing/"


def test_whoever_looks_by_hand_lets_months_go_by_at_its_desk(stripe, running):
    desk = stripe.base + "/"
    assert running["id"] in requests.get(desk, timeout=5).text
    for wish, status in [("fail", "past_due"), ("pay_late", "active"), ("renew", "active"),
                         ("refund", "active"), ("give_up", "canceled")]:  # fmt: skip
        press(stripe, desk, wish, about=running["id"])
        assert running["status"] == status
    assert (
        "Invoice"
        in requests.get(stripe.invoices_of(running)[0]["hosted_invoice_url"], timeout=5).text
    )


def test_it_posts_its_events_in_order_and_again_where_nobody_answered(stripe):
    heard: list[str] = []
    done = threading.Event()

    class Site(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append(event["type"])
            self.send_response(503 if len(heard) == 1 else 200)
            self.end_headers()
            if len(heard) == 4:
                done.set()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True).start()
        stripe.webhook_url = f"http://127.0.0.1:{site.server_port}/"
        stripe.method(stripe.customer(), default=True)
        assert done.wait(5)
        site.shutdown()
    assert heard == ["customer.created", "customer.created", "payment_method.attached",
                     "customer.updated"]  # fmt: skip


def test_by_itself_it_sells_the_usual_prices(stripe):
    make_prices(stripe, USUAL)
    assert gateway.price("price_pro_year_eur").amount == 12000
    assert gateway.price("price_pro_month_usd").currency == "usd"


def test_what_is_not_sold_any_more_cannot_be_checked_out(stripe):
    stripe.get("price", "price_pro")["active"] = False
    assert not gateway.price("price_pro").is_active
    with pytest.raises(GatewayRefused):
        open_session(stripe)
