"""Seasons: one's own goal first, then points and, for those on boards, a place."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from accounts.models import User
from gamification.board_ranks import rank_of
from gamification.clock import read_clock
from gamification.models import Board, BoardChoice, Season, SeasonResult
from gamification.nicknames import UNNAMED, shown_as
from gamification.seasons import GOAL_PAYS, SoFar, so_far

LISTED = 50
TOP = 10
# A list of fewer says too much about each.
FEWEST = 5


@dataclass(frozen=True)
class SeasonRow:
    """A season in the list, with how it ended for me."""

    season: Season
    result: SeasonResult | None


@dataclass(frozen=True)
class SeasonsPage:
    """What is on, what comes, what was."""

    open: Season | None
    coming: list[Season]
    past: list[SeasonRow]


def seasons_page(user: User) -> SeasonsPage:
    """Three queries."""
    moment = read_clock()
    found = list(Season.objects.all()[:LISTED])
    results = {row.season_id: row for row in SeasonResult.objects.filter(user=user)}
    return SeasonsPage(
        next((one for one in found if one.starts_at <= moment < one.ends_at), None),
        [one for one in reversed(found) if one.starts_at > moment],
        [SeasonRow(one, results.get(one.pk)) for one in found if one.ends_at <= moment],
    )


@dataclass(frozen=True)
class Placed:
    """One row of the results of a season."""

    rank: int
    is_tied: bool
    name: str
    points: int
    is_mine: bool


@dataclass(frozen=True)
class SeasonPage:
    """One season as one person sees it. Until it is closed the numbers are those of now."""

    season: Season
    moment: datetime
    mine: SoFar
    rank: int | None
    is_top: bool
    places: list[Placed]
    has_boards: bool
    is_listed: bool
    typed: str = ""
    error: str = ""

    pays = GOAL_PAYS

    @property
    def state(self) -> str:
        if self.season.closed_at is not None:
            return "closed"
        if self.moment >= self.season.ends_at:
            return "provisional"
        return "open" if self.moment >= self.season.starts_at else "before"

    @property
    def may_set_goal(self) -> bool:
        return self.moment < self.season.half_at

    @property
    def has_few_people(self) -> bool:
        """Whether somebody who could have a place has none, because too few others have."""
        is_counted = self.has_boards and self.is_listed and self.mine.points > 0
        return is_counted and self.rank is None and self.state in ("open", "provisional")

    @property
    def offered(self) -> int:
        """The goal that stands in the field: theirs, or what the school suggests."""
        least, most = self.season.least_goal, self.season.length
        return self.mine.goal or max(least, min(self.season.goal_days, most))

    @property
    def days_done(self) -> int:
        """How much of the goal is filled: never more than all of it."""
        return min(self.mine.active_days, self.mine.goal or 0)

    @property
    def goal_is_met(self) -> bool:
        return self.mine.goal is not None and self.mine.active_days >= self.mine.goal


def season_page(
    user: User, season: Season, *, boards: bool, typed: str = "", error: str = ""
) -> SeasonPage:
    """Seven queries at most. Where the school shows no `boards`, nobody is told a place.

    Nor where fewer than five people have one: each would know who the others are.
    """
    moment = read_clock()
    closed = season.closed_at is not None
    result = SeasonResult.objects.filter(user=user, season=season).first() if closed else None
    places = places_of(season, user.pk) if closed and boards else []
    if result is not None:
        mine = SoFar(result.points, result.active_days, result.goal)
        rank, is_top = result.rank if places else None, result.is_top
    else:
        mine, is_top = so_far(user, season), False
        rank = rank_now(user, season) if boards and not closed else None
    return SeasonPage(
        season=season,
        moment=moment,
        mine=mine,
        rank=rank if boards else None,
        is_top=is_top and boards,
        places=places,
        has_boards=boards,
        is_listed=BoardChoice.objects.filter(user=user, is_listed=True).exists(),
        typed=typed,
        error=error,
    )


def rank_now(user: User, season: Season) -> int | None:
    board = Board.objects.filter(period=season.period, scope="school").first()
    return rank_of(board, user, fewest=FEWEST) if board else None


def places_of(season: Season, viewer: UUID) -> list[Placed]:
    """The first places as they were, and the viewer's; none where fewer than five have one.

    Who has left the boards since then is there without a name.
    """
    ranked = SeasonResult.objects.filter(season=season, rank__isnull=False)
    rows = ranked.select_related("user__board_choice").order_by("rank", "pk")
    first = list(rows[: TOP + 1])
    if len(first) < FEWEST:
        return []
    tied = {one.rank for one, other in pairwise(first) if one.rank == other.rank}
    shown = first[:TOP]
    mine = next((one for one in shown if one.user_id == viewer), None)
    if mine is None and (found := rows.filter(user=viewer).first()):
        shown.append(found)
        if ranked.filter(rank=found.rank).exclude(pk=found.pk).exists():
            tied.add(found.rank)
    return [
        Placed(one.rank or 0, one.rank in tied, name_of(one), one.points, one.user_id == viewer)
        for one in shown
    ]


def name_of(result: SeasonResult) -> str:
    choice: BoardChoice | None = getattr(result.user, "board_choice", None)
    if choice is None or not (choice.is_listed and may_be_seen(result.user)):
        return str(UNNAMED)
    is_nickname = choice.shown == BoardChoice.Shown.NICKNAME
    return shown_as(choice.nickname if is_nickname else result.user.name)


def may_be_seen(person: User) -> bool:
    """What `boards.MAY_BE_SEEN` asks, of somebody who is at hand."""
    is_here = person.is_active and person.deleted_at is None
    return is_here and not (person.is_staff or person.is_minor)
