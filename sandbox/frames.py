"""What a harness sends out: one frame at the end of stdout, and the value inside it.

The nonce only keeps frames and prints apart. Whoever steals it gains nothing: a forged frame is
still only a claim of a value, and the value is compared out here. Any fault in a frame is the
program's own fault, never an exception of ours.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.values import Type, Value

MAX_FRAME = 1024 * 1024
MAX_DEPTH = 70
HEX = re.compile(r"-?[0-9a-f]+", re.ASCII)


class FrameRefused(ValueError):
    """What came out is not what a harness sends."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a harness says of a run: a value, or the name of what was raised, or a fault."""

    value: Value | None = None
    raised: str = ""
    fault: str = ""


def split(output: bytes, nonce: str) -> tuple[bytes, str | None]:
    """Take the frame off the end of stdout. None: there is none, or more than one, or not last."""
    mark = b"\x1eWAYMARK " + nonce.encode() + b" "
    if output.count(mark) != 1:
        return output.replace(mark, b""), None
    printed, _, frame = output.partition(mark)
    if frame[-1:] != b"\n" or b"\n" in frame[:-1] or len(frame) > MAX_FRAME:
        return printed + frame, None
    return printed, frame[:-1].decode("utf-8", "replace")


def read(text: str) -> Report:
    """Decode what stands in a frame. Raises FrameRefused, and nothing else."""
    if len(text) > MAX_FRAME:
        raise FrameRefused
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or len(content) != 1:
            raise FrameRefused
        ((what, told),) = content.items()
        if what == "value":
            return Report(value=_value(told, 0))
        if what == "raised":
            return Report(raised=_raised(told))
        if what == "fault" and isinstance(told, str):
            return Report(fault=told)
    except (ValueError, RecursionError, OverflowError, TypeError, MemoryError) as error:
        raise FrameRefused from error
    raise FrameRefused


def _raised(told: object) -> str:
    name = told if isinstance(told, list) else ["text", told]
    text = _value(name, 0).leaf
    if not isinstance(text, str) or not 0 < len(text) <= 200:
        raise FrameRefused
    return text


def _value(told: object, depth: int) -> Value:
    if depth > MAX_DEPTH or not isinstance(told, list) or not told or not isinstance(told[0], str):
        raise FrameRefused
    kind, *parts = told
    if kind in CONTAINERS:
        items = tuple(_value(part, depth + 1) for part in parts)
        if kind == Type.DICT and len(items) % 2:
            raise FrameRefused
        return Value(Type(kind), items=items)
    if kind in BARE and not parts:
        return Value(Type(kind))
    if kind in ("other", "other16") and len(parts) in (1, 2):
        name = LEAVES[kind](_text(parts[0]))
        return Value(Type.OTHER, name, tuple(_value(part, depth + 1) for part in parts[1:]))
    if kind in LEAVES and len(parts) == 1:
        return Value(Type(kind.removesuffix("16")), LEAVES[kind](_text(parts[0])))
    raise FrameRefused


def _text(part: Any) -> str:
    if not isinstance(part, str):
        raise FrameRefused
    return part


def _bool(text: str) -> bool:
    if text not in ("0", "1"):
        raise FrameRefused
    return text == "1"


def _int(text: str) -> int:
    """Hexadecimal, because that is read in linear time however long it is."""
    if not HEX.fullmatch(text):
        raise FrameRefused
    return int(text, 16)


def _float(text: str) -> float:
    return float.fromhex(text) if "x" in text else float(text)


def _utf8(text: str) -> str:
    """Lone surrogates, which no database takes, become the replacement character."""
    return bytes.fromhex(text).decode("utf-8", "replace")


def _utf16(text: str) -> str:
    return bytes.fromhex(text).decode("utf-16-be", "replace")


CONTAINERS = frozenset({"list", "tuple", "set", "dict"})
BARE = frozenset({"none", "undefined"})
LEAVES: Mapping[str, Callable[[str], bool | int | float | str | bytes]] = {
    "bool": _bool, "int": _int, "float": _float, "text": _utf8, "text16": _utf16,
    "bytes": bytes.fromhex, "other": _utf8, "other16": _utf16,
}  # fmt: skip
