"""Which questions an attempt asks, and in which order. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be drawn, with its options in the author's order."""

    id: UUID
    bank: UUID | None
    options: tuple[UUID, ...] = ()
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question in its place, with its options in the order in which they are shown."""

    id: UUID
    options: tuple[UUID, ...]


def draw(
    candidates: Sequence[Candidate],
    picks: Mapping[UUID, int],
    *,
    seen: Mapping[UUID, int],
    shuffle: bool,
    chance: Random,
) -> list[Drawn]:
    """Take every question without a bank and `picks` of each bank, those seen least first.

    What is asked stays in the author's order, unless `shuffle`.
    """
    taken = {one.id for one in candidates if one.bank is None}
    for bank, number in picks.items():
        inside = [one for one in candidates if one.bank == bank]
        chance.shuffle(inside)
        inside.sort(key=lambda one: seen.get(one.id, 0))
        taken |= {one.id for one in inside[:number]}
    asked = [one for one in candidates if one.id in taken]
    if shuffle:
        chance.shuffle(asked)
    return [Drawn(one.id, _options(one, chance)) for one in asked]


def _options(one: Candidate, chance: Random) -> tuple[UUID, ...]:
    options = list(one.options)
    if one.shuffle:
        chance.shuffle(options)
    return tuple(options)
