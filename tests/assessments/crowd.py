"""Many learners who took a quiz, written in a few statements."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from accounts.models import User
from assessments.models import Answer, Attempt, Option, Question, Quiz

START = datetime(2026, 9, 1, 8, tzinfo=UTC)

# What a learner says to a question: the chosen options and a text.
Said = tuple[Sequence[UUID], str]
Habit = Callable[[int, Question, Sequence[Option]], tuple[Said, Decimal]]


def people(count: int, stem: str = "learner") -> list[User]:
    rows = [User(email=f"{stem}-{n}@example.org", name=f"{stem} {n}") for n in range(count)]
    return User.objects.bulk_create(rows)


def take(
    quiz: Quiz,
    who: Sequence[User],
    habit: Habit,
    *,
    asked: Callable[[int, Question], bool] = lambda place, question: True,
    **fields: object,
) -> list[Attempt]:
    """Everybody's finished attempt; `habit` says what the n-th one answers, and for what mark."""
    questions = list(quiz.questions.order_by("position").prefetch_related("options"))
    options = {row.pk: list(row.options.all()) for row in questions}
    attempts, answers = [], []
    for place, user in enumerate(who):
        drawn = [row for row in questions if asked(place, row)]
        out_of = sum((row.points for row in drawn), Decimal(0))
        attempt = Attempt(
            user=user, quiz=quiz, number=fields.get("number", 1), status="SUBMITTED",
            is_practice=fields.get("is_practice", False), started_at=START,
            closed_at=START + timedelta(seconds=300 + place), out_of=out_of,
        )  # fmt: skip
        score = Decimal(0)
        for position, row in enumerate(drawn, start=1):
            (chosen, text), mark = habit(place, row, options[row.pk])
            answers.append(
                Answer(
                    attempt=attempt,
                    question=row,
                    position=position,
                    mark=mark,
                    points=row.points,
                    text=text,
                    option_order=[one.pk for one in options[row.pk]],
                    chosen=list(chosen),
                    seconds=20 + place % 7,
                )
            )
            score += mark
        attempt.score = score
        attempt.percent = int(100 * score / out_of) if out_of else 0
        attempt.passed = attempt.percent >= quiz.pass_percent
        attempts.append(attempt)
    Attempt.objects.bulk_create(attempts, batch_size=2000)
    Answer.objects.bulk_create(answers, batch_size=5000)
    return attempts


def by_skill(chance: Random, wrong_texts: Sequence[str] = ("while", "loop", "")) -> Habit:
    """The n-th of a hundred knows about n percent, and guesses otherwise."""

    def answer(place: int, question: Question, options: Sequence[Option]) -> tuple[Said, Decimal]:
        knows = chance.random() < (place % 100) / 100
        if question.kind == Question.Kind.OPEN:
            return ((), "Because." if knows else ""), Decimal(0)
        if not options:
            said = question.accept[0] if knows else chance.choice(wrong_texts)
            return ((), said), question.points if knows else Decimal(0)
        right = [one for one in options if one.is_correct]
        if knows:
            return (tuple(one.pk for one in right), ""), question.points
        guess = chance.choice(options)
        is_right = guess.is_correct and len(right) == 1
        return ((guess.pk,), ""), question.points if is_right else Decimal(0)

    return answer
