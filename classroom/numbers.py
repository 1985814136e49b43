"""What is counted about a person: asked once for a page, in one query."""

from dataclasses import dataclass
from typing import cast

from django.db.models import Exists, Q, QuerySet, Subquery
from django.http import HttpRequest

from accounts.models import User
from assessments.unread import unread
from gamification.days import is_over, streak_of, today_of
from gamification.models import Policy, Streak, XPTransaction


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
    request: HttpRequest, user: User, paid: QuerySet[XPTransaction] | None = None
) -> Numbers:
    """Ask for them now: after a change that the page is to tell of."""
    counted = cast("Counted", request)
    counted.numbers = numbers_of(user, paid)
    return counted.numbers


def numbers_of(user: User, paid: QuerySet[XPTransaction] | None = None) -> Numbers:
    """The person's numbers, and whether the school shows them; and what an entry has paid.

    One query; a few more on the first page after a day by which something had to be learned.
    """
    entry = XPTransaction.objects.none() if paid is None else paid
    rows = User.objects.filter(pk=user.pk).select_related("standing", "streak")
    shown = [f"streak__{field.name}" for field in Streak._meta.fields]
    row = (
        rows.only("standing__total_xp", *shown)
        .annotate(
            unread=unread(user),
            hidden=Exists(Policy.objects.filter(show_points=False)),
            boards=~Exists(Policy.objects.filter(Q(show_points=False) | Q(boards=False))),
            bonuses=Exists(Policy.objects.filter(bonuses_pay=True)),
            paid=Subquery(entry.values("amount")[:1]),
        )
        .get()
    )
    standing, streak = getattr(row, "standing", None), getattr(row, "streak", None)
    if streak is None or is_over(streak.alive_until, user):
        streak = streak_of(user) if streak else Streak(user=user, settled_on=today_of(user))
    total = standing.total_xp if standing else 0
    shows = (row.hidden, row.boards, row.bonuses)
    return Numbers(total, streak, row.unread, *shows, paid=row.paid or 0)
