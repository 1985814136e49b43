"""Marking answers and adding up, in exact fractions: three thirds are all of it.

Asks no database.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from assessments.models import Question
from assessments.replies import read_number, tidy, within

Kind = Question.Kind
NOTHING, ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Key:
    """What is right: the correct options, or the accepted texts or numbers."""

    kind: str
    points: Decimal
    correct: frozenset[UUID] = frozenset()
    accept: tuple[str, ...] = ()
    tolerance: str = ""
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """One answer's mark; `share` is the part of the points it earned, from 0 to 1."""

    share: Fraction
    points: Decimal

    @property
    def mark(self) -> Fraction:
        return self.share * Fraction(self.points)


@dataclass(frozen=True, slots=True)
class Score:
    """The sum over an attempt. `percent` is rounded down: 100 only when nothing is missing."""

    score: Fraction
    out_of: Fraction

    @property
    def percent(self) -> int:
        return int(100 * self.score // self.out_of) if self.out_of else 0


def share_of(key: Key, chosen: Collection[UUID], text: str) -> Fraction:
    """The part of the points that an answer earns."""
    if key.kind == Kind.SINGLE:
        return ALL if len(chosen) == 1 and set(chosen) <= key.correct else NOTHING
    if key.kind == Kind.MULTI:
        return share_of_several(key.correct, set(chosen))
    if key.kind == Kind.TEXT:
        wanted = {tidy(one, match_case=key.match_case) for one in key.accept}
        return ALL if text and tidy(text, match_case=key.match_case) in wanted else NOTHING
    if key.kind == Kind.NUMERIC:
        return ALL if is_near(key, text) else NOTHING
    return NOTHING


def share_of_several(correct: frozenset[UUID], chosen: set[UUID]) -> Fraction:
    """Right ones less wrong ones, over all right ones, never below nothing."""
    if not correct:
        return NOTHING
    balance = len(chosen & correct) - len(chosen - correct)
    return max(NOTHING, Fraction(balance, len(correct)))


def is_near(key: Key, text: str) -> bool:
    given = read_number(text)
    numbers = (read_number(one) for one in key.accept)
    return given is not None and any(
        wanted is not None and within(given, wanted, key.tolerance) for wanted in numbers
    )


def mark(key: Key, chosen: Sequence[UUID], text: str) -> Marked:
    return Marked(share_of(key, chosen, text), key.points)


def add_up(marks: Iterable[Marked]) -> Score:
    rows = list(marks)
    return Score(
        sum((one.mark for one in rows), NOTHING),
        sum((Fraction(one.points) for one in rows), NOTHING),
    )


def as_decimal(value: Fraction, places: int) -> Decimal:
    """The nearest decimal that a column can hold."""
    return round(Decimal(value.numerator) / Decimal(value.denominator), places)
