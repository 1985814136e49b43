"""Plain words for common errors of learners' programs, shown above the raw trace. No database."""

from dataclasses import dataclass

from assessments.glosses import javascript, python
from assessments.glosses.errors import Error, javascript_error, python_error
from sandbox.job import MAX_SOURCE, Language

__all__ = ["Gloss", "gloss"]

# A runner cuts at 16 KB.
MAX_TRACE = 32 * 1024


@dataclass(frozen=True, slots=True)
class Gloss:
    """What went wrong and what to do. `line` is one of the learner's own, from 1."""

    text: str
    line: int | None


def gloss(language: str, stderr: str, source: str) -> Gloss | None:
    """Put the error at the end of a trace in words; None for one that has none here.

    Whatever the texts are, it takes a few milliseconds: both are the learner's to choose.
    """
    trace, program = stderr[:MAX_TRACE], source[:MAX_SOURCE]
    error: Error | None = None
    if language == Language.PYTHON:
        error, explain = python_error(trace, program), python.explain
    elif language == Language.JAVASCRIPT:
        error, explain = javascript_error(trace, program), javascript.explain
    if error is None:
        return None
    text = explain(error, program)
    return Gloss(text, error.line) if text else None
