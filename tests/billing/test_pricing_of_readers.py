"""The page of prices to whoever pays already, and to whoever counts seats before paying."""

import re
from datetime import timedelta

import pytest

from courses.models import Tier
from tests.billing.rows import (
    make_invoice,
    make_late,
    make_price,
    make_seats,
    make_subscription,
)
from tests.billing.test_pages import day, text_of

pytestmark = pytest.mark.usefixtures("db", "selling")
LATE = {"flow": "payment_method_update"}


@pytest.fixture
def price():
    return make_price()


def card(page, name):
    """What stands on the card of a plan."""
    return re.search(rf'<article[^>]*"plan-{name}".*?</article>', page, re.DOTALL)[0]


def pricing(browser, **query):
    return browser.get("/pricing/", query).text


def words(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html).replace("\N{NO-BREAK SPACE}", " "))


def test_over_your_plan_stands_what_you_pay(as_, bob, price):
    """They bought for less, by the year and in another currency than is offered now."""
    old = make_price(amount=9900, currency="usd", interval="year", is_offered=False)
    one = make_subscription(bob, old)
    mine = words(card(pricing(as_(bob), currency="eur"), "pro"))
    assert "Your plan" in mine
    assert f"$99 a year What you pay. It renews {day(one.period_ends_at)}" in mine
    assert "12 €" not in mine


def test_seats_are_part_of_what_you_pay(as_, grace, price):
    make_price(Tier.ENTERPRISE, 900)
    make_seats(grace, 5)
    mine = words(card(pricing(as_(grace)), "enterprise"))
    assert "60 € a month for 5 seats" in mine
    assert "for each seat" not in mine


def test_what_is_charged_otherwise_than_listed_is_named(as_, bob, price):
    make_subscription(bob, price, renewal_amount=960)
    assert "with 9.60 € after taxes and discounts" in words(card(pricing(as_(bob)), "pro"))


@pytest.mark.parametrize(
    ("days", "pill", "told"),
    [
        (2, "Payment is late", "the plan stays open until"),
        (8, "Closed", "and opens again once it is paid"),
    ],
)
def test_who_is_late_is_told_so_and_can_mend_it_there(as_, bob, price, days, pill, told):
    make_late(bob, days, price=price)
    mine = card(pricing(as_(bob)), "pro")
    assert "Your plan" not in mine
    assert "pill ok" not in mine
    for said in (pill, "Your last payment did not go through", told, "Update payment method"):
        assert said in words(mine)
    assert 'action="/billing/portal/"' in mine


def test_who_has_cancelled_or_tries_out_is_told_until_when(as_, bob, grace, price):
    one = make_subscription(bob, price)
    ends = one.period_ends_at
    type(one).objects.update(cancels_at=ends)
    make_invoice(bob, subscription=one)
    told = f"You paid 12 € last. It ends {day(ends)}"
    assert told in words(card(pricing(as_(bob)), "pro"))
    ends += timedelta(days=1)
    make_subscription(grace, price, status="trialing", trial_ends_at=ends, period_ends_at=ends)
    assert f"What you pay from {day(ends)} on" in words(card(pricing(as_(grace)), "pro"))


def test_a_rule_is_said_once_or_beside_each_price_where_they_differ(client, price):
    make_price(Tier.ENTERPRISE, 900)
    make_price(amount=12000, interval="year")
    alike = text_of(client.get("/pricing/"))
    assert alike.count("Charged today") == 1
    assert "and then every month or year until you cancel" in alike
    make_price(Tier.ENTERPRISE, 9000, interval="year", trial_days=7, includes_tax=False)
    mixed = text_of(client.get("/pricing/"))
    assert mixed.count("Charged today, tax included.") == 3
    assert mixed.count("Free for 7 days, then charged, plus the tax that the next page shows.") == 1
    assert mixed.count("until you cancel; what is paid stays open to its end.") == 1


@pytest.fixture
def by_seats():
    make_price(Tier.ENTERPRISE, 20000, interval="year", includes_tax=False)
    return make_price(Tier.ENTERPRISE, 2000)


def test_seats_are_added_up_before_anybody_pays(as_, bob, by_seats):
    page = words(pricing(as_(bob)))
    assert "5 seats × 20 € = 100 € a month" in page
    assert "5 seats × 200 € = 1,000 € a year, plus tax" in page
    page = pricing(as_(bob), quantity="12")
    assert "12 seats × 20 € = 240 € a month" in words(page)
    assert 'value="12" required' in page
    assert "1 seat × 20 € = 20 € a month" in words(pricing(as_(bob), quantity="1"))


@pytest.mark.parametrize("typed", ["", "0", "-1", "501", "x", "1.5", "9" * 400, "²", "<b>"])
def test_a_number_that_is_none_adds_up_to_nothing(as_, bob, by_seats, typed):
    page = pricing(as_(bob), quantity=typed)
    assert "Say how many seats: 1 to 500." in page
    assert "seats × " not in page


def test_without_script_a_button_adds_up(as_, bob, by_seats):
    browser = as_(bob)
    asked = {"price": str(by_seats.pk), "currency": "eur", "quantity": "7", "total": "1"}
    answer = browser.post("/billing/checkout/", asked)
    assert answer.status_code == 303
    assert answer["Location"].endswith("#choose-enterprise")
    page = browser.get(answer["Location"]).text
    assert "7 seats × 20 € = 140 € a month" in words(page)
    assert f'value="{by_seats.pk}" checked' in page
    asked["quantity"] = "0"
    assert browser.post("/billing/checkout/", asked).status_code == 422


def test_who_has_no_plan_finds_the_prices_in_their_menu(as_, bob, price, settings):
    link = 'href="/pricing/"'
    menu = re.compile(r'<details class="menu">.*?</details>', re.DOTALL)
    assert link in menu.search(as_(bob).get("/help/").text)[0]
    settings.STRIPE_SECRET_KEY = ""
    assert link not in as_(bob).get("/help/").text


def test_a_way_to_pay_that_is_not_there_can_be_added(as_, bob, price):
    make_subscription(bob, price)
    page = text_of(as_(bob).get("/billing/"))
    assert "No card or other way to pay is on file. Add a payment method" in page
