"""What enrolments do when something happens elsewhere."""

from typing import Any

from allauth.account.signals import user_signed_up
from django.dispatch import receiver

from accounts.models import User
from courses.models import Course
from courses.signals import course_published
from enrollments import actions


@receiver(user_signed_up)
def enroll_the_newcomer(sender: Any, user: User, **kwargs: Any) -> None:
    """Email or social, the first time: be in every open course at once."""
    actions.welcome(user)


@receiver(course_published)
def enroll_those_who_follow(sender: Any, course: Course, **kwargs: Any) -> None:
    """Those who follow a language asked for all of its courses."""
    actions.enroll_followers(course)
