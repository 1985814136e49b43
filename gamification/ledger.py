"""The XP ledger: paid once a source, summed afresh, never changed."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from accounts.models import User
from activity.actions import record
from activity.models import Event
from courses.models import Course
from gamification.levels import level_of
from gamification.models import Standing, XPTransaction

Source = XPTransaction.Source


def award_for(event: Event) -> bool:
    """Pay what a completed lesson said it pays. False: this lesson has paid this person before."""
    if event.user is None:
        return False
    xp = int(event.data["xp"])
    payment = Payment(
        Source.LESSON,
        event.subject,
        xp,
        data={key: event.data[key] for key in ("title", "url", "course_title")},
        course_id=UUID(event.data["course"]),
        board_points=xp,
    )
    return pay(event.user, payment, event.created_at)


@dataclass(frozen=True)
class Payment:
    """What a source pays: `base` XP times `factor`, of which `board_points` count on boards."""

    source: XPTransaction.Source
    key: str
    base: int
    data: dict[str, Any] = field(default_factory=dict)
    course_id: UUID | None = None
    factor: Decimal = Decimal(1)
    board_points: int = 0

    @property
    def amount(self) -> int:
        return int((self.base * self.factor).quantize(Decimal(1), ROUND_HALF_UP))


@transaction.atomic(savepoint=False)
def pay(user: User, payment: Payment, at: datetime) -> bool:
    """Write the entry and count the total anew. False: this source has paid this person before."""
    paid = insert_entry(user, payment, at)
    if paid:
        update_standing(user, at=at)
    return paid


def insert_entry(user: User, payment: Payment, at: datetime) -> bool:
    """Insert one entry or find its source paid already; the unique constraint decides."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO gamification_xptransaction
              (id, user_id, amount, base, factor, board_points, source_type, source_key, course_id,
               reason, data, created_at)
            VALUES (waymark_uuid7(), %s, %s, %s, %s, %s, %s, %s, %s, '', %s, %s)
            ON CONFLICT (user_id, source_type, source_key) DO NOTHING
            """,
            [
                user.pk, payment.amount, payment.base, payment.factor, payment.board_points,
                payment.source, payment.key, payment.course_id, json.dumps(payment.data), at,
            ],
        )  # fmt: skip
        return bool(cursor.rowcount == 1)


LOCK_OR_MAKE = """
    INSERT INTO gamification_standing (user_id, total_xp) VALUES (%s, 0)
    ON CONFLICT (user_id) DO UPDATE SET total_xp = gamification_standing.total_xp
    RETURNING total_xp
"""
SUM = """
    UPDATE gamification_standing SET total_xp = (
      SELECT coalesce(sum(amount), 0) FROM gamification_xptransaction WHERE user_id = %s)
    WHERE user_id = %s RETURNING total_xp
"""


def update_standing(user: User, at: datetime | None = None) -> int:
    """Lock the standing, then sum the ledger afresh; return the total. New levels are recorded.

    Two statements: one that waited for the lock would sum without the entries of the one it
    waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_OR_MAKE, [user.pk])
        before = int(cursor.fetchone()[0])
        cursor.execute(SUM, [user.pk, user.pk])
        total = int(cursor.fetchone()[0])
    for level in range(level_of(before) + 1, level_of(total) + 1):
        record(user, Event.Kind.LEVEL_REACHED, f"level:{level}", {"level": level}, at=at)
    return total


@transaction.atomic
def reverse(entry: XPTransaction, *, by: User, reason: str) -> bool:
    """Take an entry back by a counter-entry that says who did and why. Twice changes nothing."""
    user = User.objects.select_for_update(no_key=True).get(pk=entry.user_id)
    if XPTransaction.objects.filter(reverses=entry).exists():
        return False
    XPTransaction.objects.create(
        user=user,
        amount=-entry.amount,
        base=entry.base,
        factor=entry.factor,
        source_type=XPTransaction.Source.REVERSAL,
        source_key=str(entry.pk),
        course_id=entry.course_id,
        reverses=entry,
        actor=by,
        reason=reason,
        data=entry.data,
    )
    update_standing(user)
    return True


def total_of(user: User) -> int:
    """The person's XP, from the cache."""
    return Standing.objects.filter(user=user).values_list("total_xp", flat=True).first() or 0


def paid_at(user: User, subject: str, moment: datetime) -> int:
    """What a source (`lesson:<uuid>`) paid the person at that very moment: 0 if it had before."""
    entries = XPTransaction.objects.filter(user=user, source_key=subject, created_at=moment)
    return entries.values_list("amount", flat=True).first() or 0


def xp_of_course(user: User, course: Course) -> int:
    """What the lessons of one course have paid the person."""
    sums = XPTransaction.objects.filter(user=user, course=course).aggregate(sum=Sum("amount"))
    return sums["sum"] or 0


def xp_by_course(user: User) -> dict[UUID, int]:
    """What each course has paid the person, by the course's key."""
    rows = XPTransaction.objects.filter(user=user, course__isnull=False).order_by()
    return dict(rows.values_list("course_id").annotate(Sum("amount")))


RECOUNT = """
    INSERT INTO gamification_standing (user_id, total_xp)
    SELECT user_id, sum(amount) FROM gamification_xptransaction GROUP BY user_id
    ON CONFLICT (user_id) DO UPDATE SET total_xp = excluded.total_xp
      WHERE gamification_standing.total_xp <> excluded.total_xp
"""
EMPTIED = """
    UPDATE gamification_standing standing SET total_xp = 0
    WHERE total_xp <> 0 AND NOT EXISTS (
      SELECT FROM gamification_xptransaction entry WHERE entry.user_id = standing.user_id)
"""
WRONG = """
    SELECT count(*) FROM (
      SELECT user_id, sum(amount) AS total FROM gamification_xptransaction GROUP BY user_id) ledger
    FULL JOIN gamification_standing standing USING (user_id)
    WHERE coalesce(ledger.total, 0) <> coalesce(standing.total_xp, 0)
"""


def wrong_standings() -> int:
    """How many people's totals differ from their ledger."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG)
        return int(cursor.fetchone()[0])


@transaction.atomic
def recount_all() -> int:
    """Rebuild every total from the ledger; return how many were wrong."""
    with connection.cursor() as cursor:
        # Nobody is paid while the sums are taken: a sum from before a wait would undo a payment.
        cursor.execute("LOCK TABLE gamification_standing IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(RECOUNT)
        mended = cursor.rowcount
        cursor.execute(EMPTIED)
        return int(mended + cursor.rowcount)
