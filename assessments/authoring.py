"""Rendering questions again whose HTML an older version of the renderer made."""

from itertools import groupby

from assessments.models import Option, Question
from assessments.rendering import render_question
from courses.actions import links_of
from courses.markdown import RENDERING, Resolve


def render_again(*, everything: bool = False) -> int:
    """Render what an older version rendered, or everything; return how many questions."""
    older = {} if everything else {"rendering__lt": RENDERING}
    rows = Question.objects.filter(**older).select_related("quiz__lesson__course")
    ordered = rows.order_by("quiz__lesson__course", "pk").prefetch_related("options")
    count = 0
    for course, questions in groupby(
        ordered.iterator(chunk_size=200), lambda question: question.quiz.lesson.course
    ):
        links = links_of(course)
        for question in questions:
            count += _save_again(question, links.resolver(question.quiz.lesson.source))
    return count


def _save_again(question: Question, resolve: Resolve) -> int:
    """Write the HTML, unless the text was changed in the meantime."""
    options = list(question.options.all())
    render_question(question, options, resolve)
    for option in options:
        Option.objects.filter(pk=option.pk, text=option.text, feedback=option.feedback).update(
            text_html=option.text_html, feedback_html=option.feedback_html
        )
    texts = ("prompt", "explanation", "model_answer")
    same = Question.objects.filter(
        pk=question.pk, **{name: getattr(question, name) for name in texts}
    )
    html = {f"{name}_html": getattr(question, f"{name}_html") for name in texts}
    return same.update(**html, rendering=RENDERING)
