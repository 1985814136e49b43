"""What learners say about questions, and what staff answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.errors import ReportClosed
from assessments.models import QuestionReport
from assessments.reports import answer_report
from studio.access import member_of_staff, staff_only
from studio.forms import AnswerForm
from studio.pages.reports import reports_page


@require_safe
@staff_only
def reports(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, then the others."""
    return show(request)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a report. Whoever only comes by, as after signing in again, sees the list."""
    if request.method != "POST":
        return redirect("studio:reports")
    rows = QuestionReport.objects.select_related("question__quiz__lesson__course", "user")
    report = get_object_or_404(rows, pk=pk)
    form = AnswerForm.of(report, request.POST)
    if not form.is_valid():
        return show(request, form, status=422)
    accepted, reply = form.cleaned_data["decision"] == "accept", form.cleaned_data["reply"]
    try:
        answer_report(report, by=member_of_staff(request), accepted=accepted, reply=reply)
    except ReportClosed as refusal:
        return show(request, refusal=str(refusal), status=409)
    messages.success(request, _("The report is answered."))
    return HttpResponseRedirect(reverse("studio:reports"), status=303)


def show(
    request: HttpRequest, form: AnswerForm | None = None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    page = reports_page(request.GET.get("page", "1"), form)
    context = {"page": page, "form": form, "refusal": refusal, "nav": "studio"}
    return render(request, "studio/reports.html", context, status=status)
