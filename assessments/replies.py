"""What a typed answer means: texts tidied, numbers read. No database."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

LONGEST_LINE = 500
LONGEST_TEXT = 10_000
QUOTES = str.maketrans(dict.fromkeys("“”„«»″", '"') | dict.fromkeys("‘’‚‹›′", "'"))
# Two hyphens become a long dash on many keyboards, one a shorter one.
DASHES = str.maketrans({"—": "--", "―": "--", **dict.fromkeys("‐‑‒–−﹣－", "-")})
TYPED = QUOTES | DASHES
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?\Z", re.IGNORECASE)
# U+FFFD stands where bytes were no text.
BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")


def is_text(given: str, longest: int) -> bool:
    """Whether it can be kept: text, and not too long."""
    return len(given) <= longest and not BROKEN.search(given)


def tidy(given: str, *, match_case: bool = False) -> str:
    """The form in which texts are compared: one kind of spaces, quotation marks and capitals."""
    text = plain(given)
    # A second time: folding takes some letters apart, and those have capitals of their own.
    return text if match_case else plain(plain(text.casefold()).casefold())


def plain(given: str) -> str:
    """Without what a keyboard or a text field puts in the place of what was meant."""
    shown = "".join(c for c in given if unicodedata.category(c) != "Cf")
    text = unicodedata.normalize("NFKC", shown.translate(TYPED))
    # Some signs come apart into quotation marks.
    text = " ".join(text.translate(TYPED).split())
    is_code = len(text) > 2 and text.startswith("`") and text.endswith("`")
    return text.strip("` ") if is_code else text


def read_number(given: str) -> Decimal | None:
    """Return the number in a text, or None. A single comma is read as a decimal point."""
    text = unicodedata.normalize("NFKC", given).strip().translate(DASHES)
    text = re.sub(r"[\s_']", "", text)
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if len(text) > 60 or not NUMBER.match(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def within(given: Decimal, wanted: Decimal, tolerance: str) -> bool:
    """Whether a number is near enough: "" exactly, "0.01" that far, "1%" of the wanted number."""
    if tolerance.endswith("%"):
        room = abs(wanted) * Decimal(tolerance[:-1]) / 100
    else:
        room = Decimal(tolerance or 0)
    return abs(given - wanted) <= room


def is_tolerance(text: str) -> bool:
    """Whether `within` can read it."""
    number = text.removesuffix("%")
    return text == "" or bool(re.fullmatch(r"\d{1,9}(\.\d{1,9})?", number))
