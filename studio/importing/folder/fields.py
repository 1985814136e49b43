"""Typed reading of YAML fields: every fault is noted with its line, nothing is guessed."""

import math
import re
from collections.abc import Collection, Iterable
from collections.abc import Mapping as Words
from decimal import Decimal
from difflib import get_close_matches

from assessments.fairness import UNSTORABLE
from courses.texts import fault_of_line
from studio.importing.names import UNWANTED
from studio.importing.refusal import Finding, quoted
from studio.importing.strict_yaml import Listing, Mapping, Scalar, Value

NULLS = {"", "~", "null", "Null", "NULL"}
BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,8})\Z")
DECIMAL = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?\Z")
ADDRESS = re.compile(r"[a-z0-9_-]+")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")


class Fields:
    """Reads the fields of one mapping; faults go to `errors`. Ask `finish` at the end."""

    def __init__(self, mapping: Mapping, path: str, errors: list[Finding]) -> None:
        self.items, self.path, self.errors = mapping.items, path, errors
        self.line = mapping.line
        self.known: set[str] = set()

    def error(self, message: str, line: int = 0, code: str = "field") -> None:
        self.errors.append(Finding(message, self.path, line, code))

    def line_of(self, name: str) -> int:
        return self.items[name].line if name in self.items else self.line

    def line_of_text(self, name: str) -> int:
        """Where a text begins: several lines mostly stand below the name of their field."""
        value = self.items.get(name)
        below = isinstance(value, Scalar) and not value.plain and "\n" in value.text
        return self.line_of(name) + below

    def _value(self, name: str) -> Value | None:
        self.known.add(name)
        value = self.items.get(name)
        return None if isinstance(value, Scalar) and value.plain and value.text in NULLS else value

    def _scalar(self, name: str, what: str) -> Scalar | None:
        value = self._value(name)
        if value is None or isinstance(value, Scalar):
            return value
        self.error(f'"{name}" must be {what}.', value.line)
        return None

    def text(
        self, name: str, longest: int, default: str = "", *, required: bool = False,
        lines: bool = False,
    ) -> str:  # fmt: skip
        """One line, or several where `lines` says so."""
        value = self._scalar(name, "a text")
        if value is None:
            if required and name not in self.items:
                self.error(f'"{name}" is missing.', self.line)
            elif required:
                self.error(f'"{name}" is empty.', self.line_of(name))
            return default
        return self._checked(name, value, longest, lines)

    def _checked(self, name: str, value: Scalar, longest: int, lines: bool = False) -> str:
        text = value.text.strip()
        if UNWANTED.search(text):
            self.error(f'"{name}" holds a control character.', value.line)
            return ""
        if not lines and (fault := fault_of_line(text)):
            self.error(f'"{name}": {fault}', value.line)
            return ""
        if len(text) > longest:
            self.error(f'"{name}" has {len(text):,} of at most {longest:,} characters.', value.line)
            return text[:longest]
        return text

    def verbatim(self, name: str, longest: int) -> str:
        """A text to the letter, with the spaces and the line break at its end."""
        value = self._scalar(name, "a text")
        if value is None:
            return ""
        if UNSTORABLE.search(value.text):
            self.error(f'"{name}" holds NUL or half a character.', value.line)
            return ""
        if len(value.text) > longest:
            length = f"{len(value.text):,} of at most {longest:,}"
            self.error(f'"{name}" has {length} characters.', value.line)
            return ""
        return value.text

    def given(self, name: str) -> Value | None:
        """Whatever stands there, to be read by somebody else; null is a value."""
        self.known.add(name)
        return self.items.get(name)

    def identity(self, name: str, longest: int, *, made: bool = False) -> str:
        """A word for addresses: small letters, digits and hyphens. Empty if it is not given.

        `made` also takes what importers make of paths and foreign names: see `is_identity`.
        """
        text = self.text(name, longest)
        if text and not is_identity(text, made=made):
            self._not_allowed(name, text)
            return ""
        return text

    def slug(self, name: str, longest: int) -> str:
        """A word that is an address by itself. Empty if it is not given."""
        text = self.text(name, longest)
        if text and not ADDRESS.fullmatch(text):
            self._not_allowed(name, text)
            return ""
        return text

    def _not_allowed(self, name: str, text: str) -> None:
        message = f'"{name}" is not allowed: "{quoted(text)}". Use small letters, digits, hyphens.'
        self.error(message, self.line_of(name))

    def choice(self, name: str, choices: Words[str, str], default: str) -> str:
        value = self._scalar(name, f"one of {', '.join(choices)}")
        if value is None:
            return default
        if value.text not in choices:
            self.error(f'"{name}" must be one of {", ".join(choices)}.', value.line)
            return default
        return choices[value.text]

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        value = self._scalar(name, "a whole number")
        if value is None:
            return default
        if not value.plain or not INTEGER.match(value.text):
            self.error(f'"{name}" must be a whole number.', value.line)
            return default
        number = int(value.text)
        if not least <= number <= most:
            self.error(f'"{name}" must be from {least} to {most}.', value.line)
            return default
        return number

    def decimal(self, name: str, default: Decimal, most: int) -> Decimal:
        """A number from 0 with at most two decimal places."""
        value = self._scalar(name, "a number")
        if value is None:
            return default
        if not value.plain or not DECIMAL.match(value.text) or Decimal(value.text) > most:
            self.error(f'"{name}" must be a number from 0 to {most}, such as 1 or 0.5.', value.line)
            return default
        return Decimal(value.text)

    def number(self, name: str, default: float, least: float, most: float) -> float:
        value = self._scalar(name, "a number")
        if value is None:
            return default
        number = float(value.text) if value.plain and NUMBER.match(value.text) else math.nan
        if not least <= number <= most:
            self.error(f'"{name}" must be a number from {least:g} to {most:g}.', value.line)
            return default
        return number

    def boolean(self, name: str, default: bool) -> bool:
        value = self._scalar(name, "true or false")
        if value is None:
            return default
        if not value.plain or value.text not in BOOLEANS:
            self.error(f'"{name}" must be true or false.', value.line)
            return default
        return BOOLEANS[value.text]

    def texts(self, name: str, longest: int, most: int = 50, *, lines: bool = False) -> list[str]:
        value = self._value(name)
        if value is None:
            return []
        if not isinstance(value, Listing) or len(value.items) > most:
            self.error(f'"{name}" must be a list of at most {most} texts.', value.line)
            return []
        return self._texts(name, value.items, longest, lines)

    def one_or_several(self, name: str, longest: int, most: int = 50) -> list[str]:
        """A text, or a list of texts."""
        value = self._value(name)
        if isinstance(value, Scalar):
            return self._texts(name, [value], longest)
        return self.texts(name, longest, most)

    def _texts(
        self, name: str, items: Iterable[Value], longest: int, lines: bool = False
    ) -> list[str]:
        texts = []
        for item in items:
            if isinstance(item, Scalar):
                texts.append(self._checked(name, item, longest, lines))
                if not item.text.strip():
                    self.error(f'"{name}" holds an empty text.', item.line)
            else:
                self.error(f'"{name}" must be a list of texts.', item.line)
        return texts

    def mapping(self, name: str) -> Mapping:
        """Fields below a field; none if it is not given."""
        value = self._value(name)
        if value is None or isinstance(value, Mapping):
            return value or Mapping()
        self.error(f'"{name}" must hold fields of its own, such as "name: value".', value.line)
        return Mapping()

    def mappings(self, name: str, most: int) -> list[Mapping]:
        """A list of things with fields of their own."""
        value = self._value(name)
        if value is None:
            return []
        if not isinstance(value, Listing) or len(value.items) > most:
            self.error(f'"{name}" must be a list of at most {most}.', value.line)
            return []
        found = []
        for item in value.items:
            if isinstance(item, Mapping):
                found.append(item)
            else:
                self.error(f'Each of "{name}" has fields, such as "id: …".', item.line)
        return found

    def finish(self) -> None:
        """Refuse fields that nobody asked for: mostly they are misspelt."""
        for name, value in self.items.items():
            if name not in self.known:
                hint = _hint(name, self.known)
                self.error(f'Unknown field "{quoted(name)}".{hint}', value.line)


def is_identity(text: str, *, made: bool = False) -> bool:
    """Whether the text may stand as an id.

    An id that was made of a path has slashes, and may have spaces and letters of any language.
    """
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        return True
    is_path = "/" in text and all(text.split("/")) and text == text.casefold().strip()
    is_line = not (fault_of_line(text) or UNWANTED.search(text))
    return made and (bool(ADDRESS.fullmatch(text)) or (is_path and is_line))


def _hint(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f' Is it "{near[0]}"?' if near else ""
