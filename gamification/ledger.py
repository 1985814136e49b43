"""The XP ledger: paid once a source, summed afresh, never changed."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.urls import reverse as address

from accounts import audit
from accounts.keys import uuid7
from accounts.models import User
from activity.actions import record
from activity.models import Event
from gamification import boards, multipliers
from gamification.achievements.due import NOTE
from gamification.levels import level_of
from gamification.models import Standing, XPTransaction
from gamification.policy import policy
from gamification.standings import hold_standing, sum_up

Source = XPTransaction.Source
MOST_GRANTED = 1000


class GrantRefused(Exception):
    """This cannot be given or taken back; the text says why."""


def award_for(event: Event) -> bool:
    """Pay what a completed lesson said it pays. False: this lesson has paid this person before."""
    if event.user is None:
        return False
    xp, came_about = int(event.data["xp"]), event.data.get("marked_at")
    payment = Payment(
        Source.LESSON,
        event.subject,
        xp,
        data={key: event.data[key] for key in ("title", "url", "course_title")},
        course_id=UUID(event.data["course"]),
        board_points=xp,
    )
    reached = datetime.fromisoformat(came_about) if came_about else event.created_at
    return pay(event.user, payment, event.created_at, reached=reached)


@dataclass(frozen=True)
class Payment:
    """What a source pays: `base` XP, of which `board_points` count on boards.

    Learning pays more in times that a multiplier names; the ledger finds the factor by itself.
    """

    source: XPTransaction.Source
    key: str
    base: int
    data: dict[str, Any] = field(default_factory=dict)
    course_id: UUID | None = None
    board_points: int = 0


@transaction.atomic(savepoint=False)
def pay(user: User, payment: Payment, at: datetime, *, reached: datetime | None = None) -> bool:
    """Write the entry, count the total and the boards anew. False: this source has paid before.

    `at` is when the work was done. `reached` dates new levels in a history brought in from
    elsewhere, or of work that was marked at a moment known; they are reached now otherwise.
    """
    counts = insert_entry(user, payment, at)
    if counts is None:
        return False
    update_standing(user, at, payment.course_id, on_boards=counts > 0, reached=reached)
    return True


def bonus(user: User, payment: Payment, at: datetime) -> bool:
    """Pay for what is no new learning, where the school has decided that it pays."""
    return policy().bonuses_pay and pay(user, payment, at)


# So many lessons in so short a time were ticked, not learned: the next ones count on no board.
BURST, BURST_WITHIN = 20, timedelta(minutes=10)
# The largest factor of the moment, the course's or the school's. See `multipliers.factor`.
# What a lesson pays is noted together with the badges that it may have earned.
INSERT = f"""
    WITH due AS ({NOTE} WHERE %(source)s = 'LESSON')
    INSERT INTO gamification_xptransaction
      (id, user_id, amount, base, factor, board_points, source_type, source_key, course_id,
       reason, data, created_at)
    SELECT waymark_uuid7(), %(user)s, round(%(base)s * factor), %(base)s, factor,
      CASE WHEN %(source)s = 'LESSON' AND %(board)s > 0 AND (
        SELECT count(*) FROM gamification_xptransaction
        WHERE user_id = %(user)s AND source_type = 'LESSON'
          AND created_at > %(burst)s AND created_at <= %(at)s) >= {BURST}
      THEN 0 ELSE %(board)s END,
      %(source)s, %(key)s, %(course)s, '', %(data)s, %(at)s
    FROM (SELECT CASE WHEN %(grows)s THEN {multipliers.FACTOR} ELSE 1 END AS factor) AS held
    ON CONFLICT (user_id, source_type, source_key) DO NOTHING
    RETURNING board_points
"""  # noqa: S608


def insert_entry(user: User, payment: Payment, at: datetime) -> int | None:
    """Insert one entry; return how many of its points count on boards.

    None: its source had paid already; the unique constraint decides.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "user": user.pk,
                "base": payment.base,
                "board": payment.board_points,
                "source": payment.source,
                "grows": payment.source in multipliers.LEARNING,
                "key": payment.key,
                "course": payment.course_id,
                "data": json.dumps(payment.data),
                "at": at,
                "burst": at - BURST_WITHIN,
            },
        )
        found = cursor.fetchone()
        return None if found is None else int(found[0])


def update_standing(
    user: User,
    at: datetime | None = None,
    course_id: UUID | None = None,
    *,
    on_boards: bool = False,
    reached: datetime | None = None,
) -> int:
    """Lock the standing, then sum the ledger afresh; return the total. New levels are recorded.

    They are dated now, or when they were `reached`: never before what led to them. Where it counts
    `on_boards`, those of that moment and course are counted by the same statement.
    """
    before = hold_standing(user)
    total = boards.count_boards(user, at, course_id) if on_boards and at else sum_up(user)
    for level in range(level_of(before) + 1, level_of(total) + 1):
        record(user, Event.Kind.LEVEL_REACHED, f"level:{level}", {"level": level}, at=reached)
    return total


@transaction.atomic
def grant(user: User, base: int, *, by: User, reason: str) -> XPTransaction:
    """Give XP with a reason that the person reads. It counts on no board. Raises GrantRefused."""
    reason = reason.strip()
    if not reason:
        raise GrantRefused("Say why, in words the person can read.")
    if not 1 <= base <= MOST_GRANTED:
        raise GrantRefused(f"Give from 1 to {MOST_GRANTED} XP.")
    if user.pk == by.pk:
        raise GrantRefused("Nobody gives XP to themself.")
    key = uuid7()
    entry = XPTransaction.objects.create(
        id=key,
        user=user,
        amount=base,
        base=base,
        source_type=Source.GRANT,
        source_key=f"grant:{key}",
        actor=by,
        reason=reason,
        data={"title": "XP from staff"},
    )
    update_standing(user)
    tell_of_correction(entry)
    audit.note("XP_GIVEN", entry, by=by, person=user, reason=reason, xp=base)
    return entry


@transaction.atomic
def reverse(entry: XPTransaction, *, by: User, reason: str) -> bool:
    """Take an entry back by a counter-entry that says who did and why. Twice changes nothing.

    It also stops counting on the boards on which it counted, except on those that are final.
    Raises GrantRefused.
    """
    if entry.user_id == by.pk:
        raise GrantRefused("Nobody takes XP back from themself.")
    user = User.objects.select_for_update(no_key=True).get(pk=entry.user_id)
    if XPTransaction.objects.filter(reverses=entry).exists():
        return False
    counter = XPTransaction.objects.create(
        user=user,
        amount=-entry.amount,
        base=entry.base,
        factor=entry.factor,
        source_type=Source.REVERSAL,
        source_key=str(entry.pk),
        course_id=entry.course_id,
        reverses=entry,
        actor=by,
        reason=reason,
        data=entry.data,
    )
    counted = entry.board_points > 0
    update_standing(user, entry.created_at, entry.course_id, on_boards=counted)
    tell_of_correction(counter)
    audit.note("XP_TAKEN_BACK", counter, by=by, person=user, reason=reason, xp=entry.amount)
    return True


def tell_of_correction(entry: XPTransaction) -> None:
    data = {
        "title": entry.data.get("title", ""),
        "url": address("classroom:history"),
        "xp": entry.amount,
        "reason": entry.reason,
    }
    record(entry.user, Event.Kind.XP_CORRECTED, f"xp:{entry.pk}", data)


def total_of(user: User) -> int:
    """The person's XP, from the cache."""
    return Standing.objects.filter(user=user).values_list("total_xp", flat=True).first() or 0


def entry_at(user: User, subject: str, *moments: datetime) -> QuerySet[XPTransaction]:
    """The entry that a source (`lesson:<uuid>`) made for what was done at one of these moments."""
    return XPTransaction.objects.filter(user=user, source_key=subject, created_at__in=moments)


def paid_at(user: User, subject: str, *moments: datetime) -> int:
    """What the entry of that moment paid the person."""
    entries = entry_at(user, subject, *moments)
    return entries.values_list("amount", flat=True).first() or 0


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
