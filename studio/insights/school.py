"""Who learns in the school at all, and who stays."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from accounts.learners import LEARNER
from studio.insights.shares import Share

WEEK, MONTH = 7, 30  # days
# Who joined in the four weeks whose fifth week is over, so that each had the time to come back.
ACTIVE = f"""
    WITH learner AS (
      SELECT id, (date_joined AT TIME ZONE 'UTC')::date AS joined FROM accounts_user person
      WHERE {LEARNER}
    ), lately AS (
      SELECT day.user_id, max(date) AS date FROM gamification_activeday day
      WHERE date > %(today)s - 30 AND date <= %(today)s GROUP BY day.user_id
    )
    SELECT (SELECT count(*) FROM learner),
      (SELECT count(*) FROM lately JOIN learner ON id = user_id WHERE date > %(today)s - 7),
      (SELECT count(*) FROM lately JOIN learner ON id = user_id),
      count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM gamification_activeday day
        WHERE day.user_id = learner.id AND day.date BETWEEN joined + 28 AND joined + 34))
    FROM learner WHERE joined BETWEEN %(today)s - 62 AND %(today)s - 35
"""  # noqa: S608 - LEARNER above


@dataclass(frozen=True, slots=True)
class Active:
    """Active: a day of learning at least. `stayed`: of those who joined, active in week four."""

    learners: int
    week: int
    month: int
    joined: int
    stayed: int

    @property
    def share_stayed(self) -> Share:
        return Share(self.stayed, self.joined)


def active_in(today: date) -> Active:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIVE, {"today": today})
        return Active(*cursor.fetchone())
