"""What follows from what happened."""

from typing import Any

from django.dispatch import receiver

from activity.models import Event
from activity.signals import event_recorded
from gamification import challenges, ledger, tasks
from gamification.achievements import awarding
from gamification.achievements.registry import WAKING


@receiver(event_recorded)
def pay_for_a_lesson(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind == Event.Kind.LESSON_COMPLETED:
        ledger.award_for(event)


@receiver(event_recorded)
def solve_a_task(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind == Event.Kind.SUBMISSION_JUDGED:
        challenges.take_in(event)


@receiver(event_recorded)
def look_for_badges(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind in WAKING and event.user is not None:
        awarding.note(event.user)
        tasks.award_achievements.delay_on_commit(str(event.user.pk))
