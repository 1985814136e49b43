"""Typed values that come out of a sandbox: True is not 1 there, and a list is not a tuple."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_SHOWN = 400
DEEPEST_SHOWN = 8
IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*", re.A)


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


def shown(value: Value, most: int = MAX_SHOWN, language: str = "python") -> str:
    """A value as a learner of that language writes it, cut. For display, never for comparing."""
    text = _shown(value, 0, JAVASCRIPT if language == "javascript" else PYTHON)
    return text if len(text) <= most else text[: most - 1] + "…"


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a language writes values. `words` are those of None, True and False."""

    words: tuple[str, str, str]
    text: Callable[[str], str]
    key: Callable[[str], str]
    group: str
    set: str


def _javascript_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _javascript_key(written: str) -> str:
    return written[1:-1] if IDENTIFIER.fullmatch(written[1:-1]) else written


PYTHON = Spelling(("None", "True", "False"), repr, str, "({})", "{{{}}}")
JAVASCRIPT = Spelling(
    ("null", "true", "false"), _javascript_text, _javascript_key, "[{}]", "new Set([{}])"
)


def _shown(value: Value, depth: int, spelling: Spelling) -> str:
    if depth > DEEPEST_SHOWN:
        return "…"
    if value.type in (Type.NONE, Type.UNDEFINED):
        return spelling.words[0] if value.type is Type.NONE else "undefined"
    if value.type is Type.OTHER:
        inside = ", ".join(_shown(item, depth + 1, spelling) for item in value.items[:1])
        return f"{value.leaf!s}({inside})" if inside else f"<{value.leaf!s}>"
    return (
        _leaf(value, spelling) if value.type in LEAVES.values() else _group(value, depth, spelling)
    )


def _leaf(value: Value, spelling: Spelling) -> str:
    leaf = value.leaf
    if isinstance(leaf, bool):
        return spelling.words[1 if leaf else 2]
    if isinstance(leaf, int) and leaf.bit_length() > 4_000:
        return f"{leaf:#x}"[:MAX_SHOWN]
    return spelling.text(leaf) if isinstance(leaf, str) else repr(leaf)


def _group(value: Value, depth: int, spelling: Spelling) -> str:
    # More than this is cut off the text anyhow.
    items = [_shown(item, depth + 1, spelling) for item in value.items[:MAX_SHOWN]]
    if value.type is Type.DICT:
        pairs = zip(items[::2], items[1::2], strict=False)
        return "{" + ", ".join(f"{spelling.key(key)}: {item}" for key, item in pairs) + "}"
    inside = ", ".join(items)
    if value.type is Type.LIST:
        return f"[{inside}]"
    if value.type is Type.TUPLE:
        return spelling.group.format(inside + "," * (len(items) == 1 and spelling is PYTHON))
    return spelling.set.format(inside) if items or spelling is JAVASCRIPT else "set()"
