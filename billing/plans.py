"""What stands before a course that needs a plan: which plan, what it costs, and who has it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from billing.access import needed, plan_of
from billing.models import Subscription
from billing.pricing import WAITING, offered_to, offers_of, suiting
from courses.models import Course, Tier

Status = Subscription.Status
# Buy it; pay what is late, or missing; change to it, or take it up again.
type Way = Literal["buy", "late", "pay", "change", "renew"]

SLUG = re.compile(r"[\w-]{1,80}", re.ASCII)


def course_called(slug: str) -> Course | None:
    """The course that an address says somebody comes from. One query; none for what is no name."""
    if not SLUG.fullmatch(slug):
        return None
    return Course.objects.published().with_language().filter(slug=slug).first()


@dataclass(frozen=True, slots=True)
class Lock:
    """The plan that a course needs. `sold`: the lowest on sale that opens it, and its `rate`.

    `is_open`: the reader holds one that does.
    """

    plan: Tier
    sold: Tier | None = None
    rate: str = ""
    is_open: bool = False

    @property
    def line(self) -> str:
        """For a card: "Pro · 12 € a month", "Pro, included"."""
        if self.is_open:
            return _("%(label)s, included") % {"label": self.plan.label}
        return f"{self.sold.label} · {self.rate}" if self.sold else str(self.plan.label)


def locks_of(
    courses: Iterable[Course], user: User | None, languages: str, held: Tier | None = None
) -> dict[UUID, Lock]:
    """What stands before those of the courses that are not free. `languages`: as a browser says.

    No query if all are free. Else one where plans are sold, and one of somebody signed in, unless
    it is known what they hold.
    """
    locked = {course.pk: needed(course) for course in courses if needed(course) != Tier.FREE}
    if not locked:
        return {}
    rates = rates_for(user, languages)
    if held is None:
        held = plan_of(user) if user else Tier.FREE
    return {
        key: Lock(plan, *lowest(plan, rates), held.rank >= plan.rank)
        for key, plan in locked.items()
    }


def lowest(plan: Tier, rates: dict[Tier, str]) -> tuple[Tier | None, str]:
    """The lowest plan on sale that opens what `plan` does, and its price."""
    found = (tier for tier in Tier if tier.rank >= plan.rank and tier in rates)
    tier = next(found, None)
    return (tier, rates[tier]) if tier else (None, "")


def rates_for(user: User | None, languages: str) -> dict[Tier, str]:
    """What each plan costs at least, in a currency that suits. One query, none without a key."""
    prices, used = offered_to(user)
    currency = suiting(prices, "", used, languages)
    found: dict[Tier, str] = {}
    # By the month where that is sold, and the cheapest: they come by their amount.
    for offer in offers_of(prices, currency, tries_out=False):
        found.setdefault(Tier(offer.price.plan_id), offer.rate)
    return found


def way_to(plan: Tier, bought: tuple[str, str] | None) -> Way:
    """What leads to a plan that is closed, after the last one that was bought and its state."""
    if not bought:
        return "buy"
    last, state = Tier(bought[0]), bought[1]
    would_open = last.rank >= plan.rank
    if state in WAITING:
        return "pay"
    if state == Status.CANCELED and would_open:
        return "renew"
    if state == Status.PAST_DUE and would_open:
        return "late"
    return "change" if state in Subscription.CURRENT else "buy"
