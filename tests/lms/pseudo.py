"""A language that nobody speaks: what gettext gave is in brackets, accented and longer.

Whatever a page says outside of brackets has not been through gettext, or comes from the database.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils.translation import trans_real

OPEN, SHUT = "⟦", "⟧"
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
# What programs read stays: places for values, tags, entities, code.
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|%[sd]|\{\{|\}\}|\{\w*\}|<[^>]*>|&#?\w+;|`[^`]*`)")


def pseudo(text: str) -> str:
    """The text in brackets, with accents, and longer by two fifths."""
    parts = KEPT.split(text)
    said = "".join(
        part if index % 2 else part.translate(ACCENTS) for index, part in enumerate(parts)
    )
    more = "·" * (2 * len(re.sub(KEPT, "", text)) // 5)
    return f"{OPEN}{said}{more}{SHUT}"


class Pseudo:
    """As much of Django's translation as gettext asks for."""

    def __init__(self, language: str) -> None:
        self.code = language
        self._catalog: dict[Any, Any] = {}

    def language(self) -> str:
        return self.code

    def to_language(self) -> str:
        return self.code

    def gettext(self, text: str) -> str:
        # One of context and text stays one in brackets: formats are settings, and no words.
        _, mark, words = text.rpartition("\x04")
        return pseudo(words) if words and not (mark and words == text) else text

    def ngettext(self, one: str, many: str, number: float) -> str:
        words = (one if number == 1 else many).rpartition("\x04")[2]
        return pseudo(words)


@contextmanager
def spoken(language: str, settings: Any, *, rtl: bool = False) -> Iterator[None]:
    """The language is one of those of the site, whatever its name."""
    settings.LANGUAGES = [*settings.LANGUAGES, (language, "Pseudo")]
    if rtl:
        settings.LANGUAGES_BIDI = [*settings.LANGUAGES_BIDI, language]
    patch = pytest.MonkeyPatch()
    patch.setitem(trans_real._translations, language, Pseudo(language))
    try:
        yield
    finally:
        patch.undo()
