"""YAML read strictly: no aliases, tags or duplicate keys, bounded, every value with its line.

Built from the parser's events, so that nothing is constructed that was not asked for: 007 stays
"007", 12:30 stays text, a date is no date until somebody says so.
"""

# mypy: disable-error-code="no-untyped-call"

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from studio.importing.refusal import ImportRefused, quoted, refuse

MAX_BYTES = 64 * 1024
MAX_DEPTH = 12
MAX_VALUES = 5_000
COLON = re.compile(r"^(\s*+[\w-]++):\s++(.*:\s.*|.*:)$")


@dataclass(slots=True)
class Scalar:
    """A value as it was written. `plain` means without quotation marks."""

    text: str
    plain: bool
    line: int


@dataclass(slots=True)
class Listing:
    items: "list[Value]"
    line: int


@dataclass(slots=True)
class Mapping:
    """`bare` are those of its names that stand without quotation marks."""

    items: "dict[str, Value]" = field(default_factory=dict)
    line: int = 1
    bare: set[str] = field(default_factory=set)


Value = Scalar | Listing | Mapping


def load(
    text: str, path: str, first_line: int = 1, *, max_bytes: int = MAX_BYTES,
    max_values: int = MAX_VALUES, max_depth: int = MAX_DEPTH,
) -> Mapping:  # fmt: skip
    """Read one mapping. `first_line` is where the text begins in its file. Raises ImportRefused."""
    if len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise refuse(f"The YAML is longer than {max_bytes // 1024} KiB.", path, first_line)
    reader = _Reader(path, first_line, text, (max_values, max_depth))
    try:
        return reader.read()
    except MarkedYAMLError as error:
        told = error.problem_mark.line if error.problem_mark else 0
        # What is missing at the end is missed behind the last line.
        line = min(told, text.rstrip("\n").count("\n"))
        raise refuse(_explained(error, text, line), path, line + first_line) from error
    # The parser asserts that it knows the version of YAML that a file names.
    except (YAMLError, ValueError, RecursionError, AssertionError) as error:
        raise refuse(f"{path or 'The YAML'} cannot be read.", path, first_line) from error


def _explained(error: MarkedYAMLError, text: str, line: int) -> str:
    lines = text.splitlines()
    hit = COLON.match(lines[line]) if line < len(lines) else None
    if "mapping values are not allowed" in str(error.problem) and hit:
        return f'A text with a colon needs quotes: {hit[1].strip()}: "{hit[2].strip()}"'
    return f"This is not valid YAML: {error.problem or error.context}."


class _Reader:
    def __init__(self, path: str, first_line: int, text: str, most: tuple[int, int]) -> None:
        self.path, self.first_line = path, first_line
        self.max_values, self.max_depth = most
        yaml = YAML(typ="safe", pure=True)
        self.events: Iterator[Any] = yaml.parse(text)
        self.values = 0

    def read(self) -> Mapping:
        documents = 0
        result: Value | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refusal("Only one document is allowed.", event)
            elif isinstance(
                event, (ScalarEvent, AliasEvent, SequenceStartEvent, MappingStartEvent)
            ):
                result = self.value(event, 1)
        if result is None or (isinstance(result, Scalar) and result.text == ""):
            return Mapping(line=self.first_line)
        if not isinstance(result, Mapping):
            raise refuse('Fields are expected here, such as "title: …".', self.path, result.line)
        return result

    def line(self, event: Any) -> int:
        return int(event.start_mark.line) + self.first_line

    def refusal(self, message: str, event: Any) -> ImportRefused:
        return refuse(message, self.path, self.line(event))

    def value(self, event: Any, depth: int) -> Value:
        self.values += 1
        if self.values > self.max_values:
            raise self.refusal(f"More than {self.max_values:,} values.", event)
        if depth > self.max_depth:
            raise self.refusal("The values are nested too deeply.", event)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise self.refusal("Aliases are not allowed.", event)
        if getattr(event, "tag", None):
            raise self.refusal(f"The tag {quoted(event.tag)} is not allowed.", event)
        if isinstance(event, ScalarEvent):
            return Scalar(event.value, event.style is None, self.line(event))
        if isinstance(event, SequenceStartEvent):
            return self.listing(event, depth)
        return self.mapping(event, depth)

    def listing(self, start: Any, depth: int) -> Listing:
        items: list[Value] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self.value(event, depth + 1))
        return Listing(items, self.line(start))

    def mapping(self, start: Any, depth: int) -> Mapping:
        result = Mapping(line=self.line(start))
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            key = self.value(event, depth + 1)
            if not isinstance(key, Scalar):
                raise self.refusal("A field's name must be a word.", event)
            if key.text in result.items:
                raise self.refusal(f'The field "{quoted(key.text)}" stands here twice.', event)
            if key.plain:
                result.bare.add(key.text)
            result.items[key.text] = self.value(next(self.events), depth + 1)
        return result
