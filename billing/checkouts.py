"""The way to pay: one customer for each person, one open checkout, one session at Stripe.

No lock is held while Stripe is asked. Rows that can be there once, and keys by which Stripe
answers the same question with the same session, do what a lock would.
"""

import copy
import logging
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy

from accounts.models import User
from billing import deliveries, gateway
from billing.errors import BillingRefused, GatewayRefused
from billing.models import Checkout, Customer, Price, Subscription
from billing.syncing import sync
from courses.models import Course

logger = logging.getLogger(__name__)
Status = Subscription.Status


class NotSold(BillingRefused):
    text = gettext_lazy("Nothing is sold here.")


class Subscribed(BillingRefused):
    """One current subscription a person."""

    text = gettext_lazy("You have a subscription already. Change it, or cancel it, under Billing.")


class OnItsWay(BillingRefused):
    """A payment that takes days, such as a bank transfer."""

    text = gettext_lazy(
        "Your first payment is on its way. Your plan opens as soon as it has arrived."
    )


class Unpaid(BillingRefused):
    """Stripe goes on with it once it is paid: beside another it would be paid twice."""

    text = gettext_lazy("Your last plan waits for a payment. Pay it, or end it, under Billing.")


class Unplaced(BillingRefused):
    """It is paid for at Stripe and opens nothing here: beside another it would be paid twice."""

    text = gettext_lazy(
        "You pay for a plan at our payment provider that this school does not know. "
        "Write to the school before you buy another, so that you do not pay twice."
    )


class AnotherBegun(BillingRefused):
    text = gettext_lazy("Another checkout was begun at the same moment. Try again.")


def start_checkout(
    user: User, price: Price, quantity: int = 1, course: Course | None = None
) -> str:
    """Return where Stripe takes the payment. However often it is asked for, it is one session.

    `course`: what somebody wants it for. They are led back there.
    """
    if not gateway.is_configured():
        raise NotSold
    customer = customer_of(user)
    check(customer)
    customer = check_at_stripe(customer)
    begun = customer.checkouts.filter(closed_at=None).first()
    if begun:
        wanted = (price.pk, quantity, course.pk if course else None)
        is_same = (begun.price_id, begun.quantity, begun.course_id) == wanted
        session = session_of(begun)
        if session and session.status == "open" and is_same:
            return session.url
        if session or not is_same:
            end(begun, session)
            check(customer)
    return opened(checkout_for(customer, price, quantity, course), customer)


def session_of(checkout: Checkout) -> gateway.Session | None:
    """What Stripe says of it now; None if it was never opened."""
    if not checkout.stripe_session_id:
        return None
    return gateway.session(checkout.stripe_session_id)


def end(checkout: Checkout, session: gateway.Session | None) -> None:
    """Nobody shall pay there any more. Where somebody has, what Stripe knows is taken in first."""
    if session and session.status == "open":
        gateway.expire_session(session.id)
    elif session and session.status == "complete":
        sync(checkout.customer)
    close(checkout)


def customer_of(user: User) -> Customer:
    """The person as Stripe knows them, made known if need be."""
    customer, _ = Customer.objects.get_or_create(user=user)
    if not customer.stripe_customer_id:
        # As long as nobody has the id, nobody is looked at: two who come at once have one number.
        key = f"customer-{customer.pk}-{customer.asked}"
        made = gateway.make_customer(key, user.email, user.name, str(user.pk))
        nameless = Customer.objects.filter(pk=customer.pk, stripe_customer_id=None)
        nameless.update(stripe_customer_id=made, told_email=user.email)
        deliveries.now_known(made)
        customer.refresh_from_db()
    return customer


def check(customer: Customer) -> None:
    """Refuse a second subscription beside one that goes on, or is about to."""
    states = set(customer.subscriptions.values_list("status", flat=True))
    if states & {*Subscription.CURRENT}:
        raise Subscribed
    if Status.INCOMPLETE in states:
        raise OnItsWay
    if states & {Status.UNPAID, Status.PAUSED}:
        raise Unpaid


def check_at_stripe(customer: Customer) -> Customer:
    """Refuse it as well beside one that we did not hear of, or that has no place here.

    Who was deleted at Stripe is made known there once more.
    """
    going_on = gateway.going_on(customer.stripe_customer_id or "")
    if going_on is None:
        part_with(customer)
        return customer_of(customer.user)
    if going_on:
        sync(customer)
        check(customer)
        logger.error("%s pays for what has no place here: %s", customer, ", ".join(going_on))
        raise Unplaced
    return customer


@transaction.atomic
def part_with(customer: Customer) -> None:
    """Forget an id that leads nowhere, and the checkout that was opened for it."""
    same = Customer.objects.filter(pk=customer.pk, stripe_customer_id=customer.stripe_customer_id)
    # The next number makes another key: with the old one Stripe would answer with the old id.
    if same.update(stripe_customer_id=None, asked=F("asked") + 1):
        logger.warning("%s was deleted at Stripe, and is made anew", customer)
        customer.checkouts.filter(closed_at=None).update(closed_at=now())


def checkout_for(
    customer: Customer, price: Price, quantity: int, course: Course | None
) -> Checkout:
    """The open checkout for this price: the one that is there, or a new one."""
    try:
        with transaction.atomic():
            asked: dict[str, Any] = {"price": price, "quantity": quantity, "course": course}
            return customer.checkouts.get_or_create(**asked, closed_at=None)[0]
    except IntegrityError:
        raise AnotherBegun from None


def opened(checkout: Checkout, customer: Customer) -> str:
    """Have Stripe open its session, and keep which it is, never where."""
    home, course = settings.SITE_URL, checkout.course
    way = "?" + urlencode({"course": course.slug}) if course else ""
    try:
        session = gateway.open_session(
            f"checkout-{checkout.pk}",
            customer.stripe_customer_id or "",
            price_for(customer, checkout.price),
            checkout.quantity,
            home + reverse("billing:return") + way,
            home + reverse("pricing") + way,
        )
    except GatewayRefused:
        # The key would be answered with the same refusal for a day.
        close(checkout)
        raise
    still_open = Checkout.objects.filter(pk=checkout.pk, closed_at=None)
    if not still_open.update(stripe_session_id=session.id):
        gateway.expire_session(session.id)
        raise AnotherBegun
    return session.url


def price_for(customer: Customer, price: Price) -> Price:
    """The price as it is for them: nobody tries out twice."""
    if not price.trial_days or not customer.subscriptions.exists():
        return price
    known = copy.copy(price)
    known.trial_days = 0
    return known


def close(checkout: Checkout) -> None:
    Checkout.objects.filter(pk=checkout.pk, closed_at=None).update(closed_at=now())
