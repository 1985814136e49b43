"""What a program printed, made fit to be looked at: nothing in it acts, and it has an end."""

import re
from dataclasses import dataclass

SHOWN, SHOWN_LINES = 3_000, 40
# Of what a case gave back, on each side of its first difference.
AROUND, AROUND_LINES = 1_000, 15

# Colours and cursors of terminals: sequences that begin with ESC, or with its one-byte form.
ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_].*?(?:\x1b\\|\x07|\x9c|\Z)"
    r"|\x1b[ -/]*[0-~]?",
    re.DOTALL,
)
# What turns the order of reading round, is invisible, or is no text.
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Printed:
    """The beginning of a text, and what follows on demand."""

    head: str = ""
    rest: str = ""

    def __bool__(self) -> bool:
        return bool(self.head)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in three: before the first difference, the difference, after it."""

    before: str
    mark: str
    after: str

    @property
    def is_empty(self) -> bool:
        return not (self.before or self.mark or self.after)


def legible(text: str) -> str:
    """Without commands for terminals; other control characters are named where they stand."""
    text = ANSI.sub("", text).replace("\r\n", "\n")
    return CONTROL.sub(lambda hit: f"<U+{ord(hit[0]):04X}>", text)


def printed(text: str) -> Printed:
    """A text to be shown, cut at a line if it is long."""
    text = legible(text).rstrip("\n")
    lines = text.split("\n")
    head = "\n".join(lines[:SHOWN_LINES])[:SHOWN]
    return Printed(head, text[len(head) :].removeprefix("\n"))


def marked(expected: str, got: str, where: str) -> Marked:
    """Mark the first difference in `got`. `where` is such as "line 2"; "": the whole of it."""
    expected, got = legible(expected).rstrip("\n"), legible(got).rstrip("\n")
    kind, _, number = where.partition(" ")
    if kind in ("line", "word") and number.isdecimal():
        pattern = r"\S+" if kind == "word" else r"(?m)^.*$"
        spans = [hit.span() for hit in re.finditer(pattern, got)]
        place = int(number) - 1
        start, end = spans[place] if place < len(spans) else (len(got), len(got))
    elif kind == "item":
        start, end = _token_at(got, _common(expected, got))
    else:
        start, end = 0, len(got)
    return Marked(_end_of(got[:start]), _start_of(got[start:end]), _start_of(got[end:]))


def _start_of(text: str) -> str:
    """As much of a text as is read beside what stands before it."""
    head = "\n".join(text.split("\n")[:AROUND_LINES])[:AROUND]
    return head if head == text else f"{head} …"


def _end_of(text: str) -> str:
    tail = "\n".join(text.split("\n")[-AROUND_LINES:])[-AROUND:]
    return tail if tail == text else f"… {tail}"


def _common(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _token_at(text: str, place: int) -> tuple[int, int]:
    """The bounds of the value around a place: what commas, spaces and brackets separate."""
    edges = ", []{}()"
    start = end = place
    while start and text[start - 1] not in edges:
        start -= 1
    while end < len(text) and text[end] not in edges:
        end += 1
    return start, end
