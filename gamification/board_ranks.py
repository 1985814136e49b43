"""Reading boards: places, ties, neighbours. All of it is true at the moment it is read.

A place is one more than the number of people with more points. `BoardCount` says how many there
are of each number, and the few rows that have changed since are added and taken off in the same
statement.
"""

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.models import User
from gamification.boards import MAY_BE_SEEN
from gamification.models import Board
from gamification.nicknames import shown_as

Values = dict[str, UUID | datetime | int]
LEAST_PEOPLE = 5
# Whoever is not on a board sees so many of the first, wherever they ask.
FIRST_ONES = 3
NEIGHBOURS = 5

# Who holds how many points, by ranges that begin at each of `bounds`. The changed rows are read
# once and apart: the planner expects far too many of them, and would start workers for a few.
HOLD = """
    WITH changed AS MATERIALIZED (
      SELECT shown, counted FROM gamification_boardrow
      WHERE board_id = %(board)s AND counted IS DISTINCT FROM shown
    )
    SELECT width_bucket(points, %(bounds)s::int[]) - 1, sum(people)::int FROM (
      SELECT points, people FROM gamification_boardcount
      WHERE board_id = %(board)s AND points >= %(least)s
      UNION ALL
      SELECT shown, 1 FROM changed WHERE shown >= %(least)s
      UNION ALL
      SELECT counted, -1 FROM changed WHERE counted >= %(least)s
    ) AS held GROUP BY 1
"""


@dataclass(frozen=True)
class Place:
    """A rank by standard competition: 1, 2, 2, 4. `people` share it."""

    rank: int
    people: int

    @property
    def is_tied(self) -> bool:
        return self.people > 1


def places_of(board: Board, points: Collection[int]) -> dict[int, Place]:
    """Which place each number of points has, in one query that reads the counts once."""
    if not points:
        return {}
    bounds = sorted({bound for number in points for bound in (number, number + 1)})
    held = people_by(board, bounds)
    found = {}
    for number in points:
        at = bisect_right(bounds, number) - 1
        above = sum(held.get(n, 0) for n in range(at + 1, len(bounds)))
        found[number] = Place(above + 1, held.get(at, 0))
    return found


def people_by(board: Board, bounds: list[int]) -> dict[int, int]:
    """How many hold so many points as lie from each bound to the next. One query."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"board": board.pk, "bounds": bounds, "least": bounds[0]})
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Line:
    """One listed person. `points` and the place are of one board."""

    user_id: UUID
    name: str
    points: int
    reached_at: datetime
    place: Place = Place(0, 0)


ROWS = """
    SELECT line.user_id, line.shown, line.reached_at FROM gamification_boardrow line
    WHERE line.board_id = %(board)s AND line.shown IS NOT NULL"""
WITH_NAMES = f"""
    SELECT line.user_id, CASE choice.shown WHEN 'NICKNAME' THEN choice.nickname
      ELSE person.name END AS name, line.shown AS points, line.reached_at
    FROM %s line
    JOIN accounts_user person ON person.id = line.user_id
    JOIN gamification_boardchoice choice ON choice.user_id = line.user_id
    WHERE choice.is_listed AND {MAY_BE_SEEN}"""  # noqa: S608
SHOWN = f"""{WITH_NAMES % "gamification_boardrow"}
    AND line.board_id = %(board)s AND line.shown IS NOT NULL"""
DOWN = "ORDER BY line.shown DESC, line.reached_at, line.user_id"
UP = "ORDER BY line.shown, line.reached_at DESC, line.user_id DESC"
BEFORE = "(line.reached_at, line.user_id) < (%(reached)s, %(user)s)"
AFTER = "(line.reached_at, line.user_id) > (%(reached)s, %(user)s)"
# Those who hold the same are looked for apart from those who hold more, so that each part is a
# range of the index: thousands may be tied. Names are put to the few that are left, once: to plan
# the joins in each part would take longer than to run all of it.
NEAR = f"""
    WITH near AS (
      (SELECT * FROM (
        ({ROWS} AND line.shown = %(points)s AND {BEFORE} {UP} LIMIT %(many)s)
        UNION ALL ({ROWS} AND line.shown > %(points)s {UP} LIMIT %(many)s)) AS above
        ORDER BY shown, reached_at DESC, user_id DESC LIMIT %(many)s)
      UNION ALL ({ROWS} AND line.user_id = %(user)s)
      UNION ALL (SELECT * FROM (
        ({ROWS} AND line.shown = %(points)s AND {AFTER} {DOWN} LIMIT %(many)s)
        UNION ALL ({ROWS} AND line.shown < %(points)s {DOWN} LIMIT %(many)s)) AS below
        ORDER BY shown DESC, reached_at, user_id LIMIT %(many)s)
    ) {WITH_NAMES % "near"}
"""  # noqa: S608
TOP = f"{SHOWN} {DOWN} LIMIT %(many)s"


def top_of(board: Board, many: int) -> list[Line]:
    """The first ones, without their places."""
    return lines_of(TOP, {"board": board.pk, "many": many})


def near_to(board: Board, mine: Line) -> list[Line]:
    """Somebody listed with the five before and the five after them, without places."""
    values: Values = {
        "board": board.pk, "many": NEIGHBOURS, "points": mine.points,
        "reached": mine.reached_at, "user": mine.user_id,
    }  # fmt: skip
    return lines_of(NEAR, values)


def line_of(board: Board, user: User) -> Line | None:
    """The person's own line; None while they are not listed there."""
    sql = f"{SHOWN} AND line.user_id = %(user)s"
    return next(iter(lines_of(sql, {"board": board.pk, "user": user.pk})), None)


def lines_of(sql: str, values: Values) -> list[Line]:
    """Most points first; of those tied, who was there first, then by name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        lines = [Line(key, shown_as(name), *rest) for key, name, *rest in cursor.fetchall()]
    return sorted(lines, key=lambda line: (-line.points, line.reached_at, line.name))


@dataclass(frozen=True)
class Standings:
    """What one person sees of a board."""

    top: list[Line]
    near: list[Line]
    mine: Line | None

    @property
    def has_enough_people(self) -> bool:
        return bool(self.top)


def standings(board: Board, user: User, many: int) -> Standings:
    """The first `many`, and the person among their neighbours: four queries, at most.

    Fewer than five people make no board: each would know who the others are. Who is not on it
    themselves is shown no more than the first three.
    """
    top = top_of(board, max(many, LEAST_PEOPLE))
    if len(top) < LEAST_PEOPLE:
        return Standings([], [], None)
    mine = line_of(board, user)
    top = top[: many if mine else min(many, FIRST_ONES)]
    near = near_to(board, mine) if mine else []
    found = places_of(board, {line.points for line in (*top, *near)})
    placed = {line: with_place(line, found[line.points]) for line in (*top, *near)}
    near = [placed[line] for line in near]
    mine = next((line for line in near if line.user_id == user.pk), None)
    return Standings([placed[line] for line in top], near, mine)


def with_place(line: Line, place: Place) -> Line:
    return Line(line.user_id, line.name, line.points, line.reached_at, place)


def rank_of(board: Board, user: User, *, fewest: int = 1) -> int | None:
    """The place of somebody listed; None for who is not, or where fewer people are."""
    mine = line_of(board, user)
    if mine is None:
        return None
    bounds = sorted({0 if fewest > 1 else mine.points, mine.points, mine.points + 1})
    held = people_by(board, bounds)
    return held.get(len(bounds) - 1, 0) + 1 if sum(held.values()) >= fewest else None
