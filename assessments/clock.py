"""The one clock that deadlines go by: the database's."""

from datetime import datetime, timedelta

from django.db import connection

from accounts.models import User
from assessments.models import Accommodation, Attempt, Quiz

# What arrives this late was sent in time: the way through the network is not the learner's fault.
GRACE = timedelta(seconds=5)


def read_clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def deadline_for(user: User, quiz: Quiz, start: datetime) -> datetime | None:
    """When the clock of an attempt runs out, with the extra time this person has."""
    if quiz.time_limit is None:
        return None
    rows = Accommodation.objects.filter(user=user).values_list("extra_time", flat=True)
    return limited(start, quiz.time_limit, rows.first())


def limited(start: datetime, minutes: int | None, extra_time: int | None) -> datetime | None:
    """When so many minutes are over, for somebody with that extra time; None: no clock."""
    if minutes is None or extra_time == Accommodation.ExtraTime.NO_CLOCK:
        return None
    return start + timedelta(minutes=minutes) * (extra_time or 100) / 100


def is_overdue(attempt: Attempt, moment: datetime) -> bool:
    """Whether nothing more is taken: the deadline and its grace have passed."""
    return attempt.deadline is not None and moment > attempt.deadline + GRACE
