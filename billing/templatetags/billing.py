"""Money for templates."""

from django import template

from billing import amounts

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
