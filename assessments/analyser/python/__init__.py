"""The rules for Python: its own syntax tree, pyflakes for names, and nothing that runs the text."""

import platform
from itertools import chain

import pyflakes

from assessments.analyser import shared
from assessments.analyser.python import flakes, habits, loops, names, shape, strengths
from assessments.analyser.python.catalogue import CATALOGUE
from assessments.analyser.python.reading import read
from assessments.analyser.python.tokens import tokens
from assessments.analyser.rules import VERSION, Review

__all__ = ["CATALOGUE", "review"]


def review(source: str) -> Review:
    """Raises Unreadable."""
    reading = read(source)
    rules = (*names.RULES, *shape.RULES, *loops.RULES, *habits.RULES)
    seen = chain(
        flakes.faults(reading),
        shared.long_lines(reading.lines),
        chain.from_iterable(rule(reading) for rule in rules),
    )
    # A rule says one thing about a line, however often it is met there.
    faults = sorted({(one.line, one.key): one for one in seen}.values())
    merits = sorted(strengths.merits(reading, {one.key for one in faults}))
    major, minor, _ = platform.python_version_tuple()
    engine = f"{VERSION} (pyflakes {pyflakes.__version__}, ast of Python {major}.{minor})"
    return Review(faults, merits, reading.size, engine, tokens(reading))
