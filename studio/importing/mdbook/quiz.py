"""Quizzes of the Rust book's kind: a TOML file that a page of an mdBook names."""

import tomllib
from collections.abc import Mapping
from typing import Any

from assessments.models import Question
from studio.importing.files import text_of
from studio.importing.foreign import ForeignCourse
from studio.importing.foreign_questions import Choice, Found, question_of
from studio.importing.mdbook.text import page_of
from studio.importing.prose import fenced
from studio.importing.refusal import refuse
from studio.importing.tree import QuestionNode

Kind = Question.Kind
MAX_BYTES = 1024 * 1024
# What learners may write where a program is refused by the compiler.
REFUSED = ("error", "it does not compile", "does not compile", "no")
TRACING = (
    "What does this program print? Write several lines one after another, with a space between. "
    "If it does not compile, write `error`."
)


def questions_in(course: ForeignCourse, path: str) -> list[QuestionNode]:
    """The questions of a file. Those without a place here are told. Raises ImportRefused."""
    data = toml_of(course, path)
    shared = data.get("multipart")
    items = data.get("questions")
    found = list[QuestionNode]()
    for number, one in enumerate(items if isinstance(items, list) else [], start=1):
        if not isinstance(one, dict):
            continue
        key = _text(one.get("id")) or f"{path} {number}"
        question = _found(one, key, path)
        if question is None:
            kind = _text(one.get("type"))[:40]
            reason = f'questions of the type "{kind}" are not supported'
            course.skip(f"{path} {key}", reason, "question", str(one))
            continue
        part = _text(one.get("multipart"))
        if part and isinstance(shared, dict) and _text(shared.get(part)):
            question.prompt = f"{page_of(_text(shared[part]), '')}\n\n{question.prompt}"
        question.original = str(one)
        node = question_of(course, question)
        found += [node] if node else []
    return found


def toml_of(course: ForeignCourse, path: str) -> dict[str, Any]:
    """What a file says. Raises ImportRefused."""
    try:
        return tomllib.loads(text_of(course.files[path], MAX_BYTES))
    except (ValueError, RecursionError) as error:
        raise refuse(f"This is not valid TOML: {str(error)[:200]}.", path) from error


def _found(one: dict[str, Any], key: str, path: str) -> Found | None:
    prompt, answer = _table(one, "prompt"), _table(one, "answer")
    readers = {"MultipleChoice": _choice, "ShortAnswer": _short, "Tracing": _tracing}
    reader = readers.get(_text(one.get("type")))
    if reader is None:
        return None
    found = reader(prompt, answer)
    found.key, found.path = key, path
    found.explanation = page_of(_text(one.get("context")), "")
    return found


def _choice(prompt: Mapping[str, Any], answer: Mapping[str, Any]) -> Found:
    """One answer, or a list of them: then several may be chosen."""
    given = answer.get("answer")
    right = [_text(text) for text in given] if isinstance(given, list) else [_text(given)]
    wrong = [_text(text) for text in _listed(prompt, "distractors")]
    is_sorted = prompt.get("sortAnswers") is True
    choices = [Choice(page_of(text, ""), is_correct=True) for text in right]
    choices += [Choice(page_of(text, "")) for text in wrong]
    place = prompt.get("answerIndex")
    if is_sorted:
        choices.sort(key=lambda choice: choice.text)
    elif isinstance(place, int) and len(right) == 1 and 0 <= place < len(choices):
        choices.insert(place, choices.pop(0))
    return Found(
        Kind.MULTI if isinstance(given, list) else Kind.SINGLE,
        page_of(_text(prompt.get("prompt")), ""),
        choices=choices,
        shuffle=not is_sorted and place is None,
    )


def _short(prompt: Mapping[str, Any], answer: Mapping[str, Any]) -> Found:
    accept = [_text(answer.get("answer")), *map(_text, _listed(answer, "alternatives"))]
    return Found(
        Kind.TEXT,
        page_of(_text(prompt.get("prompt")), ""),
        accept=[text for text in accept if text],
    )


def _tracing(prompt: Mapping[str, Any], answer: Mapping[str, Any]) -> Found:
    """What a program prints, or that it is refused: both are written into the same field."""
    program = fenced(_text(prompt.get("program")), "rust")
    said = _text(answer.get("stdout")).strip()
    accept = [said] if said else []
    if answer.get("doesCompile") is False:
        accept = list(REFUSED)
    return Found(Kind.TEXT, f"{program}\n\n{TRACING}", accept=accept, match_case=bool(said))


def _table(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def _listed(values: Mapping[str, Any], name: str) -> list[Any]:
    found = values.get(name)
    return found if isinstance(found, list) else []


def _text(value: object) -> str:
    return value.strip("\n") if isinstance(value, str) else ""
