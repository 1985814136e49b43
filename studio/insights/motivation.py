"""Whether points, streaks and boards do good, over all learners.

A day of a long streak has learning on each of the six dates before it: rest days and freezes are
left aside, so there are a few more.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from accounts.learners import LEARNER
from studio.insights.population import midnight, monday
from studio.insights.shares import ENOUGH, Share

SPAN = timedelta(days=90)
WESTMOST = timedelta(hours=12)  # behind UTC: a date that is over there is over everywhere
LATE = 22  # o'clock, by the clock of that day
UNEVEN = 0.7  # above it a few have nearly all the points of a week
# Of the cheapest thing alone: one lesson ticked, and nothing that had to be passed.
DAYS = f"""
    WITH learner AS (
      SELECT id FROM accounts_user person WHERE {LEARNER}
    ), day AS (
      SELECT day.*, lag(date, 6) OVER (PARTITION BY user_id ORDER BY date) = date - 6 AS is_long
      FROM gamification_activeday day JOIN learner ON learner.id = user_id
      WHERE date > %(since)s::date - 6 AND date <= %(today)s
    )
    SELECT count(*), count(*) FILTER (WHERE events = 1
      AND extract(hour FROM first_at AT TIME ZONE zone) >= %(late)s AND EXISTS (
        SELECT FROM activity_event event
        JOIN courses_lesson lesson ON event.subject = 'lesson:' || lesson.id
        WHERE event.user_id = day.user_id AND event.kind = 'LESSON_COMPLETED'
          AND event.created_at BETWEEN day.first_at AND day.last_at
          AND lesson.completion <> 'BY_PASSING'))
    FROM day WHERE is_long AND date > %(since)s
"""  # noqa: S608 - LEARNER above
CHOICES = f"""
    SELECT count(*), count(*) FILTER (WHERE choice.user_id IS NOT NULL),
      count(*) FILTER (WHERE choice.shown = 'OFF'),
      count(*) FILTER (WHERE profile.preferences @> '{{"show_points": false}}'),
      count(*) FILTER (WHERE EXISTS (SELECT FROM notifications_preference liked
        WHERE liked.user_id = person.id AND liked.topic = 'streak' AND liked.is_on))
    FROM accounts_user person JOIN accounts_profile profile ON profile.user_id = person.id
    LEFT JOIN gamification_boardchoice choice ON choice.user_id = person.id
    WHERE {LEARNER}
"""  # noqa: S608 - LEARNER above
WEEK = f"""
    WITH scored AS (
      SELECT sum(board_points) AS points FROM gamification_xptransaction entry
      JOIN accounts_user person ON person.id = entry.user_id AND {LEARNER}
      WHERE entry.created_at >= %(monday)s - interval '7 days' AND entry.created_at < %(monday)s
      GROUP BY entry.user_id HAVING sum(board_points) > 0
    ), ranked AS (
      SELECT points, row_number() OVER (ORDER BY points) AS place FROM scored
    )
    SELECT count(*), CASE WHEN count(*) > 0 THEN (2.0 * sum(place * points)
      / (count(*) * sum(points)) - (count(*) + 1.0) / count(*))::float END
    FROM ranked
"""  # noqa: S608 - LEARNER above
# Only those whose seven days are over, by their own clock: an end, a freeze that was used, a run
# taken up again.
RETURNS = f"""
    WITH met AS (
      SELECT user_id, 'ended' AS kind, ended_on AS at FROM gamification_streak
      UNION ALL SELECT user_id, 'frozen', froze_on FROM gamification_streak
      UNION ALL SELECT user_id, 'repaired', date FROM gamification_repair
    )
    SELECT kind, count(*), count(*) FILTER (WHERE EXISTS (
      SELECT FROM gamification_activeday day WHERE day.user_id = met.user_id
        AND day.date BETWEEN met.at + 1 AND met.at + 7))
    FROM met JOIN accounts_user person ON person.id = met.user_id AND {LEARNER}
    WHERE met.at > %(since)s AND met.at <= %(over)s - 8 GROUP BY kind
"""  # noqa: S608 - LEARNER above
BESIDE = f"""
    WITH learner AS (
      SELECT person.id, profile.preferences @> '{{"show_points": false}}' AS hides
      FROM accounts_user person JOIN accounts_profile profile ON profile.user_id = person.id
      WHERE {LEARNER}
    ), place AS (
      SELECT hides, count(*) AS places, count(*) FILTER (WHERE status = 'COMPLETED') AS completed
      FROM enrollments_enrollment JOIN learner ON learner.id = user_id
      WHERE enrolled_at <= %(now)s - interval '28 days' GROUP BY hides
    ), quiz AS (
      SELECT hides, count(*) AS attempts,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY percent) AS percent
      FROM assessments_attempt JOIN learner ON learner.id = user_id
      WHERE status <> 'OPEN' AND NOT is_practice AND percent IS NOT NULL
        AND closed_at > %(now)s - interval '90 days' GROUP BY hides
    )
    SELECT hides, coalesce(places, 0), coalesce(completed, 0), coalesce(attempts, 0), percent
    FROM place FULL JOIN quiz USING (hides)
"""  # noqa: S608 - LEARNER above


@dataclass(frozen=True, slots=True)
class Group:
    """People who see points, or who hide them. `percent` is the median score of their attempts."""

    places: int = 0
    completed: int = 0
    attempts: int = 0
    percent: int | None = None

    @property
    def share_completed(self) -> Share:
        return Share(self.completed, self.places)

    @property
    def score(self) -> int | None:
        """None where too few tried to say it."""
        return self.percent if self.attempts >= ENOUGH else None


@dataclass(frozen=True, slots=True)
class Health:
    """Rates with what they are of. `gini` is of the last week that is over; `scorers`: its people.

    `returns`: after an end, a freeze and a repair, who learned within seven days.
    """

    token_days: Share
    boards_left: Share
    hiding: Share
    reminded: Share
    scorers: int
    gini: float | None
    returns: dict[str, Share]
    seeing: Group
    not_seeing: Group

    @property
    def unevenness(self) -> float | None:
        """The Gini coefficient; None where too few had points to say it."""
        return self.gini if self.scorers >= ENOUGH else None


def health_of(now: datetime) -> Health:
    """Five queries."""
    today = now.astimezone(UTC).date()
    values: dict[str, Any] = {
        "now": now, "today": today, "since": today - SPAN, "late": LATE,
        "monday": midnight(monday(today)), "over": (now - WESTMOST).astimezone(UTC).date(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(DAYS, values)
        days, tokens = cursor.fetchone()
        cursor.execute(CHOICES)
        learners, chose, left, hiding, reminded = cursor.fetchone()
        cursor.execute(WEEK, values)
        scorers, gini = cursor.fetchone()
        cursor.execute(RETURNS, values)
        found = {kind: Share(back, number) for kind, number, back in cursor.fetchall()}
        cursor.execute(BESIDE, values)
        groups = {hides: Group(*numbers) for hides, *numbers in cursor.fetchall()}
    return Health(
        token_days=Share(tokens, days),
        boards_left=Share(left, chose),
        hiding=Share(hiding, learners),
        reminded=Share(reminded, learners),
        scorers=scorers,
        gini=gini,
        returns={kind: found.get(kind, Share(0, 0)) for kind in ("ended", "frozen", "repaired")},
        seeing=groups.get(False, Group()),
        not_seeing=groups.get(True, Group()),
    )
