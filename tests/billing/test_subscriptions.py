"""Ending a plan in two presses and taking that back, the portal, and an invoice at Stripe."""

from datetime import timedelta

import pytest
import requests
from django.utils.timezone import now

from billing import deliveries, gateway, subscriptions, tasks, transport
from billing.checkouts import start_checkout
from billing.errors import GatewayAway
from billing.models import Invoice, Plan, Price, Subscription, WebhookDelivery
from billing.subscriptions import NothingGoesOn, cancel, resume
from billing.syncing import sync
from courses.models import Tier
from tests.billing.rows import make_customer, make_invoice, make_price, make_subscription
from tests.doubles.stripe_endpoint import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def paying(bob, stripe):
    """Bob has bought Pro, and the site knows."""
    start_checkout(bob, make_price(stripe_price_id="price_pro"))
    stripe.complete(stripe.all("checkout.session")[0]["id"])
    sync(bob.customer)
    return Subscription.objects.get()


def at_stripe(stripe):
    return stripe.all("subscription")[0]


def test_the_first_press_shows_what_ends_and_the_second_ends_it(as_, bob, paying, stripe):
    browser = as_(bob)
    page = browser.get("/billing/cancel/").content.decode()
    ends = f"{paying.period_ends_at.day} {paying.period_ends_at:%b %Y}"
    assert "Pro ends" in page
    assert ends in page
    assert "You keep your progress, code and certificates." in page
    assert not at_stripe(stripe)["cancel_at_period_end"]
    answer = browser.post("/billing/cancel/")
    assert (answer.status_code, answer["Location"]) == (303, "/billing/#plan")
    assert at_stripe(stripe)["cancel_at_period_end"]
    paying.refresh_from_db()
    assert paying.cancels_at == paying.period_ends_at
    assert paying.status == "active"


def test_a_second_cancel_changes_nothing_and_asks_nothing(as_, bob, paying, stripe):
    assert cancel(bob)
    asked = len(stripe.requests)
    assert cancel(bob)
    assert as_(bob).post("/billing/cancel/").status_code == 303
    assert as_(bob).get("/billing/cancel/")["Location"] == "/billing/#plan"
    assert len(stripe.requests) == asked


def test_it_goes_on_after_all(as_, bob, paying, stripe):
    cancel(bob)
    assert as_(bob).post("/billing/resume/")["Location"] == "/billing/#plan"
    assert not at_stripe(stripe)["cancel_at_period_end"]
    paying.refresh_from_db()
    assert paying.cancels_at is None
    assert resume(bob)


def test_who_pays_for_nothing_has_nothing_to_end(as_, bob, grace, paying):
    browser = as_(grace)
    assert browser.get("/billing/cancel/")["Location"] == "/billing/#plan"
    for address in ("cancel", "resume"):
        answer = browser.post(f"/billing/{address}/")
        assert answer.status_code == 409
        assert "You have no subscription that goes on." in answer.content.decode()
    with pytest.raises(NothingGoesOn):
        cancel(grace)


@pytest.mark.parametrize("status", ["canceled", "unpaid", "paused", "incomplete"])
def test_what_does_not_go_on_cannot_be_ended(as_, bob, stripe, status):
    make_subscription(bob, make_price(), status=status)
    assert as_(bob).get("/billing/cancel/").status_code == 303
    assert as_(bob).post("/billing/cancel/").status_code == 409
    assert not stripe.requests


def test_a_stripe_that_is_away_ends_nothing(as_, bob, paying, stripe):
    stripe.away = True
    for address in ("cancel", "resume"):
        if address == "resume":
            Subscription.objects.update(cancels_at=paying.period_ends_at)
        answer = as_(bob).post(f"/billing/{address}/")
        assert answer.status_code == 503
        assert "Your plan is unchanged." in answer.content.decode()
        assert f'action="/billing/{address}/"' in answer.content.decode()
    assert not at_stripe(stripe)["cancel_at_period_end"]


@pytest.mark.parametrize("address", ["cancel", "portal"])
def test_a_page_waits_for_all_of_stripes_answers_together(
    as_, bob, paying, stripe, monkeypatch, address
):
    monkeypatch.setattr(gateway, "PAGE_SECONDS_IN_ALL", 0.0)
    stripe.requests.clear()
    assert as_(bob).post(f"/billing/{address}/").status_code == 503
    assert not stripe.requests


def test_a_look_that_fails_after_the_change_says_that_it_takes_a_while(
    as_, bob, paying, stripe, monkeypatch
):
    def away(customer):
        raise GatewayAway

    monkeypatch.setattr(subscriptions, "sync", away)
    browser = as_(bob)
    assert browser.post("/billing/cancel/").status_code == 303
    assert "It takes a few minutes" in browser.get("/billing/").content.decode()
    assert at_stripe(stripe)["cancel_at_period_end"]


def test_the_portal_is_opened_for_what_is_wanted(as_, bob, paying, stripe):
    browser = as_(bob)
    for flow in ("", "payment_method_update", "subscription_update"):
        answer = browser.post("/billing/portal/", {"flow": flow})
        assert answer.status_code == 303
        assert answer["Location"].startswith(f"{stripe.base}/p/session/")
    flows = [one.params.get("flow_data", {}) for one in stripe.requests if "portal" in one.path]
    assert [one.get("type", "") for one in flows] == [
        "", "payment_method_update", "subscription_update"
    ]  # fmt: skip
    assert flows[2]["subscription_update"]["subscription"] == paying.stripe_subscription_id


@pytest.mark.parametrize("flow", ["x", "subscription_cancel", "\0", "é"])
def test_the_portal_is_opened_for_nothing_else(as_, bob, paying, stripe, flow):
    asked = len(stripe.requests)
    assert as_(bob).post("/billing/portal/", {"flow": flow}).status_code == 422
    assert len(stripe.requests) == asked


def test_who_never_bought_has_no_portal(as_, bob, stripe):
    for flow in ("", "subscription_update"):
        answer = as_(bob).post("/billing/portal/", {"flow": flow})
        assert answer.status_code == 409
        assert "You have bought nothing here yet." in answer.content.decode()
    assert not stripe.requests


def test_a_plan_that_has_ended_cannot_be_changed(as_, bob, stripe):
    make_subscription(bob, make_price(), status="canceled")
    answer = as_(bob).post("/billing/portal/", {"flow": "subscription_update"})
    assert answer.status_code == 409


def test_an_invoice_is_fetched_from_stripe_and_its_address_kept_nowhere(
    as_, bob, grace, paying, stripe
):
    invoice = Invoice.objects.get()
    address = f"/billing/invoices/{invoice.number}/file/"
    answer = as_(bob).post(address)
    assert answer.status_code == 303
    assert answer["Location"].startswith(stripe.base)
    assert as_(grace).post(address).status_code == 404
    stripe.away = True
    assert as_(bob).post(address).status_code == 503


def test_an_invoice_that_stripe_does_not_know_is_told(as_, bob, stripe):
    make_customer(bob)
    invoice = make_invoice(bob)
    assert as_(bob).post(f"/billing/invoices/{invoice.number}/file/").status_code == 409


# Stripe is heard no more half-way


@pytest.fixture
def at_once(monkeypatch):
    """Tries follow each other without a pause."""
    monkeypatch.setattr(transport, "FIRST_PAUSE", 0.0)


def test_a_change_whose_answer_is_lost_is_looked_for(as_, bob, paying, stripe, at_once):
    stripe.loses_answers(transport.TRIES, after=1)
    browser = as_(bob)
    assert browser.post("/billing/cancel/")["Location"] == "/billing/#plan"
    paying.refresh_from_db()
    assert paying.cancels_at == paying.period_ends_at
    assert "did not answer in time" not in browser.get("/billing/").content.decode()
    assert not WebhookDelivery.objects.exists()


def test_a_change_that_did_not_arrive_is_said_to_be_none(as_, bob, paying, stripe, at_once):
    stripe.goes_wrong(None, times=1)
    stripe.goes_wrong(faults.gone, times=transport.TRIES)
    answer = as_(bob).post("/billing/cancel/")
    assert answer.status_code == 503
    assert "Your plan is unchanged." in answer.content.decode()
    assert not at_stripe(stripe)["cancel_at_period_end"]


@pytest.mark.parametrize(
    ("address", "data", "page"),
    [
        ("cancel", {}, "/billing/#plan"),
        ("resume", {}, "/billing/#plan"),
        ("seats/quantity", {"quantity": "4"}, "/billing/seats/"),
    ],
)
def test_nobody_is_told_what_nobody_knows_and_a_look_is_due(
    as_, bob, paying, stripe, at_once, address, data, page
):
    if address == "resume":
        Subscription.objects.update(cancels_at=paying.period_ends_at)
        stripe.cancel(paying.stripe_subscription_id, at_period_end=True)
    if data:
        Price.objects.update(plan=Plan.objects.get_or_create(tier="ENTERPRISE")[0])
    stripe.goes_wrong(None, times=1)
    stripe.goes_wrong(faults.lost)
    browser = as_(bob)
    answer = browser.post(f"/billing/{address}/", data)
    assert (answer.status_code, answer["Location"]) == (303, page)
    stripe.is_well()
    shown = browser.get(page).content.decode()
    assert "did not answer in time, so we do not know yet whether it worked" in shown
    [row] = WebhookDelivery.objects.due()
    assert row.id.startswith("own_")
    assert tasks.take_up_deliveries() == 0
    WebhookDelivery.objects.update(next_try_at=now() - timedelta(seconds=1))
    assert tasks.take_up_deliveries() == 1
    row.refresh_from_db()
    paying.refresh_from_db()
    assert row.state == "DONE"
    assert paying.quantity == int(data.get("quantity", 1))
    assert bool(paying.cancels_at) == (address == "cancel")


def test_a_look_that_is_wanted_is_made_once_somebody_else_looked(bob, paying, stripe):
    deliveries.want_look(bob.customer)
    sync(bob.customer)
    stripe.requests.clear()
    WebhookDelivery.objects.update(next_try_at=now() - timedelta(seconds=1))
    tasks.take_up_deliveries()
    assert not stripe.requests
    assert WebhookDelivery.objects.get().state == "DONE"


# Another plan


@pytest.fixture
def team(stripe):
    stripe.price("price_team", 900, "eur", "month")
    return make_price(Tier.ENTERPRISE, 900, stripe_price_id="price_team")


def confirm(stripe, address):
    """What the person does at Stripe's page."""
    assert requests.post(address, {"do": "confirm"}, allow_redirects=False, timeout=5).ok


def test_a_plan_for_one_is_paid_for_once_whatever_came_before(as_, bob, paying, team, stripe):
    browser, pro = as_(bob), paying.price
    answer = browser.post("/billing/portal/", {"flow": "subscription_update", "price": team.pk})
    assert answer.status_code == 303
    confirm(stripe, answer["Location"])
    stripe.change(paying.stripe_subscription_id, quantity=5)
    sync(bob.customer)
    paying.refresh_from_db()
    assert (paying.price, paying.quantity) == (team, 5)
    confirm(stripe, browser.post("/billing/portal/", {"price": pro.pk})["Location"])
    sync(bob.customer)
    paying.refresh_from_db()
    assert (paying.price, paying.quantity) == (pro, 1)


def test_seats_go_on_with_a_plan_that_has_them(as_, bob, paying, team, stripe):
    stripe.price("price_year", 9000, "eur", "year")
    year = make_price(Tier.ENTERPRISE, 9000, interval="year", stripe_price_id="price_year")
    stripe.change(paying.stripe_subscription_id, "price_team", 5)
    sync(bob.customer)
    confirm(stripe, as_(bob).post("/billing/portal/", {"price": year.pk})["Location"])
    sync(bob.customer)
    paying.refresh_from_db()
    assert (paying.price, paying.quantity) == (year, 5)


@pytest.mark.parametrize("price", ["x", "\0", "01a20212-0000-7000-8000-000000000000"])
def test_nobody_changes_to_what_is_not_sold(as_, bob, paying, stripe, price):
    stripe.requests.clear()
    answer = as_(bob).post("/billing/portal/", {"price": price})
    assert answer.status_code == 422
    assert not stripe.requests


def test_a_change_is_for_who_pays_and_waits_for_stripe(as_, bob, grace, paying, team, stripe):
    assert as_(grace).post("/billing/portal/", {"price": team.pk}).status_code == 409
    stripe.away = True
    page = as_(bob).post("/billing/portal/", {"price": team.pk})
    assert page.status_code == 503
    assert f'name="price" value="{team.pk}"' in page.content.decode()
