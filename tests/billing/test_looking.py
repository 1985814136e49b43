"""Stripe's objects as our values: no request, no database."""

import copy
from datetime import UTC, datetime, timedelta

import pytest

from billing import looking
from tests.doubles.stripe_endpoint import shapes

START = 1_790_000_000
MONTH = 30 * 24 * 3600
BEGAN = datetime.fromtimestamp(START, UTC)
PRICE = shapes.price("price_pro", START, 1200, "eur", "month")


def subscription(**told):
    part = shapes.item("si_1", PRICE, told.pop("quantity", 1), START, START + MONTH)
    parts = told.pop("parts", [part])
    return shapes.subscription("sub_1", START, "cus_1", parts, **{"status": "active", **told})


def invoice(id="in_1", subscription_id="sub_1", amount=1200, **told):
    lines = [shapes.line("il_1", "1 × Pro", amount, "eur", 1)]
    made = shapes.invoice(id, START, subscription_id, lines, **{"status": "paid", **told})
    made["status_transitions"] = {"finalized_at": START + 60, "paid_at": None}
    return made


def paid_by(made, **payment):
    one = shapes.invoice_payment(f"inpay_{made['id']}", START, made, "", "paid")
    one["payment"] = {"type": next(iter(payment)), **payment}
    return {**made, "payments": shapes.a_list([one], "/v1/invoice_payments")}


def charge(id="ch_1", intent="pi_1", **told):
    return shapes.charge(id, START, invoice(customer="cus_1"), intent, **told)


def seen_invoice(made, charges=()):
    return looking.invoice_of(made, made["lines"]["data"], charges)


@pytest.mark.parametrize(
    "status",
    ["incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "canceled",
     "paused"],
)  # fmt: skip
def test_a_state_is_told_as_stripe_calls_it(status):
    assert looking.subscription_of(subscription(status=status)).status == status


def test_the_period_ends_with_its_item():
    seen = looking.subscription_of(subscription(quantity=4))
    assert (seen.started_at, seen.period_ends_at) == (BEGAN, BEGAN + timedelta(days=30))
    assert (seen.price_id, seen.quantity, seen.currency) == ("price_pro", 4, "eur")
    assert (seen.cancels_at, seen.trial_ends_at, seen.past_due_since) == (None, None, None)


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ({"cancel_at_period_end": True}, 30),
        ({"cancel_at": START + MONTH}, 30),
        ({"cancel_at": START + 86400}, 1),
        ({"cancel_at_period_end": True, "cancel_at": START + MONTH}, 30),
    ],
)
def test_an_end_is_seen_however_it_was_wished(told, days):
    thing = subscription(**told)
    assert looking.subscription_of(thing).cancels_at == BEGAN + timedelta(days=days)
    assert not looking.is_renewed(thing)


def test_what_is_over_has_no_end_before_it():
    thing = subscription(status="canceled", cancel_at=START, ended_at=START + 5)
    seen = looking.subscription_of(thing)
    assert (seen.cancels_at, seen.ended_at) == (None, BEGAN + timedelta(seconds=5))
    assert not looking.is_renewed(thing)


def test_two_prices_in_one_match_none_that_is_sold():
    parts = [shapes.item(f"si_{n}", PRICE, n, START, START + n * MONTH) for n in (1, 2)]
    seen = looking.subscription_of(subscription(parts=parts))
    assert seen.price_id == "price_pro + price_pro"
    assert seen.period_ends_at == BEGAN + timedelta(days=60)


@pytest.mark.parametrize("parts", [[], [shapes.item("si_1", PRICE, 0, START, START + MONTH)]])
def test_nothing_bought_is_a_quantity_of_nothing(parts):
    assert looking.subscription_of(subscription(parts=parts)).quantity == 0


def test_a_metered_item_has_no_quantity():
    part = shapes.item("si_1", PRICE, 1, START, START + MONTH)
    del part["quantity"]
    assert looking.subscription_of(subscription(parts=[part])).quantity == 0


def test_late_is_late_since_the_oldest_open_invoice_of_its_own():
    def at(id, seconds, status="open", owner="sub_1"):
        made = invoice(id, owner, status=status)
        made["status_transitions"]["finalized_at"] = START + seconds
        return made

    invoices = [at("in_4", 900), at("in_3", 500), at("in_2", 100, "paid"),
                at("in_1", 50, owner="sub_2")]  # fmt: skip
    seen = looking.subscription_of(subscription(status="past_due"), invoices)
    assert seen.past_due_since == BEGAN + timedelta(seconds=500)
    assert looking.subscription_of(subscription(), invoices).past_due_since is None


def test_an_invoice_that_may_be_paid_later_is_late_from_that_day():
    invoices = [invoice(status="open", due_date=START + MONTH)]
    seen = looking.subscription_of(subscription(status="past_due"), invoices)
    assert seen.past_due_since == BEGAN + timedelta(days=30)


def test_late_without_an_invoice_is_late_since_its_period_began():
    seen = looking.subscription_of(subscription(status="past_due"), [invoice()])
    assert seen.past_due_since == BEGAN


def test_a_draft_is_no_invoice():
    assert seen_invoice(invoice(status="draft")) is None


@pytest.mark.parametrize("behaviour", ["inclusive", "exclusive"])
def test_tax_and_what_it_comes_on_are_the_total(behaviour):
    taxes = [{"amount": 100, "tax_behavior": behaviour}, {"amount": 92, "tax_behavior": behaviour}]
    seen = seen_invoice(invoice(total=1200, total_taxes=taxes))
    assert (seen.subtotal, seen.tax, seen.total) == (1008, 192, 1200)


def test_a_discount_is_a_line_of_its_own():
    off = [{"amount": 300, "discount": "di_1"}]
    seen = seen_invoice(invoice(total=900, total_discount_amounts=off))
    assert seen.lines == [
        {"description": "1 × Pro", "quantity": 1, "amount": 1200},
        {"description": "Discount", "quantity": 1, "amount": -300},
    ]
    assert (seen.subtotal, seen.total) == (900, 900)


def test_an_invoice_keeps_whom_it_was_made_out_to_and_no_more():
    made = invoice(
        customer_name="Ada", customer_email="ada@example.org", customer_phone="+44 1",
        customer_address={"line1": "12 St James's Square", "line2": None, "city": "London",
                          "postal_code": "SW1Y", "country": "GB", "state": ""},
        customer_tax_ids=[{"type": "gb_vat", "value": "GB123"}, {"type": "eu_vat", "value": None}],
    )  # fmt: skip
    assert seen_invoice(made).billed_to == {
        "name": "Ada",
        "email": "ada@example.org",
        "address": {"line1": "12 St James's Square", "postal_code": "SW1Y", "city": "London",
                    "country": "GB"},
        "tax_ids": ["GB123"],
    }  # fmt: skip
    assert seen_invoice(invoice()).billed_to == {}


@pytest.mark.parametrize("parent", [None, {"type": "quote_details", "subscription_details": None}])
def test_an_invoice_may_belong_to_no_subscription(parent):
    assert seen_invoice(invoice(parent=parent)).subscription_id == ""


def test_an_invoice_is_found_whether_its_subscription_is_opened_or_not():
    made = invoice()
    made["parent"]["subscription_details"]["subscription"] = subscription()
    assert seen_invoice(made).subscription_id == "sub_1"


@pytest.mark.parametrize(
    "payment",
    [{"payment_intent": "pi_1"}, {"charge": "ch_1"}, {"payment_intent": {"id": "pi_1"}}],
)
def test_a_charge_is_found_by_whatever_the_invoice_names(payment):
    made = paid_by(invoice(), **payment)
    charges = [charge(amount_refunded=200), charge("ch_2", "pi_2", amount_refunded=1000)]
    refunds = [shapes.refund("re_1", START, charges[0], 200)]
    assert seen_invoice(made, charges).refunded == 200
    found = looking.transactions_of(charges, refunds, [], [made])
    assert [(one.id, one.invoice_id, one.kind, one.amount) for one in found] == [
        ("ch_1", "in_1", "PAYMENT", 1200),
        ("ch_2", "", "PAYMENT", 1200),
        ("re_1", "in_1", "REFUND", 200),
    ]


def test_two_invoices_of_no_known_payment_take_nobodys_refund():
    older = charge(intent=None, amount_refunded=1200)
    assert seen_invoice(invoice(), [older]).refunded == 0
    assert looking.transactions_of([older], [], [], [invoice()])[0].invoice_id == ""


def test_a_declined_payment_and_a_dispute_keep_stripes_words():
    disputes = [shapes.dispute("dp_1", START, charge(), "warning_under_review")]
    found = looking.transactions_of([charge(status="failed")], [], disputes, [])
    assert [one.status for one in found] == ["failed", "warning_under_review"]


def test_a_refund_without_a_state_is_waiting():
    refund = {**shapes.refund("re_1", START, charge(), 200), "status": None}
    [_, seen] = looking.transactions_of([charge()], [refund], [], [])
    assert seen.status == "pending"


SAVED = [
    ("card", {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2031,
              "fingerprint": "Xt5E", "iin": "424242"}, ("visa", "4242", 4, 2031)),
    ("card", {"brand": "visa", "display_brand": "cartes_bancaires", "last4": "4242"},
     ("cartes_bancaires", "4242", None, None)),
    ("sepa_debit", {"last4": "3000", "bank_code": "37040044"}, ("", "3000", None, None)),
    ("us_bank_account", {"last4": "6789", "bank_name": "STRIPE TEST BANK"},
     ("STRIPE TEST BANK", "6789", None, None)),
    ("paypal", {"payer_email": "ada@example.org", "payer_id": "P1"}, ("", "", None, None)),
    ("customer_balance", {}, ("", "", None, None)),
    ("link", {"email": "ada@example.org"}, ("", "", None, None)),
    ("a_kind_of_next_year", {"number": "4242424242424242"}, ("", "", None, None)),
    ("card", {"brand": "v" * 90, "last4": "4242424242424242"}, ("v" * 40, "", None, None)),
    ("card", {"brand": None, "last4": None}, ("", "", None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "details", "expected"), SAVED)
def test_a_way_to_pay_shows_no_more_than_it_may(kind, details, expected):
    seen = looking.method_of(shapes.method("pm_1", START, "cus_1", kind, **details), False)
    assert seen.kind == kind
    assert (seen.brand, seen.last4, seen.expires_month, seen.expires_year) == expected
    assert "424242424242" not in repr(seen)
    assert "@" not in repr(seen)


def default_of(customer_says, *subscriptions):
    customer = shapes.customer("cus_1", START)
    customer["invoice_settings"]["default_payment_method"] = customer_says
    methods = [shapes.method(f"pm_{n}", START, "cus_1", "paypal") for n in (1, 2, 3)]
    seen = looking.methods_of(methods, customer, subscriptions)
    return [one.id for one in seen if one.is_default]


def test_the_subscriptions_own_way_to_pay_comes_before_the_customers():
    ended = subscription(status="canceled", default_payment_method="pm_3")
    current = subscription(default_payment_method="pm_2")
    assert default_of("pm_1", ended, current) == ["pm_2"]
    assert default_of("pm_1", ended) == ["pm_1"]
    assert default_of({"id": "pm_1"}, subscription()) == ["pm_1"]
    assert default_of(None, ended) == []
    assert default_of("pm_gone", ended) == []


@pytest.mark.parametrize(
    ("changes", "amount", "interval"),
    [
        ({}, 1200, "month"),
        ({"recurring": {"interval": "month", "interval_count": 3}}, 1200, "3 month"),
        ({"recurring": None}, 1200, ""),
        ({"unit_amount": None, "billing_scheme": "tiered"}, None, "month"),
    ],
)
def test_a_price_says_what_it_is_for(changes, amount, interval):
    seen = looking.price_of({**PRICE, **changes})
    assert (seen.amount, seen.interval, seen.currency) == (amount, interval, "eur")


def test_nothing_that_is_read_is_changed():
    things = [subscription(), paid_by(invoice(), charge="ch_1"), charge()]
    before = copy.deepcopy(things)
    looking.subscription_of(things[0], [things[1]])
    seen_invoice(things[1], [things[2]])
    looking.transactions_of([things[2]], [], [], [things[1]])
    assert things == before
