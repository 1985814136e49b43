"""A question is written here, with its options."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from assessments.models import Option, Question, Quiz
from assessments.questions import QuestionRefused, save_question
from studio.access import authors_only
from studio.admin.verbs import tell_about_marks
from studio.answers import go_to, is_stale, key_sent, sent_before, version_of
from studio.assessment_forms import QuestionEditForm, option_rows
from studio.authoring_forms import leave_unjudged
from studio.conflicts import conflict, standing_first
from studio.editing import editing
from studio.views.course import READ_OR_WRITE
from studio.views.quiz_editor import address_of, question_or_404, quiz_or_404

MOST_ROWS = 40
LAST = 10**4
Forms = tuple[QuestionEditForm, Any]


@require_http_methods(READ_OR_WRITE)
@authors_only
def new_question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A question that is not there yet; its kind stands in the address."""
    quiz = quiz_or_404(pk)
    kind = request.GET.get("kind", Question.Kind.SINGLE)
    if kind not in Question.Kind:
        raise Http404
    key = key_sent(request)
    return edit(request, quiz, lambda: Question(pk=key, quiz=quiz, kind=kind))


@require_http_methods(READ_OR_WRITE)
@authors_only
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A question of a quiz. A POST saves it, or gives it a row more or less."""
    return edit(request, question_or_404(pk).quiz, lambda: question_or_404(pk))


def edit(request: HttpRequest, quiz: Quiz, fetch: Any) -> HttpResponse:
    if request.method != "POST":
        return show(request, quiz, forms_of(fetch()))
    go = request.POST.get("go", "")
    if go.partition("-")[0] in REARRANGED:
        return rearrange(request, quiz, fetch(), go)
    return save(request, quiz, fetch)


def rows_of(asked: Question, data: Any = None) -> Any:
    """The rows of the options; other kinds have none."""
    if not asked.has_options:
        return None
    return option_rows(asked, data)


def forms_of(asked: Question, data: Any = None) -> Forms:
    key, forms = asked.pk, (QuestionEditForm(data, instance=asked), rows_of(asked, data))
    each(forms)
    # Rows take a key that is not saved yet from what they belong to.
    asked.pk = key
    return forms


def each(forms: Forms) -> list[Any]:
    return [forms[0], *(forms[1].forms if forms[1] else [])]


def save(request: HttpRequest, quiz: Quiz, fetch: Any) -> HttpResponse:
    """Save it, unless it is other by now than what this was written over: that is said first."""
    try:
        with editing(quiz.lesson.course):
            standing, asked = forms_of(fetch()), fetch()
            token = version_of(each(standing))
            keys = set(asked.options.values_list("pk", flat=True))
            forms = forms_of(asked, standing_first(request.POST, "options", keys))
            if is_stale(request, token):
                return conflict(request, each(forms), each(standing), token, title=str(asked))
            if not all(one.is_valid() for one in forms if one):
                return show(request, quiz, forms)
            is_made = sent_before(asked, "quiz_id", "prompt")
            marked = 0 if is_made else save_question(asked, options_of(asked, forms[1]))
    except QuestionRefused as refusal:
        for name, words in refusal.faults:
            forms[0].add_error(name if name in forms[0].fields else None, words)
        return show(request, quiz, forms)
    if marked:
        tell_about_marks(request, quiz.pk, marked, gettext("marked by the old key"))
    if request.POST.get("go") == "next":
        return go_to(request, after(asked), gettext("The question is saved. Here is the next one."))
    address = f"{address_of(quiz)}#question-{asked.pk}"
    return go_to(request, address, gettext("The question is saved."))


def options_of(asked: Question, rows: Any) -> list[Option]:
    """The options as they were sent. Others that it has are archived, or stay so.

    A question of another kind has archived ones alone.
    """
    sent = rows.options() if rows else []
    others = asked.options.exclude(pk__in=[one.pk for one in sent]).order_by("position", "id")
    for one in others:
        one.deleted_at = one.deleted_at or now()
    return [*sent, *others]


def after(asked: Question) -> str:
    page = reverse("studio:new_question", args=[asked.quiz_id])
    return f"{page}?kind={asked.kind}"


def rearrange(request: HttpRequest, quiz: Quiz, asked: Question, go: str) -> HttpResponse:
    """One row more or less, or two in another order. Nothing is judged or saved."""
    sent = request.POST.copy()
    verb, _, which = go.partition("-")
    row = REARRANGED[verb](sent, number(which))
    forms = forms_of(asked, sent)
    for one in each(forms):
        leave_unjudged(one)
    return show(request, quiz, forms, is_judged=False, focus=(verb, row))


def add_row(sent: Any, row: int) -> int:
    count = number(sent.get("options-TOTAL_FORMS", ""))
    sent["options-TOTAL_FORMS"] = str(min(count + 1, MOST_ROWS))
    sent[f"options-{count}-position"] = str(max(places(sent), default=0) + 1)
    return count


def take_out_or_back(sent: Any, row: int) -> int:
    """A saved option is archived with the question, a new one goes at once."""
    if row < number(sent.get("options-INITIAL_FORMS", "")):
        name = f"options-{row}-archived"
        sent[name] = "" if sent.get(name) else "on"
        return row
    count = min(number(sent.get("options-TOTAL_FORMS", "")), MOST_ROWS)
    for place in range(row, count):
        for name in ("text", "feedback", "is_correct", "position"):
            sent[f"options-{place}-{name}"] = sent.get(f"options-{place + 1}-{name}", "")
    sent["options-TOTAL_FORMS"] = str(max(count - 1, 0))
    return max(row - 1, 0)


def move_up(sent: Any, row: int) -> int:
    return swap(sent, row, -1)


def move_down(sent: Any, row: int) -> int:
    return swap(sent, row, +1)


def swap(sent: Any, row: int, step: int) -> int:
    """Give two rows each other's place."""
    standing = places(sent)
    order = sorted(range(len(standing)), key=lambda one: standing[one])
    here = order.index(row) if row in order else -1
    if here >= 0 and 0 <= here + step < len(order):
        order[here], order[here + step] = order[here + step], order[here]
    for place, one in enumerate(order, start=1):
        sent[f"options-{one}-position"] = str(place)
    return row


def places(sent: Any) -> list[int]:
    """In which order the rows stand, by what they say themselves; those without a number last."""
    count = min(number(sent.get("options-TOTAL_FORMS", "")), MOST_ROWS)
    return [number(sent.get(f"options-{one}-position", "")) or LAST + one for one in range(count)]


REARRANGED = {"add": add_row, "remove": take_out_or_back, "up": move_up, "down": move_down}


def in_order(rows: Any) -> list[tuple[int, Any]]:
    """The rows as they are to stand, each with its number among the fields."""
    return sorted(enumerate(rows.forms), key=lambda pair: place_of(pair[1], pair[0]))


def place_of(row: Any, index: int) -> int:
    return number(str(row["position"].value() or "")) or LAST + index


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def show(
    request: HttpRequest,
    quiz: Quiz,
    forms: Forms,
    *,
    is_judged: bool = True,
    focus: tuple[str, int] = ("", -1),
) -> HttpResponse:
    form, rows = forms
    token = request.POST.get("version") or version_of(each(forms))
    is_refused = form.is_bound and is_judged
    context = {
        "quiz": quiz, "lesson": quiz.lesson, "course": quiz.lesson.course, "asked": form.instance,
        "question_form": form, "form": form if is_refused else None, "rows": rows,
        "is_judged": is_judged, "version": token, "focus": focus,
        "ordered": in_order(rows) if rows else [],
        "kind": Question.Kind(form.instance.kind).label, "nav": "studio",
    }  # fmt: skip
    status = 422 if is_refused else 200
    return render(request, "studio/question_edit.html", context, status=status)
