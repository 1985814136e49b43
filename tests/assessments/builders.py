"""Quizzes and answers, made in a line each."""

from decimal import Decimal
from typing import Any

from assessments.answering import Given
from assessments.models import Answer, Attempt, Option, Question, Quiz
from courses.models import Lesson, Module
from tests.conftest import make_lesson

Kind = Question.Kind


def make_quiz(
    module: Module, slug: str = "check", *, questions: bool = True, lesson: Any = None, **rules: Any
) -> Quiz:
    """A quiz with one question of each kind: five points, of which four are enough."""
    lesson = {
        "title": "Check yourself", "kind": Lesson.Kind.QUIZ, "completion": "BY_PASSING",
        "xp_reward": 20, "position": 90, "minutes": 6, **(lesson or {}),
    }  # fmt: skip
    quiz = Quiz.objects.create(lesson=make_lesson(module, slug, **lesson), **rules)
    if questions:
        ask(quiz, Kind.SINGLE, "What does `7 // 2` give?", right=["3"], wrong=["3.5", "4"])
        ask(quiz, Kind.MULTI, "Which are lists?", right=["[]", "[1]"], wrong=["()", "{}"])
        ask(quiz, Kind.TEXT, "Which word begins a loop over a list?", accept=["for"])
        ask(quiz, Kind.NUMERIC, "What is 22 / 7, roughly?", accept=["3.14"], tolerance="0.01")
        ask(quiz, Kind.SINGLE, "Is `None` true?", right=["No"], wrong=["Yes"])
        ask(quiz, Kind.OPEN, "Why do names matter?", model_answer="They are read.", points=0)
    return quiz


def ask(
    quiz: Quiz, kind: str, prompt: str, *, right: Any = (), wrong: Any = (), **fields: Any
) -> Question:
    """Add a question; the right options come first."""
    position = fields.pop("position", quiz.questions.count() + 1)
    fields = {"points": Decimal(1), "topics": ["values"], **fields}
    question = Question.objects.create(
        quiz=quiz, kind=kind, prompt=prompt, prompt_html=f"<p>{prompt}</p>",
        explanation="Because.", explanation_html="<p>Because.</p>", position=position,
        model_answer_html=f"<p>{fields.get('model_answer', '')}</p>", **fields,
    )  # fmt: skip
    texts = [(text, True) for text in right] + [(text, False) for text in wrong]
    for place, (text, correct) in enumerate(texts, start=1):
        Option.objects.create(
            question=question, text=text, text_html=f"<p>{text}</p>", is_correct=correct,
            feedback_html="" if correct else f"<p>Not {text}.</p>", position=place,
        )  # fmt: skip
    return question


def right_answer(answer: Answer) -> Given:
    """What to say to be right."""
    question = answer.question
    correct = Option.objects.filter(question=question, is_correct=True, deleted_at=None)
    return Given(
        question.pk,
        chosen=tuple(correct.values_list("pk", flat=True)),
        text=question.accept[0] if question.accept else "",
        version=answer.version,
    )


def wrong_answer(answer: Answer) -> Given:
    """What to say to be wrong."""
    question = answer.question
    wrong = Option.objects.filter(question=question, is_correct=False, deleted_at=None)[:1]
    text = {"TEXT": "while", "NUMERIC": "99", "OPEN": "They do not."}.get(question.kind, "")
    chosen = tuple(wrong.values_list("pk", flat=True))
    return Given(question.pk, chosen=chosen, text=text, version=answer.version)


def rows(attempt: Attempt) -> list[Answer]:
    return list(attempt.answers.select_related("question"))
