"""The badges' SELECTs as one statement, for one person or for a range of them."""

# ruff: noqa: S608 - put together from the texts of this package alone

from typing import Any

from django.db import connection, transaction

from gamification.achievements.facts import HAPPENED
from gamification.achievements.registry import ALL, WAKING, Achievement, Kind

ONE = "= %(user)s"
RANGE = "BETWEEN %(first)s AND %(last)s"
# A certificate that is revoked wakes nobody, but it is not counted.
KINDS = sorted(WAKING | {Kind.CERTIFICATE_REVOKED})


def facts(people: str) -> str:
    """All rows (key, user_id, at, n) of these people."""
    selects = "\n    UNION ALL\n".join(row_of(one) for one in ALL)
    return f"WITH {HAPPENED}, fact AS ({selects})".replace("{people}", people)


def row_of(one: Achievement) -> str:
    return f"SELECT '{one.key}' AS key, user_id, at, n FROM ({one.facts}) AS fact"


def tiers() -> str:
    rows = (
        f"('{one.key}', {number}, {n})"
        for one in ALL
        for number, n in enumerate(one.tiers, start=1)
    )
    return f"(VALUES {', '.join(rows)})"


def missing(people: str) -> str:
    """Those tiers (user_id, key, tier, at) that are reached and were never awarded.

    A revoked award stays as a row, so that it does not come back by itself.
    """
    return f"""
        {facts(people)}, missing AS (
          SELECT reached.* FROM (
            SELECT fact.user_id, fact.key, tier.number AS tier, min(fact.at) AS at
            FROM fact JOIN {tiers()} AS tier (key, number, n)
              ON tier.key = fact.key AND fact.n >= tier.n
            GROUP BY fact.user_id, fact.key, tier.number) AS reached
          WHERE NOT EXISTS (
            SELECT FROM gamification_award award
            WHERE award.user_id {people} AND award.user_id = reached.user_id
              AND award.key = reached.key AND award.tier = reached.tier))
    """


# In an order, so that two who insert for the same person never wait for each other in a circle.
INSERT = """
    INSERT INTO gamification_award (id, user_id, key, tier, earned_at, reason)
    SELECT waymark_uuid7(), user_id, key, tier, at, '' FROM missing ORDER BY user_id, key, tier
    ON CONFLICT (user_id, key, tier) DO NOTHING
"""

AWARD_ONE = f"{missing(ONE)} {INSERT} RETURNING key, tier, earned_at"
# How far one person is.
REACHED = f"{facts(ONE)} SELECT key, max(n) FROM fact GROUP BY key"
COUNT_RANGE = f"{missing(RANGE)} SELECT key, tier, count(*) FROM missing GROUP BY key, tier"
# The same for a range of people, with what follows from each award: an event of the day on which
# it was earned, and an entry of the ledger where badges pay.
AWARD_RANGE = f"""
    {missing(RANGE)}, awarded AS ({INSERT} RETURNING user_id, key, tier, earned_at),
    told AS (
      INSERT INTO activity_event (id, user_id, kind, subject, data, created_at)
      SELECT waymark_uuid7(), user_id, 'ACHIEVEMENT_EARNED', 'achievement:' || key || ':' || tier,
        %(about)s::jsonb->(key || ':' || tier), earned_at
      FROM awarded ON CONFLICT (user_id, kind, subject) DO NOTHING),
    paid AS (
      INSERT INTO gamification_xptransaction
        (id, user_id, amount, base, factor, board_points, source_type, source_key, reason, data,
         created_at)
      SELECT waymark_uuid7(), user_id, xp, xp, 1, 0, 'ACHIEVEMENT', key || ':' || tier, '',
        %(about)s::jsonb->(key || ':' || tier), earned_at
      FROM (SELECT *, (%(xp)s::int[])[tier] AS xp FROM awarded WHERE %(pays)s) AS paying
      ON CONFLICT (user_id, source_type, source_key) DO NOTHING
      RETURNING user_id)
    SELECT key, tier, count(*), (SELECT array_agg(DISTINCT user_id) FROM paid)
    FROM awarded GROUP BY key, tier
"""


@transaction.atomic
def rows(sql: str, **people: Any) -> list[Any]:
    """Run one of these. To compile a statement of this length takes longer than to run it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(sql, {"kinds": KINDS, **people})
        found: list[Any] = cursor.fetchall()
    return found
