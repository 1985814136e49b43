"""Totals and levels of many people at once, after the backfill paid for what it awarded."""

from uuid import UUID

from django.db import connection

from activity.models import Event

HOLD = """
    INSERT INTO gamification_standing (user_id, total_xp)
    SELECT user_id, 0 FROM unnest(%(users)s::uuid[]) AS user_id ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET total_xp = gamification_standing.total_xp
    RETURNING user_id, level
"""
SUM = """
    UPDATE gamification_standing standing SET total_xp = ledger.total
    FROM (SELECT user_id, sum(amount) AS total FROM gamification_xptransaction
          WHERE user_id = ANY(%(users)s) GROUP BY user_id) AS ledger
    WHERE ledger.user_id = standing.user_id
"""
# Those who rose have reached the levels in between, and their badges are due again.
ROSE = """
    WITH rose AS (
      SELECT standing.user_id, before.level + 1 AS first, standing.level AS last
      FROM unnest(%(users)s::uuid[], %(levels)s::int[]) AS before (user_id, level)
      JOIN gamification_standing standing
        ON standing.user_id = before.user_id AND standing.level > before.level
    ), told AS (
      INSERT INTO activity_event (id, user_id, kind, subject, data, created_at)
      SELECT waymark_uuid7(), user_id, %(kind)s, 'level:' || level,
        jsonb_build_object('level', level), clock_timestamp()
      FROM rose CROSS JOIN generate_series(rose.first, rose.last) AS level
      ON CONFLICT (user_id, kind, subject) DO NOTHING)
    INSERT INTO gamification_achievementsdue (id, user_id, since)
    SELECT waymark_uuid7(), user_id, clock_timestamp() FROM rose
"""


def count_again(users: list[UUID]) -> None:
    """Lock these people's standings in order, sum their ledgers, record the levels reached.

    Three statements: one that waited for the locks would sum without what it waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"users": users})
        held = cursor.fetchall()
        cursor.execute(SUM, {"users": users})
        cursor.execute(
            ROSE,
            {
                "users": [user for user, _ in held],
                "levels": [level for _, level in held],
                "kind": Event.Kind.LEVEL_REACHED,
            },
        )
