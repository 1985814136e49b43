"""Money for templates."""

from django import template
from django.utils.translation import gettext_lazy as _

from billing import amounts, plans
from courses.models import Tier

register = template.Library()

# What Stripe says of payments, refunds and disputes, where its word is not ours.
STATES = {
    "succeeded": _("Done"),
    "pending": _("On its way"),
    "requires_action": _("Waits for you"),
    "needs_response": _("Open"),
    "warning_needs_response": _("Open"),
    "under_review": _("Open"),
    "warning_under_review": _("Open"),
    "warning_closed": _("Closed"),
    "won": _("Decided for the school"),
    "lost": _("Decided for you"),
}


@register.filter
def money(amount: int, currency: str) -> str:
    """`{{ invoice.total|money:invoice.currency }}`"""
    return amounts.money(amount, currency)


@register.filter
def moved(status: str) -> str:
    """How a payment, a refund or a dispute stands."""
    return str(STATES.get(status, status.replace("_", " ").capitalize()))


@register.filter
def way_to(bought: tuple[str, str] | None, plan: str) -> plans.Way:
    """`{{ bought|way_to:lock.plan }}`: what leads to a plan, after what was bought last."""
    return plans.way_to(Tier(plan), bought)
