"""What follows from what happened."""

from typing import Any

from django.dispatch import receiver

from activity.models import Event
from activity.signals import event_recorded
from assessments import tasks
from assessments.model_drafts import drafting


@receiver(event_recorded)
def want_a_draft(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind == Event.Kind.ATTEMPT_FINISHED and drafting.is_on():
        tasks.want_draft_for_attempt.delay_on_commit(event.subject.removeprefix("attempt:"))
