"""What follows from what happened: whoever it happened to is told."""

from datetime import timedelta
from typing import Any

from django.dispatch import receiver
from django.utils.timezone import now

from activity.models import Event
from activity.signals import event_recorded
from notifications.messages import MESSAGES, about_of, kind_of
from notifications.telling import tell

# What is older when it is recorded is history that was brought in: it is news to nobody.
NEWS = timedelta(days=7)


@receiver(event_recorded)
def tell_of_what_happened(sender: Any, event: Event, **kwargs: Any) -> None:
    kind = kind_of(event)
    if event.user_id and kind in MESSAGES and event.created_at > now() - NEWS:
        about = about_of(event.data)
        tell([event.user_id], kind, event.subject, event.data, about, event.created_at)
