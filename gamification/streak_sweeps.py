"""Settling many streaks: those whose last day has passed, each by the date where its person is."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta, timezone
from itertools import batched
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from accounts.models import User
from gamification.days import WRITE, date_of, histories_of, today_of, values_of
from gamification.models import Streak
from gamification.streaks import settle

logger = logging.getLogger(__name__)
# Where a date begins first.
FIRST_ZONE = timezone(timedelta(hours=14))
# People whose streaks are locked together: for no longer than a page may wait.
BATCH = 200
# One call of the sweep; it comes every hour.
LONGEST = timedelta(minutes=20)

# In one order, whoever locks many; otherwise as `days.lock` does.
LOCK_OR_MAKE_MANY = """
    INSERT INTO gamification_streak
      (user_id, length, best, freezes, days, ended_length, settled_on, version)
    SELECT person, 0, 0, 1, 0, 0, current_date, 1
    FROM unnest(%(users)s::uuid[]) AS person ORDER BY person
    ON CONFLICT (user_id) DO UPDATE SET version = gamification_streak.version + %(changes)s::int
"""
# What the days come to: all that a streak says, but for when it was settled and changed.
BESIDE = {"user", "settled_on", "version"}
OUTCOME = [one.name for one in Streak._meta.fields if one.name not in BESIDE]


def lock_many(users: Sequence[User], *, changes: bool = True) -> None:
    """Lock the streaks of these people, made if need be."""
    keys = [user.pk for user in users]
    with connection.cursor() as cursor:
        cursor.execute(LOCK_OR_MAKE_MANY, {"users": keys, "changes": changes})


def differences(users: Sequence[User]) -> Iterator[dict[str, Any]]:
    """What the streaks of these people should say by today, where they say something else."""
    keys = [user.pk for user in users]
    rows = Streak.objects.filter(pk__in=keys).values_list("user_id", *OUTCOME)
    kept = {key: outcome for key, *outcome in rows}
    for user, history in histories_of(users):
        wanted = values_of(user, settle(history, today_of(user)))
        if kept.get(user.pk) != [wanted[name] for name in OUTCOME]:
            yield wanted


@transaction.atomic
def settle_many(users: Sequence[User]) -> int:
    """Settle the streaks of these people; return how many were different.

    Three statements for all of them, and an update for each that was different.
    """
    lock_many(users, changes=False)
    wrong = list(differences(users))
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, wrong)
    return len(wrong)


def settle_those_at_their_end(longest: timedelta = LONGEST) -> int:
    """Settle streaks whose last day has passed where the person is; return how many.

    A batch after the other, until none is left or the time is over: the rest has its turn an hour
    later.
    """
    until = monotonic() + longest.total_seconds()
    settled = 0
    for users in those_at_their_end():
        settled += in_turn(settle_many, users)
        if monotonic() >= until:
            logger.warning("Streaks were settled for %s, and some are left", longest)
            break
    return settled


def those_at_their_end() -> Iterator[Sequence[User]]:
    """Batches of people, longest over first. Nobody comes twice, whatever becomes of them."""
    ending = Streak.objects.filter(alive_until__lt=date_of(now(), FIRST_ZONE))
    zones: dict[date, list[str]] = defaultdict(list)
    for zone in ending.order_by().values_list("user__timezone", flat=True).distinct():
        zones[today_of(User(timezone=zone))].append(zone)
    for today, names in zones.items():
        over = User.objects.filter(timezone__in=names, streak__alive_until__lt=today)
        yield from batches(over.order_by("streak__alive_until", "pk"))


def batches(people: QuerySet[User]) -> Iterator[Sequence[User]]:
    """So many at a time, by a cursor of the database: memory stays flat."""
    return batched(people.only("timezone").iterator(BATCH), BATCH)


def in_turn(act: Callable[[Sequence[User]], int], users: Sequence[User]) -> int:
    """For all together; if that fails one by one, so that nobody waits for somebody's fault."""
    try:
        return act(users)
    except Exception:
        logger.exception("The streaks of %s people could not be looked at together", len(users))
    done = 0
    for user in users:
        try:
            done += act([user])
        except Exception:
            logger.exception("The streak of %s could not be looked at", user.pk)
    return done
