"""What is worth remembering of people and of the school itself."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import preferences_changed
from activity.actions import record
from activity.analytics.keeping import unname
from activity.models import Event
from courses.models import Course
from courses.signals import course_published


@receiver(user_logged_in)
def note_the_first_sign_in(sender: Any, user: User, **kwargs: Any) -> None:
    """Signed up is who came in: an address that nobody ever verified leaves no history."""
    record(user, Event.Kind.SIGNED_UP, f"user:{user.pk}")


@receiver(course_published)
def note_a_new_course(sender: Any, course: Course, by: User | None = None, **kwargs: Any) -> None:
    data = {"title": course.title, "url": course.get_absolute_url()}
    record(by, Event.Kind.COURSE_PUBLISHED, f"course:{course.pk}", data)


@receiver(preferences_changed)
def forget_the_name(
    sender: Any, user: User, before: dict[str, Any], after: dict[str, Any], **kwargs: Any
) -> None:
    """Consent that is taken back holds for what was kept before as well."""
    if before["named_visits"] and not after["named_visits"]:
        unname(user)
