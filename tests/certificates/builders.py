"""Certificates to look at."""

from datetime import UTC, datetime

from django.utils.timezone import now

from accounts.models import User
from certificates.actions import issue
from certificates.models import Certificate
from courses.models import Course

DAY = datetime(2026, 3, 12, 22, 30, tzinfo=UTC)


def certify(user: User, course: Course, at: datetime = DAY) -> Certificate:
    return issue(user, course, at)[0]


def erase(user: User) -> None:
    """As an erasure leaves the account: closed, and marked."""
    User.objects.filter(pk=user.pk).update(is_active=False, deleted_at=now())
