"""News of the school itself."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from activity.actions import record
from activity.models import Event
from courses.models import Course
from courses.signals import course_published


@receiver(course_published)
def note_a_new_course(sender: Any, course: Course, by: User | None = None, **kwargs: Any) -> None:
    data = {"title": course.title, "url": course.get_absolute_url()}
    record(by, Event.Kind.COURSE_PUBLISHED, f"course:{course.pk}", data)
