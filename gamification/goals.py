"""A goal of one's own: so many lessons a week."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from gamification.days import today_of
from gamification.models import WeeklyGoal

MOST_LESSONS = 100
WEEK = timedelta(weeks=1)
# Until Thursday a goal is set for this week. Later it would be met by what is done already.
LAST_WEEKDAY = 3


def week_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - timedelta(days=day.weekday())


def newest_goal(user: UUID, today: date) -> QuerySet[WeeklyGoal, int]:
    """How many lessons this person means to finish this week. No row, or 0: none in particular."""
    rows = WeeklyGoal.objects.filter(user_id=user, from_week__lte=today)
    return rows.order_by("-from_week").values_list("lessons", flat=True)[:1]


def coming_goal(user: UUID, today: date) -> QuerySet[WeeklyGoal, int]:
    """The number that holds from next Monday on, where another was set."""
    rows = WeeklyGoal.objects.filter(user_id=user, from_week__gt=today)
    return rows.order_by("-from_week").values_list("lessons", flat=True)[:1]


def set_goal(user: User, lessons: int) -> date:
    """Mean to finish so many lessons a week; return the Monday from which on.

    This week's, or from Friday on the next one: nobody means to do what is done. 0 takes the goal
    away, at once.
    """
    today = today_of(user)
    week = week_of(today)
    lessons = min(max(lessons, 0), MOST_LESSONS)
    begins = week + WEEK if lessons and today.weekday() > LAST_WEEKDAY else week
    goals = WeeklyGoal.objects.filter(user=user)
    goals.filter(from_week__gt=begins).delete()
    goals.update_or_create(user=user, from_week=begins, defaults={"lessons": lessons})
    return begins
