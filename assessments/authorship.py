"""Whose words something is in: a model's, a changed version of a model's, or a person's own."""

import re
from collections import Counter
from itertools import pairwise

from assessments.models import Analysis, Remark

WORD = re.compile(r"\w+(?:['’]\w+)*")
FIGURES = ("readability", "efficiency", "best_practices")


def is_same(text: str, suggested: object) -> bool:
    """Whether a text is what a model suggested; browsers end lines in their own way."""
    return isinstance(suggested, str) and plain(text) == plain(suggested)


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def is_changed(text: str, suggested: object) -> bool:
    """Whether a text is other than what a model suggested, and yet made of it.

    It is while a third of the pairs of neighbouring words is the same, of the model's text or of
    this one. `authorship.js` says the same while somebody types.
    """
    if not isinstance(suggested, str) or not (text.strip() and suggested.strip()):
        return False
    if is_same(text, suggested):
        return False
    now, then = pairs(text), pairs(suggested)
    return 3 * (now & then).total() >= min(now.total(), then.total())


def pairs(text: str) -> Counter[tuple[str, str]]:
    """Each word with the next; the first and the last one with nothing."""
    words = ["", *WORD.findall(text.lower()), ""]
    return Counter(pairwise(words))


def is_models_text(analysis: Analysis) -> bool:
    """Whether the message is the one that a model drafted, as it drafted it."""
    return bool(analysis.drafted) and is_same(analysis.text, (analysis.drafted or {}).get("text"))


def is_changed_text(analysis: Analysis) -> bool:
    """Whether the message is a changed version of the one that a model drafted."""
    return is_changed(analysis.text, (analysis.drafted or {}).get("text"))


def is_changed_remark(remark: Remark) -> bool:
    """Whether a remark is a changed version of what a model drafted."""
    return is_changed(remark.text, remark.drafted)


def models_figures(analysis: Analysis) -> tuple[bool, bool]:
    """Whether all figures that learners see are still those of a model; whether some are."""
    drafted = analysis.drafted or {}
    told = {name: getattr(analysis, name, None) for name in FIGURES}
    same = [drafted.get(name) == value for name, value in told.items() if value is not None]
    return bool(same) and all(same), any(same)
