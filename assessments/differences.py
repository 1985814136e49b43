"""What changed from one submission to another, line by line. No database."""

import difflib
from dataclasses import dataclass, field
from itertools import islice

from assessments.models import Submission
from assessments.printed import legible

MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: "+", "-", " ", or "@" for a place."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is new and what is gone. `is_cut`: there is more than is compared."""

    lines: list[Line] = field(default_factory=list)
    is_cut: bool = False


def difference(before: Submission | None, after: Submission) -> Difference:
    """None before: everything is new."""
    old, new = lines_of(before) if before else [], lines_of(after)
    # Comparing takes longer the longer they are, and quickly so.
    found = difflib.unified_diff(old[:MOST_LINES], new[:MOST_LINES], lineterm="")
    lines = [line_of(one) for one in islice(found, 2, MOST_LINES + 2)]
    return Difference(lines, max(len(old), len(new), len(lines) + 1) > MOST_LINES)


def lines_of(submission: Submission) -> list[str]:
    """The lines of code as they are counted everywhere: Unicode knows more ends of lines."""
    source: str = submission.source
    return source.removesuffix("\n").split("\n")


def line_of(text: str) -> Line:
    if text.startswith("@@"):
        return Line("@", text)
    return Line(text[:1], legible(text[1:]))
