"""What follows from what happened."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from activity.learning import moment_of
from activity.models import Event
from activity.signals import event_recorded
from progress.last_active import note_active


@receiver(event_recorded)
def note_work(sender: Any, event: Event, **kwargs: Any) -> None:
    """Work that did not pass. A lesson, and what completes it by passing, is noted by its mark."""
    is_marked = event.kind == Event.Kind.LESSON_COMPLETED or event.data.get("passed")
    moment = None if is_marked else moment_of(event)
    if moment and event.user and "course" in event.data:
        note_active(event.user.pk, UUID(event.data["course"]), moment)
