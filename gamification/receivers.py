"""What follows from what happened."""

from typing import Any

from django.dispatch import receiver

from activity.models import Event
from activity.signals import event_recorded
from gamification import challenges, ledger


@receiver(event_recorded)
def pay_for_a_lesson(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind == Event.Kind.LESSON_COMPLETED:
        ledger.award_for(event)


@receiver(event_recorded)
def solve_a_task(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind == Event.Kind.SUBMISSION_JUDGED:
        challenges.take_in(event)
