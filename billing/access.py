"""Which plan a person holds at this moment, and what it opens. Doors ask; nobody keeps the answer.

Without a key of Stripe's nothing is sold: what staff gave counts, and nothing else does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value
from django.utils.timezone import now

from accounts.models import User
from accounts.prepared import Prepared
from billing import gateway
from billing.models import Grant, Seat, Subscription
from billing.models.subscriptions import GRACE
from courses.models import Course, Tier

type Why = Literal["free", "subscription", "seat", "grant"]

# What somebody holds to whom nothing was given: no row says so.
NOTHING: tuple[Tier, Why, UUID] = (Tier.FREE, "free", UUID(int=0))


@dataclass(frozen=True, slots=True)
class Holding:
    """The plan that a person holds, and the row that gives it to them. FREE comes from none."""

    tier: Tier = Tier.FREE
    why: Why = "free"
    subscription: Subscription | None = None
    seat: Seat | None = None
    grant: Grant | None = None


def sources(
    user: UUID, moment: datetime, late_after: datetime
) -> tuple[QuerySet[Subscription], QuerySet[Seat], QuerySet[Grant]]:
    """What may give a person a plan at a moment: paid by them, by somebody else, by nobody."""
    paid = Subscription.objects.open_if_late_after(late_after)
    return (
        paid.filter(customer__user_id=user),
        Seat.objects.open_in(paid).filter(user_id=user),
        Grant.objects.open_at(moment).filter(user_id=user),
    )


def held_rows(user: UUID, moment: datetime, late_after: datetime) -> QuerySet[Any, Any]:
    paid, seats, grants = sources(user, moment, late_after)
    return row_of(paid, "price__plan", "subscription").union(
        row_of(seats, "subscription__price__plan", "seat"),
        row_of(grants, "plan", "grant"),
        all=True,
    )


def granted_rows(user: UUID, moment: datetime) -> QuerySet[Any, Any]:
    return row_of(Grant.objects.open_at(moment).filter(user_id=user), "plan", "grant")


def row_of(rows: QuerySet[Any], plan: str, why: Why) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(plan, Value(why, CharField()), "pk")


HELD = Prepared(held_rows, UUID, datetime, datetime)
GRANTED = Prepared(granted_rows, UUID, datetime)


def is_selling() -> bool:
    """Whether plans can be bought here, and what was bought counts."""
    return gateway.is_configured()


def held_at(user: User, moment: datetime) -> tuple[Tier, Why, UUID]:
    """The highest plan of this person at a moment, and where it is from. One query."""
    rows = HELD(user.pk, moment, moment - GRACE) if is_selling() else GRANTED(user.pk, moment)
    held: list[tuple[Tier, Why, UUID]] = [(Tier(plan), why, key) for plan, why, key in rows]
    return max(held, key=lambda one: one[0].rank, default=NOTHING)


def plan_of(user: User) -> Tier:
    """Return the plan that opens doors for this person at this moment. One query."""
    return held_at(user, now())[0]


def holding_of(user: User) -> Holding:
    """The same with the row that gives it, for pages that say so. Two queries at most."""
    tier, why, key = held_at(user, now())
    if why == "subscription":
        paid = Subscription.objects.select_related("price__plan", "customer")
        return Holding(tier, why, subscription=paid.get(pk=key))
    if why == "seat":
        seats = Seat.objects.select_related(
            "subscription__price__plan", "subscription__customer__user"
        )
        return Holding(tier, why, seat=seats.get(pk=key))
    if why == "grant":
        return Holding(tier, why, grant=Grant.objects.select_related("plan").get(pk=key))
    return Holding()


def needed(course: Course) -> Tier:
    """The plan that opens the course: the higher of its own and its language's."""
    return course.needed_plan


def opens(held: Tier, course: Course) -> bool:
    """Whether a plan opens the course."""
    return held.rank >= needed(course).rank


def covers(user: User, course: Course) -> bool:
    """Whether the person's plan opens the course. A free course is open without a look."""
    plan = needed(course)
    return plan == Tier.FREE or plan_of(user).rank >= plan.rank


def covered(user: User, courses: Iterable[Course]) -> list[Course]:
    """Those of the courses that the person's plan opens. One query, none if all are free."""
    asked = list(courses)
    held = plan_for(user, asked)
    return [course for course in asked if opens(held, course)]


def covering(course: Course) -> Q:
    """Whose plan opens the course, as a condition on rows that belong to a `user`."""
    plan, moment = needed(course), now()
    if plan == Tier.FREE:
        return Q()
    enough = [tier for tier in Tier if tier.rank >= plan.rank]
    given = Grant.objects.open_at(moment).filter(plan__in=enough)
    if not is_selling():
        return Q(user__in=given.values("user"))
    paid = Subscription.objects.open_at(moment).filter(price__plan__in=enough)
    return (
        Q(user__in=given.values("user"))
        | Q(user__in=paid.values("customer__user"))
        | Q(user__in=Seat.objects.open_in(paid).values("user"))
    )


def plan_for(user: User, courses: Iterable[Course]) -> Tier:
    """What the person holds, as far as it matters for these courses: not asked if all are free."""
    return Tier.FREE if all(needed(x) == Tier.FREE for x in courses) else plan_of(user)
