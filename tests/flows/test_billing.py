"""Paying in the browser: the whole story of a plan, against a Stripe that keeps state."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from accounts.models import User
from billing import deliveries
from billing.checkouts import start_checkout
from billing.models import Invoice, Price, Subscription
from billing.syncing import sync
from courses.models import Course, Tier
from progress.models import LessonProgress
from tests.billing.rows import (
    make_invoice,
    make_late,
    make_method,
    make_move,
    make_price,
    make_subscription,
)
from tests.conftest import make_course, make_person
from tests.doubles.stripe_endpoint import StripeEndpoint, serving
from tests.doubles.stripe_endpoint.store import WEBHOOK
from tests.flows.conftest import NARROW, PHONE
from tests.flows.looking import Looker
from tests.flows.school import LONG_NAME
from tests.flows.test_first_view import SHIFT
from tests.flows.test_keyboard import tab_to


@pytest.fixture
def stripe(live_server: Any, settings: Any, watch: Any) -> Iterator[StripeEndpoint]:
    """It tells the site of what happens, and browsers may be sent there and back."""
    with serving() as double, override_settings(**double.settings()):
        double.price("price_pro", 1200, "eur", "month")
        double.webhook_url = live_server.url + WEBHOOK
        settings.SITE_URL = live_server.url
        allowed = [*settings.SECURE_CSP["form-action"], double.base]
        settings.SECURE_CSP = {**settings.SECURE_CSP, "form-action": allowed}
        watch.meant.append(double.base)
        yield double


@pytest.fixture
def course(transactional_db: Any) -> Course:
    return make_course("pro", "Deep water", required_plan=Tier.PRO, opens_to_all=False)


@pytest.fixture
def bob(transactional_db: Any, stripe: StripeEndpoint) -> User:
    make_price(stripe_price_id="price_pro")
    return make_person("bob@example.org", "Bob")


def told(stripe: StripeEndpoint, state: str, **more: Any) -> None:
    """Wait until the site knows, by Stripe's own messages, that a subscription stands so."""
    limit = time.monotonic() + 15
    while not Subscription.objects.filter(status=state, **more).exists():
        assert time.monotonic() < limit, list(Subscription.objects.values())
        deliveries.take_up()
        time.sleep(0.1)


def buy(page: Page, stripe: StripeEndpoint) -> None:
    page.goto("/pricing/")
    page.get_by_role("button", name="Choose Pro").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_role("heading", name="Confirming your payment")).to_be_visible()
    told(stripe, "active")
    # The page asks by itself.
    expect(page.get_by_role("heading", name="Pro is open")).to_be_visible()


def test_the_story_of_a_plan(
    open_page: Any, bob: User, course: Course, stripe: StripeEndpoint
) -> None:
    page: Page = open_page(bob)
    lesson = course.lessons.get(slug="lesson-1").get_absolute_url()

    def opens(path: str) -> bool:
        answer = page.goto(path)
        assert answer
        assert answer.status in (200, 403)
        return answer.ok

    assert not opens(lesson)
    buy(page, stripe)
    page.goto(course.get_absolute_url())
    page.get_by_role("button", name="Enrol").click()
    assert opens(lesson)
    page.get_by_role("button", name="Lesson complete").click()
    expect(page.locator("#say")).to_contain_text("Lesson marked complete.")

    page.goto("/billing/")
    expect(page.locator("#plan")).to_contain_text("Pro, 12 € a month, renews")
    page.get_by_role("link", name=re.compile("^INV-")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Invoice INV-\d{4}-001"))
    expect(page.get_by_role("row", name="Total 12 €")).to_be_visible()

    subscription = stripe.all("subscription")[0]
    stripe.fail(subscription)
    told(stripe, "past_due")
    assert opens(lesson)
    banner = page.get_by_role("complementary", name="Late payment")
    expect(banner).to_contain_text("Your plan stays open until")
    Subscription.objects.update(past_due_since=now() - timedelta(days=8))
    assert not opens(lesson)
    expect(banner).to_contain_text("is closed since")
    stripe.pay_late(subscription)
    told(stripe, "active")
    assert opens(lesson)
    expect(banner).to_have_count(0)

    page.goto("/billing/")
    page.get_by_role("link", name="Cancel plan").click()
    page.get_by_role("button", name="Cancel Pro").click()
    expect(page.locator("#plan")).to_contain_text("Pro ends")
    expect(page.locator("#plan")).to_be_focused()
    assert opens(lesson)
    stripe.renew(subscription)
    told(stripe, "canceled")
    assert not opens(lesson)
    assert opens("/billing/")
    expect(page.locator("#plan")).to_contain_text("Pro ended")
    assert LessonProgress.objects.filter(user=bob).count() == 1

    buy(page, stripe)
    assert opens(lesson)
    expect(page.get_by_role("button", name="Lesson complete")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_while_the_page_asks_by_itself_the_focus_stays(
    open_page: Any, bob: User, stripe: StripeEndpoint
) -> None:
    start_checkout(bob, Price.objects.get())
    page: Page = open_page(bob)
    page.goto("/billing/return/")
    again = page.get_by_role("link", name="Look again")
    again.focus()
    expect(page.locator("#state")).to_have_attribute("hx-get", re.compile("look=2"), timeout=10_000)
    expect(again).to_be_focused()
    make_subscription(bob, Price.objects.get())
    expect(page.locator("#say")).to_have_text("Pro is open.")


@pytest.fixture
def paying(bob: User, stripe: StripeEndpoint) -> User:
    """Bob has bought Pro."""
    start_checkout(bob, Price.objects.get())
    stripe.complete(stripe.all("checkout.session")[0]["id"])
    sync(bob.customer)
    return bob


@pytest.mark.parametrize("script", [True, False])
def test_a_plan_is_cancelled_and_kept_by_keys_with_script_and_without(
    open_page: Any, paying: User, script: bool
) -> None:
    page: Page = open_page(paying, script=script)
    page.goto("/billing/")
    page.get_by_role("link", name="Cancel plan").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cancel Pro")
    page.get_by_role("button", name="Cancel Pro").press("Enter")
    status = page.locator("#plan")
    expect(status).to_contain_text("You keep your progress, code and certificates.")
    expect(status).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Keep Pro")).to_be_focused()
    page.keyboard.press("Enter")
    expect(status).to_contain_text("renews")
    expect(status).to_be_focused()


def test_from_settings_to_the_last_press_by_tabs_alone(open_page: Any, paying: User) -> None:
    page: Page = open_page(paying)
    page.goto("/settings/profile/")
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Billing").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Billing"))
    page.get_by_role("link", name="Skip to content").press("Enter")
    tab_to(page, "Cancel plan", most=12)
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Cancel Pro"))
    page.get_by_role("link", name="Skip to content").press("Enter")
    tab_to(page, "Cancel Pro", most=3)


def test_without_script_the_way_back_is_looked_for_by_hand(
    open_page: Any, bob: User, stripe: StripeEndpoint
) -> None:
    page: Page = open_page(bob, script=False, size=PHONE)
    page.goto("/pricing/")
    page.get_by_role("button", name="Choose Pro").click()
    page.get_by_role("button", name="Pay with a card that fails").click()
    expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
    page.get_by_role("button", name="Pay", exact=True).click()
    told(stripe, "active")
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pro is open")


def test_who_turns_back_at_stripe_finds_the_prices_again(
    open_page: Any, bob: User, stripe: StripeEndpoint
) -> None:
    page: Page = open_page(bob)
    page.goto("/pricing/")
    page.get_by_role("button", name="Choose Pro").click()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plans and prices")
    page.get_by_role("button", name="Choose Pro").click()
    assert len(stripe.all("checkout.session")) == 1


@pytest.mark.parametrize("script", [True, False])
def test_seats_are_added_up_before_anybody_goes_to_stripe(
    open_page: Any, bob: User, stripe: StripeEndpoint, script: bool
) -> None:
    make_price(Tier.ENTERPRISE, 2000)
    page: Page = open_page(bob, script=script)
    page.goto("/pricing/")
    totals = page.locator("#totals")
    expect(totals).to_have_text("5 seats × 20\xa0€ = 100\xa0€ a month")
    page.get_by_label("Seats").fill("12")
    more = page.get_by_role("button", name="Work out the total")
    if script:
        expect(more).to_be_hidden()
    else:
        more.click()
    expect(totals).to_have_text("12 seats × 20\xa0€ = 240\xa0€ a month")
    expect(page.get_by_label("Seats")).to_have_value("12")


def test_the_card_is_changed_at_stripe(
    open_page: Any, paying: User, stripe: StripeEndpoint
) -> None:
    page: Page = open_page(paying)
    page.goto("/billing/")
    page.get_by_role("button", name="Change payment method").click()
    page.get_by_role("button", name="Use another card").click()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Billing")


@pytest.fixture
def looker(open_page: Callable[..., Page]) -> Iterator[Callable[..., Looker]]:
    lookers: list[Looker] = []

    def look_as(user: User | None = None) -> Looker:
        lookers.append(Looker(open_page(user)))
        return lookers[-1]

    yield look_as
    found = [problem for looker in lookers for problem in looker.problems]
    assert not found, "\n".join(dict.fromkeys(found))


def fill_ledger(user: User, currency: str = "eur", total: int = 1200) -> None:
    make_method(user)
    for number in range(14):
        fields = {"currency": currency, "tax": total // 6, "refunded": number % 2 * 300}
        make_move(make_invoice(user, Invoice.objects.count() + 1, total, **fields))


def test_every_page_of_billing_is_sound(
    bob: User, course: Course, stripe: StripeEndpoint, looker: Callable[..., Looker], settings: Any
) -> None:
    settings.SELLER, settings.CONTACT_EMAIL = ["Long Lane 1"], "billing@school.example"
    price = Price.objects.get()
    make_price(amount=12000, interval="year")
    yen = make_price(currency="jpy", amount=123_456_789, trial_days=30, includes_tax=False)
    make_price(Tier.ENTERPRISE, 99_900)
    guest = looker()
    guest.visit("/pricing/")
    guest.visit("/pricing/?currency=jpy")
    guest.visit("/pricing/?currency=chf")
    free = looker(bob)
    free.visit("/pricing/")
    free.visit("/billing/")
    free.visit("/billing/return/")
    settings.STRIPE_SECRET_KEY, key = "", settings.STRIPE_SECRET_KEY
    free.visit("/pricing/", 404)
    free.visit(course.get_absolute_url())
    settings.STRIPE_SECRET_KEY = key
    bob.name = LONG_NAME
    bob.save()
    one = make_subscription(bob, yen)
    fill_ledger(bob, "jpy", 123_456_789)
    for address in (
        "/pricing/",
        "/billing/",
        "/billing/cancel/",
        "/billing/invoices/INV-2026-002/",
    ):
        free.visit(address)
    Subscription.objects.filter(pk=one.pk).update(cancels_at=one.period_ends_at)
    free.visit("/billing/?page=2")
    settings.STRIPE_SECRET_KEY = ""
    free.visit("/billing/")
    settings.STRIPE_SECRET_KEY = key
    Subscription.objects.filter(pk=one.pk).update(status="canceled")
    free.widths = (NARROW,)
    free.visit("/billing/")
    tardy = make_person("late@example.org", "Late")
    make_late(tardy, 3, price=price)
    slow = looker(tardy)
    slow.visit("/billing/")
    slow.visit("/classroom/")
    stripe.away = True
    slow.page.get_by_role("link", name="Billing").first.click()
    slow.page.goto("/billing/")
    slow.page.get_by_role("button", name="Update payment method").click()
    expect(slow.page.get_by_role("heading", level=1)).to_have_text("Try again in a moment")
    slow.look("Stripe is away")
    stripe.is_well()
    slow.page.get_by_role("button", name="Try again").click()
    expect(slow.page.get_by_role("heading", level=1)).to_have_text("That was not done")
    slow.look("refused")


def test_nothing_moves_once_it_is_shown(
    open_page: Any, bob: User, course: Course, stripe: StripeEndpoint
) -> None:
    make_subscription(bob, Price.objects.get(), status="past_due", past_due_since=now())
    fill_ledger(bob)
    page: Page = open_page(bob)
    page.add_init_script(SHIFT)
    for address in ("pricing/", "billing/", "billing/cancel/", "billing/invoices/INV-2026-001/"):
        page.goto(f"/{address}", wait_until="networkidle")
        assert page.evaluate("window.shift") <= 0.01, address


def test_an_invoice_prints_on_one_page(open_page: Any, bob: User, stripe: StripeEndpoint) -> None:
    fill_ledger(bob)
    page: Page = open_page(bob)
    page.goto("/billing/invoices/INV-2026-001/")
    for paper in ("A4", "Letter"):
        assert page.pdf(format=paper).count(b"/Type /Page\n") == 1
