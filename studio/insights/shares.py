"""Shares of a group, with what they may be said to mean; medians of counted values. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from django.utils.translation import gettext as _

from accounts.numerals import grouped, percent

# Of fewer people a rate says more than is known: counts are shown instead.
ENOUGH = 10
Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. `value` and the interval are None where nobody could be counted."""

    count: int
    of: int

    @property
    def is_rate(self) -> bool:
        """Whether there are enough people to say it in percent."""
        return self.of >= ENOUGH

    @property
    def exact(self) -> Fraction | None:
        return Fraction(self.count, self.of) if self.of else None

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def rate(self) -> float | None:
        """The value where there are enough people to say it."""
        return self.value if self.is_rate else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.count, self.of) if self.of else None

    @property
    def low(self) -> float | None:
        return self.interval[0] if self.interval else None

    @property
    def high(self) -> float | None:
        return self.interval[1] if self.interval else None

    @property
    def text(self) -> str:
        """ "31%", or "3 of 7" where that is all that can be said."""
        if not self.of:
            return "–"
        if not self.is_rate:
            said = {"count": grouped(self.count), "of": grouped(self.of)}
            return _("%(count)s of %(of)s") % said
        value = 100 * self.count / self.of
        if 0 < value < 0.5:
            return f"<{percent(1)}"
        if 99.5 < value < 100:
            return f">{percent(99)}"
        return percent(f"{value:.0f}")


def wilson(count: int, of: int) -> tuple[float, float]:
    """The interval of Wilson that holds the true share 95 times in 100."""
    share = count / of
    over = 1 + Z * Z / of
    centre = (share + Z * Z / (2 * of)) / over
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / over
    return max(0.0, centre - half), min(1.0, centre + half)


def quantile(counted: Sequence[tuple[int, int]], share: Fraction) -> int | None:
    """The least value that at least this share of people do not exceed.

    `counted` are values with how many people have them; as `percentile_disc` has it.
    """
    people = sum(number for _, number in counted)
    passed = 0
    for value, number in sorted(counted):
        passed += number
        if passed >= people * share:
            return value
    return None


HALF, THREE_QUARTERS = Fraction(1, 2), Fraction(3, 4)
