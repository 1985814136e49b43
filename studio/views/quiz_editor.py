"""A quiz is written here: its rules and banks, and its questions in order."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments import questions as writing
from assessments.errors import AssessmentRefused
from assessments.models import Question, Quiz
from studio.access import authors_only
from studio.admin.verbs import tell_about_marks
from studio.answers import go_to, is_htmx, is_stale, said_aloud, version_of
from studio.assessment_forms import QuizRulesForm, bank_rows
from studio.conflicts import conflict, standing_first
from studio.editing import editing
from studio.pages.quiz_editor import asked_of, quiz_desk
from studio.views.course import READ_OR_WRITE

LONG_TEXTS = (
    "lesson__content", "lesson__content_html", "lesson__widget", "lesson__course__description",
    "lesson__course__description_html", "lesson__course__search",
)  # fmt: skip


def quizzes() -> QuerySet[Quiz]:
    return Quiz.objects.select_related("lesson__course", "lesson__module").defer(*LONG_TEXTS)


def quiz_or_404(pk: UUID) -> Quiz:
    return get_object_or_404(quizzes(), pk=pk)


def question_or_404(pk: UUID) -> Question:
    rows = Question.objects.select_related("quiz__lesson__course")
    return get_object_or_404(rows, pk=pk)


def address_of(quiz: Quiz) -> str:
    return reverse("studio:edit_quiz", args=[quiz.pk])


@require_http_methods(READ_OR_WRITE)
@authors_only
def quiz(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The questions of a quiz and its rules; a POST saves the rules."""
    found = quiz_or_404(pk)
    if request.method == "POST":
        return save_rules(request, found)
    return show_quiz(request, found, gone=request.GET.get("archived", "")[:36])


def save_rules(request: HttpRequest, found: Quiz) -> HttpResponse:
    """All of it or nothing. If it is other by now than what this was written over: that first."""
    try:
        with editing(found.lesson.course):
            locked = quiz_or_404(found.pk)
            saved = [QuizRulesForm(instance=quiz_or_404(found.pk)), *bank_rows(locked).forms]
            version = version_of(saved)
            data = standing_first(request.POST, "banks", keys_of_banks(locked))
            form, banks = QuizRulesForm(data, instance=locked), bank_rows(locked, data)
            if is_stale(request, version):
                mine = [form, *banks.forms]
                return conflict(request, mine, saved, version, title=str(found))
            if not (form.is_valid() and banks.is_valid()):
                return show_quiz(request, quiz_or_404(found.pk), rules=(form, banks))
            judged = save_all(form, banks)
    except AssessmentRefused as refusal:
        form.add_error(None, str(refusal))
        return show_quiz(request, quiz_or_404(found.pk), rules=(form, banks))
    if judged:
        tell_about_marks(request, found.pk, judged, _("judged by the old passing score"))
    return go_to(request, address_of(found), _("The rules of the quiz are saved."))


def keys_of_banks(quiz: Quiz) -> set[UUID]:
    return set(quiz.banks.values_list("pk", flat=True))


def save_all(form: QuizRulesForm, banks: Any) -> int:
    judged = writing.save_rules(form.instance)
    made = banks.save(commit=False)
    writing.save_banks(form.instance, made, banks.deleted_objects)
    return judged


def show_quiz(
    request: HttpRequest,
    found: Quiz,
    *,
    gone: str = "",
    rules: tuple[QuizRulesForm, Any] | None = None,
) -> HttpResponse:
    desk = quiz_desk(found, gone)
    form, banks = rules or (QuizRulesForm(instance=found), bank_rows(found))
    has_errors = rules is not None
    context = {
        "desk": desk, "quiz": found, "lesson": found.lesson, "course": found.lesson.course,
        "rules": form, "banks": banks, "has_errors": has_errors,
        "form": form if has_errors else None, "kinds": Question.Kind.choices,
        "version": request.POST.get("version") or version_of([form, *banks.forms]),
        "nav": "studio",
    }  # fmt: skip
    status = 422 if has_errors else 200
    return render(request, "studio/quiz_edit.html", context, status=status)


@require_safe
@authors_only
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All questions as a learner would be asked them, with nothing to be handed in."""
    found = quiz_or_404(pk)
    context = {
        "quiz": found, "lesson": found.lesson, "course": found.lesson.course,
        "questions": asked_of(found), "nav": "studio",
    }  # fmt: skip
    return render(request, "studio/quiz_preview.html", context)


def archive(question: Question) -> str:
    done = writing.archive_question(question)
    return _("Archived: no new attempt asks it. Undo is available.") if done else ""


def restore(question: Question) -> str:
    return _("Restored.") if writing.restore_question(question) else ""


def move_up(question: Question) -> str:
    moved = writing.move_question(question, "up")
    return place_of(question) if moved else _("It is first already.")


def move_down(question: Question) -> str:
    moved = writing.move_question(question, "down")
    return place_of(question) if moved else _("It is last already.")


def place_of(question: Question) -> str:
    rows = Question.objects.live().filter(quiz=question.quiz_id).in_order()
    keys = list(rows.values_list("pk", flat=True))
    return _("Moved: it is question %(value)s of %(keys)s.") % {
        "value": keys.index(question.pk) + 1,
        "keys": len(keys),
    }


VERBS: dict[str, Callable[[Question], str]] = {
    "archive": archive, "restore": restore, "up": move_up, "down": move_down,
}  # fmt: skip


@require_http_methods(READ_OR_WRITE)
@authors_only
def question_verb(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    found = question_or_404(pk)
    if request.method != "POST":
        return redirect("studio:edit_quiz", pk=found.quiz_id)
    with editing(found.quiz.lesson.course):
        said = VERBS[verb](found) or _("Nothing to change.")
    gone = str(pk) if verb == "archive" else ""
    if is_htmx(request):
        return said_aloud(show_quiz(request, quiz_or_404(found.quiz_id), gone=gone), said)
    query = f"?archived={gone}" if gone else ""
    return go_to(request, f"{address_of(found.quiz)}{query}#question-{pk}", said)
