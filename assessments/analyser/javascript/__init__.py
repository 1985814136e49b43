"""The rules for JavaScript: tree-sitter's syntax tree, and nothing that runs the text."""

from importlib.metadata import version
from itertools import chain

from assessments.analyser import shared
from assessments.analyser.javascript import habits, loops, names, shape, strengths
from assessments.analyser.javascript.catalogue import CATALOGUE
from assessments.analyser.javascript.reading import read
from assessments.analyser.javascript.scopes import Scopes
from assessments.analyser.javascript.tokens import tokens
from assessments.analyser.rules import VERSION, Review

__all__ = ["CATALOGUE", "review"]

PARSER = f"tree-sitter {version('tree-sitter')}, grammar {version('tree-sitter-javascript')}"


def review(source: str) -> Review:
    """Raises Unreadable."""
    reading = read(source)
    scopes = Scopes(reading)
    rules = (*names.RULES, *shape.RULES, *loops.RULES, *habits.RULES)
    seen = chain(
        shared.long_lines(reading.lines),
        chain.from_iterable(rule(reading, scopes) for rule in rules),
    )
    # A rule says one thing about a line, however often it is met there.
    faults = sorted({(one.line, one.key): one for one in seen}.values())
    merits = sorted(strengths.merits(reading, scopes, {one.key for one in faults}))
    engine = f"{VERSION} ({PARSER})"
    return Review(faults, merits, reading.size, engine, tokens(reading, scopes))
