"""Putting marks on the answers of an attempt, by the key as it stands."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from assessments.models import Answer, Attempt, Option, Question
from assessments.scoring import Key, Score, add_up, as_decimal, mark

SCORE_FIELDS = ["score", "out_of", "percent", "passed"]


def keys_of(questions: Iterable[Question]) -> dict[UUID, Key]:
    """The key of each question, after one query for the correct options.

    Archived options are in it: an attempt is judged by what it was shown.
    """
    rows = {row.pk: row for row in questions}
    correct: dict[UUID, set[UUID]] = {}
    right = Option.objects.filter(question__in=rows, is_correct=True).order_by()
    for question, option in right.values_list("question_id", "id"):
        correct.setdefault(question, set()).add(option)
    return {
        key: Key(
            kind=row.kind,
            points=row.points,
            correct=frozenset(correct.get(key, ())),
            accept=tuple(row.accept),
            tolerance=row.tolerance,
            match_case=row.match_case,
        )
        for key, row in rows.items()
    }


def mark_answers(answers: Iterable[Answer], keys: dict[UUID, Key]) -> Score:
    """Set each answer's mark without saving it; return the sum."""
    marks = []
    for answer in answers:
        key = keys[answer.question_id]
        shown = replace(key, correct=key.correct.intersection(answer.option_order))
        marked = mark(shown, answer.chosen, answer.text)
        answer.mark = as_decimal(marked.mark, 4)
        marks.append(marked)
    return add_up(marks)


def set_score(attempt: Attempt, score: Score) -> None:
    """Set the attempt's score without saving it."""
    attempt.score, attempt.out_of = as_decimal(score.score, 3), as_decimal(score.out_of, 3)
    attempt.percent = score.percent
    attempt.passed = score.percent >= attempt.quiz.pass_percent
