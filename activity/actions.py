"""Recording what happened."""

from typing import Any

from django.db import transaction

from accounts.models import User
from activity.models import Event
from activity.signals import event_recorded


@transaction.atomic
def record(
    user: User | None, kind: Event.Kind, subject: str, data: dict[str, Any] | None = None
) -> Event | None:
    """Store the event once; tell those who listen. Return None if it had happened before."""
    event = Event(user=user, kind=kind, subject=subject, data=data or {})
    # `bulk_create` is Django's only way to say ON CONFLICT DO NOTHING; the row decides, not a look
    # before it.
    Event.objects.bulk_create([event], ignore_conflicts=True)
    if not Event.objects.filter(pk=event.pk).exists():
        return None
    event_recorded.send(sender=Event, event=event)
    return event
