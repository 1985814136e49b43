"""Typed values that come out of a sandbox: True is not 1 there, and a list is not a tuple."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


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

    `leaf` is a plain bool, int, float, str or bytes; of OTHER the name of its class.
    """

    type: Type
    leaf: bool | int | float | str | bytes | None = None
    items: "Sequence[Value]" = ()
