"""What follows from what happened."""

from typing import Any

from django.dispatch import receiver

from activity.models import Event
from activity.signals import event_recorded
from certificates.actions import issue
from courses.models import Course


@receiver(event_recorded)
def certify_a_finished_course(sender: Any, event: Event, **kwargs: Any) -> None:
    if event.kind == Event.Kind.COURSE_COMPLETED and event.user:
        course = Course.objects.select_related("language").get(
            pk=event.subject.removeprefix("course:")
        )
        issue(event.user, course, event.created_at)
