"""A change of a few bytes of a program, and which of many changes are worth a run."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

# As many of a kind are looked at; with more, every second, third … one.
MOST_OF_A_KIND = 120
MAX_SHOWN = 60


class Kind(IntEnum):
    """What is changed, in the order of how often learners get it wrong."""

    COMPARISON = 1
    BOUND = 2
    ARITHMETIC = 3
    NUMBER = 4
    LOGIC = 5
    NEGATION = 6
    RESULT = 7
    TRUTH = 8
    REMOVAL = 9
    JUMP = 10
    TEXT = 11


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes from `start` to `end` become `now`. A `risky` one may well never end."""

    kind: Kind
    start: int
    end: int
    now: str
    line: int
    risky: bool = False


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong program and where it is wrong."""

    source: str
    line: int
    was: str
    now: str

    @property
    def words(self) -> str:
        """Like: line 5 with "<=" in place of "<"."""
        if not self.now:
            return f"line {self.line} without {_quoted(self.was)}"
        if not self.was:
            return f"line {self.line} with {_quoted(self.now)} added"
        return f"line {self.line} with {_quoted(self.now)} in place of {_quoted(self.was)}"


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    shown = plain if len(plain) <= MAX_SHOWN else plain[: MAX_SHOWN - 1] + "…"
    mark = "'" if '"' in shown else '"'
    return f"{mark}{shown}{mark}"


def mutated(content: bytes, edit: Edit) -> Mutant:
    """Apply an edit; every byte outside it stays."""
    was = content[edit.start : edit.end].decode("utf-8", "replace")
    changed = content[: edit.start] + edit.now.encode() + content[edit.end :]
    return Mutant(changed.decode("utf-8", "replace"), edit.line, was, edit.now)


def spread(edits: Iterable[Edit], most: int) -> list[Edit]:
    """Choose by turns of each kind: what will end first, then what is far from those chosen."""
    waiting: dict[Kind, list[Edit]] = defaultdict(list)
    for edit in sorted(set(edits), key=lambda edit: (edit.kind, edit.start, edit.end, edit.now)):
        waiting[edit.kind].append(edit)
    kinds = {kind: _thinned(found) for kind, found in waiting.items()}
    chosen: list[Edit] = []
    for kind in _turns(kinds, most):
        best = min(kinds[kind], key=lambda edit: (edit.risky, -_distance(edit, chosen), edit.start))
        kinds[kind].remove(best)
        chosen.append(best)
    return chosen


def _thinned(found: list[Edit]) -> list[Edit]:
    return found[:: -(-len(found) // MOST_OF_A_KIND)]


def _turns(kinds: dict[Kind, list[Edit]], most: int) -> list[Kind]:
    """Every kind once, then every kind that has another one, until there are enough."""
    longest = max(map(len, kinds.values()), default=0)
    turns = (kind for turn in range(longest) for kind, all_ in kinds.items() if turn < len(all_))
    return [kind for kind, _ in zip(turns, range(most), strict=False)]


def _distance(edit: Edit, chosen: Sequence[Edit]) -> int:
    return min((abs(edit.line - other.line) for other in chosen), default=0)
