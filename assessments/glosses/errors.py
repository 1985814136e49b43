"""Finds in a trace what was raised last, and on which of the learner's lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_MESSAGE = 400
MAX_CODE = 300
# So many calls in one trace that is cut off before its end: nothing else is that deep.
ENDLESS = 50

RAISED = re.compile(r"([A-Za-z_][\w.]{0,120})(?:: (.*))?")
FRAME = '  File "'
OWN_FRAME = re.compile(r'  File "main\.py", line (\d{1,6})\b')
BEGINNING = "Traceback (most recent call last):"
MISSING = re.compile(r"main\.(?:py|js) defines no function (\S{1,200})\.")

THROWN = re.compile(r"(?:Uncaught )?([A-Za-z]{0,40}Error)(?: \[\w{1,60}\])?: (.*)")
OWN_PLACE = re.compile(r"main\.m?js:(\d{1,6})\b")


@dataclass(frozen=True, slots=True)
class Error:
    """An error with its first line of words; `code` is the learner's line on which it came up."""

    kind: str
    message: str = ""
    line: int | None = None
    code: str = ""


def python_error(trace: str, source: str) -> Error | None:
    lines = trace.split("\n")
    last = max((at for at, line in enumerate(lines) if line.startswith(FRAME)), default=-1)
    place = _line_of_python(lines[: last + 1])
    for line in filter(None, lines[last + 1 :]):
        if missing := MISSING.fullmatch(line):
            return Error("missing", missing[1])
        found = RAISED.fullmatch(line[:MAX_MESSAGE])
        if found and (last >= 0 or found[1].endswith("Error")):
            return _error(found[1].rpartition(".")[2], found[2] or "", place, source)
    if sum(line.startswith(FRAME) for line in lines) >= ENDLESS:
        return _error("RecursionError", "", place, source)
    return None


def _line_of_python(lines: Sequence[str]) -> int | None:
    """The innermost of the learner's own lines in the last traceback."""
    for line in reversed(lines):
        if found := OWN_FRAME.match(line):
            return int(found[1])
        if line == BEGINNING:
            break
    return None


def javascript_error(trace: str, source: str) -> Error | None:
    lines = trace.split("\n")
    for at in reversed(range(len(lines))):
        if not lines[at]:
            continue
        if missing := MISSING.fullmatch(lines[at]):
            return Error("missing", missing[1])
        if found := THROWN.fullmatch(lines[at][:MAX_MESSAGE]):
            place = _line_of_javascript(lines[:at], lines[at + 1 :])
            return _error(found[1], found[2], place, source)
    return None


def _line_of_javascript(above: Sequence[str], below: Sequence[str]) -> int | None:
    """From the calls below the message, or where there are none from the heading above it."""
    calls = [line for line in below if line.startswith("    at ")]
    headings = [line for line in reversed(above) if not line.startswith(" ")]
    for line in calls or headings:
        if found := OWN_PLACE.search(line[:MAX_MESSAGE]):
            return int(found[1])
    return None


def _error(kind: str, message: str, line: int | None, source: str) -> Error:
    lines = source.split("\n")
    if line is None or not 0 < line <= len(lines):
        return Error(kind, message)
    return Error(kind, message, line, lines[line - 1][:MAX_CODE].strip())
