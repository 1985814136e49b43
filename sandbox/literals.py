"""Arguments of a call as a literal of the language: its own parser reads them, none is imported."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

SAFE = 2**53
# Decimal digits are read in quadratic time and, above 4,300, not at all; hexadecimal ones always.
LONG = 2**64


def python(value: Any) -> str:
    """A literal that `eval` reads without any names. Raises TypeError for what is not of JSON."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, int):
        return str(value) if abs(value) < LONG else hex(value)
    if isinstance(value, str):
        return ascii(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key!a}:{python(item)}" for key, item in value.items()) + "}"
    return _number_or_list(value, python)


def javascript(value: Any) -> str:
    """The same as an expression of JavaScript. Integers beyond 2^53 become BigInts."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value) if abs(value) <= SAFE else f"{'-' * (value < 0)}0x{abs(value):x}n"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Mapping):
        # In brackets, because a plain "__proto__" would be more than a key.
        fields = (f"[{json.dumps(str(key))}]:{javascript(item)}" for key, item in value.items())
        return "({" + ",".join(fields) + "})"
    return _number_or_list(value, javascript)


def _number_or_list(value: Any, literal: Callable[[Any], str]) -> str:
    if isinstance(value, float):
        if math.isfinite(value):
            return repr(value)
        return "(1e999-1e999)" if math.isnan(value) else f"{'-' * (value < 0)}1e999"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ",".join(map(literal, value)) + "]"
    raise TypeError(f"{type(value).__name__} is no type of JSON.")
