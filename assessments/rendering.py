"""Questions and options as HTML, made when they are saved."""

from collections.abc import Iterable

from assessments.models import Option, Question
from courses.markdown import RENDERING, Resolve, render


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
    changed: bool = html != getattr(row, f"{name}_html")
    setattr(row, f"{name}_html", html)
    return changed
