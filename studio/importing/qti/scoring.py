"""What an item of QTI 1.2 pays for: the conditions of its response processing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from studio.importing.strict_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    local,
    text_of_element,
)

COMPARED = {"varequal", "varsubset", "varsubstring"}
BOUNDS = {"vargte", "vargt", "varlte", "varlt"}


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is right: exactly `low` where both are equal."""

    low: Decimal
    high: Decimal


@dataclass(slots=True)
class Condition:
    """`wanted` are answers, by their text or ident; `value` is what they pay, 0 for none."""

    wanted: list[str] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    value: Decimal = Decimal(0)
    feedback: list[str] = field(default_factory=list)
    match_case: bool = False
    partly: bool = False


@dataclass(slots=True)
class Scoring:
    conditions: list[Condition]
    most: Decimal

    @property
    def paying(self) -> list[Condition]:
        """Those that pay all points, or, where none does, all that pay some."""
        paid = [one for one in self.conditions if one.value > 0]
        full = [one for one in paid if one.value >= self.most]
        return full or paid

    def right_of_one(self) -> set[str]:
        """What is right where one may be chosen: what pays most."""
        paid = self.paying
        best = max((one.value for one in paid), default=Decimal(0))
        return {text for one in paid if one.value == best for text in one.wanted}

    def right_of_many(self) -> set[str]:
        return {text for one in self.paying for text in one.wanted}


def scoring_of(item: Element) -> Scoring:
    conditions = [_condition(one) for one in descendants(item, "respcondition")]
    declared = [number(attribute(one, "maxvalue")) for one in descendants(item, "decvar")]
    most = max((one for one in declared if one is not None), default=None)
    best = max((one.value for one in conditions), default=Decimal(0))
    return Scoring(conditions, most if most is not None and most > 0 else best)


def number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 100 else None


def _condition(element: Element) -> Condition:
    found = Condition()
    for one in children(element, "setvar"):
        paid = number(text_of_element(one))
        if paid is not None and attribute(one, "action").lower() not in {"subtract", "divide"}:
            found.value += paid
    found.feedback = [attribute(one, "linkrefid") for one in children(element, "displayfeedback")]
    for var in children(element, "conditionvar"):
        for one in _wanted(var):
            found.wanted.append(text_of_element(one))
            found.match_case |= attribute(one, "case").lower() == "yes"
            found.partly |= local(one) == "varsubstring"
        found.ranges += _ranges(var)
    return found


def _wanted(element: Element) -> Iterator[Element]:
    """Comparisons that have to be true, inside and and or; not those inside not."""
    for one in children(element):
        if local(one) in COMPARED:
            yield one
        elif local(one) in {"and", "or"}:
            yield from _wanted(one)


def _ranges(element: Element) -> list[Range]:
    """Pairs of bounds that stand together. (An exact number beside them is inside.)"""
    low = high = None
    found: list[Range] = []
    for one in children(element):
        name = local(one)
        value = number(text_of_element(one)) if name in BOUNDS else None
        if name in {"and", "or"}:
            found += _ranges(one)
        elif name in {"vargte", "vargt"}:
            low = value
        elif name in {"varlte", "varlt"}:
            high = value
    if low is not None and high is not None and low <= high:
        found.append(Range(low, high))
    return found


def metadata_of(element: Element) -> dict[str, str]:
    """The fields of an item's or an assessment's metadata, names in small letters."""
    holders = [child(element, "itemmetadata"), element]
    fields = dict[str, str]()
    for holder in holders:
        for block in children(holder, "qtimetadata"):
            for one in children(block, "qtimetadatafield"):
                name = text_of_element(child(one, "fieldlabel")).lower()
                fields.setdefault(name, text_of_element(child(one, "fieldentry")))
    for one in children(holders[0]):
        if local(one).startswith("qmd_"):
            fields.setdefault(local(one).lower(), text_of_element(one))
    return fields


def as_middle(number: Range, exact: list[str]) -> tuple[str, str]:
    """A range as a number and a tolerance. The number is the exact one where it is told."""
    middle = (number.low + number.high) / 2
    room = (number.high - number.low) / 2
    written = next((text for text in exact if text and _same(text, middle)), plain(middle))
    return written, plain(room) if room else ""


def _same(text: str, middle: Decimal) -> bool:
    try:
        return Decimal(text) == middle
    except ArithmeticError:
        return False


def plain(value: Decimal) -> str:
    """Without an exponent, and without zeros at its end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
