"""How well the questions of a quiz measure. Numbers in, numbers out; no database.

The definitions are those of Moodle's quiz statistics (its `calculator.php`): only first attempts,
variances and covariances over n - 1. Marks are whole numbers, ten-thousandths of a point, so that
sums are exact and a variance that is nothing is exactly 0. Shares are from 0 to 1, the scores of a
whole quiz in percent of the points, times in seconds.

What many attempts have in common may be said once: `people` is how many each place of the sequences
beside it is of. Without it each is of one.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from math import atanh, sqrt, sumprod, tanh
from operator import mul
from statistics import fmean, median, stdev
from typing import Self

UNIT = 10_000  # of a point
ENOUGH = 10  # people, to say how many of them
SHOWN, RELIABLE = 20, 50  # first attempts: to show how well a quiz measures, and to rely on it
TAIL = 0.27  # of the attempts, at each end (Kelley 1939)
Z = 1.96  # for bounds of 95 percent


def _each[T](values: Sequence[T], people: Sequence[int]) -> Sequence[T]:
    """Every value as often as it is there."""
    return list(chain.from_iterable(map(repeat, values, people))) if people else values


def _cross(xs: Sequence[int], ys: Sequence[int], people: Sequence[int] = ()) -> int:
    """n (n - 1) times the covariance: a whole number."""
    if not people:
        return len(xs) * int(sumprod(xs, ys)) - sum(xs) * sum(ys)
    all_xs: list[int] = list(map(mul, xs, people))
    products, ones = int(sumprod(all_xs, ys)), int(sumprod(ys, people))
    return sum(people) * products - sum(all_xs) * ones


def variance(xs: Sequence[int], people: Sequence[int] = ()) -> float:
    """In squared units of the marks, over n - 1; 0 for fewer than two."""
    size = sum(people) or len(xs)
    return _cross(xs, xs, people) / (size * (size - 1)) if size > 1 else 0.0


def facility(marks: Sequence[int], points: int, people: Sequence[int] = ()) -> float | None:
    """F = mean(x) / max: the part of the points that was earned. None where nothing is paid.

    Marks may be from a time when the question paid more, hence the bound.
    """
    if not marks or not points:
        return None
    earned = sumprod(marks, people) if people else sum(marks)
    return min(1.0, earned / ((sum(people) or len(marks)) * points))


def discrimination(
    marks: Sequence[int], rests: Sequence[int], people: Sequence[int] = ()
) -> float | None:
    """D = cov(x, y) / sqrt(var(x) var(y)), from -1 to 1; None if a variance is 0.

    x is the mark on the question, y the rest score: the total less x, so that no question is
    compared with itself.
    """
    spread = _cross(marks, marks, people) * _cross(rests, rests, people)
    return max(-1.0, min(1.0, _cross(marks, rests, people) / sqrt(spread))) if spread else None


def efficiency(
    marks: Sequence[int], rests: Sequence[int], people: Sequence[int] = ()
) -> float | None:
    """DE = cov(x, y) / cov(sort(x), sort(y)): D as a part of the most that these marks allow."""
    most = _cross(sorted(_each(marks, people)), sorted(_each(rests, people)))
    return _cross(marks, rests, people) / most if most else None


def highest(correlation: float, count: int) -> float:
    """The upper end of the 95 percent interval of a correlation (Fisher's z)."""
    if abs(correlation) == 1:
        return correlation
    return tanh(atanh(correlation) + Z / sqrt(count - 3)) if count > 3 else 1.0


@dataclass(frozen=True, slots=True)
class Item:
    """One question, over those who were asked it. `guess`: what choosing blindly earns."""

    asked: int
    facility: float | None
    discrimination: float | None
    efficiency: float | None
    guess: float | None
    omitted: float
    seconds: float | None

    @classmethod
    def of(
        cls,
        marks: Sequence[int],
        rests: Sequence[int],
        points: int,
        *,
        people: Sequence[int] = (),
        options: int = 0,
        omitted: int = 0,
        seconds: Sequence[int] = (),
    ) -> Self:
        """`options`: how many there are to choose one from; `omitted`: how many said nothing.

        `seconds` are of those who answered: what was not answered took no time.
        """
        paid, asked = bool(points), sum(people) or len(marks)
        return cls(
            asked=asked,
            facility=facility(marks, points, people),
            discrimination=discrimination(marks, rests, people) if paid else None,
            efficiency=efficiency(marks, rests, people) if paid else None,
            guess=1 / options if options and paid else None,
            omitted=omitted / asked if asked else 0.0,
            seconds=median(seconds) if seconds else None,
        )

    @property
    def corrected(self) -> float | None:
        """(F - g) / (1 - g): the part that knew, if all others guessed. May be below 0."""
        if self.facility is None or self.guess is None or self.guess == 1:
            return None
        return (self.facility - self.guess) / (1 - self.guess)

    @property
    def separation(self) -> str:
        """How well it tells those who know the rest from those who do not, in a word."""
        if self.discrimination is None:
            return "unknown"
        steps = ((0.0, "reversed"), (0.2, "weak"), (0.4, "fair"))
        return next((word for end, word in steps if self.discrimination < end), "good")

    @property
    def highest_discrimination(self) -> float | None:
        return None if self.discrimination is None else highest(self.discrimination, self.asked)


@dataclass(frozen=True, slots=True)
class Choice:
    """How often an option was chosen: by how many, and in shares of all, of the best, of the rest.

    `top` and `bottom` are the 27 percent with the highest and with the lowest total.
    """

    count: int
    all: float
    top: float
    bottom: float

    @property
    def is_idle(self) -> bool:
        """As a wrong option: so few choose it that it might as well not be there."""
        return self.all < 0.03

    @property
    def misleads(self) -> bool:
        """As a wrong option: the strong choose it more often than the weak."""
        return self.top > self.bottom


NOBODY = Choice(0, 0.0, 0.0, 0.0)


def tail(totals: Iterable[float], *, top: bool) -> dict[float, float]:
    """How much each total counts among the 27 percent at one end: 1, 0, or a part at the border.

    Equal totals at the border share the places that are left, so no order among equals matters.
    """
    counts = Counter(totals)
    places, weights = TAIL * counts.total(), dict[float, float]()
    for total in sorted(counts, reverse=top):
        weights[total] = min(1.0, places / counts[total])
        places = max(0.0, places - counts[total])
    return weights


def choices[K: Hashable](
    chosen: Sequence[tuple[K, ...]], totals: Sequence[float], people: Sequence[int] = ()
) -> dict[K, Choice]:
    """Who chose what: for each attempt its chosen options and its total."""
    counts, sizes = Counter[tuple[tuple[K, ...], float]](), Counter[float]()
    for options, total, number in zip(chosen, totals, people or repeat(1), strict=bool(people)):
        counts[options, total] += number
        sizes[total] += number
    top, bottom = tail(sizes.elements(), top=True), tail(sizes.elements(), top=False)
    found: dict[K, list[float]] = {}
    for (options, total), count in counts.items():
        for option in options:
            row = found.setdefault(option, [0, 0.0, 0.0])
            row[0] += count
            row[1] += count * top[total]
            row[2] += count * bottom[total]
    size = sizes.total()
    return {
        option: Choice(int(count), count / size, high / (TAIL * size), low / (TAIL * size))
        for option, (count, high, low) in found.items()
    }


def alpha(rows: Sequence[Sequence[int]], people: Sequence[int] = ()) -> float | None:
    """Cronbach's alpha = k / (k - 1) (1 - sum of var(x_j) / var(total)) (Cronbach 1951).

    A row holds the marks of one attempt; all were asked the same k questions. At most 1; None for
    fewer than two questions, or if everybody has the same total.
    """
    size = len(rows[0]) if rows else 0
    own = sum(variance(column, people) for column in zip(*rows, strict=True))
    return alpha_of(size, own, variance([sum(row) for row in rows], people))


def alpha_of(size: int, own: float, spread: float) -> float | None:
    """The same from `own`, the sum of the questions' variances, and `spread`, the totals'."""
    return size / (size - 1) * (1 - own / spread) if size > 1 and spread else None


def standard_error(deviation: float, consistency: float) -> float:
    """SEM = SD sqrt(1 - alpha), in the unit of the deviation."""
    return deviation * sqrt(max(0.0, 1 - consistency))


@dataclass(frozen=True, slots=True)
class Whole:
    """A quiz over its attempts; scores in percent of the points.

    `alpha` and what follows from it are over the `alike` attempts that were asked the same
    questions; `near` is the share of all that lies within one `error` of the pass mark.
    """

    attempts: int
    mean: float
    median: float
    deviation: float
    pass_rate: float
    seconds: float
    alike: int
    alpha: float | None
    error: float | None
    near: float | None

    @property
    def consistency(self) -> str:
        """What alpha says, in a word; from 0.7 on it is commonly relied on."""
        if self.alpha is None:
            return "unknown"
        return "high" if self.alpha >= 0.8 else "fair" if self.alpha >= 0.7 else "low"

    @classmethod
    def of(
        cls,
        percents: Sequence[float],
        passed: Sequence[bool],
        seconds: Sequence[float],
        *,
        pass_percent: int,
        alike: Mapping[int, Sequence[int]],
        people: Sequence[int] = (),
    ) -> Self:
        """`alike` gives the marks of the attempts that can be compared, by their place.

        `seconds` are of each attempt, or their median alone.
        """
        counts = people or [1] * len(percents)
        size, comparable = sum(counts), [counts[place] for place in alike]
        consistency = error = near = None
        if sum(comparable) >= ENOUGH:
            consistency = alpha(list(alike.values()), comparable)
        if consistency is not None:
            scores = _each([percents[place] for place in alike], comparable)
            error = standard_error(stdev(scores), consistency)
            within = (abs(one - pass_percent) <= error for one in percents)
            near = sumprod(within, counts) / size
        every = _each(percents, counts)
        return cls(
            attempts=size,
            mean=fmean(every),
            median=median(every),
            deviation=stdev(every) if size > 1 else 0.0,
            pass_rate=sumprod(passed, counts) / size,
            seconds=median(seconds),
            alike=sum(comparable),
            alpha=consistency,
            error=error,
            near=near,
        )
