"""Who solved how much of a challenge: tasks first, then whole minutes, ties shared.

Somebody with extra time is compared by tasks alone: they share the best place of those who solved
as many, and push nobody down among them. Only listed people with a solved task have a place.
Minutes are for each to see of their own: a row without them would tell who has more time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from accounts.models import User
from gamification.boards import MAY_BE_SEEN
from gamification.models import Challenge, ChallengeEntry
from gamification.nicknames import shown_as

SHOWN = 100
# A list of fewer says too much about each.
FEWEST = 5

PLACES = f"""
    WITH solved AS (
      SELECT entry.user_id, entry.has_extra_time, count(*) AS tasks,
             sum(floor(extract(epoch FROM solve.solved_at - entry.started_at) / 60)) AS minutes
      FROM gamification_challengeentry AS entry
      JOIN gamification_challengesolve AS solve ON solve.entry_id = entry.id
      JOIN gamification_boardchoice AS choice ON choice.user_id = entry.user_id
      JOIN accounts_user AS person ON person.id = entry.user_id
      WHERE entry.challenge_id = %(challenge)s AND choice.is_listed AND {MAY_BE_SEEN}
      GROUP BY entry.id),
    placed AS (
      SELECT *, count(*) OVER () AS people,
             rank() OVER (ORDER BY tasks DESC) + CASE WHEN has_extra_time THEN 0 ELSE
               rank() OVER (PARTITION BY tasks, has_extra_time ORDER BY minutes) - 1 END AS rank
      FROM solved)
    SELECT * FROM (
      SELECT placed.rank, count(*) OVER (PARTITION BY placed.rank) > 1, placed.user_id AS person,
             CASE choice.shown WHEN 'NICKNAME' THEN choice.nickname ELSE person.name END AS name,
             tasks, CASE WHEN NOT has_extra_time AND placed.user_id = %(user)s
                    THEN minutes::int END, people,
             row_number() OVER (ORDER BY placed.rank, placed.user_id) AS number
      FROM placed JOIN gamification_boardchoice AS choice USING (user_id)
      JOIN accounts_user AS person ON person.id = placed.user_id) AS board
    WHERE number <= %(shown)s OR person = %(user)s ORDER BY number
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the results. `minutes` are one's own; None for others, or with extra time."""

    rank: int
    is_tied: bool
    user: UUID
    name: str
    solved: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """The first places and one's own, if one is listed; too few people show neither.

    Otherwise each would know who the others are. `people` have a place. Where nobody has, somebody
    may have `taken_part` all the same.
    """

    places: list[Place]
    people: int = 0
    own: Place | None = None
    taken_part: bool = True


def results_at(challenge: Challenge) -> datetime:
    """When results are public: nobody who knows them can still be at it.

    Only a new start given by staff ends later than twice the length after the window.
    """
    rows = ChallengeEntry.objects.filter(challenge=challenge, restarts__isnull=False)
    last: datetime | None = rows.aggregate(last=Max("deadline"))["last"]
    usual = challenge.closes_at + timedelta(minutes=challenge.minutes) * 2
    return max(usual, last) if last else usual


def results_of(challenge: Challenge, user: User) -> Results:
    """The public results as this person sees them. Two queries at most."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"challenge": challenge.pk, "user": user.pk, "shown": SHOWN})
        rows = cursor.fetchall()
    if not rows:
        return Results([], taken_part=challenge.entries.exists())
    places, people = [place_of(row) for row in rows], rows[0][6]
    if people < FEWEST:
        return Results([], people)
    own = next((place for place in places if place.user == user.pk), None)
    return Results(places[:SHOWN], people, own)


def place_of(row: tuple[Any, ...]) -> Place:
    rank, is_tied, user, name, solved, minutes, *_ = row
    return Place(rank, is_tied, user, shown_as(name), solved, minutes)
