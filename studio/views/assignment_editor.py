"""An assignment is written here: code, rules, and the cases that solutions are run with."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.assignments import AssignmentRefused
from assessments.authoring import save_assignment
from assessments.fairness import faults_of_case
from assessments.models import Assignment, TestCase
from studio.access import authors_only
from studio.admin.assignment import tell_about_verdicts
from studio.answers import (
    go_to,
    is_htmx,
    is_stale,
    key_sent,
    said_aloud,
    sent_before,
    version_of,
)
from studio.assessment_forms import AssignmentEditForm, CaseEditForm
from studio.conflicts import conflict
from studio.editing import editing
from studio.pages.assignment_editor import assignment_desk
from studio.views.course import READ_OR_WRITE

Cases = list[TestCase]


def assignment_or_404(pk: UUID) -> Assignment:
    rows = Assignment.objects.select_related("lesson__course", "lesson__module")
    return get_object_or_404(rows, pk=pk)


def case_or_404(pk: UUID) -> TestCase:
    rows = TestCase.objects.select_related("assignment__lesson__course")
    return get_object_or_404(rows, pk=pk)


def address_of(assignment: Assignment) -> str:
    return reverse("studio:edit_assignment", args=[assignment.pk])


@require_http_methods(READ_OR_WRITE)
@authors_only
def assignment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Code, rules and the list of cases; a POST saves code and rules."""
    found = assignment_or_404(pk)
    if request.method == "POST":
        return save_code(request, found)
    return show(request, found, gone=request.GET.get("archived", "")[:36])


def save_code(request: HttpRequest, found: Assignment) -> HttpResponse:
    with editing(found.lesson.course):
        locked = assignment_or_404(found.pk)
        form = AssignmentEditForm(request.POST, instance=locked)
        version = version_of([form])
        if not form.is_valid():
            return show(request, assignment_or_404(found.pk), form=form)
        if is_stale(request, version):
            saved = AssignmentEditForm(instance=assignment_or_404(found.pk))
            return conflict(request, [form], [saved], version, title=str(found))
        cases = list(locked.cases.in_order())
        try:
            waiting = save_assignment(locked, cases)
        except AssignmentRefused as refusal:
            add_faults(form, refusal.faults)
            return show(request, assignment_or_404(found.pk), form=form)
    if waiting:
        tell_about_verdicts(request, found, waiting)
    has_case = any(not one.deleted_at for one in cases)
    said = _("It is tried out in the background.") if has_case else _("Now add its first case.")
    return go_to(request, address_of(found), f"Saved. {said}")


def add_faults(form: Any, faults: Sequence[tuple[str, str]]) -> None:
    for name, words in faults:
        form.add_error(name if name in form.fields else None, words)


def show(
    request: HttpRequest,
    found: Assignment,
    *,
    form: AssignmentEditForm | None = None,
    gone: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    code = form or AssignmentEditForm(instance=found)
    context = {
        "desk": assignment_desk(found, gone), "assignment": found, "lesson": found.lesson,
        "course": found.lesson.course, "code": code, "form": form, "refusal": refusal,
        "version": request.POST.get("version") or version_of([code]), "nav": "studio",
    }  # fmt: skip
    status = 422 if form else status
    return render(request, "studio/assignment_edit.html", context, status=status)


@require_http_methods(READ_OR_WRITE)
@authors_only
def new_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A case that is not there yet: it comes last."""
    found = assignment_or_404(pk)
    key = key_sent(request)
    return edit_case(request, found, lambda: TestCase(pk=key, assignment=found))


@require_http_methods(READ_OR_WRITE)
@authors_only
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case; a POST saves it."""
    found = case_or_404(pk)
    return edit_case(request, found.assignment, lambda: case_or_404(pk))


def edit_case(
    request: HttpRequest, found: Assignment, fetch: Callable[[], TestCase]
) -> HttpResponse:
    if request.method != "POST":
        return show_case(request, found, CaseEditForm(instance=fetch(), assignment=found))
    with editing(found.lesson.course):
        locked = assignment_or_404(found.pk)
        form = CaseEditForm(request.POST, instance=fetch(), assignment=locked)
        version = version_of([form])
        if form.is_valid():
            add_faults(form, faults_of_case(locked, form.instance))
        if form.errors:
            return show_case(request, found, form)
        if is_stale(request, version):
            saved = CaseEditForm(instance=fetch(), assignment=locked)
            return conflict(request, [form], [saved], version, title=str(saved.instance))
        try:
            is_made = sent_before(form.instance, "assignment_id", "name")
            waiting = 0 if is_made else save_assignment(locked, with_case(locked, form.instance))
        except AssignmentRefused as refusal:
            add_faults(form, refusal.faults)
            return show_case(request, found, form)
    if waiting:
        tell_about_verdicts(request, found, waiting)
    if request.POST.get("go") == "next":
        page = reverse("studio:new_case", args=[found.pk])
        return go_to(request, page, _("The case is saved. Here is the next one."))
    return go_to(request, f"{address_of(found)}#case-{form.instance.pk}", _("The case is saved."))


def with_case(found: Assignment, written: TestCase) -> Cases:
    """All cases in their order, this one as it is now written, a new one last."""
    cases = list(found.cases.in_order())
    if written._state.adding:
        return [*cases, written]
    return [written if one.pk == written.pk else one for one in cases]


def show_case(request: HttpRequest, found: Assignment, form: CaseEditForm) -> HttpResponse:
    is_refused = form.is_bound
    context = {
        "assignment": found, "lesson": found.lesson, "course": found.lesson.course,
        "case_form": form, "case": form.instance, "form": form if is_refused else None,
        "is_new": form.instance._state.adding,
        "version": request.POST.get("version") or version_of([form]), "nav": "studio",
    }  # fmt: skip
    status = 422 if is_refused else 200
    return render(request, "studio/case_edit.html", context, status=status)


def archive(cases: Cases, place: int) -> str:
    cases[place].deleted_at = cases[place].deleted_at or now()
    return _("Archived: it judges nothing from now on. Undo is available.")


def restore(cases: Cases, place: int) -> str:
    cases[place].deleted_at = None
    return _("Restored.")


def move_up(cases: Cases, place: int) -> str:
    return swap(cases, place, -1, _("It is first already."))


def move_down(cases: Cases, place: int) -> str:
    return swap(cases, place, +1, _("It is last already."))


def swap(cases: Cases, place: int, step: int, at_the_end: str) -> str:
    live = [one for one in cases if not one.deleted_at]
    here = live.index(cases[place]) if cases[place] in live else -1
    other = here + step
    if here < 0 or not 0 <= other < len(live):
        return at_the_end
    one, two = place, cases.index(live[other])
    cases[one], cases[two] = cases[two], cases[one]
    return _("Moved: it is case %(value)s of %(live)s.") % {"value": other + 1, "live": len(live)}


VERBS: dict[str, Callable[[Cases, int], str]] = {
    "archive": archive, "restore": restore, "up": move_up, "down": move_down,
}  # fmt: skip


@require_http_methods(READ_OR_WRITE)
@authors_only
def case_verb(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    found = case_or_404(pk).assignment
    if request.method != "POST":
        return redirect("studio:edit_assignment", pk=found.pk)
    try:
        with editing(found.lesson.course):
            locked = assignment_or_404(found.pk)
            cases = list(locked.cases.in_order())
            said = VERBS[verb](cases, [one.pk for one in cases].index(pk))
            waiting = save_assignment(locked, cases)
    except AssignmentRefused as refusal:
        return show(request, found, refusal=str(refusal.message), status=409)
    if waiting and verb in ("archive", "restore"):
        tell_about_verdicts(request, found, waiting)
    gone = str(pk) if verb == "archive" else ""
    if is_htmx(request):
        return said_aloud(show(request, assignment_or_404(found.pk), gone=gone), said)
    query = f"?archived={gone}" if gone else ""
    return go_to(request, f"{address_of(found)}{query}#case-{pk}", said)
