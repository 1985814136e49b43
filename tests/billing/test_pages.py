"""The pages of billing: what each says, who sees it, and what it costs to ask."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from billing.amounts import SPACE
from billing.models import Grant, Plan
from billing.pages import arrival_of, billing_page, invoice_page
from billing.pricing import pricing_page
from courses.models import Tier
from tests.billing.rows import (
    make_customer,
    make_invoice,
    make_late,
    make_method,
    make_move,
    make_price,
    make_seats,
    make_subscription,
    seated,
)
from tests.conftest import make_course

pytestmark = pytest.mark.usefixtures("db", "selling")


def text_of(answer):
    """What a reader sees, spaces made plain."""
    inline = r"</?(?:strong|time|span|bdi|a|svg|use|label|option)\b[^>]*>"
    html = re.sub(inline, "", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html).replace(SPACE, " "))


def day(moment):
    return f"{moment.day} {moment:%b %Y}"


@pytest.fixture
def price():
    return make_price()


# Prices


def test_without_a_key_there_is_no_page_of_prices(client, settings, price):
    settings.STRIPE_SECRET_KEY = ""
    assert client.get("/pricing/").status_code == 404
    assert "/pricing/" not in client.get("/courses/").content.decode()


def test_without_a_price_there_is_no_page_of_prices(client, bob, as_):
    make_price(is_offered=False)
    assert client.get("/pricing/").status_code == 404
    for browser in (client, as_(bob)):
        assert 'href="/pricing/"' not in browser.get("/courses/").content.decode()


def test_prices_say_what_is_charged_and_how_it_ends(client, price):
    make_course("free")
    make_course("paid", required_plan="PRO")
    answer = client.get("/pricing/")
    page = text_of(answer)
    rule = "Charged today, tax included, and then every month until you cancel; what is paid stays"
    assert "12 € a month" in page
    assert page.count(rule) == 1
    assert 'href="/accounts/signup/?next=/pricing/">Choose Pro</a>' in answer.content.decode()
    assert re.search(r'<th scope="row">Courses</th>\s*<td>1 course</td>', answer.content.decode())
    assert "2 courses" in page
    assert "Enterprise" not in page
    assert 'href="/pricing/"' in client.get("/courses/").content.decode()


def test_a_trial_and_a_tax_are_named(client):
    make_price(trial_days=14, includes_tax=False)
    page = text_of(client.get("/pricing/"))
    assert (
        "Free for 14 days, then charged, plus the tax that the next page shows, every month" in page
    )


def test_the_currency_follows_the_region_and_the_wish(client, price):
    make_price(currency="jpy", amount=1980)
    make_price(Tier.ENTERPRISE, 900)
    japanese = {"Accept-Language": "ja-JP"}
    page = text_of(client.get("/pricing/", headers=japanese))
    assert "1,980 ¥ a month" in page
    assert "Not sold in JPY. Choose another currency, or ask whoever runs this school." in page
    assert "12 € a month" in text_of(client.get("/pricing/?currency=eur", headers=japanese))
    nowhere = text_of(client.get("/pricing/?currency=chf", headers=japanese))
    assert "Nothing is sold in CHF." in nowhere
    assert "Accept-Language" in client.get("/pricing/")["Vary"]


@pytest.mark.parametrize("status", ["active", "canceled"])
def test_who_has_paid_in_a_currency_sees_prices_in_no_other(as_, bob, price, status):
    make_price(amount=1300, currency="usd")
    make_price(Tier.ENTERPRISE, 9900, currency="usd")
    make_subscription(bob, price, status=status)
    american = {"Accept-Language": "en-US"}
    answer = as_(bob).get("/pricing/?currency=usd", headers=american)
    assert "12 € a month" in text_of(answer)
    assert 'name="currency">' not in answer.content.decode()
    type(price).objects.filter(pk=price.pk).update(is_offered=False)
    page = text_of(as_(bob).get("/pricing/"))
    assert "$99 a month for each seat" in page
    # Over the plan that somebody pays for stands what they pay.
    assert ("$13 a month" in page, "12 € a month" in page) == (
        status == "canceled",
        status == "active",
    )


@pytest.mark.parametrize(
    "query", ["currency=", "currency=%3Cscript%3E", "currency=eur&currency=", "x=1", "currency=€"]
)
def test_a_currency_that_is_none_is_passed_over(client, price, query):
    answer = client.get(f"/pricing/?{query}")
    assert answer.status_code == 200
    assert "12 € a month" in text_of(answer)


def test_whoever_pays_is_shown_their_plan_and_the_way_to_change_it(as_, bob, price):
    make_price(Tier.ENTERPRISE, 900)
    make_subscription(bob, price)
    page = text_of(as_(bob).get("/pricing/"))
    assert "Your plan" in page
    assert "Change to Enterprise" in page
    assert "Choose Enterprise" not in page
    assert "Charged today" not in page
    assert "Before you confirm a change, Stripe shows what it costs." in page


def test_who_pays_for_seats_is_told_that_they_close_with_the_change(as_, bob, price):
    team = make_price(Tier.ENTERPRISE, 900)
    told = "Pro is for one: your 4 seats close with the change."
    one = make_subscription(bob, team, quantity=4)
    browser = as_(bob)
    html = browser.get("/pricing/").content.decode()
    assert told in html
    assert f'name="price" value="{price.pk}">Change to Pro</button>' in html
    year = make_price(Tier.ENTERPRISE, 9000, interval="year")
    other = f'value="{year.pk}">Change to 90{SPACE}€ a year for each seat</button>'
    assert other in browser.get("/pricing/").content.decode()
    assert f'name="price" value="{team.pk}"' not in browser.get("/pricing/").content.decode()
    assert 'href="/pricing/">Change plan' in browser.get("/billing/").content.decode()
    type(one).objects.update(quantity=1)
    assert "close with the change" not in text_of(browser.get("/pricing/"))


def test_who_holds_a_plan_without_paying_is_told_that_there_is_nothing_to_buy(
    as_, bob, grace, root, price
):
    told = "You hold all that it opens, and have nothing to pay."
    make_price(Tier.ENTERPRISE, 900)
    assert told not in text_of(as_(bob).get("/pricing/"))
    Grant.objects.create(user=bob, plan=price.plan, reason="x", given_by=root)
    assert text_of(as_(bob).get("/pricing/")).count(told) == 1
    seated(make_seats(grace), bob)
    assert text_of(as_(bob).get("/pricing/")).count(told) == 2
    assert told not in text_of(as_(grace).get("/pricing/"))


def test_nobody_is_offered_a_second_trial(as_, bob):
    make_subscription(bob, make_price(trial_days=14), status="canceled")
    page = text_of(as_(bob).get("/pricing/"))
    assert "Free for 14 days" not in page
    assert "Choose Pro" in page


@pytest.mark.parametrize("status", ["incomplete", "unpaid", "paused"])
def test_whoever_has_to_pay_first_is_sent_to_billing(as_, bob, price, status):
    make_subscription(bob, price, status=status)
    page = text_of(as_(bob).get("/pricing/"))
    assert "Choose Pro" not in page
    assert "A payment is missing" in page
    assert "See plans" not in overview_of(as_, bob)


def test_prices_take_four_queries(bob, price, django_assert_num_queries):
    make_price(Tier.ENTERPRISE, 900)
    with django_assert_num_queries(4):
        page = pricing_page(bob, Tier.FREE, "", "")
        assert [len(row.cells) for row in page.rows] == [3] * 5
    with django_assert_num_queries(3):
        pricing_page(None, None, "", "")


# One's own


def overview_of(as_, user):
    return text_of(as_(user).get("/billing/"))


def test_the_plan_is_a_sentence_with_its_amount_and_its_date(as_, bob, price):
    one = make_subscription(bob, price)
    page = overview_of(as_, bob)
    assert f"Pro, 12 € a month, renews {day(one.period_ends_at)}" in page
    assert "Cancel plan" in page


def test_another_amount_than_the_price_is_named(as_, bob, price):
    make_subscription(bob, price, renewal_amount=960)
    assert "9.60 € is charged then" in overview_of(as_, bob)


def test_a_trial_says_when_it_ends_and_what_comes_then(as_, bob, price):
    ends = now() + timedelta(days=9)
    make_subscription(bob, price, status="trialing", trial_ends_at=ends, period_ends_at=ends)
    page = overview_of(as_, bob)
    assert f"Pro, on trial until {day(ends)}, then 12 € a month" in page
    assert f"12 € is charged on {day(ends)}, unless you cancel before" in page


def test_a_cancelled_plan_says_what_stays(as_, bob, price):
    ends = now() + timedelta(days=20)
    make_subscription(bob, price, cancels_at=ends)
    page = overview_of(as_, bob)
    assert f"Pro ends {day(ends)} You keep your progress, code and certificates." in page
    assert "Keep Pro" in page
    assert "Cancel plan" not in page


@pytest.mark.parametrize(
    ("days", "words"),
    [(2, "Pro stays open until"), (8, "What Pro opens is closed since")],
)
def test_a_late_payment_says_when_the_door_closes(as_, bob, price, days, words):
    one = make_late(bob, days, price=price)
    page = overview_of(as_, bob)
    assert f"{words} {day(one.past_due_since + timedelta(days=7))}" in page
    assert "Nothing of yours is deleted." in page
    assert "Update payment method" in page


def test_who_ends_a_plan_that_is_late_is_told_that_the_payment_stays_due(as_, bob, price):
    one = make_late(bob, 2, price=price, period_ends_at=now() + timedelta(days=28))
    told = "The payment that is late stays due"
    assert told in text_of(as_(bob).get("/billing/cancel/"))
    type(one).objects.update(cancels_at=one.period_ends_at)
    assert told in overview_of(as_, bob)
    type(one).objects.update(status="active", past_due_since=None, cancels_at=None)
    page = text_of(as_(bob).get("/billing/cancel/"))
    assert told not in page
    assert "Nothing more is charged. Courses that need Pro close on that day." in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("canceled", "Pro ended"),
        ("unpaid", "Pro is closed: the last payment did not go through"),
        ("paused", "Pro is paused"),
        ("incomplete", "Pro opens as soon as your first payment arrives"),
        ("incomplete_expired", "did not arrive in time, and nothing was charged"),
    ],
)
def test_what_does_not_go_on_says_so(as_, bob, price, status, words):
    ended = now() if status == "canceled" else None
    make_subscription(bob, price, status=status, ended_at=ended)
    page = overview_of(as_, bob)
    assert words in page
    assert "Cancel plan" not in page


def test_nobody_is_told_that_nothing_is_charged_for_what_is_closed_here_alone(as_, bob, price):
    make_subscription(bob, price, status="canceled", ended_at=None)
    page = overview_of(as_, bob)
    assert "Pro is closed" in page
    assert "write to the school before you buy another" in page
    assert "nothing more is charged" not in page


def test_somebody_else_pays_for_a_seat(as_, bob, grace):
    grace.name = "Grace <b>Hopper</b>"
    grace.save()
    seated(make_seats(grace), bob)
    html = as_(bob).get("/billing/").content.decode()
    assert "paid by <bdi>Grace &lt;b&gt;Hopper&lt;/b&gt;</bdi>" in html


def test_the_school_gave_a_plan_and_its_reason_stays_with_staff(as_, bob, root):
    until = now() + timedelta(days=30)
    plan = Plan.objects.get_or_create(tier=Tier.PRO)[0]
    Grant.objects.create(user=bob, plan=plan, reason="Cannot pay", given_by=root, until=until)
    page = overview_of(as_, bob)
    assert f"Pro, given by Waymark, until {day(until)}" in page
    assert "Cannot pay" not in page


def test_free_says_what_is_included_and_what_is_not(as_, bob, price):
    Plan.objects.update_or_create(tier=Tier.FREE, defaults={"features": []})
    make_course("free")
    make_course("paid", required_plan="PRO")
    page = overview_of(as_, bob)
    assert "Free, nothing to pay" in page
    assert "What Free includes 1 course Progress, points and certificates" in page
    assert "Not included 1 course of other plans Ask a person about code" in page
    assert "See plans" in page


def test_where_nothing_is_sold_the_page_says_so(as_, bob, settings):
    settings.STRIPE_SECRET_KEY = ""
    Plan.objects.update_or_create(tier=Tier.FREE, defaults={"features": []})
    page = overview_of(as_, bob)
    assert "This school sells nothing" in page
    assert "See plans" not in page
    assert "Not included" not in page


def test_the_way_to_pay_is_never_more_than_four_digits(as_, bob, price):
    make_subscription(bob, price)
    make_method(bob)
    make_method(bob, brand="", kind="paypal", last4="", is_default=False)
    page = overview_of(as_, bob)
    assert "Visa ending in 4242 expires 04/2029" in page
    assert "PayPal" not in page


def test_invoices_come_a_dozen_at_a_time(as_, bob):
    for number in range(1, 27):
        make_invoice(bob, number)
    html = as_(bob).get("/billing/").content.decode()
    assert html.count('href="/billing/invoices/') == 12
    assert "Page 1 of 3" in html
    last = as_(bob).get("/billing/?page=3").content.decode()
    assert last.count('href="/billing/invoices/') == 2
    for garbage in ("0", "-1", "x", "99", "1e3"):
        assert as_(bob).get(f"/billing/?page={garbage}").status_code == 200


def test_money_that_moved_is_listed(as_, bob):
    invoice = make_invoice(bob, refunded=500)
    make_move(invoice)
    make_move(invoice, "REFUND", amount=500, status="pending")
    make_move(invoice, "DISPUTE", status="needs_response")
    page = overview_of(as_, bob)
    assert "Paid, 5 € refunded" in page
    assert re.search(r"Refund \d+ \w+ \d+ On its way INV-2026-001 5 €", page)
    assert "Dispute" in page


def test_guests_sign_in_first(client):
    for address in ("/billing/", "/billing/return/", "/billing/cancel/"):
        assert client.get(address)["Location"] == f"/accounts/login/?next={address}"
    for address in ("resume", "portal"):
        there = client.post(f"/billing/{address}/")["Location"]
        assert there == "/accounts/login/?next=/billing/"
    assert client.post("/billing/checkout/")["Location"] == "/accounts/login/?next=/pricing/"


def test_pages_answer_to_their_own_methods(as_, bob):
    browser = as_(bob)
    for address in ("checkout", "resume", "portal", "invoices/INV-2026-001/file"):
        assert browser.get(f"/billing/{address}/").status_code == 405
    for address in ("", "return/", "invoices/INV-2026-001/"):
        assert browser.post(f"/billing/{address}").status_code == 405


def test_forms_without_a_token_are_refused(bob):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob)
    for address in ("checkout", "cancel", "resume", "portal"):
        assert browser.post(f"/billing/{address}/").status_code == 403


def test_nothing_of_billing_is_stored_on_the_way(as_, bob):
    assert as_(bob).get("/billing/")["Cache-Control"] == "no-store, private"


def test_the_menu_leads_to_billing_where_there_is_something_to_see(as_, bob, settings, price):
    link = 'href="/billing/"'
    assert link in as_(bob).get("/courses/").content.decode()
    settings.STRIPE_SECRET_KEY = ""
    assert link not in as_(bob).get("/courses/").content.decode()
    make_customer(bob)
    html = as_(bob).get("/settings/profile/").content.decode()
    assert html.count(link) == 2


@pytest.mark.parametrize("days", [1, 8])
def test_a_late_payment_is_said_on_every_page_and_costs_none_a_query(
    as_, bob, price, days, django_assert_num_queries
):
    browser = as_(bob)
    with django_assert_num_queries(3):
        assert "did not go through" not in text_of(browser.get("/help/"))
    make_late(bob, days, price=price)
    with django_assert_num_queries(3):
        assert "Your last payment did not go through." in text_of(browser.get("/help/"))


def test_one_page_costs_eight_queries_at_most(
    as_, bob, grace, root, price, django_assert_max_num_queries
):
    make_course("paid", required_plan="PRO")
    asked = {}
    for number in range(1, 20):
        make_move(make_invoice(bob, number))
    make_method(bob)
    Grant.objects.create(user=bob, plan=price.plan, reason="x", given_by=root)
    one = make_subscription(bob, price, status="canceled")
    for state in ("canceled", "active"):
        type(one).objects.update(status=state)
        with django_assert_max_num_queries(8) as asked[state]:
            billing_page(bob, "1")
    with django_assert_max_num_queries(8):
        billing_page(grace, "")
    make_move(make_invoice(grace, 20))
    with django_assert_max_num_queries(8):
        assert billing_page(grace, "").moves
    assert {state: len(found) for state, found in asked.items()} == {"canceled": 8, "active": 7}


def test_money_that_moved_is_leafed_through(as_, bob):
    for number in range(1, 24):
        make_move(make_invoice(bob, number))
    first = as_(bob).get("/billing/?page=2").content.decode()
    assert first.count("Payment</th>") == 10
    assert 'rel="next" href="?page=2&amp;moves=2"' in first
    last = as_(bob).get("/billing/?moves=3").content.decode()
    assert last.count("Payment</th>") == 3
    assert 'rel="next" href="?moves=3&amp;page=2"' in last
    for garbage in ("0", "-1", "x", "99", "1e3", "²"):
        assert as_(bob).get(f"/billing/?moves={garbage}").status_code == 200


# An invoice


def test_an_invoice_is_its_customers_alone(as_, bob, grace, root):
    invoice = make_invoice(bob)
    address = f"/billing/invoices/{invoice.number}/"
    assert as_(bob).get(address).status_code == 200
    for other in (grace, root):
        assert as_(other).get(address).status_code == 404
        assert as_(other).post(f"{address}file/").status_code == 404


@pytest.mark.parametrize("number", ["INV-2026-999", "x", "INV-2026-001'", "é", "%2e%2e", "🐍"])
def test_an_invoice_that_is_not_there_is_a_404(as_, bob, number):
    make_invoice(bob)
    assert as_(bob).get(f"/billing/invoices/{number}/").status_code == 404


def test_an_invoice_says_who_sold_what_to_whom(as_, bob, settings, django_assert_num_queries):
    settings.SELLER = ["Long Lane 1", "VAT 123"]
    told = {
        "name": "Bob <i>B.</i>",
        "email": "bob@example.org",
        "address": {"city": "Wien", "line1": "Ring 1", "postal_code": "1010", "country": "AT"},
        "tax_ids": ["ATU1"],
    }
    invoice = make_invoice(bob, total=1200, subtotal=1000, tax=200, billed_to=told, refunded=100)
    make_move(invoice)
    with django_assert_num_queries(2):
        page = invoice_page(bob, invoice.number)
        assert page.billed_to == [
            "Bob <i>B.</i>", "Ring 1", "1010 Wien", "AT", "ATU1", "bob@example.org"
        ]  # fmt: skip
    html = text_of(as_(bob).get(f"/billing/invoices/{invoice.number}/"))
    assert "From Waymark Long Lane 1 VAT 123 To Bob" in html
    settings.SELLER = ["Short Lane 2"]
    moved = text_of(as_(bob).get(f"/billing/invoices/{invoice.number}/"))
    assert "From Waymark Long Lane 1 VAT 123 To Bob" in moved
    assert "Bob &lt;i&gt;B.&lt;/i&gt;" in html
    assert "Before tax 10 € Tax 2 € Total 12 € Refunded 1 €" in html


def test_the_day_of_an_invoice_is_the_same_for_every_reader(as_, bob):
    type(bob).objects.filter(pk=bob.pk).update(timezone="Asia/Tokyo")
    make_invoice(bob, issued_at=datetime(2026, 12, 31, 20, tzinfo=UTC))
    for address in ("/billing/", "/billing/invoices/INV-2026-001/"):
        page = text_of(as_(bob).get(address))
        assert "31 Dec 2026" in page
        assert "1 Jan 2027" not in page


@pytest.mark.parametrize(
    ("status", "paid", "due"), [("open", 200, 1000), ("paid", 1200, 0), ("void", 0, 0)]
)
def test_an_invoice_says_what_is_still_to_be_paid(bob, status, paid, due):
    make_invoice(bob, status=status, paid=paid)
    assert invoice_page(bob, "INV-2026-001").due == due


def test_a_line_says_for_which_time_it_was_paid(as_, bob):
    type(bob).objects.filter(pk=bob.pk).update(timezone="Asia/Tokyo")
    sold = {"description": "Pro", "quantity": 1, "amount": 1200}
    time = {"starts": "2026-12-03T20:00:00+00:00", "ends": "2027-01-03T20:00:00+00:00"}
    make_invoice(bob, lines=[{**sold, **time}, sold])
    page = text_of(as_(bob).get("/billing/invoices/INV-2026-001/"))
    assert re.search(r"Pro 3 Dec 2026 – 3 Jan 2027 1 12 € Pro 1 12 €", page.replace("<br>", " "))


def test_an_invoice_without_address_lines_or_payments_is_shown_all_the_same(as_, bob):
    make_invoice(bob, total=0, paid=0, billed_to={}, lines=[])
    assert "Total 0 €" in text_of(as_(bob).get("/billing/invoices/INV-2026-001/"))


# Back from paying


def test_a_payment_that_is_awaited_is_looked_for_half_a_minute(as_, bob, price):
    customer = make_customer(bob)
    customer.checkouts.create(price=price)
    browser = as_(bob)
    html = browser.get("/billing/return/").content.decode()
    assert 'hx-get="/billing/return/?look=1" hx-trigger="load delay:2s"' in html
    assert "Look again" in html
    last = browser.get("/billing/return/?look=15", headers={"HX-Request": "true"}).content.decode()
    assert "This can take a few minutes" in last
    assert "hx-get" not in last
    assert "<html" not in last
    for garbage in ("-1", "x", "16", "1" * 5000, "²"):
        assert "look=1" in browser.get(f"/billing/return/?look={garbage}").content.decode()


def test_the_plan_is_open_once_its_rows_say_so(as_, bob, price, django_assert_num_queries):
    make_customer(bob).checkouts.create(price=price)
    with django_assert_num_queries(2):
        assert arrival_of(bob, 0).asks_again
    make_subscription(bob, price)
    with django_assert_num_queries(1):
        assert arrival_of(bob, 0).is_open
    assert "Pro is open Your payment is confirmed." in text_of(as_(bob).get("/billing/return/"))


def test_the_way_back_leads_to_the_course(as_, bob, price, django_assert_num_queries):
    course = make_course("paid", required_plan="PRO", title="Paid <course>")
    make_customer(bob).checkouts.create(price=price, course=course)
    browser, here = as_(bob), "/billing/return/?course=paid"
    waiting = browser.get(here).content.decode()
    assert 'hx-get="/billing/return/?look=1&amp;course=paid"' in waiting
    assert 'id="look-again" href="/billing/return/?course=paid"' in waiting
    make_subscription(bob, price)
    html = browser.get(here).content.decode()
    assert 'href="/courses/paid/"><span>Go on with <bdi>Paid &lt;course&gt;</bdi></span>' in html
    with django_assert_num_queries(1):
        assert arrival_of(bob, 0, course).opened == course


@pytest.mark.parametrize(
    "named",
    [
        "team", "hidden", "nothing", "//evil.example", "https://evil.example/", "x" * 81,
        "é", "%0d%0aX: y", "",
    ],
)  # fmt: skip
def test_nobody_is_led_to_what_is_no_course_that_the_plan_opens(as_, bob, price, named):
    make_course("team", required_plan="ENTERPRISE")
    make_course("hidden", status="DRAFT")
    make_subscription(bob, price)
    html = as_(bob).get("/billing/return/", {"course": named}).content.decode()
    assert "Go on with" not in html
    assert "evil" not in html
    assert "See the courses" in html


def test_the_page_of_prices_keeps_the_course(as_, client, bob, price):
    make_price(currency="usd")
    make_course("paid", required_plan="PRO")
    field = '<input type="hidden" name="course" value="paid">'
    assert as_(bob).get("/pricing/?course=paid").content.decode().count(field) == 2
    assert (
        "signup/?next=/pricing/%3Fcourse%3Dpaid"
        in client.get("/pricing/?course=paid").content.decode()
    )
    refused = as_(bob).post("/billing/checkout/", {"course": "paid"})
    assert refused.status_code == 422
    assert field in refused.content.decode()
    for garbage in ("//evil.example", "none", "'\"><script>"):
        html = as_(bob).get("/pricing/", {"course": garbage}).content.decode()
        assert 'name="course"' not in html


def test_what_the_page_finds_by_itself_is_read_out(as_, bob, price):
    make_customer(bob).checkouts.create(price=price)
    browser, asked = as_(bob), {"HX-Request": "true"}
    assert "HX-Trigger" not in browser.get("/billing/return/?look=3", headers=asked)
    late = browser.get("/billing/return/?look=15", headers=asked)
    assert "The payment is not confirmed yet." in late["HX-Trigger"]
    make_subscription(bob, price)
    assert "Pro is open." in browser.get("/billing/return/?look=3", headers=asked)["HX-Trigger"]
    assert "HX-Trigger" not in browser.get("/billing/return/")


def test_a_trial_that_begins_confirms_no_payment(as_, bob, price):
    make_subscription(bob, price, status="trialing", trial_ends_at=now() + timedelta(days=9))
    page = text_of(as_(bob).get("/billing/return/"))
    assert "Pro is open Your trial has begun, and nothing is charged before" in page


def test_a_late_payment_is_not_confirmed(as_, bob, price):
    make_late(bob, 2, price=price)
    page = text_of(as_(bob).get("/billing/return/"))
    assert "is confirmed" not in page
    assert "Nothing was charged" in page


def test_a_transfer_that_takes_days_is_awaited_too(bob, price):
    make_subscription(bob, price, status="incomplete")
    assert arrival_of(bob, 0).is_awaited


def test_who_comes_by_chance_is_told_that_nothing_is_on_its_way(as_, bob):
    assert "No payment is on its way" in text_of(as_(bob).get("/billing/return/"))
