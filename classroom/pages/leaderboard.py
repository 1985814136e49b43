"""Leaderboards: oneself first, then the people near, then the first three."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from classroom.pages.learning import my_places
from gamification.board_ranks import FIRST_ONES, Standings, standings
from gamification.board_windows import (
    SCHOOL,
    OwnWeeks,
    Scope,
    Window,
    own_weeks,
    scopes_of,
    window_of,
)
from gamification.models import Board, BoardChoice, Multiplier
from gamification.multipliers import announced
from gamification.periods import week_of
from gamification.policy import policy

PERIODS = {
    "week": gettext_lazy("This week"),
    "season": gettext_lazy("Season"),
    "all": gettext_lazy("All time"),
}
MOST_COURSES = 100


@dataclass(frozen=True)
class LeaderboardPage:
    """`window` is None where there is no season."""

    period: str
    scope: Scope
    scopes: list[Scope]
    window: Window | None
    weeks: OwnWeeks
    choice: BoardChoice
    board: Board | None
    standings: Standings
    moment: datetime
    may_join: bool
    multipliers: list[Multiplier]

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """Address, name, and whether it is the one that is open."""
        return [
            (self.address(period=period), str(name), period == self.period)
            for period, name in PERIODS.items()
        ]

    def address(self, **other: str) -> str:
        """The query of a board with the same period and scope but for what is `other`."""
        return "?" + urlencode({"period": self.period, "scope": self.scope.key, **other})

    @property
    def here(self) -> str:
        return self.address()

    @property
    def week_before(self) -> str:
        return self.address(period=week_of(self.moment).before.name)

    @property
    def is_of_a_week(self) -> bool:
        return self.period not in ("season", "all")

    @property
    def is_over(self) -> bool:
        return bool(self.window and self.window.ends_at and self.window.ends_at <= self.moment)

    @property
    def is_final(self) -> bool:
        return bool(self.window and self.window.final_at and self.window.final_at <= self.moment)

    @property
    def wants_to_be_listed(self) -> bool:
        return self.choice.shown != BoardChoice.Shown.OFF

    @property
    def shown_as(self) -> str:
        """The name by which others see this person on boards."""
        has_nickname = self.choice.shown == BoardChoice.Shown.NICKNAME
        return self.choice.nickname if has_nickname else self.choice.user.name

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The tables: the people near, where one is listed and not among the first, and the top."""
        near, top = self.standings.near, self.standings.top
        found = [{"title": _("The first three"), "key": "top", "lines": top}]
        if any(line not in top for line in near):
            found.insert(0, {"title": _("Around you"), "key": "near", "lines": near})
        return found


def leaderboard_page(user: User, period: str, scope: str) -> LeaderboardPage:
    """Ten queries at most. Raises Http404 for a board that is not there for this person."""
    if not policy().boards:
        raise Http404(_("This school has no leaderboards."))
    moment = now()
    courses = [place.course for place in my_places(user)[:MOST_COURSES]]
    scopes = scopes_of(courses)
    if scope not in scopes:
        raise Http404(_("No such board."))
    window = window_of(period, moment)
    if window is None and period != "season":
        raise Http404(_("No such board."))
    board = None
    if window:
        board = Board.objects.filter(period=window.period, scope=scopes[scope].name).first()
    return LeaderboardPage(
        period=period,
        scope=scopes[scope],
        scopes=list(scopes.values()),
        window=window,
        weeks=own_weeks(user, moment),
        choice=choice_of(user),
        board=board,
        standings=standings(board, user, FIRST_ONES) if board else Standings([], [], None),
        moment=moment,
        may_join=may_join(user),
        multipliers=list(announced(moment, [course.pk for course in courses])),
    )


def choice_of(user: User) -> BoardChoice:
    """Whether and how the person stands on boards. Nobody does who has not asked to."""
    choice = BoardChoice.objects.filter(user=user).first() or BoardChoice()
    choice.user = user
    return choice


def may_join(user: User) -> bool:
    return not (user.is_staff or user.is_minor)


def asked_for(given: dict[str, str]) -> tuple[str, str]:
    """Period and scope of a query. What is left out is this week in the school."""
    return given.get("period") or "week", given.get("scope") or SCHOOL
