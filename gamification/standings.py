"""The row that puts everything counted about one person's points one after the other."""

from uuid import UUID

from django.db import connection

from accounts.models import User

LOCK_OR_MAKE = """
    INSERT INTO gamification_standing (user_id, total_xp) VALUES (%s, 0)
    ON CONFLICT (user_id) DO UPDATE SET total_xp = gamification_standing.total_xp
    RETURNING total_xp
"""

HOLD_ALL = """
    SELECT FROM gamification_standing WHERE user_id = ANY (%s)
    ORDER BY user_id FOR NO KEY UPDATE
"""

SUM = """
    UPDATE gamification_standing SET total_xp = (
      SELECT coalesce(sum(amount), 0) FROM gamification_xptransaction WHERE user_id = %(user)s)
    WHERE user_id = %(user)s RETURNING total_xp
"""


def hold_standing(user: User) -> int:
    """Lock the person's standing, making it if need be; return the total it says.

    What is counted under the lock is counted in statements of their own: one that waited for it
    would count with the view of the data from before its wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_OR_MAKE, [user.pk])
        return int(cursor.fetchone()[0])


def hold_standings(users: list[UUID]) -> None:
    """Lock the standings of several, in an order that all who hold several keep to."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD_ALL, [users])


def sum_up(user: User) -> int:
    """Sum the ledger of somebody whose standing is held; return the total."""
    with connection.cursor() as cursor:
        cursor.execute(SUM, {"user": user.pk})
        return int(cursor.fetchone()[0])
