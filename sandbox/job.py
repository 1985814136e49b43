"""What is to be run, and how much of the machine it may use. No expected values come in here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAX_SOURCE = 64 * 1024
TOO_LONG = "Source must be UTF-8 text of at most 64 KB."


class Language(StrEnum):
    PYTHON = "python"
    JAVASCRIPT = "javascript"
    JAVA = "java"


class Mode(StrEnum):
    """A program is fed by stdin and judged by stdout; a function is called with values."""

    STDIO = "stdio"
    FUNCTION = "function"


class SourceRefused(ValueError):
    """What was handed in is no source text that can be run. The message is for its author."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one case: seconds, bytes, counts.

    `fuel` bounds what the wasm engine counts instead of seconds: the same program uses as much of
    it on every machine. None: as much as `cpu_seconds` is worth on an ordinary one.
    """

    cpu_seconds: float = 2.0
    wall_seconds: float = 5.0
    fuel: int | None = None
    memory: int = 128 * 1024 * 1024
    stdout: int = 64 * 1024
    stderr: int = 16 * 1024
    processes: int = 16


@dataclass(frozen=True, slots=True)
class Case:
    """One run in a fresh instance: what goes in, never what should come out.

    In mode STDIO `stdin` is fed; in mode FUNCTION `function` is called with `args` and `kwargs`,
    values of JSON (and ints of any size).
    """

    id: str
    stdin: str = ""
    function: str = ""
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """A source text and the cases that it is run with, one after the other."""

    language: Language
    mode: Mode
    source: str
    cases: Sequence[Case]
    limits: Limits = Limits()
    seed: int = 0


def clean_source(given: str | bytes) -> str:
    """Return the text as it is run: no BOM, one kind of newlines. Raises SourceRefused."""
    try:
        text = given.decode("utf-8") if isinstance(given, bytes) else given
        size = len(text.encode("utf-8"))
    except UnicodeError as error:
        raise SourceRefused(TOO_LONG) from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip() or size > MAX_SOURCE or "\x00" in text:
        raise SourceRefused(TOO_LONG)
    return text
