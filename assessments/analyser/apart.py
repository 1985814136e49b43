"""The analyser in a child process: a text that breaks a parser breaks nothing of ours."""

import json
import math
import re
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assessments.analyser.analysis import LANGUAGES
from assessments.analyser.findings import AnalyserFailed, Findings, Remark, Unreadable
from sandbox.processes import Child, Gone, TooSlow

# Six remarks of each kind with names cut short, and the places of a thousand lines, are below it.
MAX_LINE = 64 * 1024
DIGEST = re.compile(r"[0-9a-f]{64}|")
CHILD = Path(__file__).with_name("child.py").resolve()
SOURCES = CHILD.parents[2]
PACKAGES = ("pyflakes", "tree_sitter", "tree_sitter_javascript")


def analyse_apart(
    language: str, source: str, seconds: float = 10, *, starter: str = ""
) -> Findings:
    """Judge a text in a process with limits of memory, CPU and time, its start included.

    Raises Unreadable, which is for the learner, or AnalyserFailed, which is for staff.
    """
    if language not in LANGUAGES:
        raise AnalyserFailed(f"There are no rules for {language}.")
    command = [sys.executable, "-I", "-S", "-B", str(CHILD), *_folders()]
    told = {
        "language": str(language),
        "source": source,
        "starter": starter,
        "cpu_seconds": math.ceil(seconds),
    }
    try:
        with Child(command, json.dumps(told).encode(), MAX_LINE) as talk:
            line = talk.line(seconds)
    except TooSlow as slow:
        raise AnalyserFailed(f"The analyser had no answer after {seconds:g} s.") from slow
    except (Gone, OSError) as gone:
        raise AnalyserFailed(str(gone)) from gone
    return _heard(line)


@cache
def _folders() -> list[str]:
    """Where our sources and the parsers lie; the child has no site-packages of its own."""
    specs = filter(None, map(find_spec, PACKAGES))
    packages = {str(Path(spec.origin).resolve().parents[1]) for spec in specs if spec.origin}
    return sorted({str(SOURCES), *packages})


def _heard(line: bytes) -> Findings:
    """Read what the child says as if anybody could have written it."""
    try:
        told = json.loads(line)
        if "unreadable" in told:
            message, at = told["unreadable"]
            unreadable = Unreadable(str(message), None if at is None else int(at))
        elif "broken" in told:
            raise AnalyserFailed(f"The analyser broke off with {told['broken']}")
        else:
            return _findings(told["findings"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise AnalyserFailed("The analyser said what is no findings.") from error
    raise unreadable


def _findings(told: dict[str, Any]) -> Findings:
    return Findings(
        strengths=_remarks(told["strengths"]),
        weaknesses=_remarks(told["weaknesses"]),
        suggestions=_remarks(told["suggestions"]),
        readability=_score(told["readability"]),
        efficiency=_score(told["efficiency"]),
        best_practices=_score(told["best_practices"]),
        text=str(told["text"]),
        engine=str(told["engine"]),
        form=_digest(told["form"]),
        form_places=tuple((int(line), int(number)) for line, number in told["form_places"]),
    )


def _remarks(told: list[dict[str, Any]]) -> tuple[Remark, ...]:
    return tuple(Remark(str(one["text"]), int(one["line"]), str(one["rule"])) for one in told)


def _digest(told: Any) -> str:
    if not DIGEST.fullmatch(told):
        raise ValueError
    return str(told)


def _score(told: Any) -> int | None:
    return None if told is None else max(0, min(10, int(told)))
