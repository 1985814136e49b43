"""What an analysis says of a text, and the two ways in which it says nothing."""

from dataclasses import dataclass


class Unreadable(Exception):
    """The text does not parse, or nests too deeply to be judged. For the learner to read."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


class AnalyserFailed(Exception):
    """There is no analysis, and that is not the learner's doing. The message is for staff."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about the code. Lines count from 1; None is the whole. `rule` is a stable key."""

    text: str
    line: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """The most useful remarks of each kind first; three scores from 0 to 10; a text to begin with.

    Where there is too little to judge there is neither a score nor a strength.

    Each suggestion points at a line. `engine` names the rules and what they were read with.
    `form` is one digest for texts that differ in nothing but names, comments and spaces, "" for one
    too small; `form_places` says of each line which token is its first.
    """

    strengths: tuple[Remark, ...]
    weaknesses: tuple[Remark, ...]
    suggestions: tuple[Remark, ...]
    readability: int | None
    efficiency: int | None
    best_practices: int | None
    text: str
    engine: str
    form: str = ""
    form_places: tuple[tuple[int, int], ...] = ()
