"""What the pages show on which a quiz is written: its rules, and its questions in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q

from assessments.models import Option, Question, Quiz
from courses.checks import Problem
from studio.quiz_checks import problems_of_quiz


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question of the list. `gone`: it was archived a moment ago."""

    question: Question
    number: int
    options: int
    gone: bool


@dataclass(frozen=True, slots=True)
class QuizDesk:
    quiz: Quiz
    questions: Sequence[QuestionRow]
    archived: Sequence[Question]
    problems: Sequence[Problem]

    @property
    def count(self) -> int:
        return sum(not row.gone for row in self.questions)

    @property
    def points(self) -> Decimal:
        own = (row.question.points for row in self.questions if not row.gone)
        return sum(own, Decimal(0))


def quiz_desk(quiz: Quiz, gone: str = "") -> QuizDesk:
    """Four queries."""
    live = Count("options", filter=Q(options__deleted_at=None))
    rows = quiz.questions.select_related("bank").annotate(live_options=live).in_order()
    shown, archived, number = list[QuestionRow](), list[Question](), 0
    question: Any
    for question in rows:
        is_gone = str(question.pk) == gone and question.deleted_at is not None
        if question.deleted_at and not is_gone:
            archived.append(question)
            continue
        number += not is_gone
        shown.append(QuestionRow(question, number, question.live_options, is_gone))
    return QuizDesk(quiz, shown, archived, problems_of_quiz(quiz))


def asked_of(quiz: Quiz) -> list[Question]:
    """The questions with their options, as a learner would be asked them. Two queries."""
    live = Option.objects.filter(deleted_at=None).order_by("position", "id")
    rows = quiz.questions.live().in_order().select_related("bank")
    return list(rows.prefetch_related(Prefetch("options", live, to_attr="shown")))
