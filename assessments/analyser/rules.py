"""A rule, what it costs, and what it saw. A language brings its rules and a review of a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessments.analyser.forms import Token

# Names come from the text: a pathological one must not fill the page.
MAX_NAME = 40
VERSION = "rules 2"
MAX_DEPTH = 150


def gettext_noop(words: str) -> str:
    """Mark words that are translated when they are read; what judges code loads no Django."""
    return words


@dataclass(frozen=True, slots=True)
class Rule:
    """What is weak and why, and what to do instead; `{name}` is what was seen.

    Without a weakness it is a matter of taste: a suggestion and no more. The numbers are what the
    first place costs each score.
    """

    title: str
    weakness: str
    suggestion: str
    readability: float = 0
    efficiency: float = 0
    practices: float = 0

    @property
    def weight(self) -> float:
        return self.readability + self.efficiency + self.practices


@dataclass(frozen=True, slots=True)
class Merit:
    """Something done well. Claimed only where it was seen."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """A rule or a merit met at a line."""

    line: int
    key: str
    name: str = ""

    def __post_init__(self) -> None:
        if len(self.name) > MAX_NAME:
            object.__setattr__(self, "name", self.name[: MAX_NAME - 1] + "…")


@dataclass(frozen=True, slots=True)
class Size:
    """Lines with code on them, statements, functions."""

    lines: int
    statements: int
    functions: int

    @property
    def is_nothing(self) -> bool:
        return self.statements == 0


@dataclass(frozen=True, slots=True)
class Review:
    """All that the rules of one language saw in one text, and its tokens."""

    faults: Sequence[Seen]
    merits: Sequence[Seen]
    size: Size
    engine: str
    tokens: Sequence[Token] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of a language's rules, by key."""

    rules: Mapping[str, Rule]
    merits: Mapping[str, Merit]
