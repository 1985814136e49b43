"""Whether points do good here: what staff look at, counted over everybody who learns."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.timezone import now

from accounts.learners import LEARNER
from gamification.multipliers import LEARNING

SPAN = timedelta(days=90)

NUMBERS = f"""
    WITH learner AS (
      SELECT person.id, profile.preferences @> '{{"show_points": false}}' AS hides,
             coalesce(standing.total_xp, 0) > 0 AS has_points,
             coalesce(choice.shown <> 'OFF', false) AS wants_boards,
             coalesce(choice.is_listed, false) AS is_listed
      FROM accounts_user person
      JOIN accounts_profile profile ON profile.user_id = person.id
      LEFT JOIN gamification_standing standing ON standing.user_id = person.id
      LEFT JOIN gamification_boardchoice choice ON choice.user_id = person.id
      WHERE {LEARNER}
    ), paid AS (
      SELECT coalesce(sum(amount), 0) AS xp,
             coalesce(sum(amount) FILTER (WHERE source_type = ANY(%(learning)s)), 0) AS learning,
             count(*) FILTER (WHERE source_type = 'LESSON') AS lessons,
             count(*) FILTER (WHERE source_type = 'LESSON' AND board_points = 0) AS uncounted
      FROM gamification_xptransaction
      WHERE created_at > %(since)s AND amount > 0
    )
    SELECT count(*), count(*) FILTER (WHERE has_points), count(*) FILTER (WHERE hides),
           count(*) FILTER (WHERE wants_boards), count(*) FILTER (WHERE is_listed),
           (SELECT xp FROM paid), (SELECT learning FROM paid), (SELECT lessons FROM paid),
           (SELECT uncounted FROM paid)
    FROM learner
"""  # noqa: S608 - LEARNER above


@dataclass(frozen=True, slots=True)
class SchoolNumbers:
    """Learners are those whom `accounts.learners` names. XP is what was paid within `SPAN`."""

    learners: int
    with_points: int
    hiding: int
    wanting_boards: int
    listed: int
    xp: int
    learning_xp: int
    lessons: int
    uncounted: int


def school_numbers() -> SchoolNumbers:
    """One statement."""
    values: dict[str, Any] = {"learning": sorted(LEARNING), "since": now() - SPAN}
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, values)
        return SchoolNumbers(*map(int, cursor.fetchone()))
