"""The strict reader of JSON bodies: one object, or a reason why not. Knows no Django."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

MAX_BYTES = 16 * 1024
MAX_DEPTH = 16
# NUL cannot be stored in PostgreSQL; lone surrogates cannot be encoded. Neither is text.
BROKEN = re.compile("[\x00\ud800-\udfff]")


class NotJson(ValueError):
    """The body is not one JSON object."""


class BrokenText(ValueError):
    """Some string holds what is not text. `field` is the outermost key, empty if that is it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read_object(raw: bytes) -> dict[str, Any]:
    """Return the one JSON object in `raw`, or raise NotJson or BrokenText, and nothing else.

    Python's own reader accepts NaN, makes infinity of 1e999, keeps the last of two equal keys and
    raises four kinds of error; here each of these is the same refusal.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"),
            parse_constant=refuse_constant,
            parse_float=finite,
            object_pairs_hook=without_doubles,
        )
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error
    if not isinstance(value, dict):
        raise NotJson("The body is not an object.")
    if depth_of(value) > MAX_DEPTH:
        raise NotJson("This is nested too deep.")
    for key, inner in value.items():
        if BROKEN.search(key):
            raise BrokenText("")
        if any(map(BROKEN.search, texts(inner))):
            raise BrokenText(key)
    return value


def refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is not JSON.")


def finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotJson("This number is too large.")
    return number


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJson("A key stands twice in one object.")
    return found


def depth_of(value: Any) -> int:
    """How many lists and objects lie in each other. A loop, level by level."""
    depth, level = 0, [value]
    while level := [inner for inner in level if isinstance(inner, list | dict)]:
        depth += 1
        level = [x for y in level for x in (y.values() if isinstance(y, dict) else y)]
    return depth


def texts(value: Any) -> Iterator[str]:
    """All strings in a value, keys too. A loop: nesting may be as deep as the reader goes."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case list() as items:
                waiting.extend(items)
            case dict() as members:
                waiting.extend(members.keys())
                waiting.extend(members.values())
