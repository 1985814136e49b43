"""Three scores from 0 to 10, by a formula that anybody can check.

score = 10 − the sum over the rules that saw something of  weight · √places · √(40 / lines),

where the last factor is at most 1, so that a fault weighs less in a longer text. It is rounded to a
whole number and never below 0. Of a text too small to judge there are none (`enough`).

Efficiency begins at 10, too: it is what the shape of loops gives away, and nothing was measured.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.analyser.rules import Review, Rule

BEST, ORDINARY_LINES = 10, 40


@dataclass(frozen=True, slots=True)
class Scores:
    readability: int
    efficiency: int
    best_practices: int


def scores(review: Review, rules: Mapping[str, Rule]) -> Scores:
    readability = efficiency = practices = 0.0
    factor = math.sqrt(min(1, ORDINARY_LINES / max(1, review.size.lines)))
    places = Counter(one.key for one in review.faults)
    for key, number in sorted(places.items()):
        cost, rule = math.sqrt(number) * factor, rules[key]
        readability += rule.readability * cost
        efficiency += rule.efficiency * cost
        practices += rule.practices * cost
    return Scores(_score(readability), _score(efficiency), _score(practices))


def _score(cost: float) -> int:
    return max(0, round(BEST - cost))
