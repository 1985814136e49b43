"""How much there must be before the rules speak of quality.

Rules subtract for what they find. In a few statements there is nothing to find, so each figure
would be the best one for having said nothing: figures and praise begin at `LEAST_OWN` statements
that are the learner's own, which is the smallest program with a shape that could be otherwise.

Code that does not do what was asked is not good code, however tidy it is, and high figures beside
failing tests say that it is. Below `LEAST_PASSED` percent of the points what is wrong with the
result matters more than how it is written. That is looked at when a page is shown: judging again
may change it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from assessments.analyser.forms import Token
from assessments.analyser.rules import Review
from assessments.analyser.rules import gettext_noop as _

LEAST_OWN = 5
LEAST_PASSED = 50
RIGHT_FIRST = _(
    "Fewer than half of the points are reached so far, so the rules give no figures yet. "
    "Make it do what was asked first."
)


def is_enough(review: Review, starter: Iterable[Token]) -> bool:
    """Whether there is enough of the learner's own to judge. `starter`: what they were given."""
    own = lines_of_code(review.tokens) - lines_of_code(starter)
    return min(review.size.statements, own.total()) >= LEAST_OWN


def is_far_off(percent: int | None) -> bool:
    """Whether too little is right for anything to be said of quality."""
    return percent is not None and percent < LEAST_PASSED


def lines_of_code(tokens: Iterable[Token]) -> Counter[str]:
    """The lines that say something, as often as they stand there; not one that only closes."""
    lines: dict[int, list[str]] = defaultdict(list)
    for token in tokens:
        lines[token.line].append(token.text)
    told = (" ".join(texts) for texts in lines.values())
    return Counter(one for one in told if any(sign.isalnum() for sign in one))
