"""The way to pay, against a Stripe that keeps state."""

import re

import pytest
from django.test import Client

from billing import checkouts, gateway, tasks
from billing.checkouts import (
    AnotherBegun,
    NotSold,
    OnItsWay,
    Subscribed,
    Unpaid,
    Unplaced,
    start_checkout,
)
from billing.errors import GatewayAway, GatewayRefused
from billing.models import Checkout, Customer, WebhookDelivery
from billing.syncing import sync
from courses.models import Tier
from tests.billing.rows import make_price, make_subscription
from tests.conftest import make_course
from tests.doubles.stripe_endpoint import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def pro(stripe):
    return make_price(stripe_price_id="price_pro")


@pytest.fixture
def yearly(stripe):
    stripe.price("price_year", 12000, "eur", "year")
    return make_price(amount=12000, interval="year", stripe_price_id="price_year")


@pytest.fixture
def team(stripe):
    stripe.price("price_team", 900, "eur", "month")
    return make_price(Tier.ENTERPRISE, 900, stripe_price_id="price_team")


def sessions(stripe, status="open"):
    return stripe.all("checkout.session", status=status)


def choose(browser, price, **more):
    return browser.post("/billing/checkout/", {"price": str(price.pk), **more})


def test_choosing_a_plan_leads_to_stripe(as_, bob, pro, stripe):
    answer = choose(as_(bob), pro)
    [session] = sessions(stripe)
    [row] = Checkout.objects.all()
    assert (answer.status_code, answer["Location"]) == (303, session["url"])
    assert row.stripe_session_id == session["id"]
    assert row.customer.user == bob
    assert session["customer"] == row.customer.stripe_customer_id


def test_a_second_click_finds_the_same_session(as_, bob, pro, stripe):
    browser = as_(bob)
    assert choose(browser, pro)["Location"] == choose(browser, pro)["Location"]
    assert len(sessions(stripe)) == Checkout.objects.count() == Customer.objects.count() == 1


def test_another_price_takes_the_place_of_the_first(bob, pro, yearly, stripe):
    start_checkout(bob, pro)
    there = start_checkout(bob, yearly)
    [session] = sessions(stripe)
    assert session["url"] == there
    assert len(sessions(stripe, "expired")) == 1
    assert Checkout.objects.get(closed_at=None).price == yearly


def test_a_session_that_ran_out_is_followed_by_another(bob, pro, stripe):
    start_checkout(bob, pro)
    stripe.expire(sessions(stripe)[0]["id"])
    assert start_checkout(bob, pro) == sessions(stripe)[0]["url"]
    assert Checkout.objects.filter(closed_at=None).count() == 1


def test_a_session_that_stripe_does_not_have_is_followed_by_another(bob, pro, stripe):
    start_checkout(bob, pro)
    Checkout.objects.update(stripe_session_id="cs_of_the_other_mode")
    there = start_checkout(bob, pro)
    assert there == sessions(stripe)[0]["url"]
    assert Checkout.objects.get(closed_at=None).stripe_session_id == sessions(stripe)[0]["id"]


def test_what_is_paid_is_not_paid_twice_though_no_message_came_yet(as_, bob, pro, stripe):
    browser = as_(bob)
    choose(browser, pro)
    stripe.complete(sessions(stripe)[0]["id"])
    answer = choose(browser, pro)
    assert answer.status_code == 409
    assert "You have a subscription already." in answer.content.decode()
    assert not sessions(stripe)
    assert not Checkout.objects.filter(closed_at=None)


def test_who_comes_back_after_an_end_pays_in_a_new_session(bob, pro, stripe):
    start_checkout(bob, pro)
    subscription = stripe.complete(sessions(stripe)[0]["id"])
    stripe.cancel(subscription)
    assert start_checkout(bob, pro) == sessions(stripe)[0]["url"]


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        ("active", Subscribed),
        ("trialing", Subscribed),
        ("past_due", Subscribed),
        ("incomplete", OnItsWay),
        ("unpaid", Unpaid),
        ("paused", Unpaid),
    ],
)
def test_one_subscription_a_person(bob, pro, stripe, status, refusal):
    late = {"past_due_since": "2026-11-01T00:00Z"} if status == "past_due" else {}
    make_subscription(bob, pro, status=status, **late)
    with pytest.raises(refusal):
        start_checkout(bob, pro)
    assert not stripe.all("checkout.session")


@pytest.mark.parametrize("status", ["canceled", "incomplete_expired"])
def test_what_has_ended_stands_in_nobodys_way(bob, pro, stripe, status):
    customer = gateway.make_customer("one", bob.email, bob.name, "1")
    Customer.objects.create(user=bob, stripe_customer_id=customer)
    make_subscription(bob, pro, status=status)
    assert start_checkout(bob, pro)


def test_who_was_deleted_at_stripe_can_buy_again(bob, pro, stripe):
    start_checkout(bob, pro)
    first = bob.customer.stripe_customer_id
    stripe.delete_customer(first)
    there = start_checkout(bob, pro)
    customer = Customer.objects.get()
    assert customer.stripe_customer_id != first
    paid = stripe.complete(next(one for one in sessions(stripe) if one["url"] == there))
    assert paid["customer"] == customer.stripe_customer_id
    sync(customer)
    assert customer.subscriptions.current().get().stripe_subscription_id == paid["id"]


def test_a_customer_that_stripe_never_had_is_made_there(bob, pro, stripe):
    """A school that tried it out with a key of the test mode."""
    Customer.objects.create(user=bob, stripe_customer_id="cus_of_the_other_mode")
    assert start_checkout(bob, pro) == sessions(stripe)[0]["url"]
    assert Customer.objects.get().stripe_customer_id == stripe.all("customer")[0]["id"]


def test_what_was_bought_before_a_deletion_stays(bob, pro, stripe):
    start_checkout(bob, pro)
    stripe.complete(sessions(stripe)[0]["id"])
    customer = Customer.objects.get()
    sync(customer)
    stripe.delete_customer(customer.stripe_customer_id)
    sync(customer)
    start_checkout(bob, pro)
    sync(customer)
    assert customer.invoices.get().status == "paid"
    assert customer.subscriptions.get().status == "canceled"


def test_a_look_that_was_asked_of_the_old_customer_sees_the_new_one(bob, pro, stripe):
    start_checkout(bob, pro)
    old = Customer.objects.get()
    stripe.delete_customer(old.stripe_customer_id)
    there = start_checkout(bob, pro)
    stripe.complete(next(one for one in sessions(stripe) if one["url"] == there))
    sync(old)
    assert old.subscriptions.current().exists()


@pytest.mark.parametrize("stored", [False, True])
def test_who_pays_for_what_has_no_place_here_buys_no_second(as_, bob, pro, stripe, stored):
    start_checkout(bob, pro)
    customer = Customer.objects.get()
    paid = stripe.complete(sessions(stripe)[0]["id"])
    if stored:
        sync(customer)
    stripe.price("price_elsewhere", 900, "eur", "month")
    stripe.change(paid, price="price_elsewhere")
    sync(customer)
    assert not customer.subscriptions.current().exists()
    answer = choose(as_(bob), pro)
    assert answer.status_code == 409
    assert "so that you do not pay twice" in answer.content.decode()
    assert not sessions(stripe)
    with pytest.raises(Unplaced):
        start_checkout(bob, pro)
    stripe.cancel(paid)
    assert start_checkout(bob, pro)


def test_one_that_nobody_heard_of_is_found_before_a_second_is_sold(bob, pro, stripe):
    customer = Customer.objects.create(user=bob, stripe_customer_id=stripe.customer()["id"])
    stripe.subscribe(customer.stripe_customer_id, "price_pro")
    with pytest.raises(Subscribed):
        start_checkout(bob, pro)
    assert customer.subscriptions.current().exists()
    assert not stripe.all("checkout.session")


def test_a_trial_is_given_once(bob, pro, stripe):
    pro.trial_days = 14
    pro.save()
    start_checkout(bob, pro)
    first = stripe.complete(sessions(stripe)[0]["id"])
    assert first["status"] == "trialing"
    stripe.cancel(first)
    start_checkout(bob, pro)
    assert stripe.complete(sessions(stripe)[0]["id"])["status"] == "active"


def test_seats_are_bought_by_number(as_, bob, team, stripe):
    assert choose(as_(bob), team, quantity="7").status_code == 303
    assert Checkout.objects.get().quantity == 7
    assert sessions(stripe)[0]["amount_total"] == 6300


def test_a_plan_for_one_is_bought_once(as_, bob, pro):
    choose(as_(bob), pro, quantity="7")
    assert Checkout.objects.get().quantity == 1


@pytest.mark.parametrize("quantity", ["", "0", "-1", "501", "1.5", "x", "9" * 5000, "²"])
def test_seats_are_a_number_within_bounds(as_, bob, team, stripe, quantity):
    answer = choose(as_(bob), team, quantity=quantity)
    assert answer.status_code == 422
    assert "Say how many seats: 1 to 500." in answer.content.decode()
    assert not stripe.requests


def test_what_was_chosen_stays_chosen_when_the_seats_are_wrong(as_, bob, team, stripe):
    yearly = make_price(Tier.ENTERPRISE, 9000, interval="year", stripe_price_id="price_team_year")
    page = choose(as_(bob), yearly, quantity="x").content.decode()
    radios = re.findall(r'<input type="radio"[^>]*>', page)
    last = [radio for radio in radios if " checked" in radio][-1]
    assert str(yearly.pk) in last
    field = re.search(r'<input id="id_quantity"[^>]*>', page)
    assert field
    assert 'value="x"' in field[0]
    assert 'aria-invalid="true" aria-describedby="id_quantity_error"' in field[0]
    assert 'id="id_quantity_error"' in page


@pytest.mark.parametrize("price", ["", "x", "0" * 36, "018f0000-0000-7000-8000-000000000000", "\0"])
def test_a_price_that_is_not_there_is_refused(as_, bob, pro, stripe, price):
    answer = as_(bob).post("/billing/checkout/", {"price": price})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not stripe.requests


def test_a_price_that_is_no_longer_offered_is_refused(as_, bob, pro, yearly):
    pro.is_offered = False
    pro.save()
    answer = choose(as_(bob), pro)
    assert answer.status_code == 422
    assert "That is not offered any more." in answer.content.decode()


def test_without_a_key_nothing_is_sold(as_, bob, pro, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(NotSold):
        start_checkout(bob, pro)
    assert choose(as_(bob), pro).status_code == 409


def test_a_stripe_that_is_away_costs_nothing(as_, bob, pro, stripe):
    stripe.away = True
    answer = choose(as_(bob), pro)
    html = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "We cannot reach our payment provider. Your plan is unchanged." in html
    assert 'action="/billing/checkout/"' in html
    assert f'name="price" value="{pro.pk}"' in html
    stripe.is_well()
    assert choose(as_(bob), pro).status_code == 303


@pytest.mark.parametrize("answered", [0, 1, 2, 3, 4])
def test_wherever_it_breaks_the_next_click_goes_on(bob, pro, stripe, monkeypatch, answered):
    """Customer, name, customer again, what they pay, session: each may be the one that is lost."""
    broken = faults.status(500)
    with monkeypatch.context() as patched:
        patched.setattr(
            stripe, "next_fault", lambda: broken if len(stripe.requests) > answered else None
        )
        with pytest.raises(GatewayAway):
            start_checkout(bob, pro)
    assert start_checkout(bob, pro) == sessions(stripe)[0]["url"]
    assert len(stripe.all("customer")) == len(sessions(stripe)) == 1


def test_a_refusal_of_stripes_is_told_and_does_not_stick(as_, bob, pro, stripe):
    wrong = make_price(Tier.ENTERPRISE, stripe_price_id="price_unknown")
    answer = choose(as_(bob), wrong, quantity="2")
    assert answer.status_code == 409
    assert "Our payment provider refused that. Your plan is unchanged." in answer.content.decode()
    assert not Checkout.objects.filter(closed_at=None)
    with pytest.raises(GatewayRefused):
        start_checkout(bob, wrong, 2)
    assert start_checkout(bob, pro)


def test_a_checkout_that_was_closed_meanwhile_leads_nowhere(bob, pro, stripe, monkeypatch):
    def open_slowly(*asked):
        found = open_session(*asked)
        Checkout.objects.update(closed_at="2026-11-22T00:00Z")
        return found

    open_session = gateway.open_session
    monkeypatch.setattr(checkouts.gateway, "open_session", open_slowly)
    with pytest.raises(AnotherBegun):
        start_checkout(bob, pro)
    assert not sessions(stripe)


def test_the_address_to_pay_at_is_kept_nowhere(as_, bob, pro, stripe):
    there = choose(as_(bob), pro)["Location"]
    assert there not in str(list(Checkout.objects.values()))
    assert there not in as_(bob).get("/billing/return/").content.decode()


def test_too_many_clicks_a_minute_are_told_to_wait(as_, bob, pro, stripe):
    browser = as_(bob)
    answers = [browser.post("/billing/checkout/", {"price": "x"}).status_code for _ in range(31)]
    assert answers == [422] * 30 + [429]


def test_a_form_from_elsewhere_is_refused(bob, pro, stripe):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob)
    assert choose(browser, pro).status_code == 403
    assert not stripe.requests


def test_a_message_that_came_before_the_id_was_stored_is_matched_by_itself(
    client, bob, pro, stripe, monkeypatch
):
    make = gateway.make_customer

    def heard_of_first(*args):
        made = make(*args)
        stripe.deliver_to(client)
        tasks.take_up_deliveries()
        assert {row.state for row in WebhookDelivery.objects.all()} == {"IGNORED", "UNMATCHED"}
        return made

    monkeypatch.setattr(gateway, "make_customer", heard_of_first)
    start_checkout(bob, pro)
    tasks.take_up_deliveries()
    assert {row.state for row in WebhookDelivery.objects.all()} == {"IGNORED", "DONE"}


def test_the_course_is_on_the_way_there_and_back(as_, bob, pro, stripe):
    make_course("paid", required_plan="PRO")
    browser = as_(bob)
    choose(browser, pro, course="paid")
    [session] = sessions(stripe)
    assert session["success_url"].endswith("/billing/return/?course=paid")
    assert session["cancel_url"].endswith("/pricing/?course=paid")
    assert Checkout.objects.get().course.slug == "paid"
    choose(browser, pro, course="paid")
    assert sessions(stripe) == [session]


def test_another_course_opens_another_checkout_in_place_of_the_first(as_, bob, pro, stripe):
    for slug in ("one", "two"):
        make_course(slug, required_plan="PRO")
        assert choose(as_(bob), pro, course=slug).status_code == 303
    [session] = sessions(stripe)
    assert session["success_url"].endswith("?course=two")
    assert Checkout.objects.filter(closed_at=None).count() == 1


@pytest.mark.parametrize("named", ["//evil.example", "https://evil.example", "none", "\0", "é"])
def test_a_course_that_is_none_is_left_out(as_, bob, pro, stripe, named):
    assert choose(as_(bob), pro, course=named).status_code == 303
    assert sessions(stripe)[0]["success_url"].endswith("/billing/return/")


def test_the_course_is_kept_for_a_second_try(as_, bob, pro, stripe):
    make_course("paid", required_plan="PRO")
    stripe.away = True
    page = choose(as_(bob), pro, course="paid").content.decode()
    assert '<input type="hidden" name="course" value="paid">' in page
