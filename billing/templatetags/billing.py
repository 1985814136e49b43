"""Money for templates."""

from django import template

from billing import amounts, plans
from courses.models import Tier

register = template.Library()

# What Stripe says of payments, refunds and disputes, where its word is not ours.
STATES = {
    "succeeded": "Done",
    "pending": "On its way",
    "requires_action": "Waits for you",
    "needs_response": "Open",
    "warning_needs_response": "Open",
    "under_review": "Open",
    "warning_under_review": "Open",
    "warning_closed": "Closed",
    "won": "Decided for the school",
    "lost": "Decided for you",
}


@register.filter
def money(amount: int, currency: str) -> str:
    """`{{ invoice.total|money:invoice.currency }}`"""
    return amounts.money(amount, currency)


@register.filter
def moved(status: str) -> str:
    """How a payment, a refund or a dispute stands."""
    return STATES.get(status, status.replace("_", " ").capitalize())


@register.filter
def way_to(bought: tuple[str, str] | None, plan: str) -> plans.Way:
    """`{{ bought|way_to:lock.plan }}`: what leads to a plan, after what was bought last."""
    return plans.way_to(Tier(plan), bought)
