"""The desk is open, and a course has learners who came a while ago."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from courses.models import Course
from enrollments.models import Enrollment
from progress.models import LessonProgress, LessonView
from studio.insights.counting import count_course
from tests.studio.conftest import desk, open_desk

__all__ = ["desk", "open_desk"]
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def make_learners(course, number, days_ago, *, now=NOW, start=0):
    """So many people who enrolled so many days before the count."""
    users = User.objects.bulk_create(
        User(email=f"learner-{start + n}@example.org", name=f"Learner {start + n}")
        for n in range(number)
    )
    at = now - timedelta(days=days_ago)
    Enrollment.objects.bulk_create(
        Enrollment(user=user, course=course, enrolled_at=at) for user in users
    )
    return users


def opened(user, lesson, at, *, again=None, done=None):
    LessonView.objects.create(
        user=user, lesson=lesson, first_viewed_at=at, last_viewed_at=again or at
    )
    if done:
        LessonProgress.objects.create(user=user, lesson=lesson, completed_at=done)


def where_people_stop(course, lessons, *, now=NOW, start=0):
    """Sixty learners: all do the first lesson, forty open the second, ten of these go on."""
    users = make_learners(course, 60, 40, now=now, start=start)
    begun = now - timedelta(days=39)
    for number, user in enumerate(users):
        opened(user, lessons[0], begun, done=begun + timedelta(minutes=4))
        if number < 40:
            mark = begun + timedelta(hours=2) if number < 10 else None
            opened(user, lessons[1], begun + timedelta(hours=1), done=mark)
        if number < 10:
            opened(user, lessons[2], begun + timedelta(days=1), done=begun + timedelta(days=2))
    count_course(course, now)
    return users


@pytest.fixture
def stopped(course: Course, lessons) -> list[User]:
    return where_people_stop(course, lessons)
