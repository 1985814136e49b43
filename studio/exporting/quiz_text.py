"""A quiz as its file."""

from decimal import Decimal
from typing import Any

from assessments.models import Question
from studio.exporting.lesson_text import identity, line, places_in, plain, unless
from studio.exporting.yaml_text import (
    Bare,
    document,
    in_braces,
    number,
    optional,
    several,
    text,
    truth,
)
from studio.importing.folder.quiz_file import KINDS, LAYOUTS, ONLY, REVIEWS, USUAL_RULES
from studio.importing.tree import LessonNode, OptionNode, QuestionNode, QuizNode

Kind = Question.Kind
NAMES = {kind: name for name, kind in KINDS.items()}
WORDS = {
    **{value: name for name, value in LAYOUTS.items()},
    **{value: name for name, value in REVIEWS.items()},
}
# The rules, by the names that they have in the file, in its order.
RULES = {
    "pass": "pass_percent", "time_limit": "time_limit", "attempts": "max_attempts", "wait": "wait",
    "layout": "layout", "shuffle": "shuffle", "review": "review",
}  # fmt: skip


def quiz_text(node: LessonNode, quiz: QuizNode, path_key: str) -> bytes:
    values = node.values
    picks = {name: number(pick) for name, pick in sorted(quiz.banks.items())}
    fields = {
        "id": identity(node.key, path_key),
        "title": line(values["title"]),
        "summary": line(values["summary"]),
        "intro": optional(plain(values["content"])),
        "minutes": unless(values["minutes"], 5),
        "xp": unless(values["xp_reward"], 20),
        **{**places_in(values), "preview": None},
        **{name: _rule(field, quiz.rules[field]) for name, field in RULES.items()},
        "banks": in_braces(picks),
        "questions": [_question(one) for one in quiz.questions] or Bare("[]"),
    }
    return document(fields).encode()


def _rule(name: str, value: Any) -> Bare | None:
    if value == USUAL_RULES[name]:
        return None
    return truth(value) if isinstance(value, bool) else Bare(WORDS.get(value, value))


def _question(node: QuestionNode) -> dict[str, Any]:
    values, kind = node.values, Kind(node.values["kind"])
    usual = Decimal(0 if kind == Kind.OPEN else 1)
    fields = {
        "id": identity(node.key),
        "type": Bare(NAMES[kind]),
        "topics": several(values["topics"]),
        "lesson": line(node.lesson),
        "points": None if values["points"] == usual else _decimal(values["points"]),
        "bank": line(node.bank),
        "shuffle": None if values["shuffle"] else truth(False),
        "prompt": text(values["prompt"]),
        "options": [_option(one) for one in node.options] or None,
        "accept": _accepted(values["accept"]),
        "match_case": truth(True) if values["match_case"] else None,
        "tolerance": line(values["tolerance"]),
        "model_answer": optional(values["model_answer"]),
        "explanation": optional(values["explanation"]),
    }
    return {name: value for name, value in fields.items() if kind in ONLY.get(name, {kind})}


def _option(node: OptionNode) -> dict[str, Any]:
    return {
        "id": identity(node.key),
        "text": text(node.values["text"]),
        "correct": truth(True) if node.values["is_correct"] else None,
        "feedback": optional(node.values["feedback"]),
    }


def _accepted(texts: list[str]) -> str | Bare | None:
    return text(texts[0]) if len(texts) == 1 else several([text(one) for one in texts])


def _decimal(value: Decimal) -> Bare:
    return Bare(format(value.normalize(), "f"))
