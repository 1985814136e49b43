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
from gamification.challenge_spread import MANY, SOLVED, Spread, keep_spread, kept_spread, named
from gamification.models import Challenge, ChallengeEntry
from gamification.nicknames import shown_as

SHOWN = 100
# A list of fewer says too much about each.
FEWEST = 5

PLACES = f"""
    WITH solved AS ({SOLVED.format(among="")}),
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
    """The public results as this person sees them. Two queries at most.

    Where many took part, places are those of the last minute.
    """
    if spread := kept_spread(challenge):
        return results_by(spread, challenge, user)
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"challenge": challenge.pk, "user": user.pk, "shown": SHOWN})
        rows = cursor.fetchall()
    if not rows:
        return Results([], taken_part=challenge.entries.exists())
    places, people = [place_of(row) for row in rows], rows[0][6]
    if people < FEWEST:
        return Results([], people)
    if people >= MANY:
        keep_spread(challenge, [place.user for place in places[:SHOWN]])
    own = next((place for place in places if place.user == user.pk), None)
    return Results(places[:SHOWN], people, own)


def results_by(spread: Spread, challenge: Challenge, user: User) -> Results:
    """Each where the spread has them. A result that it does not know yet has no place till then."""
    people = named(challenge, [*spread.first, user.pk])
    own = None
    places = []
    for one in people.values():
        if one.solved in spread.ranks:
            rank, is_tied = spread.ranks[one.solved]
            mine = one.solved[1] if one.user == user.pk else None
            place = Place(rank, is_tied, one.user, shown_as(one.name), one.solved[0], mine)
            own = place if one.user == user.pk else own
            places.append(place)
    first = set(spread.first)
    places = sorted(
        (one for one in places if one.user in first), key=lambda one: (one.rank, one.user)
    )
    return Results(places, spread.people, own)


def place_of(row: tuple[Any, ...]) -> Place:
    rank, is_tied, user, name, solved, minutes, *_ = row
    return Place(rank, is_tied, user, shown_as(name), solved, minutes)
