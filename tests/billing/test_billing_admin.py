"""Staff say what is sold, give plans and take them back, and look at what money moved."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from activity.models import Event
from billing import gateway, models
from billing.access import plan_of
from billing.admin import OFFERED_ALREADY
from billing.models import Customer, Grant, Plan, Price
from courses.models import Tier
from tests.billing.rows import (
    make_invoice,
    make_method,
    make_move,
    make_price,
    make_seat,
    make_subscription,
)
from tests.conftest import make_person

PLACE = "/admin/billing/"
PRICE = {
    "plan": "PRO", "stripe_price_id": "price_pro", "currency": "eur", "amount": "1200",
    "interval": "month", "includes_tax": "on", "trial_days": "0", "is_offered": "on",
}  # fmt: skip


@pytest.fixture
def desk(as_, root, settings):
    settings.DEMO_SCHOOL = True
    return as_(root)


def add(desk, what, **data):
    return desk.post(f"{PLACE}{what}/add/", data, follow=True).content.decode()


def act(desk, what, row, action):
    data = {"action": action, "_selected_action": str(row.pk)}
    return desk.post(f"{PLACE}{what}/", data, follow=True).content.decode()


def test_a_plan_is_written_and_what_it_opens_is_ticked(desk):
    add(desk, "plan", tier="PRO", summary="More.", features=["HELP"], is_offered="on")
    plan = Plan.objects.get()
    assert (plan.tier, plan.features, plan.is_offered) == ("PRO", ["HELP"], True)
    desk.post(f"{PLACE}plan/PRO/change/", {"tier": "ENTERPRISE", "summary": "Less."})
    plan = Plan.objects.get()
    assert (plan.tier, plan.features, plan.is_offered) == ("PRO", [], False)


def test_a_price_is_saved_if_stripe_says_the_same(desk, stripe):
    Plan.objects.create(tier=Tier.PRO)
    add(desk, "price", **PRICE)
    assert Price.objects.get().amount == 1200


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"amount": "1300"}, "At Stripe the amount is 1200 (12"),
        ({"currency": "usd"}, "At Stripe the currency is eur."),
        ({"interval": "year"}, "At Stripe the interval is month."),
        ({"includes_tax": ""}, "At Stripe the tax is included."),
        ({"stripe_price_id": "price_other"}, "Stripe knows no such price."),
        ({"stripe_price_id": "prod_1"}, "Enter a valid value"),
    ],
)
def test_a_price_that_stripe_has_otherwise_is_refused(desk, stripe, change, told):
    Plan.objects.create(tier=Tier.PRO)
    data = {key: value for key, value in (PRICE | change).items() if value}
    assert told in add(desk, "price", **data)
    assert not Price.objects.exists()


def test_a_price_that_does_not_speak_of_tax_is_not_sold_where_tax_is_counted(
    desk, stripe, settings
):
    Plan.objects.create(tier=Tier.PRO)
    stripe.get("price", "price_pro")["tax_behavior"] = "unspecified"
    data = {key: value for key, value in PRICE.items() if key != "includes_tax"}
    settings.STRIPE_AUTOMATIC_TAX = True
    assert "it is not said whether this price includes tax" in add(desk, "price", **data)
    assert not Price.objects.exists()
    settings.STRIPE_AUTOMATIC_TAX = False
    add(desk, "price", **data)
    assert Price.objects.exists()


def test_while_stripe_is_away_a_price_can_be_taken_off_but_not_offered(desk, stripe):
    price = make_price(stripe_price_id="price_pro")
    stripe.away = True
    address = f"{PLACE}price/{price.pk}/change/"
    desk.post(address, {"trial_days": "0"})
    price.refresh_from_db()
    assert not price.is_offered
    answer = desk.post(address, {"trial_days": "0", "is_offered": "on"}).content.decode()
    assert "Stripe cannot be reached. Nothing was saved" in answer
    price.refresh_from_db()
    assert not price.is_offered


def test_of_a_price_that_is_there_only_the_offer_changes(desk, stripe):
    price = make_price(stripe_price_id="price_pro")
    desk.post(f"{PLACE}price/{price.pk}/change/", PRICE | {"amount": "1", "trial_days": "7"})
    price.refresh_from_db()
    assert (price.amount, price.trial_days) == (1200, 7)


def test_of_two_prices_for_the_same_one_is_offered(desk):
    there = make_price(stripe_price_id="price_pro")
    assert str(OFFERED_ALREADY) in add(desk, "price", **PRICE | {"stripe_price_id": "price_dear"})
    old = make_price(stripe_price_id="price_old", is_offered=False)
    address = f"{PLACE}price/{old.pk}/change/"
    answer = desk.post(address, {"trial_days": "0", "is_offered": "on"})
    assert answer.status_code == 200
    assert str(OFFERED_ALREADY) in answer.content.decode()
    desk.post(f"{PLACE}price/{there.pk}/change/", {"trial_days": "7", "is_offered": "on"})
    desk.post(f"{PLACE}price/{there.pk}/change/", {"trial_days": "7"})
    desk.post(address, {"trial_days": "0", "is_offered": "on"})
    assert list(Price.objects.filter(is_offered=True)) == [old]
    there.refresh_from_db()
    assert there.trial_days == 7


def test_without_a_key_nobody_is_asked(desk):
    Plan.objects.create(tier=Tier.PRO)
    add(desk, "price", **PRICE)
    assert Price.objects.exists()


def test_a_plan_is_given_and_withdrawn(desk, bob, root):
    told = add(desk, "grant", user=str(bob.pk), tier="PRO", reason="A scholarship.")
    assert "was added successfully" in told
    grant = Grant.objects.get()
    assert (grant.given_by, grant.reason, plan_of(bob)) == (root, "A scholarship.", Tier.PRO)
    assert Event.objects.filter(kind="PLAN_GRANTED", user=bob).count() == 1
    assert "Plans withdrawn: 1." in act(desk, "grant", grant, "withdraw")
    assert "Plans withdrawn: 0." in act(desk, "grant", grant, "withdraw")
    assert plan_of(bob) == Tier.FREE
    assert LogEntry.objects.filter(change_message="Withdrawn.").count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tier": "FREE"}, "Select a valid choice"),
        ({"reason": " "}, "required"),
        ({"until_0": "2020-01-01", "until_1": "00:00"}, "ended already"),
        ({"user": ""}, "required"),
    ],
)
def test_what_gives_nothing_is_refused(desk, bob, change, told):
    data = {"user": str(bob.pk), "tier": "PRO", "reason": "A scholarship."} | change
    page = add(desk, "grant", **data)
    assert told in page
    assert not Grant.objects.exists()


def test_nobody_gives_to_themself(desk, root):
    add(desk, "grant", user=str(root.pk), tier="PRO", reason="Mine.")
    assert not Grant.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_stripe_is_asked_again(desk, bob, stripe, running):
    make_price(stripe_price_id="price_pro")
    customer = Customer.objects.create(user=bob, stripe_customer_id=running["customer"])
    page = act(desk, "customer", customer, "ask_stripe_again")
    assert f"Customer {customer}: subscription sub_" in page
    assert plan_of(bob) == Tier.PRO
    bought = customer.subscriptions.get()
    assert "everything was up to date" in act(desk, "subscription", bought, "ask_stripe_again")
    stripe.away = True
    page = act(desk, "subscription", bought, "ask_stripe_again")
    assert "Nothing was changed." in page
    assert stripe.key not in page
    assert plan_of(bob) == Tier.PRO


def test_staff_are_told_what_has_no_place_here(desk, bob, stripe, running):
    customer = Customer.objects.create(user=bob, stripe_customer_id=running["customer"])
    page = act(desk, "customer", customer, "ask_stripe_again")
    assert f"Subscription {running['id']}: its price price_pro is not one of ours." in page
    assert "everything was up to date" not in page
    assert plan_of(bob) == Tier.FREE


def test_the_desk_waits_for_all_of_stripes_answers_together(desk, bob, stripe, monkeypatch):
    customer = Customer.objects.create(user=bob, stripe_customer_id=stripe.customer()["id"])
    monkeypatch.setattr(gateway, "PAGE_SECONDS_IN_ALL", 0.0)
    assert "Nothing was changed." in act(desk, "customer", customer, "ask_stripe_again")
    assert not stripe.requests


@pytest.mark.parametrize("model", models.__all__)
def test_records_are_read_and_keep_their_secrets(desk, ada, bob, root, model):
    if model in ("Feature", "InvoiceCounter"):
        return
    price = make_price(Tier.ENTERPRISE)
    seat = make_seat(make_subscription(ada, price, quantity=3), bob)
    Grant.objects.create(user=bob, plan=price.plan, reason="x", given_by=root)
    customer = Customer.objects.get()
    models.PaymentMethod.objects.create(
        customer=customer, stripe_payment_method_id="pm_planted", kind="card", last4="4242"
    )
    models.Checkout.objects.create(customer=customer, price=price, stripe_session_id="cs_planted")
    models.Invoice.objects.create(
        number="INV-2026-001", customer=customer, stripe_invoice_id="in_1", status="paid",
        currency="eur", subtotal=1, total=1, issued_at=now(), billed_to={"name": "Planted Lane"},
    )  # fmt: skip
    models.Transaction.objects.create(
        customer=customer, stripe_id="ch_1", kind="PAYMENT", status="succeeded", currency="eur",
        amount=1, happened_at=now(),
    )  # fmt: skip
    models.WebhookDelivery.objects.create(id="evt_1", type="invoice.paid", happened_at=now())
    models.Reconciliation.objects.create()
    row = getattr(models, model).objects.first()
    place = f"{PLACE}{model.lower()}/"
    pages = [desk.get(place), desk.get(f"{place}{row.pk}/change/")]
    assert [page.status_code for page in pages] == [200, 200]
    told = "".join(page.content.decode() for page in pages)
    for planted in (seat.invitation, "planted", "Planted"):
        assert planted not in told
    if model not in ("Plan", "Price", "Grant"):
        assert desk.get(f"{place}add/").status_code == 403
        assert desk.post(f"{place}{row.pk}/change/", {}).status_code == 403
    assert desk.get(f"{place}{row.pk}/delete/").status_code == 403


OWNED = ["subscription", "invoice", "transaction", "paymentmethod", "checkout"]


def buys(user, price, number=1):
    """Everything that somebody may have."""
    paid = make_subscription(user, price, renewal_amount=3600)
    make_seat(paid, user)
    make_method(user)
    make_move(make_invoice(user, number, total=1800))
    models.Checkout.objects.create(customer=paid.customer, price=price)


@pytest.mark.parametrize("what", ["customer", "seat", *OWNED])
def test_the_lists_cost_the_same_for_one_and_for_many(desk, bob, what):
    price = make_price(Tier.ENTERPRISE)
    buys(bob, price)
    queries(desk, what)
    one = queries(desk, what)
    for number in range(5):
        buys(make_person(f"p{number}@example.org", "P"), price, number + 2)
    assert queries(desk, what) == one


@pytest.mark.parametrize("what", OWNED)
def test_the_lists_say_whose_it_is(desk, bob, what):
    buys(bob, make_price())
    assert bob.email in desk.get(f"{PLACE}{what}/").content.decode()


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("price", "12\N{NO-BREAK SPACE}€ a month"),
        ("checkout", "PRO 12\N{NO-BREAK SPACE}€ a month"),
        ("subscription", "36\N{NO-BREAK SPACE}€"),
        ("invoice", "18\N{NO-BREAK SPACE}€"),
        ("transaction", "18\N{NO-BREAK SPACE}€"),
    ],
)
def test_amounts_read_as_on_pages(desk, bob, what, told):
    buys(bob, make_price())
    page = desk.get(f"{PLACE}{what}/").content.decode()
    assert told in page
    row = models.Invoice.objects.get() if what == "invoice" else None
    row = models.Transaction.objects.get() if what == "transaction" else row
    if row:
        page += desk.get(f"{PLACE}{what}/{row.pk}/change/").content.decode()
        assert page.count(told) > 1
    for raw in ("1200 eur", "1800 eur", ">1800<", ">3600<"):
        assert raw not in page


def queries(desk, what):
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(f"{PLACE}{what}/").status_code == 200
    return len(asked)
