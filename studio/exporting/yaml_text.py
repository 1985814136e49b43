"""YAML that reads the same everywhere: whatever is not plainly a text stands in quotation marks."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from studio.importing.folder.fields import BOOLEANS, NULLS
from studio.importing.folder.json_values import AMBIGUOUS

# Named by their ranges: what counts as printable changes with every edition of Unicode.
LETTER = "A-Za-z\u00c0-\u024f\u0370-\u1fff\u3040-\ud7ff"
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\ufeff\ufff0-\ufffc\ufffe\uffff]"
)
PLAIN = re.compile(rf"(?:\.\./)*[{LETTER}][^\t\n]*")
MEANS_MORE = re.compile(r": | #|:\Z|\s\Z")
MEANS_MORE_IN_FLOW = re.compile(r"[,:\[\]{}#]|\s\Z")
RESERVED = {word.lower() for word in (*NULLS, *BOOLEANS, *AMBIGUOUS)}
INDENT = "  "
# Longer names stand behind a question mark: parsers look no further ahead for a colon.
LONGEST_NAME = 500


class Bare(str):
    """What is written as it stands: a number, a truth, a list in brackets."""

    __slots__ = ()


Fields = Mapping[str, Any]


def document(fields: Fields) -> str:
    """Fields as lines. Values are texts, Bare, or lists of texts or of fields; None is left out."""
    return "".join(f"{line}\n" for line in _mapping(fields, ""))


def truth(value: bool) -> Bare:
    return Bare("true" if value else "false")


def number(value: float) -> Bare:
    """The shortest decimal that is this number: 2 for 2.0."""
    short = f"{value:g}"
    return Bare(short if float(short) == value else repr(value))


def several(texts: Sequence[str]) -> Bare | None:
    """Texts in brackets; None for none."""
    return Bare(f"[{', '.join(one_line(text, in_flow=True) for text in texts)}]") if texts else None


def in_braces(fields: Mapping[str, Bare]) -> Bare | None:
    """Fields on one line; None for none."""
    parts = [f"{one_line(name, in_flow=True)}: {value}" for name, value in fields.items()]
    return Bare(f"{{{', '.join(parts)}}}") if parts else None


def text(value: str) -> str:
    """A text of which readers take off the spaces around it. Several lines end with a line end."""
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return f"{value}\n" if "\n" in value else value


def optional(value: str) -> str | None:
    return text(value) or None


def json_value(value: Any) -> Bare:
    """A value of JSON: every text in quotation marks, names in their order."""
    if isinstance(value, dict):
        return Bare(f"{{{', '.join(f'{_name(k)}: {json_value(v)}' for k, v in value.items())}}}")
    if isinstance(value, list):
        return Bare(f"[{', '.join(json_value(one) for one in value)}]")
    return Bare(quoted(value) if isinstance(value, str) else json.dumps(value))


def _name(name: str) -> str:
    return quoted(name) if len(name) <= LONGEST_NAME else f"? {quoted(name)} "


def quoted(value: str) -> str:
    """The text in quotation marks, on one line, with all that cannot be seen spelt out."""
    return UNSEEN.sub(_spelt, json.dumps(value, ensure_ascii=False))


def _spelt(hit: re.Match[str]) -> str:
    return f"\\u{ord(hit[0]):04x}"


def one_line(value: str, *, in_flow: bool = False) -> str:
    """The text on one line, without quotation marks where nobody could take it for another."""
    means_more = MEANS_MORE_IN_FLOW if in_flow else MEANS_MORE
    is_plain = (
        PLAIN.fullmatch(value)
        and not means_more.search(value)
        and not UNSEEN.search(value)
        and value.lower() not in RESERVED
    )
    return value if is_plain else quoted(value)


def _mapping(fields: Fields, indent: str) -> list[str]:
    lines = list[str]()
    for name, value in fields.items():
        if value is not None:
            first, *rest = _value(value, indent)
            lines += [f"{indent}{name}:{first}", *rest]
    return lines


def _value(value: Any, indent: str) -> list[str]:
    """The lines of a value: the first goes on behind the name."""
    if isinstance(value, str):
        first, *rest = [value] if isinstance(value, Bare) else _text(value, indent)
        return [f" {first}", *rest]
    return ["", *(line for item in value for line in _item(item, indent + INDENT))]


def _item(item: str | Fields, indent: str) -> list[str]:
    if isinstance(item, str):
        first, *rest = _text(item, indent)
    else:
        first, *rest = _mapping(item, indent + INDENT)
    return [f"{indent}- {first.strip()}", *rest]


def _text(value: str, indent: str) -> list[str]:
    """One line, or a block of lines if the text survives in one to the letter."""
    if not _survives(value):
        return [one_line(value)]
    inner = indent + INDENT
    body, mark = (value[:-1], "|") if value.endswith("\n") else (value, "|-")
    return [mark, *(f"{inner}{line}" if line else "" for line in body.split("\n"))]


def _survives(value: str) -> bool:
    lines = value.removesuffix("\n").split("\n")
    return (
        "\n" in value
        and lines[0][:1] not in ("", " ", "\t")
        and lines[-1] != ""
        and not any(line and not line.strip(" \t") for line in lines)
        and not UNSEEN.search(value)
    )
