"""What Stripe is told without anybody asking: another address, and that an account is closed."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts import personal
from accounts.actions import deactivate, reactivate
from accounts.erasure import erase_person
from billing import syncing, tasks, telling
from billing.checkouts import start_checkout
from billing.models import Customer, Invoice, PaymentMethod, Subscription
from billing.syncing import sync
from tests.accounts.conftest import code_in_mail
from tests.accounts.test_changes import just_signed_in
from tests.billing.rows import make_customer, make_price
from tests.conftest import make_person
from tests.doubles.stripe_endpoint import faults

pytestmark = pytest.mark.django_db
NEW = "robert@example.org"


@pytest.fixture
def paying(bob, stripe):
    """Bob has bought Pro, and the site knows."""
    start_checkout(bob, make_price(stripe_price_id="price_pro"))
    stripe.complete(stripe.all("checkout.session")[0]["id"])
    sync(bob.customer)
    stripe.requests.clear()
    return Subscription.objects.get()


def at_stripe(stripe):
    return stripe.all("customer")[0]


def move(user, email=NEW):
    type(user).objects.filter(pk=user.pk).update(email=email)


def later():
    Customer.objects.update(tell_at=now() - timedelta(seconds=1))


def test_who_is_made_known_needs_no_telling(paying, stripe):
    assert tasks.tell_stripe() == 0
    assert not stripe.requests


def test_another_primary_address_is_told_after_the_commit(
    bob, paying, stripe, django_capture_on_commit_callbacks, monkeypatch
):
    woken = []
    monkeypatch.setattr(tasks.tell_stripe, "delay", lambda: woken.append(tasks.tell_stripe()))
    browser = just_signed_in(bob)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/email/", {"email": NEW, "action_add": ""})
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/confirm-email/", {"code": code_in_mail()})
        assert not woken
    assert woken == [1]
    assert at_stripe(stripe)["email"] == NEW


def test_a_wake_up_that_was_lost_is_found_by_the_sweep_and_told_once(bob, paying, stripe):
    move(bob)
    assert tasks.tell_stripe() == 1
    assert at_stripe(stripe)["email"] == NEW
    assert tasks.tell_stripe() == 0
    move(bob, "bob@example.org")
    assert tasks.tell_stripe() == 1
    assert at_stripe(stripe)["email"] == "bob@example.org"
    assert len(stripe.requests) == 2


def test_a_name_that_was_typed_at_checkout_is_not_written_over(bob, paying, stripe):
    at_stripe(stripe)["name"] = "Builders & Co."
    type(bob).objects.filter(pk=bob.pk).update(name="Robert")
    move(bob)
    tasks.tell_stripe()
    assert at_stripe(stripe)["name"] == "Builders & Co."


def test_while_stripe_is_away_it_stays_due(bob, grace, paying, stripe):
    make_customer(grace)
    move(bob)
    stripe.away = True
    assert tasks.tell_stripe() == 0
    assert telling.due().count() == 1
    stripe.is_well()
    later()
    tasks.tell_stripe()
    assert at_stripe(stripe)["email"] == NEW


def test_an_answer_that_is_lost_has_it_told_again(bob, paying, stripe):
    move(bob)
    stripe.goes_wrong(faults.lost, times=3)
    assert tasks.tell_stripe() == 0
    assert tasks.tell_stripe() == 0
    later()
    assert tasks.tell_stripe() == 1
    assert at_stripe(stripe)["email"] == NEW
    assert Customer.objects.get().told_email == NEW


def test_what_stripe_refuses_waits_a_day_and_holds_up_nobody(bob, grace, paying, stripe, caplog):
    move(bob)
    Customer.objects.filter(user=bob).update(tell_at=now() - timedelta(hours=1))
    other = stripe.customer("grace@example.org")
    Customer.objects.create(user=grace, stripe_customer_id=other["id"], tell_at=now())
    stripe.answers_with(400, times=1)
    assert tasks.tell_stripe() == 1
    assert "Stripe was not told" in caplog.text
    waits = Customer.objects.get(user=bob).tell_at
    assert timedelta(hours=23) < waits - now() < timedelta(hours=25)
    assert Customer.objects.get(user=grace).told_email == grace.email


def test_who_was_deleted_at_stripe_is_asked_for_once(bob, paying, stripe):
    stripe.objects["customer"].clear()
    move(bob)
    assert tasks.tell_stripe() == 1
    assert tasks.tell_stripe() == 0


def test_an_address_that_changes_meanwhile_is_told_too(bob, paying, stripe, monkeypatch):
    move(bob)
    tell = telling.gateway.change_email

    def meanwhile(known, email):
        tell(known, email)
        move(bob, "third@example.org")

    with monkeypatch.context() as patch:
        patch.setattr(telling.gateway, "change_email", meanwhile)
        assert tasks.tell_stripe() == 1
    assert tasks.tell_stripe() == 1
    assert at_stripe(stripe)["email"] == "third@example.org"


def test_a_worker_that_is_killed_half_way_costs_a_pause(bob, paying, stripe):
    move(bob)
    assert telling.claim(bob.customer.pk)
    assert telling.claim(bob.customer.pk) is None
    assert tasks.tell_stripe() == 0
    later()
    assert tasks.tell_stripe() == 1


def test_a_closed_account_pays_to_the_end_of_its_period_and_no_longer(bob, paying, stripe):
    deactivate(bob)
    assert tasks.tell_stripe() == 1
    [there] = stripe.all("subscription")
    assert (there["status"], there["cancel_at_period_end"]) == ("active", True)
    paying.refresh_from_db()
    assert paying.cancels_at == paying.period_ends_at
    assert tasks.tell_stripe() == 0


def test_who_comes_back_keeps_what_they_decide_then(bob, paying, stripe):
    deactivate(bob)
    tasks.tell_stripe()
    reactivate(bob)
    assert tasks.tell_stripe() == 0
    paying.refresh_from_db()
    assert paying.cancels_at


def test_the_address_of_a_closed_account_is_nobodys_business(bob, paying, stripe):
    deactivate(bob)
    move(bob)
    tasks.tell_stripe()
    assert at_stripe(stripe)["email"] == "bob@example.org"


def test_what_was_ended_and_not_looked_at_is_looked_at_by_the_next(
    bob, paying, stripe, monkeypatch
):
    deactivate(bob)

    def away(customer_id):
        raise telling.GatewayAway

    with monkeypatch.context() as patch:
        patch.setattr(syncing.gateway, "look", away)
        assert tasks.tell_stripe() == 0
    assert stripe.all("subscription")[0]["cancel_at_period_end"]
    later()
    assert tasks.tell_stripe() == 1
    paying.refresh_from_db()
    assert paying.cancels_at


def test_what_has_ended_at_stripe_meanwhile_is_written(bob, paying, stripe):
    deactivate(bob)
    stripe.cancel(paying.stripe_subscription_id)
    assert tasks.tell_stripe() == 1
    paying.refresh_from_db()
    assert paying.status == "canceled"


def test_without_a_key_nobody_is_told(bob, paying, stripe, settings):
    move(bob)
    settings.STRIPE_SECRET_KEY = ""
    assert tasks.tell_stripe() == 0


def test_asking_who_is_due_is_one_query(bob, paying, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert tasks.tell_stripe() == 0


def test_what_an_erased_person_pays_for_is_ended_once_and_nothing_of_theirs_comes_back(
    bob, paying, stripe
):
    """Stripe knows how they paid and whom the invoice was made out to: it is not written again."""
    assert PaymentMethod.objects.exists()
    erase_person(bob)
    assert (tasks.tell_stripe(), tasks.tell_stripe()) == (1, 0)
    [there] = stripe.all("subscription")
    assert (there["status"], there["cancel_at_period_end"]) == ("active", True)
    Invoice.objects.all()._raw_delete("default")
    sync(Customer.objects.get())
    assert list(Invoice.objects.values_list("billed_to", flat=True)) == [{}]
    assert not PaymentMethod.objects.exists()
    assert Customer.objects.get().told_email == ""


def test_the_page_of_erasing_says_what_ends(bob, paying):
    [said] = personal.warnings(bob)
    assert "You pay for a plan." in said
    assert personal.warnings(make_person("new@example.org", "New")) == []
