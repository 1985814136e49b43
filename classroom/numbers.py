"""What is counted about a person: asked once for a page, in one query."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Q, QuerySet, Subquery
from django.http import HttpRequest

from accounts.models import User
from accounts.prepared import Prepared
from assessments.unread import unread
from billing.models import Customer, Price, Subscription
from billing.pricing import newest_first
from gamification.days import is_over, streak_of, today_of
from gamification.ledger import entry_at
from gamification.models import Policy, Streak
from notifications.inbox import unread_count

# What has paid nothing.
NO_SOURCE, NEVER = "?", datetime.min.replace(tzinfo=UTC)
STREAK = [field.attname for field in Streak._meta.fields]


@dataclass(frozen=True)
class Numbers:
    """`hidden`: the school has switched points off. `paid`: what the entry asked for has paid.

    `unread`: feedback; `notices`: what the bell counts.

    `boards`: the school shows leaderboards, and places on them. `bonuses`: bonuses pay here.
    `offers`: plans are for sale, if anything is. `buys`: the person is a customer. `bought`: the
    plan of their last subscription and how that stands. `late_since`: a payment of theirs is late.
    """

    total_xp: int
    streak: Streak
    unread: int
    notices: int
    hidden: bool
    boards: bool
    bonuses: bool
    offers: bool
    buys: bool
    bought: tuple[str, str] | None
    late_since: datetime | None = None
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
    row = NUMBERS.first(user.pk, source, at)
    if row is None:
        raise User.DoesNotExist
    total, *kept, told, bell, hidden, boards, bonuses, offers, buys, plan, state, late, paid = row
    streak = Streak.from_db(connection.alias, STREAK, kept) if kept[0] else None
    if streak is None or is_over(streak.alive_until, user):
        streak = streak_of(user) if streak else Streak(user=user, settled_on=today_of(user))
    school, bought = (hidden, boards, bonuses, offers), (plan, state) if plan else None
    return Numbers(total or 0, streak, told, bell, *school, buys, bought, late, paid or 0)


def all_numbers(person: UUID, source: str, at: datetime) -> QuerySet[User, Any]:
    user = User(pk=person)
    bought = newest_first(user)
    late = bought.filter(status=Subscription.Status.PAST_DUE)
    return User.objects.filter(pk=person).values_list(
        "standing__total_xp",
        *(f"streak__{name}" for name in STREAK),
        unread(user),
        unread_count(user),
        Exists(Policy.objects.filter(show_points=False)),
        ~Exists(Policy.objects.filter(Q(show_points=False) | Q(boards=False))),
        Exists(Policy.objects.filter(bonuses_pay=True)),
        Exists(Price.objects.offered()),
        Exists(Customer.objects.filter(user=user)),
        Subquery(bought.values("price__plan")[:1]),
        Subquery(bought.values("status")[:1]),
        Subquery(late.values("past_due_since")[:1]),
        Subquery(entry_at(user, source, at).values("amount")[:1]),
    )


NUMBERS = Prepared(all_numbers, UUID, str, datetime)
