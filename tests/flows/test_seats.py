"""Seats in a real browser: invited by one, taken by another who was nobody here before."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils.timezone import now
from playwright.sync_api import expect

from accounts.models import User
from billing import due_mail
from billing.models import Seat, Subscription
from tests.billing.rows import all_seated, make_seats, promised, seated
from tests.conftest import PASSWORD, make_person
from tests.flows.looking import Looker

LONG_NAME = "Wilhelmina Charlotte van den Bergh-Oosterhuis the Younger of Amersfoort"
LONG_EMAIL = "wilhelmina.charlotte.van.den.bergh.oosterhuis@departments.of.amersfoort.example.org"
SEATS = "/billing/seats/"


@pytest.fixture
def owner(transactional_db: Any, settings: Any) -> User:
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    return make_person("grace@example.org", LONG_NAME)


def last_letter() -> str:
    return str(mail.outbox[-1].body)


def test_invited_by_mail_signed_up_seated_and_removed_again(
    owner: User, open_page: Any, live_server: Any
) -> None:
    make_seats(owner, 3)
    page = open_page(owner)
    page.goto(SEATS)
    page.get_by_label("Email addresses").fill("zoe@example.org\nnobody")
    page.get_by_role("button", name="Invite").click()
    expect(page.locator(".problems")).to_contain_text("“nobody”: Enter a valid email address.")
    expect(page.get_by_label("Email addresses")).to_have_value("zoe@example.org\nnobody")
    page.get_by_label("Email addresses").fill("zoe@example.org")
    page.get_by_role("button", name="Invite").click()
    expect(page.locator("main").get_by_text("1 invited.")).to_be_visible()
    assert due_mail.mail_invitations() == 1
    link = re.search(r"https?://[^/]+(/billing/seats/[\w-]{32}/)$", last_letter(), re.MULTILINE)
    assert link

    zoe = open_page()
    zoe.goto(link[1])
    expect(zoe.get_by_text("z…@example.org")).to_be_visible()
    zoe.locator("main").get_by_role("link", name="Create account").click()
    zoe.get_by_label("Email").fill("zoe@example.org")
    zoe.get_by_label("Your name").fill("Zoe")
    zoe.get_by_label("Password", exact=True).fill(PASSWORD)
    zoe.get_by_role("button", name="Create account").click()
    expect(zoe.get_by_label("Code")).to_be_visible()
    code = re.search(r"^\s*([A-Z]{4}-?[A-Z]{4})\s*$", last_letter(), re.MULTILINE)
    assert code
    zoe.get_by_label("Code").fill(code[1])
    zoe.get_by_role("button", name="Confirm").click()
    expect(zoe).to_have_url(f"{live_server.url}{link[1]}")
    zoe.get_by_role("button", name="Take the seat").click()
    expect(zoe).to_have_url(f"{live_server.url}/billing/")
    expect(zoe.locator("#plan")).to_contain_text(f"paid by {LONG_NAME}")

    page.reload()
    expect(page.get_by_role("row", name=re.compile("Zoe"))).to_contain_text("Taken")
    page.get_by_role("link", name="Take back from zoe@example.org").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main").get_by_text("The seat is free again.")).to_be_visible()
    zoe.reload()
    expect(zoe.locator("#plan")).not_to_contain_text("paid by")


def test_the_pages_are_for_everybody(owner: User, open_page: Any) -> None:
    paid = make_seats(owner, 2)
    bob, ada = make_person("bob@example.org", "Bob"), make_person("ada@example.org", "Ada")
    page = open_page(owner)
    look = Looker(page)
    look.visit(SEATS)
    seat, offer = seated(paid, bob), promised(paid, LONG_EMAIL)
    User.objects.filter(pk=bob.pk).update(name=LONG_NAME)
    look.visit(f"{SEATS}quantity/?quantity=500")
    look.visit(f"{SEATS}{seat.pk}/removal/")
    Subscription.objects.update(quantity=500)
    all_seated(paid, 120)
    Subscription.objects.update(quantity=100)
    Seat.objects.filter(pk=offer.pk).update(expires_at=now() - timedelta(days=1))
    look.visit(SEATS)
    Seat.objects.filter(pk=offer.pk).update(expires_at=now() + timedelta(days=1))
    Subscription.objects.update(quantity=500)
    guest, stranger, holder = Looker(open_page()), Looker(open_page(ada)), Looker(open_page(bob))
    guest.visit(f"{SEATS}{offer.invitation}/")
    stranger.visit(f"{SEATS}{offer.invitation}/")
    guest.visit(f"{SEATS}{'x' * 32}/", status=404)
    holder.visit(f"{SEATS}{seat.invitation}/")
    holder.visit(f"{SEATS}{seat.pk}/leaving/")
    holder.visit("/billing/")
    Subscription.objects.update(status="unpaid")
    holder.visit("/billing/")
    assert look.problems + guest.problems + stranger.problems + holder.problems == []
