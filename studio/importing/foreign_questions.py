"""Questions of another system as ours: judged by the same rules, cut to the same lengths."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import slugify

from assessments.models import Option, Question
from assessments.models.quiz import LONGEST_OPTION, LONGEST_PROMPT
from assessments.questions import (
    MOST_OPTIONS,
    MOST_TOPICS,
    faults_of_options,
    faults_of_question,
)
from courses.texts import LONGEST_LINE as LONGEST_NAME
from studio.importing.folder.quiz_file import CENTS, derived
from studio.importing.foreign import ForeignCourse
from studio.importing.names import CUT, Keys, cleaned, one_line
from studio.importing.tree import OptionNode, QuestionNode

Kind = Question.Kind


@dataclass(slots=True)
class Choice:
    """An option as it was found. `key` stays the same for ever, or is "" where there is none."""

    text: str
    is_correct: bool = False
    feedback: str = ""
    key: str = ""


@dataclass(slots=True)
class Found:
    """A question as it was found, in Markdown. `original` is its source, kept if it has no place.

    `accept` holds the right answers of TEXT and NUMERIC; `tolerance` is "0.01" or "1%".
    """

    kind: str
    prompt: str
    key: str = ""
    choices: Sequence[Choice] = ()
    accept: Sequence[str] = ()
    tolerance: str = ""
    match_case: bool = False
    explanation: str = ""
    model_answer: str = ""
    points: Decimal | float | str = 1
    topics: Sequence[str] = ()
    shuffle: bool = True
    path: str = ""
    line: int = 0
    original: str = ""


def question_of(course: ForeignCourse, found: Found) -> QuestionNode | None:
    """The question as ours; None, said with the reason, where it would break our rules."""
    prompt = _text(found.prompt)
    kind = Kind(found.kind)
    key = slugify(found.key)[:76].strip("-") or derived("q", found.key or prompt)
    values = {
        "kind": str(kind),
        "prompt": prompt,
        "explanation": _text(found.explanation),
        "topics": _topics(found.topics),
        "accept": [one_line(text, LONGEST_PROMPT) for text in found.accept],
        "tolerance": found.tolerance[:20],
        "match_case": found.match_case,
        "model_answer": _text(found.model_answer),
        "points": Decimal(0) if kind == Kind.OPEN else _points(found.points),
        "shuffle": found.shuffle,
    }
    node = QuestionNode(key, found.line, values)
    node.lines = dict.fromkeys(("prompt", "explanation", "model_answer"), found.line)
    node.options = _options(found.choices, found.line) if kind in (Kind.SINGLE, Kind.MULTI) else []
    faults = _faults(kind, node, found)
    if faults:
        where = f"{found.path}:{found.line}" if found.line else found.path
        course.skip(f"{where} {key}".strip(), faults[0], "question", found.original or prompt)
        return None
    if CUT in "".join(_texts(found)):
        course.warn("A text of this question was cut.", found.path, found.line, "length")
    return node


def _texts(found: Found) -> Iterator[str]:
    """Its texts as they were found."""
    yield from (found.prompt, found.explanation, found.model_answer)
    for choice in found.choices:
        yield from (choice.text, choice.feedback)


def _faults(kind: Kind, node: QuestionNode, found: Found) -> list[str]:
    if not node.values["prompt"]:
        return ["it asks nothing"]
    if len(found.choices) > MOST_OPTIONS:
        return [f"it has more than {MOST_OPTIONS} options"]
    if any(not option.values["text"] for option in node.options):
        return ["one of its options has no text"]
    if longest := _too_long(node):
        return [f"a text of it is longer than {longest:,} characters"]
    options = [
        Option(text=one.values["text"], is_correct=one.values["is_correct"]) for one in node.options
    ]
    faults = faults_of_question(Question(**node.values)) + [
        ("options", words) for words in faults_of_options(kind, options)
    ]
    return [words for _, words in faults]


def _too_long(node: QuestionNode) -> int:
    """How long a text may be, where one is longer; 0 if none is."""
    own = (node.values[name] for name in ("prompt", "explanation", "model_answer"))
    if any(len(text) > LONGEST_PROMPT for text in own):
        return LONGEST_PROMPT
    of_options = (one.values[name] for one in node.options for name in ("text", "feedback"))
    return LONGEST_OPTION if any(len(text) > LONGEST_OPTION for text in of_options) else 0


def _options(choices: Iterable[Choice], line: int) -> list[OptionNode]:
    options, keys = list[OptionNode](), Keys()
    for choice in choices:
        text = _text(choice.text)
        key = keys.free(slugify(choice.key)[:76].strip("-") or derived("o", text))
        values: dict[str, Any] = {
            "text": text,
            "is_correct": choice.is_correct,
            "feedback": _text(choice.feedback),
        }
        options.append(OptionNode(key, values, line))
    return options


def _text(text: str) -> str:
    return cleaned(text).strip()


def _topics(names: Iterable[str]) -> list[str]:
    kept = dict.fromkeys(one_line(name, LONGEST_NAME) for name in names)
    return [name for name in kept if name][:MOST_TOPICS]


def _points(given: Decimal | float | str) -> Decimal:
    """From 0 to 100, in hundredths; 1 where it is no number."""
    try:
        return min(max(Decimal(str(given)), Decimal(0)), Decimal(100)).quantize(CENTS)
    except InvalidOperation:
        return Decimal(1).quantize(CENTS)
