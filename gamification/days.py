"""Days of learning: noting them, and what they have come to."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext

from accounts.models import User
from activity.actions import record
from activity.learning import LESSON
from activity.models import Event
from gamification import boards, ledger
from gamification.achievements.due import NOTE
from gamification.models import Streak, XPTransaction
from gamification.streaks import (
    MILESTONES,
    Day,
    History,
    Settled,
    Verdict,
    settle,
    zone_that_counts,
)

# Locked by whoever notes a day or settles, before any Standing: a milestone may pay. Who changes
# what it follows from makes another version of it.
LOCK_OR_MAKE = """
    INSERT INTO gamification_streak
      (user_id, length, best, freezes, days, ended_length, settled_on, version)
    VALUES (%(user)s, 0, 0, 1, 0, 0, %(today)s, 1)
    ON CONFLICT (user_id) DO UPDATE SET version = gamification_streak.version + %(changes)s::int
    RETURNING length, last_date, version
"""
# Everything that a streak follows from, in one statement over people's own rows.
FACTS_OF = """
    SELECT user_id, 'day', date, date, 0, zone, first_at, last_at
    FROM gamification_activeday WHERE user_id {people}
    UNION ALL SELECT user_id, 'rest', from_date, from_date, weekdays, '', NULL, NULL
    FROM gamification_restrule WHERE user_id {people}
    UNION ALL SELECT user_id, 'pause', first, last, 0, '', NULL, NULL
    FROM gamification_pause WHERE user_id {people}
    UNION ALL SELECT user_id, 'repair', ended_on, date, 0, '', NULL, NULL
    FROM gamification_repair WHERE user_id {people}
"""
FACTS = FACTS_OF.format(people="= %(user)s")
FACTS_OF_MANY = FACTS_OF.format(people="= ANY(%(users)s)")
# The same lock, and one thing more on a day that counts already, in the zone that the person still
# has; for any other, the facts, which are not read before. They are seen as they were before a wait
# for the lock: if somebody changed them meanwhile, versions differ.
COUNT_AGAIN = f"""
    WITH held AS ({LOCK_OR_MAKE}), due AS ({NOTE} WHERE %(due)s),
    again AS (
      UPDATE gamification_activeday SET events = events + 1,
        first_at = least(first_at, %(at)s), last_at = greatest(last_at, %(at)s)
      FROM held WHERE user_id = %(user)s AND date = %(date)s AND held.last_date = date
        AND zone = %(zone)s RETURNING 1)
    SELECT held.length, EXISTS (SELECT FROM again), held.version = coalesce(seen.version, 0) + 1,
      fact.*
    FROM held LEFT JOIN gamification_streak seen ON seen.user_id = %(user)s
    LEFT JOIN (SELECT * FROM ({FACTS}) AS known WHERE NOT EXISTS (SELECT FROM again)) AS fact
      ON true
"""  # noqa: S608
ADD = """
    INSERT INTO gamification_activeday (id, user_id, date, zone, first_at, last_at, events)
    VALUES (waymark_uuid7(), %(user)s, %(date)s, %(zone)s, %(at)s, %(at)s, 1)
    ON CONFLICT (user_id, date) DO UPDATE SET events = gamification_activeday.events + 1,
      first_at = least(gamification_activeday.first_at, excluded.first_at),
      last_at = greatest(gamification_activeday.last_at, excluded.last_at)
"""
WRITE = """
    UPDATE gamification_streak SET length = %(length)s, best = %(best)s, freezes = %(freezes)s,
      days = %(days)s, last_date = %(last_date)s, alive_until = %(alive_until)s,
      froze_on = %(froze_on)s, ended_on = %(ended_on)s, ended_length = %(ended_length)s,
      settled_on = %(settled_on)s
    WHERE user_id = %(user)s
"""


def day_begins() -> int:
    """The hour at which a day of learning begins: the school decides."""
    return int(settings.DAY_STARTS_AT)


def clock_of(user: User) -> datetime:
    """What clock and calendar say where the person is, by days that begin when the school says."""
    return clock_at(now(), user.zone)


def clock_at(moment: datetime, zone: tzinfo) -> datetime:
    """Hours of the clock, not of time: a night with a change of the clock begins its day alike."""
    wall = moment.astimezone(zone).replace(tzinfo=None)
    return wall - timedelta(hours=day_begins())


def date_of(moment: datetime, zone: tzinfo) -> date:
    """The day of learning that a moment belongs to."""
    return clock_at(moment, zone).date()


def today_of(user: User) -> date:
    """The date where the person is."""
    return date_of(now(), user.zone)


# Without a savepoint: what happened and its day are written together or not at all.
@transaction.atomic(savepoint=False)
def note_day(user: User, at: datetime, *, badges: bool = False) -> None:
    """Note that somebody learned at this moment. Its date is fixed here and never moved.

    Two statements for the first thing of a day, one for any other. Once, with the day from which
    somebody may stand on boards, it is decided whether they do. `badges` are noted as due with it.
    """
    day = date_of(at, user.zone)
    values: dict[str, Any] = {"user": user.pk, "today": today_of(user), "at": at, "date": day}
    values |= {"zone": user.zone.key, "due": badges, "changes": True}
    with connection.cursor() as cursor:
        cursor.execute(COUNT_AGAIN, values)
        rows = cursor.fetchall()
    length, counted, is_current = rows[0][:3]
    if counted:
        return
    history = history_from(user, [row[3:] for row in rows]) if is_current else history_of(user)
    zone = ZoneInfo(zone_that_counts(history.days, user.zone.key, at))
    day = date_of(at, zone)
    noted = history.noting(day, zone.key, at)
    settled = settle(noted, max(day, today_of(user)))
    note: dict[str, Any] = {"date": day, "zone": zone.key, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH noted AS ({ADD}) {WRITE}", note | values_of(user, settled))
    if len(history.days) < boards.DAYS_FIRST == len(noted.days):
        boards.list_again(user)
    reach(user, length, settled, at)


def reach(user: User, before: int, settled: Settled, at: datetime) -> None:
    """Record the lengths that a run has just come to, each once a run; they may pay."""
    for days, xp in MILESTONES.items():
        if settled.run and before < days <= settled.run.length:
            subject = f"streak:{days}:{settled.run.first}"
            title = gettext("%(days)s days of learning in a row") % {"days": days}
            data = {"title": title, "url": reverse("classroom:streak"), "days": days}
            if record(user, Event.Kind.STREAK_REACHED, subject, data, at=at):
                source = XPTransaction.Source.STREAK
                ledger.bonus(user, ledger.Payment(source, subject, xp, data=data), at)


def lock(user: User, *, changes: bool = True) -> int:
    """Lock the person's streak, made if need be, for a change of what it follows from.

    Returns the length it says.

    What it follows from is read in a statement of its own: one that waited for the lock would see
    the days as they were before its wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_OR_MAKE, {"user": user.pk, "today": today_of(user), "changes": changes})
        return int(cursor.fetchone()[0])


def history_of(user: User) -> History:
    """The facts about one person's days: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS, {"user": user.pk})
        return history_from(user, cursor.fetchall())


def histories_of(users: Sequence[User]) -> Iterator[tuple[User, History]]:
    """The facts about the days of each of these people: one statement."""
    rows: dict[UUID, list[tuple[Any, ...]]] = {user.pk: [] for user in users}
    with connection.cursor() as cursor:
        cursor.execute(FACTS_OF_MANY, {"users": list(rows)})
        for row in cursor.fetchall():
            rows[row[0]].append(row)
    for user in users:
        yield user, history_from(user, rows.pop(user.pk))


def history_from(user: User, rows: Iterable[tuple[Any, ...]]) -> History:
    """The same from its rows. A row of nothing says that there are none."""
    by_kind: dict[str, list[Any]] = {"day": [], "rest": [], "pause": [], "repair": []}
    for _, kind, one, other, weekdays, zone, first_at, last_at in rows:
        if kind == "day":
            by_kind[kind].append(Day(one, zone, first_at, last_at))
        elif kind:
            by_kind[kind].append((one, weekdays if kind == "rest" else other))
    return History(
        days=by_kind["day"],
        rests=by_kind["rest"],
        pauses=by_kind["pause"],
        repairs=by_kind["repair"],
        zone=user.zone.key,
        at=now(),
    )


def finished_a_lesson(user: User, days: Sequence[Day]) -> bool:
    """Whether a lesson was among what was done on these days, one after the other: one query."""
    span = min(day.first_at for day in days), max(day.last_at for day in days)
    lessons = Event.objects.filter(user=user, kind=LESSON)
    return lessons.filter(created_at__range=span).exists()


def values_of(user: User, settled: Settled) -> dict[str, Any]:
    """What the cache keeps of it."""
    first = settled.run.first if settled.run else None
    frozen = [day for day, verdict in settled.verdicts.items() if verdict is Verdict.FROZEN]
    ended = settled.ended
    return {
        "user": user.pk,
        "length": settled.length,
        "best": settled.best,
        "freezes": settled.freezes,
        "days": settled.counted,
        "last_date": settled.last_date,
        "alive_until": settled.alive_until,
        "froze_on": max((day for day in frozen if first and day > first), default=None),
        "ended_on": ended.ended_on if ended else None,
        "ended_length": ended.length if ended else 0,
        "settled_on": today_of(user),
    }


@transaction.atomic
def settle_now(user: User) -> Settled:
    """Settle what the days have come to by today, and keep it. Doing it again changes nothing.

    A run grows here too: taken up again, or carried by a pause that looks back.
    """
    before = lock(user, changes=False)
    settled = settle(history_of(user), today_of(user))
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values_of(user, settled))
    reach(user, before, settled, now())
    return settled


def streak_of(user: User) -> Streak:
    """The person's streak as it stands today."""
    kept = Streak.objects.filter(user=user).first()
    if kept and is_over(kept.alive_until, user):
        settle_now(user)
        kept.refresh_from_db()
    return kept or Streak(user=user, settled_on=today_of(user))


def is_over(alive_until: date | None, user: User) -> bool:
    """Whether the day by which something had to be learned has passed: settle before reading."""
    return alive_until is not None and alive_until < today_of(user)
