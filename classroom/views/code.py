"""An assignment: working on it, running it, handing it in."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from assessments.access import live_assignment
from assessments.drafts import save_draft
from assessments.errors import AssessmentRefused, NewerDraft, TooOften
from assessments.limits import DRAFTS
from assessments.models import Assignment, Draft, Run, Submission
from assessments.runs import run_program
from assessments.submissions import submit
from classroom.access import door
from classroom.pages.code import Desk, assignment_page, desk_of
from classroom.pages.waiting import wait_of
from classroom.requests import (
    is_htmx,
    is_utf8,
    learner,
    members_only,
    said,
    see_other,
    whole,
)
from classroom.views.learning import closed_door
from enrollments.errors import EnrollmentRefused
from progress.errors import LessonGone
from sandbox.job import TOO_LONG, SourceRefused

Refusal = AssessmentRefused | SourceRefused | EnrollmentRefused
PANEL = "classroom/_assignment_panel.html"
NOT_A_CHARACTER = "\ufffd"


def assignment_address(pk: UUID) -> str:
    return reverse("classroom:assignment", args=[pk])


@require_safe
@login_required
def assignment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The task, its tests, the editor, and what I have handed in."""
    found, user = live_assignment(pk), learner(request, known=True)
    refusal = door(user, found.lesson.course)
    if refusal:
        return closed_door(request, found.lesson, refusal)
    return show(request, user, found)


def show(
    request: HttpRequest,
    user: User,
    found: Assignment,
    desk: Desk | None = None,
    status: int = 200,
) -> HttpResponse:
    page = assignment_page(user, found, desk, request.GET.get("page", "1")[:6])
    context = {"work": page, "assignment": found, "lesson": found.lesson}
    context |= {"course": found.lesson.course, "nav": "classroom"}
    return render(request, "classroom/assignment.html", context, status=status)


@require_POST
@members_only(assignment_address)
def runs(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try the code with the tests that are shown; `go=input`: with input of one's own."""
    return take_in(request, pk, graded=False)


@require_POST
@members_only(assignment_address)
def submissions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand the code in."""
    return take_in(request, pk, graded=True)


def take_in(request: HttpRequest, pk: UUID, *, graded: bool) -> HttpResponse:
    found, user = live_assignment(pk), learner(request, known=True)
    try:
        if not graded and request.POST.get("go") == "input":
            work: Run | Submission = with_own_input(request, user, found)
        else:
            work = submit(user, found, typed(request), graded=graded)
    except LessonGone:
        raise Http404(_("No such assignment.")) from None
    except (AssessmentRefused, SourceRefused, EnrollmentRefused) as refusal:
        return refused(request, user, found, refusal)
    draft = kept(request, user, found)
    if not is_htmx(request):
        return see_other(request, work.get_absolute_url())
    return begun(request, found, work, draft)


def with_own_input(request: HttpRequest, user: User, found: Assignment) -> Run:
    """Run a program for whoever may be here. Raises what `run_program` and the door do."""
    refusal = door(user, found.lesson.course)
    if refusal:
        raise refusal
    stdin = request.POST.get("stdin", "").replace("\r\n", "\n")
    return run_program(user, found.lesson, found.language, typed(request), stdin)


def typed(request: HttpRequest) -> str:
    """The code in the form. Raises SourceRefused where there is none, or no UTF-8."""
    source = request.POST.get("source")
    if source is None:
        raise SourceRefused(TOO_LONG)
    if NOT_A_CHARACTER in source and not is_utf8(request):
        raise SourceRefused(TOO_LONG)
    return source.replace("\r\n", "\n")


def kept(request: HttpRequest, user: User, found: Assignment) -> Draft | None:
    """What is run is kept as well, unless another window has saved something newer."""
    try:
        return save_draft(user, found, typed(request), whole(request.POST.get("draft", "")))
    except (NewerDraft, EnrollmentRefused):
        return None


def begun(
    request: HttpRequest, found: Assignment, work: Run | Submission, draft: Draft | None
) -> HttpResponse:
    """The place where the result will stand, which asks for it by itself."""
    work.refresh_from_db()
    work.moment = work.created_at
    what = "tests" if isinstance(work, Submission) else "program"
    context = {"wait": wait_of(work, what), "assignment": found, "draft": draft, "oob": True}
    context |= {"region": "result", "is_run": isinstance(work, Run)}
    answer = render(request, f"{PANEL}#begun", context)
    graded = isinstance(work, Submission) and work.is_graded
    return said(
        answer,
        _("Submitted. Running all tests.")
        if graded
        else _("Running your %(what)s.") % {"what": what},
    )


def refused(request: HttpRequest, user: User, found: Assignment, refusal: Refusal) -> HttpResponse:
    """Say why nothing is run. On a page of its own the code stands in the editor as typed."""
    status = status_of(refusal)
    if isinstance(refusal, EnrollmentRefused) and not is_htmx(request):
        return closed_door(request, found.lesson, refusal)
    if is_htmx(request):
        answer = render(request, f"{PANEL}#refused", {"refusal": str(refusal)}, status=status)
        said(answer, str(refusal), urgent=True)
    else:
        answer = show(request, user, found, as_typed(request, refusal), status)
    if isinstance(refusal, TooOften):
        answer["Retry-After"] = str(refusal.wait)
    return answer


def status_of(refusal: Refusal) -> int:
    if isinstance(refusal, SourceRefused):
        return 422
    if isinstance(refusal, EnrollmentRefused):
        return 403
    return 429 if isinstance(refusal, TooOften) else 409


def as_typed(request: HttpRequest, refusal: Refusal) -> Desk:
    data = request.POST
    return Desk(
        source=data.get("source", "").replace("\x00", NOT_A_CHARACTER),
        version=whole(data.get("draft", "")),
        stdin=data.get("stdin", ""),
        refusal=str(refusal),
    )


@require_POST
@members_only(assignment_address)
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is typed. `go=reset` puts the code to begin with back, `undo` what was there;
    `mine` overrules what another window has saved, `edit` takes up code of a submission."""
    found, user = live_assignment(pk), learner(request, known=True)
    wait = DRAFTS.spend(str(user.pk))
    if wait:
        return not_saved(request, user, found, TooOften(wait))
    go, before = request.POST.get("go", ""), desk_of(user, found)
    version = whole(request.POST.get("theirs" if go == "mine" else "draft", ""))
    try:
        if go == "reset":
            row = save_draft(user, found, found.starter, before.version)
        else:
            row = save_draft(user, found, typed(request), version)
    except (EnrollmentRefused, NewerDraft, SourceRefused) as refusal:
        return not_saved(request, user, found, refusal)
    desk = Desk(row.source, row.version, row)
    if go == "reset":
        return was_reset(request, user, found, desk, before)
    if not is_htmx(request):
        messages.success(
            request, _("The code is in the editor.") if go == "edit" else _("Draft saved.")
        )
        return see_other(request, f"{found.get_absolute_url()}#source-label")
    return at_desk(request, found, desk) if go else saved(request, row)


def saved(request: HttpRequest, row: Draft) -> HttpResponse:
    return render(request, f"{PANEL}#saved", {"draft": row, "oob": True})


def at_desk(request: HttpRequest, found: Assignment, desk: Desk, status: int = 200) -> HttpResponse:
    """The editor anew, with what belongs above it."""
    context = {"desk": desk, "assignment": found}
    return render(request, f"{PANEL}#desk", context, status=status)


def was_reset(
    request: HttpRequest, user: User, found: Assignment, desk: Desk, before: Desk
) -> HttpResponse:
    """Offer what was there: what the page says is in the editor, else what was saved."""
    there = request.POST.get("source", before.source).replace("\r\n", "\n")
    desk = replace(desk, undo=there if there != desk.source else None)
    if is_htmx(request):
        return at_desk(request, found, desk)
    return show(request, user, found, desk)


def not_saved(
    request: HttpRequest, user: User, found: Assignment, refusal: Refusal
) -> HttpResponse:
    """Say why; if another window was faster, show both."""
    desk = as_typed(request, refusal)
    if isinstance(refusal, NewerDraft):
        theirs = Draft(source=refusal.source, version=refusal.version)
        desk = replace(desk, theirs=theirs, refusal="")
    if not is_htmx(request):
        if isinstance(refusal, EnrollmentRefused):
            return closed_door(request, found.lesson, refusal)
        answer = show(request, user, found, desk, status_of(refusal))
    elif request.POST.get("go"):
        answer = at_desk(request, found, desk, status_of(refusal))
    else:
        context = {"desk": desk, "assignment": found, "refusal": str(refusal), "oob": True}
        answer = render(request, f"{PANEL}#not_saved", context, status=status_of(refusal))
        said(answer, _("Not saved. %(refusal)s") % {"refusal": refusal}, urgent=True)
    if isinstance(refusal, TooOften):
        answer["Retry-After"] = str(refusal.wait)
    return answer
