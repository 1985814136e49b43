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
    """Code that did not pass. A lesson, and what completes it by passing, is noted by its mark."""
    if event.kind != Event.Kind.SUBMISSION_JUDGED or event.data.get("passed"):
        return
    moment = moment_of(event)
    if moment and event.user and "course" in event.data:
        note_active(event.user.pk, UUID(event.data["course"]), moment)
