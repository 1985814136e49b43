"""A board: the first ones, the people around you, and you."""

from datetime import datetime
from typing import Annotated

from django.utils.timezone import now
from ninja import Query, Router
from pydantic import BaseModel, BeforeValidator, Field

from accounts.models import User
from api import errors
from api.door import ApiRequest, members
from api.shapes import EVERYWHERE, NO_NUL, Shape, answers, plain_number
from enrollments.models import Enrollment
from gamification.board_ranks import Line, Standings, standings
from gamification.board_windows import SCHOOL, Window, own_weeks, scopes_of, window_of
from gamification.models import Board
from gamification.policy import policy

router = Router(tags=["You"], by_alias=True)
MOST = 100


class BoardFilter(BaseModel):
    period: str = Field(
        default="week", max_length=8, pattern=r"^(week|season|all|[0-9]{4}-W[0-9]{2})$",
        description="An ISO week such as 2026-W07 is one that has begun.",
    )  # fmt: skip
    scope: str = Field(
        default=SCHOOL, max_length=80, pattern=NO_NUL,
        description="`school`, or the slug of a course you are in or of its language.",
    )  # fmt: skip
    limit: Annotated[int, Field(ge=1, le=999_999_999), BeforeValidator(plain_number)] = Field(
        default=10,
        description="How many of the first; never more than 100, or 3 while you are not on it.",
    )


class BoardLine(Shape):
    rank: int = Field(ge=1, description="1, 2, 2, 4: who has the same shares a place.")
    tied: bool
    name: str = Field(description="A nickname, or the name.", examples=["Ada"])
    points: int = Field(ge=1, examples=[120])
    is_you: bool


class LeaderboardShape(Shape):
    period: str = Field(examples=["2026-W07"])
    scope: str = Field(examples=["school"])
    starts_at: datetime | None
    ends_at: datetime | None
    is_final: bool = Field(description="No longer counted.")
    points_this_week: int = Field(ge=0, description="Yours, in the school. Others do not see it.")
    usual_week: float | None = Field(
        ge=0,
        description=(
            "The median of your last four weeks, or of those since you began. "
            "Null while there are no points in any of them."
        ),
    )
    you: BoardLine | None = Field(description="Null while you are not on this board.")
    top: list[BoardLine] = Field(description="Empty below five people who want to be seen.")
    around_you: list[BoardLine]


@router.get(
    "/leaderboard",
    auth=members(),
    operation_id="get_leaderboard",
    summary="A leaderboard",
    response=answers({200: LeaderboardShape}, 404, 422, *EVERYWHERE),
)
def leaderboard(request: ApiRequest, wanted: Query[BoardFilter]) -> LeaderboardShape:
    """Only people who want to be seen are on it. 404 where there is no such board for you."""
    user, moment = request.auth, now()
    window, scope = window_of(wanted.period, moment), names_of(user).get(wanted.scope)
    if window is None or scope is None or is_switched_off():
        raise errors.not_found()
    board = Board.objects.filter(period=window.period, scope=scope).first()
    shown = standings(board, user, min(wanted.limit, MOST)) if board else Standings([], [], None)
    weeks = own_weeks(user, moment)
    return LeaderboardShape(
        period=window.period,
        scope=wanted.scope,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        is_final=is_final(window, moment),
        points_this_week=weeks.this,
        usual_week=None if weeks.is_new else weeks.usual,
        you=line_shape(shown.mine, user) if shown.mine else None,
        top=[line_shape(line, user) for line in shown.top],
        around_you=[line_shape(line, user) for line in shown.near],
    )


def is_switched_off() -> bool:
    decided = policy()
    return not (decided.boards and decided.show_points)


def names_of(user: User) -> dict[str, str]:
    """The scopes a person may look at, by what stands in an address."""
    places = Enrollment.objects.of(user).current().select_related("course__language")
    visible = places.filter(course__status="PUBLISHED", course__deleted_at=None)
    return {key: x.name for key, x in scopes_of(place.course for place in visible).items()}


def is_final(window: Window, moment: datetime) -> bool:
    return window.final_at is not None and window.final_at <= moment


def line_shape(line: Line, user: User) -> BoardLine:
    return BoardLine(
        rank=line.place.rank,
        tied=line.place.is_tied,
        name=line.name,
        points=line.points,
        is_you=line.user_id == user.pk,
    )
