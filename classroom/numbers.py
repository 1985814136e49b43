"""What is counted about a person: asked once for a page, in one query."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Q, Subquery
from django.http import HttpRequest

from accounts.models import User
from assessments.unread import unread
from gamification.days import is_over, streak_of, today_of
from gamification.ledger import entry_at
from gamification.models import Policy, Streak

# What stands in the places of a statement that is written once for all. Nobody has paid them.
NOBODY, NO_SOURCE, NEVER = UUID(int=0), "?", datetime.min.replace(tzinfo=UTC)
STREAK = [field.attname for field in Streak._meta.fields]


@dataclass(frozen=True)
class Numbers:
    """`hidden`: the school has switched points off. `paid`: what the entry asked for has paid.

    `boards`: the school shows leaderboards, and places on them. `bonuses`: bonuses pay here.
    """

    total_xp: int
    streak: Streak
    unread: int
    hidden: bool
    boards: bool
    bonuses: bool
    paid: int = 0


class Counted(HttpRequest):
    """A request whose numbers have been asked for."""

    numbers: Numbers


def numbers_for(request: HttpRequest, user: User) -> Numbers:
    """The numbers of whoever looks, asked once a request."""
    if hasattr(request, "numbers"):
        return cast("Counted", request).numbers
    return count_numbers(request, user)


def count_numbers(
    request: HttpRequest, user: User, source: str = NO_SOURCE, at: datetime = NEVER
) -> Numbers:
    """Ask for them now: after a change that the page is to tell of."""
    counted = cast("Counted", request)
    counted.numbers = numbers_of(user, source, at)
    return counted.numbers


def numbers_of(user: User, source: str = NO_SOURCE, at: datetime = NEVER) -> Numbers:
    """The person's numbers, and whether the school shows them; and what a source paid just then.

    One query; a few more on the first page after a day by which something had to be learned.
    """
    sql, given = statement()
    places: dict[Any, Any] = {NOBODY: user.pk, NO_SOURCE: source, NEVER: at}
    with connection.cursor() as cursor:
        cursor.execute(sql, [places.get(one, one) for one in given])
        row = cursor.fetchone()
    if row is None:
        raise User.DoesNotExist
    total, *kept, told, hidden, boards, bonuses, paid = row
    streak = Streak.from_db(connection.alias, STREAK, kept) if kept[0] else None
    if streak is None or is_over(streak.alive_until, user):
        streak = streak_of(user) if streak else Streak(user=user, settled_on=today_of(user))
    return Numbers(total or 0, streak, told, hidden, boards, bonuses, paid or 0)


@cache
def statement() -> tuple[str, tuple[Any, ...]]:
    """The query, with places for a person, a source and a moment.

    Every page asks it, and to put it together takes far longer than to answer it.
    """
    nobody = User(pk=NOBODY)
    rows = User.objects.filter(pk=nobody.pk).values_list(
        "standing__total_xp",
        *(f"streak__{name}" for name in STREAK),
        unread(nobody),
        Exists(Policy.objects.filter(show_points=False)),
        ~Exists(Policy.objects.filter(Q(show_points=False) | Q(boards=False))),
        Exists(Policy.objects.filter(bonuses_pay=True)),
        Subquery(entry_at(nobody, NO_SOURCE, NEVER).values("amount")[:1]),
    )
    sql, given = rows.query.sql_with_params()
    return sql, tuple(given)
