"""Whether what came out is what should: pure comparisons of texts and values, outside any sandbox.

Each answers with a Comparison that also says where the first difference is, for display.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from sandbox.values import Type, Value, shown

MAX_PATTERN = 4_000
MAX_MATCHED = 255
MAX_WORK = 2**24
# Beyond this, unordered collections without a common order count as different.
MAX_PAIRS = 250_000
MAX_TOLERANCE_TEXT = 64
NUMBER = re.compile(
    r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf(?:inity)?)", re.I | re.A
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict. `index` counts from 0: of the line, token or item that differs first."""

    passed: bool
    index: int | None = None
    expected: str = ""
    got: str = ""


SAME = Comparison(True)


class TextCheck(StrEnum):
    EXACT = "exact"
    LINES = "lines"
    TOKENS = "tokens"
    NUMBERS = "numbers"
    UNORDERED = "unordered"
    PATTERN = "pattern"


class PatternRefused(ValueError):
    """A teacher's pattern could take for ever. The message is for its author."""


# ---- texts --------------------------------------------------------------------------------------


def text(check: TextCheck, expected: str, got: str, tolerance: float = 1e-6) -> Comparison:
    """Compare two outputs. Raises PatternRefused for one that could take for ever."""
    if check is TextCheck.EXACT:
        return _exact(expected, got)
    if check is TextCheck.LINES:
        return _listed(_lines(expected), _lines(got))
    if check is TextCheck.UNORDERED:
        return _listed(sorted(_lines(expected)), sorted(_lines(got)))
    if check is TextCheck.PATTERN:
        return _matched(expected, got)
    same = _close_words(tolerance) if check is TextCheck.NUMBERS else str.__eq__
    return _listed(expected.split(), got.split(), same)


def _matched(expected: str, got: str) -> Comparison:
    """Each line of the pattern is one of the output's."""
    patterns, lines = safe_patterns(expected), _lines(got)
    for index, (pattern, line) in enumerate(zip_longest(patterns, lines)):
        if pattern is None or line is None or not _fits(pattern, line):
            return Comparison(False, index, pattern.pattern if pattern else "", line or "")
    return SAME


def _fits(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= MAX_MATCHED and pattern.fullmatch(line) is not None


def safe_patterns(expected: str) -> list[re.Pattern[str]]:
    """Compile patterns, one a line, whose time is bounded. Raises PatternRefused.

    Python cannot stop a search, so what could take long is not begun: a line has at most 255
    characters, a repetition tries each of them (eight bits), an option or a choice doubles the work
    (one bit), and nothing is repeated that holds either. That adds up to at most 24 bits.
    """
    lines = _lines(expected)
    work = sum(2 ** _bits(line) for line in lines)
    if work > MAX_WORK or len(expected) > MAX_PATTERN:
        raise PatternRefused("The pattern is too long, or could take too long.")
    try:
        return [re.compile(line) for line in lines]
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternRefused(f"This is no pattern: {error}.") from error


def _bits(pattern: str) -> int:
    """How often the work for a line can double. Raises PatternRefused for what cannot be told."""
    plain = re.sub(r"\\[^\d]", "x", pattern)
    plain = re.sub(r"\[\^?\]?[^\]]*\]", "x", plain)
    if re.search(r"\)[*+?{]", plain):
        raise PatternRefused("A group must not be repeated: such a pattern can take for ever.")
    if re.search(r"\\\d|\(\?(?!:)", plain):
        raise PatternRefused("References back, looking around and flags are not allowed.")
    repeated = re.findall(r"[*+]\??|\{\d*,\d*\}\??", plain)
    rest = re.sub(r"[*+]\??|\{[\d,]*\}\??", "", plain)
    if any(int(size) > MAX_MATCHED for size in re.findall(r"\{(\d+)\}", plain)):
        raise PatternRefused(f"A pattern may count to {MAX_MATCHED}.")
    return 8 * len(repeated) + rest.count("?") - rest.count("(?:") + rest.count("|")


def _lines(content: str) -> list[str]:
    """Without spaces at the ends of lines and without empty lines at the end."""
    return [line.rstrip() for line in content.rstrip().split("\n")]


def _exact(expected: str, got: str) -> Comparison:
    if expected == got:
        return SAME
    mine, theirs = expected.split("\n"), got.split("\n")
    return _listed(mine, theirs)


def _listed(
    expected: Sequence[str], got: Sequence[str], same: Callable[[str, str], bool] = str.__eq__
) -> Comparison:
    for index, (mine, theirs) in enumerate(zip_longest(expected, got)):
        if mine is None or theirs is None or not same(mine, theirs):
            return Comparison(False, index, mine or "", theirs or "")
    return SAME


def _close_words(tolerance: float) -> Callable[[str, str], bool]:
    def close(expected: str, got: str) -> bool:
        if expected == got:
            return True
        both = (expected, got)
        if not all(len(word) <= MAX_TOLERANCE_TEXT and NUMBER.fullmatch(word) for word in both):
            return False
        return _close(float(expected), float(got), tolerance)

    return close


def _close(expected: float, got: float, tolerance: float) -> bool:
    """Within the tolerance, absolutely or in proportion. What is no number is like itself."""
    if math.isnan(expected) or math.isnan(got):
        return math.isnan(expected) and math.isnan(got)
    return math.isclose(expected, got, rel_tol=tolerance, abs_tol=tolerance)


# ---- values -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """How strictly values are compared. By default: type by type, floats exactly, in order.

    `sequences_alike`: a list may be a tuple. `by_value`: 800 is 800.0, a Counter is a dict, an
    instance of a subclass of int its number; True is still not 1. `unordered` is of the outermost
    list or tuple only.
    """

    sequences_alike: bool = False
    by_value: bool = False
    tolerance: float | None = None
    unordered: bool = False


STRICT = ValueCheck()


def value(expected: Value, got: Value, check: ValueCheck = STRICT) -> Comparison:
    """Compare what a function should have given back with what it gave back."""
    mine, theirs = _opened(expected, check), _opened(got, check)
    if _same(mine, theirs, check):
        return SAME
    listed = {Type.LIST, Type.TUPLE}
    if check.unordered and mine.type in listed and theirs.type in listed:
        if _shape(mine, check) == _shape(theirs, check):
            return _first(mine.items, theirs.items, check, ordered=False)
    elif mine.type in listed and _shape(mine, check) == _shape(theirs, check):
        return _first(mine.items, theirs.items, check, ordered=True)
    return Comparison(False, None, shown(expected), shown(got))


def _first(
    expected: Sequence[Value], got: Sequence[Value], check: ValueCheck, ordered: bool
) -> Comparison:
    if not ordered:
        missing, extra = _unmatched(expected, got, check)
        if not missing and not extra:
            return SAME
        index = (
            next(at for at, item in enumerate(expected) if item is missing[0]) if missing else None
        )
        return Comparison(
            False, index, *(shown(rest[0]) if rest else "" for rest in (missing, extra))
        )
    for index, (mine, theirs) in enumerate(zip_longest(expected, got)):
        if mine is None or theirs is None or not _same(mine, theirs, check):
            pair = (shown(item) if item else "" for item in (mine, theirs))
            return Comparison(False, index, *pair)
    return SAME


def _same(expected: Value, got: Value, check: ValueCheck) -> bool:
    expected, got = _opened(expected, check), _opened(got, check)
    if _shape(expected, check) != _shape(got, check) or Type.OTHER in (expected.type, got.type):
        return False
    if expected.type in (Type.INT, Type.FLOAT):
        return _same_number(expected.leaf, got.leaf, check)
    if expected.type is Type.SET:
        return _unmatched(expected.items, got.items, check) == ([], [])
    if expected.type is Type.DICT:
        return _unmatched(_pairs(expected), _pairs(got), check) == ([], [])
    if len(expected.items) != len(got.items) or expected.leaf != got.leaf:
        return False
    return all(_same(*pair, check) for pair in zip(expected.items, got.items, strict=True))


def _same_number(expected: object, got: object, check: ValueCheck) -> bool:
    """-0.0 is 0.0 here, and what is no number is like itself."""
    if not isinstance(expected, int | float) or not isinstance(got, int | float):
        return False
    if check.tolerance is not None and float in (type(expected), type(got)):
        try:
            return _close(float(expected), float(got), check.tolerance)
        except OverflowError:
            return expected == got
    return expected == got or (expected != expected and got != got)  # noqa: PLR0124


def _shape(value: Value, check: ValueCheck) -> Type:
    """The type, as far as this check tells types apart."""
    if check.sequences_alike and value.type is Type.TUPLE:
        return Type.LIST
    return Type.FLOAT if check.by_value and value.type is Type.INT else value.type


def _opened(value: Value, check: ValueCheck) -> Value:
    """By value, an instance of a subclass counts as what it is beneath."""
    while check.by_value and value.type is Type.OTHER and len(value.items) == 1:
        (value,) = value.items
    return value


def _pairs(value: Value) -> list[Value]:
    keys, items = value.items[::2], value.items[1::2]
    return [Value(Type.TUPLE, items=pair) for pair in zip(keys, items, strict=True)]


def _unmatched(
    expected: Sequence[Value], got: Sequence[Value], check: ValueCheck
) -> tuple[list[Value], list[Value]]:
    """What of each side has no partner on the other. Partners are first sought where they stand in
    order of their text, so that equal collections of any size take no quadratic time."""
    mine, theirs = sorted(expected, key=_key), sorted(got, key=_key)
    if len(mine) == len(theirs) and all(
        _same(*pair, check) for pair in zip(mine, theirs, strict=True)
    ):
        return [], []
    missing = []
    extra = list(theirs)
    budget = MAX_PAIRS
    for item in mine:
        partner = next((at for at, other in enumerate(extra) if _same(item, other, check)), None)
        budget -= len(extra)
        if partner is None:
            missing.append(item)
        else:
            del extra[partner]
        if budget < 0:
            return [item, *missing], extra
    return missing, extra


def _key(value: Value) -> tuple[str, float, str]:
    """Sorts values that may be alike next to each other."""
    leaf = value.leaf
    number = 0.0
    if isinstance(leaf, int | float) and leaf == leaf:  # noqa: PLR0124
        number = max(min(leaf, 1e300), -1e300)
    return ("", number, shown(value)) if number else (str(value.type), number, shown(value))
