"""A price in words: what it comes to, how often, when first, and how it ends."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from accounts.numerals import grouped
from billing.amounts import money
from billing.models import Price
from courses.models import Tier

# Plans that somebody buys for others as well: they have seats.
SEATED = frozenset({Tier.ENTERPRISE})


def ends_of(sold: Collection[str]) -> str:
    """How long what is paid in these intervals goes on."""
    if len(sold) > 1:
        return gettext("every month or year until you cancel; what is paid stays open to its end.")
    if Price.Interval.YEAR in sold:
        return gettext("every year until you cancel; what is paid stays open to its end.")
    return gettext("every month until you cancel; what is paid stays open to its end.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A price in words. `seats`: for how many the reader wants it, where it has seats."""

    price: Price
    trial_days: int
    is_seated: bool
    seats: int = 1

    @property
    def amount(self) -> str:
        return money(self.price.amount, self.price.currency)

    @property
    def period(self) -> str:
        every = self.price.get_interval_display()
        if not self.is_seated:
            return every
        return gettext("%(every)s for each seat") % {"every": every}

    @property
    def rate(self) -> str:
        return f"{self.amount} {self.period}"

    @property
    def total(self) -> str:
        """What so many seats come to: "5 seats × 20 € = 100 € a month"."""
        seats = ngettext("%(seats)s seat", "%(seats)s seats", self.seats) % {
            "seats": grouped(self.seats)
        }
        comes_to = money(self.price.amount * self.seats, self.price.currency)
        sum_of_all = f"{seats} × {self.amount} = {comes_to} {self.price.get_interval_display()}"
        if self.price.includes_tax:
            return sum_of_all
        return gettext("%(amount)s, plus tax") % {"amount": sum_of_all}

    @property
    def tax(self) -> str:
        """What is said of tax beside the price."""
        if self.price.includes_tax:
            return gettext("tax included")
        return gettext("plus the tax that the next page shows")

    @property
    def start(self) -> str:
        """When it is charged first."""
        if self.trial_days:
            return ngettext(
                "Free for %(trial_days)s days, then charged",
                "Free for %(trial_days)s days, then charged",
                self.trial_days,
            ) % {"trial_days": self.trial_days}
        return gettext("Charged today")
