"""Ending a subscription and taking that back, and the ways to Stripe's own pages.

What is asked of Stripe is true there at once. Our rows follow by a look, never by a guess.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from billing import deliveries, gateway
from billing.errors import BillingRefused, GatewayAway, GatewayTrouble, GatewayUnheard
from billing.models import Customer, Price, Subscription
from billing.offers import SEATED
from billing.syncing import sync

logger = logging.getLogger(__name__)


class NothingGoesOn(BillingRefused):
    text = gettext_lazy("You have no subscription that goes on.")


class UnknownAtStripe(BillingRefused):
    text = gettext_lazy("You have bought nothing here yet.")


class SetToEnd(BillingRefused):
    text = gettext_lazy("Your plan is set to end. Press Keep under Billing first, then change it.")


def current_of(user: User) -> Subscription:
    """The one that goes on."""
    mine = Subscription.objects.current().filter(customer__user=user)
    found = mine.select_related("price__plan", "customer").first()
    if found is None:
        raise NothingGoesOn
    return found


def changeable(user: User) -> Subscription:
    """The same, where it is not set to end: a change would not say whether it still does."""
    found = current_of(user)
    if found.cancels_at:
        raise SetToEnd
    return found


def cancel(user: User) -> bool:
    """Have it end with what is paid. Returns whether our rows know of it already."""
    return set_cancel(current_of(user), True)


def resume(user: User) -> bool:
    """Have it go on after all, as long as it has not ended."""
    return set_cancel(current_of(user), False)


def set_cancel(subscription: Subscription, wanted: bool) -> bool:
    """Twice is as once."""
    if wanted == bool(subscription.cancels_at):
        return True
    return change(
        subscription,
        lambda: gateway.set_cancel(subscription.stripe_subscription_id, wanted),
        lambda: wanted == bool(subscription.cancels_at),
    )


def change(
    subscription: Subscription, ask: Callable[[], None], is_done: Callable[[], bool]
) -> bool:
    """Have Stripe change it, and look. Returns whether our rows know of it already.

    A look that fails is made again for the message that Stripe sends. Raises GatewayTrouble; of it
    GatewayUnheard where nobody can say what became of it.
    """
    try:
        ask()
    except GatewayUnheard:
        find_out(subscription, is_done)
        return True
    try:
        sync(subscription.customer)
    except GatewayTrouble:
        logger.warning("No look after a change of %s", subscription.pk)
        return False
    return True


def find_out(subscription: Subscription, is_done: Callable[[], bool]) -> None:
    """No answer came: ask Stripe whether it was done, now or in a while."""
    try:
        sync(subscription.customer)
    except GatewayTrouble as trouble:
        deliveries.want_look(subscription.customer)
        raise GatewayUnheard(str(trouble)) from None
    subscription.refresh_from_db()
    if not is_done():
        raise GatewayAway(_("Stripe did not answer, and has changed nothing."))


def change_of_plan(user: User, price: Price) -> str:
    """Where Stripe says what the change costs, and makes it once that is confirmed there.

    Seats go on with a plan that has them. Any other is for one, whatever was paid for before.
    """
    found = changeable(user)
    return gateway.change_of_plan(
        found.customer.stripe_customer_id or "",
        settings.SITE_URL + reverse("billing:overview"),
        found.stripe_subscription_id,
        price.stripe_price_id,
        found.quantity if price.plan_id in SEATED else 1,
    )


def portal_of(user: User, flow: gateway.Flow = "") -> str:
    """Where Stripe lets the person change how they pay, or what for. Good once, kept nowhere."""
    customer = Customer.objects.filter(user=user).exclude(stripe_customer_id=None).first()
    if customer is None:
        raise UnknownAtStripe
    about = ""
    if flow == "subscription_update":
        about = changeable(user).stripe_subscription_id
    back = settings.SITE_URL + reverse("billing:overview")
    return gateway.portal(customer.stripe_customer_id or "", back, flow, about)
