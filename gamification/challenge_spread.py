"""How a large challenge came out, kept for a minute: how many solved as much in as many minutes.

To place everybody takes longer the more took part. So where many did, it is done once a minute,
and each place is looked up. Who is named is asked anew each time: whoever left is gone at once,
and the places of the others follow within the minute.
"""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache
from django.db import connection

from gamification.boards import MAY_BE_SEEN
from gamification.models import Challenge

MANY, KEPT = 1_000, 60  # people; seconds

# What each of those who are listed solved. `among` narrows it down.
SOLVED = f"""
    SELECT entry.user_id, entry.has_extra_time, count(*)::int AS tasks,
           sum(floor(extract(epoch FROM solve.solved_at - entry.started_at) / 60))::int AS minutes
    FROM gamification_challengeentry AS entry
    JOIN gamification_challengesolve AS solve ON solve.entry_id = entry.id
    JOIN gamification_boardchoice AS choice ON choice.user_id = entry.user_id
    JOIN accounts_user AS person ON person.id = entry.user_id
    WHERE entry.challenge_id = %(challenge)s AND choice.is_listed AND {MAY_BE_SEEN} {{among}}
    GROUP BY entry.id
"""  # noqa: S608
SPREAD = f"""
    SELECT tasks, CASE WHEN NOT has_extra_time THEN minutes END, count(*)::int
    FROM ({SOLVED.format(among="")}) AS solved GROUP BY 1, 2
"""  # noqa: S608
NAMED = f"""
    SELECT solved.user_id, solved.tasks, CASE WHEN NOT has_extra_time THEN minutes END,
           CASE choice.shown WHEN 'NICKNAME' THEN choice.nickname ELSE person.name END
    FROM ({SOLVED.format(among="AND entry.user_id = ANY(%(people)s::uuid[])")}) AS solved
    JOIN gamification_boardchoice AS choice USING (user_id)
    JOIN accounts_user AS person ON person.id = solved.user_id
"""  # noqa: S608

# Tasks and whole minutes; no minutes: somebody with extra time, who is compared by tasks alone.
Solved = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Named:
    user: UUID
    solved: Solved
    name: str


@dataclass(frozen=True, slots=True)
class Spread:
    """The rank of each result, and whether it is shared. `first`: who came first, in order."""

    people: int
    ranks: dict[Solved, tuple[int, bool]]
    first: list[UUID]


def kept_spread(challenge: Challenge) -> Spread | None:
    """The one of the last minute, if the challenge is large."""
    found = cache.get(key_of(challenge))
    return Spread(*found) if found else None


def keep_spread(challenge: Challenge, first: list[UUID]) -> None:
    """Count it anew. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, {"challenge": challenge.pk})
        numbers = {(tasks, minutes): number for tasks, minutes, number in cursor.fetchall()}
    kept = (sum(numbers.values()), ranks_of(numbers), first)
    cache.set(key_of(challenge), kept, KEPT)


def ranks_of(numbers: dict[Solved, int]) -> dict[Solved, tuple[int, bool]]:
    """One more than the number of those ahead: with more tasks, or as many in fewer minutes."""
    found: dict[Solved, int] = {}
    more = 0
    for tasks in sorted({tasks for tasks, _ in numbers}, reverse=True):
        quicker = 0
        for minutes in sorted(m for t, m in numbers if t == tasks and m is not None):
            found[tasks, minutes] = 1 + more + quicker
            quicker += numbers[tasks, minutes]
        if (tasks, None) in numbers:
            found[tasks, None] = 1 + more
        more += quicker + numbers.get((tasks, None), 0)
    sharing: Counter[int] = Counter()
    for solved, rank in found.items():
        sharing[rank] += numbers[solved]
    return {solved: (rank, sharing[rank] > 1) for solved, rank in found.items()}


def named(challenge: Challenge, people: list[UUID]) -> dict[UUID, Named]:
    """Those of these people who are listed now. One query over their rows."""
    with connection.cursor() as cursor:
        cursor.execute(NAMED, {"challenge": challenge.pk, "people": people})
        return {
            user: Named(user, (tasks, minutes), name)
            for user, tasks, minutes, name in cursor.fetchall()
        }


def key_of(challenge: Challenge) -> str:
    return f"challenge:{challenge.pk}:spread"
