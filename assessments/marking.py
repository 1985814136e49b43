"""Putting marks on the answers of an attempt, by the key as it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from assessments.models import Answer, Attempt, Option, Question
from assessments.scoring import Key, Score, add_up, as_decimal, mark

WRITE = """
    WITH marked AS (
      UPDATE assessments_answer answer SET mark = given.mark, points = given.points
      FROM unnest(%(answers)s::uuid[], %(marks)s::numeric[], %(points)s::numeric[])
        AS given (id, mark, points)
      WHERE answer.id = given.id)
    UPDATE assessments_attempt SET status = %(status)s, closed_at = %(closed_at)s,
      is_late = %(is_late)s, score = %(score)s, out_of = %(out_of)s, percent = %(percent)s,
      passed = %(passed)s
    WHERE id = %(attempt)s
"""
WRITTEN = ("status", "closed_at", "is_late", "score", "out_of", "percent", "passed")
RIGHT = ArraySubquery(
    Option.objects.filter(question=OuterRef("question"), is_correct=True).order_by().values("pk")
)


def answers_of(attempt: Attempt) -> tuple[list[Answer], dict[UUID, Key]]:
    """The answers of an attempt and the key of what it was asked. One query."""
    rows = attempt.answers.select_related("question").annotate(right=RIGHT)
    return list(rows), {row.question_id: key_from(row.question, row.right) for row in rows}


def keys_of(questions: Iterable[Question]) -> dict[UUID, Key]:
    """The key of each question, after one query for the correct options.

    Archived options are in it: an attempt is judged by what it was shown.
    """
    rows = {row.pk: row for row in questions}
    correct: dict[UUID, set[UUID]] = {}
    right = Option.objects.filter(question__in=rows, is_correct=True).order_by()
    for question, option in right.values_list("question_id", "id"):
        correct.setdefault(question, set()).add(option)
    return {key: key_from(row, correct.get(key, ())) for key, row in rows.items()}


def key_from(question: Question, correct: Iterable[UUID]) -> Key:
    return Key(
        kind=question.kind,
        points=question.points,
        correct=frozenset(correct),
        accept=tuple(question.accept),
        tolerance=question.tolerance,
        match_case=question.match_case,
    )


def mark_answers(answers: Iterable[Answer], keys: dict[UUID, Key]) -> Score:
    """Set each answer's mark and what its question pays, without saving; return the sum."""
    marks = []
    for answer in answers:
        key = keys[answer.question_id]
        shown = replace(key, correct=key.correct.intersection(answer.option_order))
        marked = mark(shown, answer.chosen, answer.text)
        answer.mark, answer.points = as_decimal(marked.mark, 4), key.points
        marks.append(marked)
    return add_up(marks)


def set_score(attempt: Attempt, score: Score) -> None:
    """Set the attempt's score without saving it."""
    attempt.score, attempt.out_of = as_decimal(score.score, 3), as_decimal(score.out_of, 3)
    attempt.percent = score.percent
    attempt.passed = score.percent >= attempt.quiz.pass_percent


def write_marks(attempt: Attempt, answers: Sequence[Answer]) -> None:
    """Save the score of an attempt that is locked, how it was closed, and the marks. One query."""
    values: dict[str, Any] = {
        "attempt": attempt.pk,
        "answers": [answer.pk for answer in answers],
        "marks": [answer.mark for answer in answers],
        "points": [answer.points for answer in answers],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {**values, **{name: getattr(attempt, name) for name in WRITTEN}})
