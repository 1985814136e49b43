"""Programs that always give the same: tests that one of them passes test nothing."""

import keyword
import re
from collections.abc import Sequence
from typing import Any

from sandbox import literals
from sandbox.job import Language, Mode

# Beyond this, what should come out is no constant that anybody would write.
LONGEST = 16 * 1024
JAVASCRIPT_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


def constants(language: str, mode: str, function: str, expectations: Sequence[Any]) -> list[str]:
    """A program that gives nothing, and one that gives what the first case expects.

    In mode STDIO an expectation is a text, in mode FUNCTION a value of JSON. What cannot be written
    down is left out.
    """
    if language not in (Language.PYTHON, Language.JAVASCRIPT):
        return []
    if mode == Mode.STDIO:
        return _printing(language, expectations)
    return _returning(language, function, expectations)


def _printing(language: str, expectations: Sequence[Any]) -> list[str]:
    text = _literal(language, expectations[0]) if expectations else ""
    if language == Language.PYTHON:
        wrote = f"import sys\n\nsys.stdout.write({text})\n"
        return ["pass\n", *([wrote] if text else [])]
    # Either runner has `process`; `console.log` would add a line's end.
    return [";\n", *([f"process.stdout.write({text});\n"] if text else [])]


def _returning(language: str, function: str, expectations: Sequence[Any]) -> list[str]:
    text = _literal(language, expectations[0]) if expectations else ""
    if language == Language.PYTHON:
        if not function.isidentifier() or keyword.iskeyword(function):
            return []
        head = f"def {function}(*args, **kwargs):\n    return"
        return [f"{head}{value}\n" for value in dict.fromkeys(("", f" {text}" if text else ""))]
    if not JAVASCRIPT_NAME.fullmatch(function):
        return []
    # Assigned, so that a word of the language makes no program that cannot be read.
    head = f"module.exports[{literals.javascript(function)}] = () => {{ return"
    return [f"{head}{value}; }};\n" for value in dict.fromkeys(("", f" {text}" if text else ""))]


def _literal(language: str, value: Any) -> str:
    """The value in the language's own writing; "" for what has none or is too long."""
    write = literals.python if language == Language.PYTHON else literals.javascript
    try:
        text = write(value)
    except (TypeError, RecursionError, UnicodeError):
        return ""
    return text if len(text) <= LONGEST else ""
