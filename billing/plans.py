"""What stands before a course that needs a plan: which plan, what it costs, and who has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from billing.access import is_selling, needed, plan_of
from billing.amounts import rate
from billing.currencies import chosen
from billing.models import Price
from billing.pricing import SEATED
from courses.models import Course, Tier


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
            return f"{self.plan.label}, included"
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
    rates = rates_in(languages)
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


def rates_in(languages: str) -> dict[Tier, str]:
    """What each plan costs at least, in a currency that suits. One query, none without a key."""
    prices = list(Price.objects.offered()) if is_selling() else []
    sold = currencies_of(prices)
    currency = chosen("", "", languages, sold)
    there = [price for price in prices if price.currency == currency]
    # By the month where that is sold, and the cheapest: they come by their amount.
    there.sort(key=lambda price: price.interval != Price.Interval.MONTH)
    found: dict[Tier, str] = {}
    for price in there:
        found.setdefault(Tier(price.plan_id), words_of(price))
    return found


def currencies_of(prices: Sequence[Price]) -> list[str]:
    """Those in which anything is sold, the one in which most is first."""
    codes = [price.currency for price in prices]
    return sorted(set(codes), key=lambda code: (-codes.count(code), code))


def words_of(price: Price) -> str:
    each = " for each seat" if price.plan_id in SEATED else ""
    return rate(price.amount, price.currency, price.get_interval_display()) + each
