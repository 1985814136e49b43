"""What follows for payments when an account changes."""

from typing import Any

from allauth.account.signals import email_changed
from django.dispatch import receiver

from billing import gateway, tasks


@receiver(email_changed)
def tell_stripe(sender: Any, from_email_address: Any = None, **kwargs: Any) -> None:
    """Whether Stripe knows the person, and by which address, is found out by the task."""
    if from_email_address is not None and gateway.is_configured():
        tasks.tell_stripe.delay_on_commit()
