"""A school cut off from Stripe, or that never sold anything, says so and has no dead buttons."""

import pytest
from django.utils.timezone import now

from tests.billing.rows import make_invoice, make_late, make_method, make_seats, make_subscription
from tests.billing.test_pages import overview_of, text_of

pytestmark = pytest.mark.django_db
NOT_CONNECTED = "payments are not connected at the moment"
MAY_BE_CHARGED = "What you bought may still be charged by Stripe"


@pytest.fixture(autouse=True)
def cut_off(settings):
    settings.STRIPE_SECRET_KEY = ""


@pytest.mark.parametrize("status", ["active", "trialing", "past_due", "paused", "incomplete"])
def test_what_somebody_bought_may_still_be_charged(as_, bob, settings, status):
    settings.CONTACT_EMAIL = "pay@school.example"
    make_subscription(bob, status=status)
    make_method(bob)
    answer = as_(bob).get("/billing/")
    page = text_of(answer)
    for words in (f"Pro, 12 € a month: {NOT_CONNECTED}", MAY_BE_CHARGED, "Nothing of yours is"):
        assert words in page
    assert 'write to <a href="mailto:pay@school.example">' in answer.text
    for promise in ("renews", "nothing to pay", "sells nothing", "did not go through"):
        assert promise not in page
    for address in ("portal", "cancel", "resume", "seats"):
        assert f"/billing/{address}/" not in answer.text


def test_what_is_closed_here_alone_may_still_be_charged_too(as_, bob):
    make_subscription(bob, status="canceled", ended_at=None)
    page = overview_of(as_, bob)
    assert MAY_BE_CHARGED in page
    assert "ask whoever runs this school" in page


def test_what_is_over_is_over_and_nothing_else_is_sold(as_, bob):
    make_subscription(bob, status="canceled", ended_at=now())
    page = overview_of(as_, bob)
    assert "nothing more is charged" in page
    assert "This school sells nothing: all that you can open here is free" in page
    assert NOT_CONNECTED not in page


def test_seats_lead_nowhere_while_nothing_is_connected(as_, grace):
    make_seats(grace, 5)
    answer = as_(grace).get("/billing/")
    assert "Enterprise, 60 € a month for 5 seats" in text_of(answer)
    assert "/billing/seats/" not in answer.text


def test_a_payment_that_is_late_is_no_matter_while_it_cannot_be_mended(as_, bob):
    make_late(bob, 9)
    assert "did not go through" not in as_(bob).get("/help/").text


@pytest.mark.parametrize("path", ["cancel/", "resume/", "portal/", "invoices/INV-2026-001/file/"])
def test_what_is_pressed_on_an_old_page_is_refused_in_a_sentence(as_, bob, path):
    make_subscription(bob)
    make_invoice(bob)
    answer = as_(bob).post(f"/billing/{path}")
    assert answer.status_code == 409
    assert "so nothing was changed at Stripe" in text_of(answer)


def test_pages_that_would_lead_to_stripe_lead_to_billing(as_, bob):
    make_subscription(bob)
    for path in ("cancel/", "return/"):
        assert as_(bob).get(f"/billing/{path}")["Location"] == "/billing/#plan"


def test_an_invoice_is_read_here_and_not_at_stripe(as_, bob):
    make_invoice(bob)
    page = as_(bob).get("/billing/invoices/INV-2026-001/").text
    assert "Print or save as PDF" in page
    assert "Open at Stripe" not in page


def test_prices_that_are_none_are_a_404_with_a_way_on(client, bob, as_, settings):
    for browser in (client, as_(bob)):
        answer = browser.get("/pricing/")
        assert answer.status_code == 404
        assert "This school sells nothing" in text_of(answer)
        assert 'href="/courses/">See all courses</a>' in answer.text
    settings.CONTACT_EMAIL = "pay@school.example"
    assert "write to pay@school.example" in text_of(client.get("/pricing/"))
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    assert "This school sells nothing" in text_of(client.get("/pricing/"))
