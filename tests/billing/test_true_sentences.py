"""Sentences of the pages of payments that were true only for most readers."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from billing.models import Invoice, Subscription
from billing.models.subscriptions import GRACE
from courses.models import Tier
from progress.actions import complete_lesson
from tests.billing.rows import (
    make_invoice,
    make_late,
    make_price,
    make_seats,
    make_subscription,
    seated,
)
from tests.billing.test_pages import day, text_of
from tests.billing.test_pricing_of_readers import card, pricing, words

pytestmark = pytest.mark.usefixtures("db", "selling")


@pytest.fixture
def price():
    return make_price()


def read(as_, user, path="/billing/"):
    return text_of(as_(user).get(path))


def late_for(user, days, price):
    one = make_late(user, days, price=price, period_ends_at=now() + timedelta(days=60))
    return one, day(one.past_due_since + GRACE), day(one.period_ends_at)


def test_courses_of_a_late_plan_close_with_the_grace_or_with_what_is_paid(as_, bob, price):
    _, closes, ends = late_for(bob, 2, price)
    page = read(as_, bob, "/billing/cancel/")
    assert f"close on {closes} unless the late payment comes, otherwise on {ends}." in page
    assert "close on that day" not in page
    Subscription.objects.update(past_due_since=now() - timedelta(days=8))
    assert "open again once the late payment comes" in read(as_, bob, "/billing/cancel/")


def test_a_late_plan_has_one_sentence_on_its_days(as_, bob, price):
    one, closes, ends = late_for(bob, 2, price)
    page = read(as_, bob)
    assert f"Pro stays open until {closes}" in page
    assert f", and once it is paid, until {ends}, when it renews. Nothing" in page
    assert page.count("renews") == 1
    Subscription.objects.update(renewal_amount=960)
    assert "when it renews for 9.60 €." in read(as_, bob)
    Subscription.objects.update(cancels_at=one.period_ends_at)
    page = read(as_, bob)
    assert f"and once it is paid, until {ends}. Nothing" in page
    assert f"Pro ends {ends} at the latest" in page


def test_an_open_invoice_stands_under_a_plan_that_ended(as_, bob, price):
    make_subscription(bob, price, status="canceled", ended_at=now())
    assert "nothing more is charged" in read(as_, bob)
    owed = make_invoice(bob, 7, total=4500, status="open", paid=0, paid_at=None)
    answer = as_(bob).get("/billing/")
    assert "nothing more is charged" not in text_of(answer)
    assert f"An invoice of 45 € is still open: {owed.number}" in text_of(answer)
    assert f'action="/billing/invoices/{owed.number}/' in answer.text
    Invoice.objects.update(status="void")
    assert "still open" not in read(as_, bob)


def test_what_is_set_to_end_is_kept_before_it_is_changed(as_, bob, price):
    make_price(Tier.ENTERPRISE, 900)
    make_price(amount=12000, interval="year")
    ends = now() + timedelta(days=20)
    make_subscription(bob, price, cancels_at=ends)
    page = pricing(as_(bob))
    assert "Change to" not in page
    assert "Before you confirm a change" not in page
    assert f"Pro ends {day(ends)} . To change to Enterprise, press Keep first" in words(page)


def test_what_was_paid_is_what_an_invoice_says(as_, bob, price):
    one = make_subscription(bob, price, cancels_at=now() + timedelta(days=20))
    assert "paid" not in words(card(pricing(as_(bob)), "pro")).lower()
    make_invoice(bob, 9, total=4500, subscription=one)
    make_invoice(bob, 5, total=960, subscription=one)
    make_invoice(bob, 1, total=7700, subscription=one, status="open", paid=0)
    assert "You paid 9.60 € last. It ends" in words(card(pricing(as_(bob)), "pro"))


def test_who_can_pay_in_one_currency_is_not_sent_to_choose_another(as_, bob, grace, price):
    make_price(Tier.ENTERPRISE, 900)
    make_subscription(bob, make_price(currency="usd"), status="canceled")
    team = words(card(pricing(as_(bob)), "enterprise"))
    assert "You pay in USD; Enterprise is sold in EUR only. Ask whoever runs this school." in team
    assert "Choose another currency" not in team
    seated(make_seats(grace), bob)
    team = words(card(pricing(as_(bob)), "enterprise"))
    assert "Your plan" in team
    assert "sold in" not in team
    assert "You hold all that it opens, and have nothing to pay." in team


def test_a_change_to_enterprise_says_with_how_many_seats(as_, bob, price):
    make_price(Tier.ENTERPRISE, 900)
    make_subscription(bob, price)
    team = words(card(pricing(as_(bob)), "enterprise"))
    assert "Enterprise starts with 1 seat; add more under Seats. Change to Enterprise" in team


def test_seats_of_before_wait_for_a_free_one(as_, ada, bob, grace):
    seated(make_seats(grace), bob)
    Subscription.objects.update(status="canceled", ended_at=now())
    page = read(as_, grace, "/billing/seats/")
    assert "its seats are closed" in page
    assert "Closed" in page
    for words_of_open_ones in ("Paid for", "Free", "Taken"):
        assert words_of_open_ones not in page
    seated(make_seats(grace, 1), ada)
    page = read(as_, grace, "/billing/seats/")
    assert "None is free: add a seat first." in page
    assert "Take them over" not in page


def test_who_bought_seats_is_led_to_invite(as_, bob, grace, price):
    make_seats(grace, 5)
    answer = as_(grace).get("/billing/return/")
    assert "<title>Enterprise is open" in answer.text
    assert "for you and for whom you give a seat: you pay for 5." in text_of(answer)
    invite = '<a class="btn primary" href="/billing/seats/#invite-form">Invite people</a>'
    assert invite in answer.text
    assert answer.text.count("btn primary") == 1
    make_subscription(bob, price)
    assert "Invite people" not in read(as_, bob, "/billing/return/")


def test_kept_is_said_only_where_something_was_done(as_, ada, course, lessons):
    type(course).objects.update(required_plan="PRO")
    home = "/classroom/courses/python-basics/"
    addresses = ("/courses/python-basics/", home, f"{home}lessons/lesson-1/")
    for address in addresses:
        page = read(as_, ada, address)
        assert "Pro" in page, address
        assert "did here" not in page, address
    type(course).objects.update(required_plan="FREE")
    complete_lesson(ada, lessons[0])
    type(course).objects.update(required_plan="PRO")
    for address in addresses:
        assert "All that you did here is kept" in read(as_, ada, address), address


def test_what_one_holds_already_is_not_pressed_on_them(as_, bob, grace, price):
    assert "btn full primary" in card(pricing(as_(bob)), "pro")
    seated(make_seats(grace), bob)
    pro = card(pricing(as_(bob)), "pro")
    assert "You hold all that it opens" in pro
    assert "primary" not in pro


def test_one_seat_is_named_in_the_price(as_, grace):
    make_price(Tier.ENTERPRISE, 900)
    make_seats(grace, 1)
    assert "12 € a month for 1 seat" in words(card(pricing(as_(grace)), "enterprise"))


def test_an_invoice_that_was_all_given_back_says_so(as_, bob):
    make_invoice(bob, 1, refunded=1200)
    make_invoice(bob, 2, refunded=100)
    badge = '<span class="pill">Refunded</span>'
    assert badge in as_(bob).get("/billing/invoices/INV-2026-001/").text
    assert badge not in as_(bob).get("/billing/invoices/INV-2026-002/").text
