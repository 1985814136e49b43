"""Questions of an attempt: as they are asked, and, for a review alone, with what was right.

Columns are named one by one: for an attempt that goes on the key is not even read.
"""

import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import Any
from uuid import UUID

from django.utils.html import strip_tags

from api.quiz_shapes import (
    AnswerShape,
    OptionShape,
    QuestionShape,
    ReviewedQuestion,
)
from assessments.models import Answer, Attempt, Option

# The label of a block of code and the sign of a heading's link belong to the page.
NOT_TEXT = re.compile(r'<figcaption>.*?</figcaption>|<a class="anchor".*?</a>', re.DOTALL)
OWN = ("attempt", "position", "option_order", "chosen", "text", "is_flagged", "version", "saved_at")
ASKED = ("question__kind", "question__prompt_html")
KEY = (
    "mark", "self_check", "question__accept", "question__tolerance", "question__points",
    "question__explanation_html", "question__model_answer_html",
)  # fmt: skip


def questions_asked(attempt: Attempt) -> list[QuestionShape]:
    """What is asked and what was said, never what is right. Two queries."""
    answers = answers_of(attempt, OWN + ASKED)
    texts = options_of(answers, "text_html")
    return [
        QuestionShape(
            **asked(answer),
            options=[
                OptionShape(id=key, **texts_of(texts[key]["text_html"]))
                for key in answer.option_order
            ],
            answer=answer_shape(answer),
        )
        for answer in answers
    ]


def questions_reviewed(attempt: Attempt) -> list[ReviewedQuestion]:
    """With what was right and why. Who calls this has asked `history` whether it may. Two queries.

    The key is the one that stands now.
    """
    answers = answers_of(attempt, OWN + ASKED + KEY)
    options = options_of(answers, "text_html", "is_correct", "feedback_html")
    return [reviewed(answer, options) for answer in answers]


def reviewed(answer: Answer, options: dict[UUID, dict[str, Any]]) -> ReviewedQuestion:
    question = answer.question
    return ReviewedQuestion.model_validate(
        {
            **asked(answer),
            "options": [
                {
                    "id": key,
                    **texts_of(options[key]["text_html"]),
                    "correct": options[key]["is_correct"],
                    "chosen": key in answer.chosen,
                    "feedback_html": options[key]["feedback_html"],
                }
                for key in answer.option_order
            ],
            "text": answer.text,
            "accepted": [str(one) for one in question.accept],
            "tolerance": question.tolerance,
            "model_answer_html": question.model_answer_html,
            "explanation_html": question.explanation_html,
            "points": float(question.points),
            "mark": float(answer.mark or 0),
            "self_check": answer.self_check or None,
        }
    )


def answers_of(attempt: Attempt, columns: Iterable[str]) -> list[Answer]:
    return list(attempt.answers.select_related("question").only(*columns).order_by("position"))


def options_of(answers: Sequence[Answer], *columns: str) -> dict[UUID, dict[str, Any]]:
    """The options that were shown, archived ones too."""
    rows = Option.objects.filter(question__in=[answer.question_id for answer in answers])
    return {row["id"]: row for row in rows.order_by().values("id", *columns)}


def asked(answer: Answer) -> dict[str, Any]:
    """What a question has while it is asked and afterwards."""
    question = answer.question
    return {
        "id": question.pk,
        "position": answer.position,
        "kind": question.kind,
        "prompt": plain(question.prompt_html),
        "prompt_html": question.prompt_html,
    }


def texts_of(html: str) -> dict[str, str]:
    return {"text": plain(html), "text_html": html}


def plain(html: str) -> str:
    """The text of a page's HTML. Not the author's source: what is hidden there stays hidden."""
    return unescape(strip_tags(NOT_TEXT.sub("", html))).strip()


def answer_shape(answer: Answer) -> AnswerShape:
    return AnswerShape(
        question_id=answer.question_id,
        option_ids=answer.chosen,
        text=answer.text,
        flagged=answer.is_flagged,
        version=answer.version,
        saved_at=answer.saved_at,
    )
