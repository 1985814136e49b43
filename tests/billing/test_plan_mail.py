"""The mail that a plan is open."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from billing import due_mail
from billing.amounts import SPACE
from billing.checkouts import start_checkout
from billing.models import Subscription
from billing.syncing import sync
from tests.billing.rows import make_price, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    return mail.outbox


def test_who_has_paid_is_told_once_that_the_plan_is_open(bob, stripe, letters):
    start_checkout(bob, make_price(stripe_price_id="price_pro"))
    stripe.complete(stripe.all("checkout.session")[0]["id"])
    for _ in range(3):
        sync(bob.customer)
    assert due_mail.mail_plans() == 1
    assert due_mail.mail_plans() == 0
    [letter] = letters
    assert letter.to == ["bob@example.org"]
    assert letter.subject == "Pro is open at Waymark"
    text = letter.body.replace(SPACE, " ")
    assert "Your payment is confirmed. Pro is open at Waymark" in text
    assert "It is 12 € a month and renews on" in text
    assert "/billing/" in text


def test_a_trial_says_when_it_is_charged(bob, letters):
    ends = now() + timedelta(days=9)
    given = {"started_at": now(), "trial_ends_at": ends, "mail_at": now()}
    make_subscription(bob, status="trialing", **given)
    due_mail.mail_plans()
    text = letters[0].body.replace(SPACE, " ")
    assert "Your trial has begun, and nothing was charged." in text
    assert f"It is free until {ends.day} {ends:%B %Y}. Then it is 12 € a month" in text


@pytest.mark.parametrize(
    "fields",
    [
        {"mail_at": None},
        {"mail_at": timedelta(hours=1)},
        {"status": "canceled"},
        {"started_at": -timedelta(days=3)},
    ],
)
def test_nobody_is_told_too_early_too_late_or_of_what_is_over(bob, letters, fields):
    # Moments are counted from the test, which may run hours after it was collected.
    moved = {k: now() + v if isinstance(v, timedelta) else v for k, v in fields.items()}
    make_subscription(bob, **{"mail_at": now(), "started_at": now(), **moved})
    assert due_mail.mail_plans() == 0
    assert not letters
    assert not due_mail.due(due_mail.paid()).exists()


def test_a_closed_account_is_not_written_to(bob, letters):
    make_subscription(bob, mail_at=now(), started_at=now())
    bob.is_active = False
    bob.save()
    assert due_mail.mail_plans() == 0
    assert not letters


def test_a_mail_that_failed_is_sent_later(bob, letters, monkeypatch):
    def broken(self):
        raise OSError("away")

    one = make_subscription(bob, mail_at=now(), started_at=now())
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", broken)
        assert due_mail.mail_plans() == 0
    one.refresh_from_db()
    assert one.mail_at > now()
    Subscription.objects.update(mail_at=now())
    assert due_mail.mail_plans() == 1
