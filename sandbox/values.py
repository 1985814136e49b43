"""Typed values that come out of a sandbox: True is not 1 there, and a list is not a tuple."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_SHOWN = 400
DEEPEST_SHOWN = 8


class Type(StrEnum):
    NONE = "none"
    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    BYTES = "bytes"
    LIST = "list"
    TUPLE = "tuple"
    SET = "set"
    DICT = "dict"
    UNDEFINED = "undefined"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Value:
    """A leaf has `leaf`, a container `items`: of a dict, keys and values in turns.

    `leaf` is a plain bool, int, float, str or bytes; of OTHER the name of its class. An OTHER that
    is a kind of something known, such as a Counter, has that as its one item.
    """

    type: Type
    leaf: bool | int | float | str | bytes | None = None
    items: "Sequence[Value]" = ()


LEAVES: Mapping[type, Type] = {
    bool: Type.BOOL,
    int: Type.INT,
    float: Type.FLOAT,
    str: Type.TEXT,
    bytes: Type.BYTES,
}
GROUPS: Mapping[type, Type] = {
    list: Type.LIST,
    tuple: Type.TUPLE,
    set: Type.SET,
    frozenset: Type.SET,
}


def value_of(plain: Any) -> Value:
    """The value of a plain Python object, such as a teacher expects. Raises TypeError."""
    kind = type(plain)
    if plain is None:
        return Value(Type.NONE)
    if kind in LEAVES:
        return Value(LEAVES[kind], plain)
    if kind in GROUPS:
        return Value(GROUPS[kind], items=tuple(map(value_of, plain)))
    if isinstance(plain, Mapping):
        parts = (part for pair in plain.items() for part in pair)
        return Value(Type.DICT, items=tuple(map(value_of, parts)))
    raise TypeError(f"{kind.__name__} is no type of a value.")


def shown(value: Value, most: int = MAX_SHOWN) -> str:
    """A value as a learner reads it, cut. For display, never for comparing."""
    text = _shown(value, 0)
    return text if len(text) <= most else text[: most - 1] + "…"


def _shown(value: Value, depth: int) -> str:
    if depth > DEEPEST_SHOWN:
        return "…"
    if value.type in (Type.NONE, Type.UNDEFINED):
        return "None" if value.type is Type.NONE else "undefined"
    if value.type is Type.OTHER:
        inside = ", ".join(_shown(item, depth + 1) for item in value.items[:1])
        return f"{value.leaf!s}({inside})" if inside else f"<{value.leaf!s}>"
    if value.type is Type.INT and isinstance(value.leaf, int) and value.leaf.bit_length() > 4_000:
        return f"{value.leaf:#x}"[:MAX_SHOWN]
    if value.type in LEAVES.values():
        return repr(value.leaf)
    return _container(value, depth)


def _container(value: Value, depth: int) -> str:
    # More than this is cut off the text anyhow.
    items = [_shown(item, depth + 1) for item in value.items[:MAX_SHOWN]]
    if value.type is Type.DICT:
        pairs = zip(items[::2], items[1::2], strict=False)
        return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
    inside = ", ".join(items)
    if value.type is Type.LIST:
        return f"[{inside}]"
    if value.type is Type.TUPLE:
        return f"({inside},)" if len(items) == 1 else f"({inside})"
    return f"{{{inside}}}" if items else "set()"
