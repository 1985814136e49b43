"""Values of JSON written in YAML: what YAML guesses at is refused, with what to write instead."""

import re
from typing import Any

from assessments.fairness import fault_of_value
from studio.importing.folder.fields import BOOLEANS, NULLS, NUMBER, Fields
from studio.importing.strict_yaml import Listing, Mapping, Scalar, Value

WHOLE = re.compile(r"-?[0-9]+\Z")
# What some reader of YAML takes for a number, a date or a time.
LIKE_A_NUMBER = re.compile(r"[+-]?\.?[0-9][0-9_.:+-]*([eExXo][0-9a-fA-F+-]*)?\Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?\Z")
# Truths and nothings of other languages, and of YAML before 1.2.
AMBIGUOUS = {
    "yes", "no", "on", "off", "y", "n", "none", "nil", "undefined", "nan", ".nan", "inf", "-inf",
    ".inf", "+.inf", "-.inf", "infinity", "-infinity",
}  # fmt: skip


class NoValue(Exception):
    """What stands there is no value of JSON."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_value(fields: Fields, name: str, default: Any = None) -> Any:
    """The value of a field; a fault is noted with its line."""
    value = fields.given(name)
    if value is None:
        return default
    try:
        plain = plain_value(value)
    except NoValue as fault:
        fields.error(f'"{name}": {fault}', fault.line, "value")
        return default
    if words := fault_of_value(plain):
        fields.error(f'"{name}": {words}', value.line, "value")
        return default
    return plain


def plain_value(value: Value) -> Any:
    """Raises NoValue."""
    if isinstance(value, Listing):
        return [plain_value(item) for item in value.items]
    if isinstance(value, Mapping):
        for name in value.items:
            if name in value.bare and not isinstance(_leaf(Scalar(name, True, value.line)), str):
                message = f'names are texts in JSON. Quote it: "{name[:60]}".'
                raise NoValue(message, value.items[name].line)
        return {name: plain_value(item) for name, item in value.items.items()}
    return _leaf(value)


def _leaf(value: Scalar) -> Any:
    text = value.text
    if not value.plain:
        return text
    if text in NULLS or text in BOOLEANS:
        return BOOLEANS.get(text)
    if NUMBER.match(text):
        return _number(value)
    shown = text[:60]
    if DATE.match(text):
        raise NoValue(f'JSON has no dates. Quote it: "{shown}".', value.line)
    if text.lower() in AMBIGUOUS:
        message = f'"{shown}" could mean a truth, nothing or a text. Quote it if it is a text.'
        raise NoValue(message, value.line)
    if LIKE_A_NUMBER.match(text):
        message = f'"{shown}" is no number of JSON. Quote it if it is a text.'
        raise NoValue(message, value.line)
    return text


def _number(value: Scalar) -> int | float:
    if not WHOLE.match(value.text):
        return float(value.text)
    if len(value.text) > 4_001:
        raise NoValue("A whole number has at most 4,000 digits.", value.line)
    return int(value.text)
