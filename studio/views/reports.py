"""What learners say about questions, and what staff answer."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from assessments.errors import ReportClosed
from assessments.models import Option, QuestionReport
from assessments.replies import is_text
from assessments.reports import Said, answer_report, said_to, waiting_first
from studio.access import staff_only

PER_PAGE = 10
LONGEST = 1000
LONG_TEXTS = (
    "question__quiz__lesson__content", "question__quiz__lesson__content_html",
    "question__quiz__lesson__course__description",
    "question__quiz__lesson__course__description_html",
    "question__quiz__lesson__course__search",
)  # fmt: skip


class AnswerForm(forms.Form):
    """What became of a report. Who is declined is told why."""

    decision = forms.ChoiceField(
        choices=[("accept", "The question was mended"), ("decline", "The question stays")],
        error_messages={"required": "Choose what becomes of the question."},
    )
    reply = forms.CharField(
        label="Your answer",
        help_text="The learner reads it.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def clean_reply(self) -> str:
        reply: str = self.cleaned_data["reply"]
        if not is_text(reply, LONGEST):
            raise forms.ValidationError("This text holds characters that cannot be kept.")
        if self.cleaned_data.get("decision") == "decline" and not reply:
            raise forms.ValidationError("Enter why the question stays as it is.")
        return reply


@dataclass(frozen=True)
class Card:
    """A report with its question, and the form to answer it by while it waits."""

    report: QuestionReport
    said: Said
    form: AnswerForm | None

    @property
    def options(self) -> list[tuple[Option, int]]:
        """What can be chosen now, or was chosen before, and how often."""
        found = (
            (one, self.said.options.get(one.pk, 0)) for one in self.report.question.options.all()
        )
        return [(one, count) for one, count in found if count or one.deleted_at is None]


def form_of(report: QuestionReport, data: object = None) -> AnswerForm:
    return AnswerForm(data, auto_id=f"id_%s_{report.pk}")  # type: ignore[arg-type]


def page_of(number: str, bound: AnswerForm | None = None) -> dict[str, object]:
    """Everything the page shows, after a fixed number of queries."""
    rows = (
        waiting_first()
        .select_related("question__quiz__lesson__course", "user", "replied_by")
        .defer(*LONG_TEXTS)
        .prefetch_related("question__options")
    )
    page: Page[QuestionReport] = Paginator(rows, PER_PAGE).get_page(number[:6])
    shown = list(page.object_list)
    said = said_to([one.question for one in shown])
    cards = []
    for report in shown:
        form = form_of(report) if report.status == QuestionReport.Status.OPEN else None
        if form and bound and bound.auto_id == form.auto_id:
            form = bound
        cards.append(Card(report, said[report.question_id], form))
    waiting = QuestionReport.objects.filter(status=QuestionReport.Status.OPEN).count()
    return {"page": page, "cards": cards, "waiting": waiting, "nav": "studio"}


@require_safe
@staff_only
def reports(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, then the others."""
    return render(request, "studio/reports.html", page_of(request.GET.get("page", "1")))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a report. Whoever only comes by, as after signing in again, sees the list."""
    if request.method != "POST":
        return redirect("studio:reports")
    rows = QuestionReport.objects.select_related("question__quiz__lesson__course", "user")
    report = get_object_or_404(rows, pk=pk)
    number = request.GET.get("page", "1")
    form = form_of(report, request.POST)
    if not form.is_valid():
        context = {**page_of(number, form), "form": form}
        return render(request, "studio/reports.html", context, status=422)
    user, accepted = request.user, form.cleaned_data["decision"] == "accept"
    assert isinstance(user, User)  # noqa: S101 - staff_only let nobody else in
    try:
        answer_report(report, by=user, accepted=accepted, reply=form.cleaned_data["reply"])
    except ReportClosed as refusal:
        context = {**page_of(number), "refusal": str(refusal)}
        return render(request, "studio/reports.html", context, status=409)
    messages.success(request, "The report is answered.")
    return HttpResponseRedirect(reverse("studio:reports"), status=303)
