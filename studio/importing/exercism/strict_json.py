"""JSON read strictly: bounded, no name twice in an object, every fault with its line."""

import json
import re
from collections.abc import Iterator
from typing import Any

from studio.importing.refusal import ImportRefused, quoted, refuse

# As deep as no test is written, and far from where reading it would break off.
MAX_DEPTH = 100
MAX_DIGITS = 4_000
TOO_DEEP = f"The values are nested more than {MAX_DEPTH} deep."
TOO_LONG = f"A whole number has more than {MAX_DIGITS:,} digits."
# A text, a bracket, or a number with more digits than any value keeps.
TOKENS = re.compile(
    r'"(?:[^"\\]|\\.)*+"?|(?P<opens>[\[{])|(?P<closes>[\]}])'
    rf"|(?P<long>[0-9]{{{MAX_DIGITS + 1},}})",
    re.DOTALL,
)


def parsed(text: str, path: str) -> Any:
    """The values in a text of JSON. Raises ImportRefused."""
    for message, place in _beyond_bounds(text):
        raise refuse(message, path, text.count("\n", 0, place) + 1)

    def without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict[str, Any]()
        for name, value in pairs:
            if name in found:
                raise _twice(name, text, path)
            found[name] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=without_twins)
    except json.JSONDecodeError as error:
        raise refuse(f"This is not valid JSON: {error.msg}.", path, error.lineno) from error


def _beyond_bounds(text: str) -> Iterator[tuple[str, int]]:
    """Where it is nested too deeply, or has a number that is too long."""
    depth = 0
    for hit in TOKENS.finditer(text):
        depth += bool(hit["opens"]) - bool(hit["closes"])
        if hit["long"]:
            yield TOO_LONG, hit.start()
        elif depth > MAX_DEPTH:
            yield TOO_DEEP, hit.start()


def _twice(name: str, text: str, path: str) -> ImportRefused:
    """Its line is told where the name stands nowhere else."""
    places = [hit.start() for hit in re.finditer(rf"{re.escape(json.dumps(name))}\s*:", text)]
    line = text.count("\n", 0, places[1]) + 1 if len(places) == 2 else 0
    return refuse(f'The name "{quoted(name)}" stands twice in an object.', path, line)
