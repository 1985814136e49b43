"""What learners ask about their code, and what staff answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.errors import ReportClosed
from assessments.help_requests import give_help
from assessments.models import HelpRequest
from studio.access import member_of_staff, staff_only
from studio.forms import ReplyForm
from studio.pages.help import help_page, question_page


@require_safe
@staff_only
def questions(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, then the others."""
    page = help_page(request.GET.get("page", "1")[:6])
    return render(request, "studio/help.html", {"page": page, "nav": "studio"})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One question with the code it is about; a POST answers it, once."""
    form = ReplyForm(request.POST if request.method == "POST" else None)
    asked, refusal = question_or_404(pk), ""
    if form.is_bound and form.is_valid():
        try:
            give_help(asked, member_of_staff(request), form.cleaned_data["reply"])
        except ReportClosed:
            asked, refusal = question_or_404(pk), "Somebody has answered this meanwhile."
        else:
            messages.success(request, "The question is answered.")
            return HttpResponseRedirect(reverse("studio:help"), status=303)
    context = {"page": question_page(asked, form), "form": form, "refusal": refusal}
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "studio/question.html", {**context, "nav": "studio"}, status=status)


def question_or_404(pk: UUID) -> HelpRequest:
    rows = HelpRequest.objects.select_related(
        "submission__user", "submission__assignment__lesson__course", "replied_by"
    )
    return get_object_or_404(rows, pk=pk)
