"""Fields in front of a text, between two lines of three hyphens."""

import re

from studio.importing.refusal import refuse
from studio.importing.strict_yaml import Mapping, load

MAX_LINES = 200
FIELD = re.compile(r"[A-Za-z_][\w-]*\s*:(\s|$)")
IGNORED = re.compile(r"\s*(#.*)?$")


def split(text: str, path: str) -> tuple[Mapping, str, int]:
    """Return the fields, the text behind them, and the line on which the text begins.

    A text that merely opens with a rule keeps it: fields are only read if the first line below
    looks like one.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return Mapping(), text, 1
    first = next((line for line in lines[1:] if not IGNORED.match(line)), "")
    if not FIELD.match(first) and first.rstrip() != "---":
        return Mapping(), text, 1
    for number, line in enumerate(lines[1 : MAX_LINES + 1], start=1):
        if line.rstrip() == "---":
            fields = load("\n".join(lines[1:number]), path, first_line=2)
            return fields, "\n".join(lines[number + 1 :]), number + 2
    raise refuse('The fields have no end: a line of "---" is missing.', path, 1)
