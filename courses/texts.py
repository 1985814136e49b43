"""Rules for short texts: a title is one line, a list of names is a list of lines."""

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.names import BREAKS, HIDDEN, LINE_BREAKS
from accounts.numerals import grouped

INVISIBLE = gettext_lazy("This text holds characters that cannot be shown.")
SMALL_LETTERS = gettext_lazy(
    "Use small letters: two addresses must not differ in nothing but capitals."
)
MOST_LINES, LONGEST_LINE = 20, 60


def fault_of_line(text: str) -> str:
    """Say what keeps the text from being one line that people can read; "" if nothing does."""
    if broken := BREAKS.search(text):
        return f"{LINE_BREAKS} {sign_at(text, broken.start())}"
    for at, sign in enumerate(text):
        if HIDDEN.match(sign) or unicodedata.category(sign) in {"Cc", "Cs"}:
            return f"{INVISIBLE} {sign_at(text, at)}"
    return ""


def sign_at(text: str, at: int) -> str:
    """What cannot be seen by its name, and where it is, so that it can be found and taken out."""
    name = unicodedata.name(text[at], "").lower()
    sign = f"U+{ord(text[at]):04X}{f' ({name})' if name else ''}"
    return _("Character %(value)s of %(text)s is %(sign)s.") % {
        "value": grouped(at + 1),
        "text": grouped(len(text)),
        "sign": sign,
    }


def validate_line(text: str) -> None:
    if fault := fault_of_line(text):
        raise ValidationError(fault, code="line")


def validate_small_letters(slug: str) -> None:
    if slug != slug.lower():
        raise ValidationError(SMALL_LETTERS, code="small_letters")


def validate_lines(value: Any) -> None:
    """A list of texts, each a line that says something, without spaces around it."""
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise ValidationError(_("Give a list of texts."), code="list")
    if len(value) > MOST_LINES:
        raise ValidationError(
            _("Give at most %(most_lines)s lines.") % {"most_lines": MOST_LINES}, code="too_many"
        )
    for line in value:
        validate_line(line)
        if not line or line != line.strip():
            raise ValidationError(_("A line is empty or has spaces around it."), code="spaces")
        if len(line) > LONGEST_LINE:
            message = _("A line has %(line)s of at most %(longest_line)s characters.") % {
                "line": len(line),
                "longest_line": LONGEST_LINE,
            }
            raise ValidationError(message, code="too_long")
