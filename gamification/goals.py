"""A goal of one's own: so many lessons a week."""

from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import User
from gamification.days import today_of
from gamification.models import WeeklyGoal

MOST_LESSONS = 100


def week_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - timedelta(days=day.weekday())


def newest_goal(user: User) -> QuerySet[WeeklyGoal, int]:
    """How many lessons this person means to finish this week. No row, or 0: none in particular."""
    rows = WeeklyGoal.objects.filter(user=user, from_week__lte=today_of(user))
    return rows.order_by("-from_week").values_list("lessons", flat=True)[:1]


def set_goal(user: User, lessons: int) -> None:
    """Mean to finish so many lessons a week, from this week on. 0 takes the goal away."""
    week = week_of(today_of(user))
    WeeklyGoal.objects.update_or_create(
        user=user, from_week=week, defaults={"lessons": min(max(lessons, 0), MOST_LESSONS)}
    )
