"""Questions and options as HTML, made when they are saved."""

import re
from collections.abc import Iterable
from itertools import groupby
from zlib import crc32

from assessments.models import Option, Question
from courses.actions import links_of
from courses.markdown import RENDERING, Resolve, render

# An id of a heading or a footnote, or a link to one, is looked for in tags, not in what is said.
TAG = re.compile("<[a-z0-9]+ [^<>]+>")
ANCHOR = re.compile(r'(\bid="|href="#)(?=h-|fn)')


def render_question(
    question: Question, options: Iterable[Option], resolve: Resolve | None = None
) -> bool:
    """Set the HTML of a question and its options without saving; say whether anything changed.

    `resolve` turns a relative address of the lesson's file into one of the site.
    """
    before = question.rendering
    question.rendering = RENDERING
    changed = before != RENDERING
    for name in ("prompt", "explanation", "model_answer"):
        changed |= _render(question, name, resolve)
    for option in options:
        for name in ("text", "feedback"):
            changed |= _render(option, name, resolve)
    return changed


def _render(row: Question | Option, name: str, resolve: Resolve | None) -> bool:
    text = getattr(row, name)
    html = render(text, resolve=resolve) if text.strip() else ""
    # Several stand on one page, and each may have a heading of the same name.
    own = rf"\g<1>{name}-{crc32(text.encode()):08x}-"
    html = TAG.sub(lambda tag: ANCHOR.sub(own, tag[0]), html)
    changed: bool = html != getattr(row, f"{name}_html")
    setattr(row, f"{name}_html", html)
    return changed


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
