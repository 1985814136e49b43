"""Assignments: what trying them out found, and how learners fare with their cases."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.authoring import try_again
from assessments.models import Assignment
from studio.access import staff_only
from studio.pages.assignments import assignment_page, assignments_page


def assignment_or_404(pk: UUID) -> Assignment:
    rows = Assignment.objects.select_related("lesson__course")
    return get_object_or_404(rows, pk=pk)


@require_safe
@staff_only
def assignments(request: HttpRequest) -> HttpResponse:
    """Courses with their assignments, drafts too: trial, submissions, pass rate."""
    page = assignments_page(request.GET.get("page", "1")[:6])
    return render(request, "studio/assignments.html", {"page": page, "nav": "studio"})


@require_safe
@staff_only
def assignment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One assignment with its cases, what the trial says of them, and numbers."""
    one = assignment_or_404(pk)
    context = {"page": assignment_page(one), "assignment": one, "nav": "studio"}
    return render(request, "studio/assignment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def try_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for a trial. Whoever only comes by, as after signing in again, sees the assignment."""
    one = assignment_or_404(pk)
    if request.method != "POST":
        return redirect("studio:assignment", pk=pk)
    try_again(one)
    messages.info(request, _("It is tried out in the background."))
    return HttpResponseRedirect(reverse("studio:assignment", args=[pk]), status=303)
