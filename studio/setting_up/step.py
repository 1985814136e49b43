"""One line of the checklist."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# Steps that may be put off. No school is without a database, a lesson or a learner.
MAY_WAIT = {"runner", "https", "backup", "mail", "stripe", "providers", "model", "points"}


class State(StrEnum):
    """BAD: something is wrong. OPEN: nobody has done it yet. DUE: it is just being tested."""

    DONE = "done"
    OPEN = "open"
    DUE = "due"
    BAD = "bad"


class Way(NamedTuple):
    """A link, and its words."""

    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Step:
    """`text` says what was seen, `command` what to type where that is not good.

    `verb` is what the button says that does it, or tests it again. What is `extra` keeps no school
    from being ready.
    """

    key: str
    title: str
    state: State
    text: str
    command: str = ""
    way: Way | None = None
    verb: str = ""
    extra: bool = False
    is_put_off: bool = False

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def can_wait(self) -> bool:
        return self.key in MAY_WAIT and not self.is_done

    @property
    def is_open(self) -> bool:
        """Whether the school is not ready before this is done."""
        return not (self.is_done or self.extra or self.is_put_off)


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    steps: list[Step]
    # The link of invitation stands below them.
    invites: bool = False
