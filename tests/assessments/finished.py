"""Finished attempts in a line each, and keys that turn out to be wrong."""

from typing import Any

from accounts.models import User
from assessments.answering import save_answers
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import Attempt, Option, Question, Quiz
from tests.assessments.builders import right_answer, rows, wrong_answer


def finished(user: User, quiz: Quiz, *, right: int, practice: bool = False) -> Attempt:
    """An attempt whose first so many questions are answered as the key has it."""
    attempt, _ = start_attempt(user, quiz, practice=practice)
    answer(attempt, right=right)
    return finish_attempt(attempt).attempt


def answer(attempt: Attempt, *, right: int) -> None:
    said = [
        right_answer(one) if one.position <= right else wrong_answer(one) for one in rows(attempt)
    ]
    save_answers(attempt, said)


def turn_key(question: Question) -> None:
    """The right option is wrong, and the first wrong one is right."""
    options = list(question.options.all())
    right = next(one for one in options if one.is_correct)
    wrong = next(one for one in options if not one.is_correct)
    set_right(right, False)
    set_right(wrong, True)


def set_right(option: Option, value: bool) -> None:
    Option.objects.filter(pk=option.pk).update(is_correct=value)


def question_at(quiz: Quiz, position: int) -> Question:
    return quiz.questions.get(position=position)


def scores(attempt: Attempt) -> tuple[Any, ...]:
    attempt.refresh_from_db()
    marks = attempt.answers.values_list("mark", flat=True)
    return attempt.percent, attempt.passed, attempt.score, tuple(marks)
