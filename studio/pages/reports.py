"""What the page of learners' reports shows."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from assessments.models import Option, QuestionReport
from assessments.reports import Said, said_to, waiting_first
from studio.forms import AnswerForm
from studio.pages.waiting import Waiting, waiting

PER_PAGE = 10
LONG_TEXTS = (
    "question__quiz__lesson__content", "question__quiz__lesson__content_html",
    "question__quiz__lesson__course__description",
    "question__quiz__lesson__course__description_html",
    "question__quiz__lesson__course__search",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """Reports that wait for an answer, then the others."""

    page: Page[QuestionReport]
    cards: list[Card]
    waiting: Waiting


def reports_page(number: str, bound: AnswerForm | None = None) -> ReportsPage:
    """Seven queries. `bound` is the form that was sent, with what is wrong in it."""
    rows = (
        waiting_first()
        .select_related("question__quiz__lesson__course", "user", "replied_by")
        .defer(*LONG_TEXTS)
        .prefetch_related("question__options")
    )
    page: Page[QuestionReport] = Paginator(rows, PER_PAGE).get_page(number[:6])
    shown = list(page.object_list)
    said = said_to([one.question for one in shown])
    cards = [Card(one, said[one.question_id], form_below(one, bound)) for one in shown]
    return ReportsPage(page, cards, waiting())


def form_below(report: QuestionReport, bound: AnswerForm | None) -> AnswerForm | None:
    """The form to answer a report by: the one that was sent, if it was sent for this one."""
    if report.status != QuestionReport.Status.OPEN:
        return None
    form = AnswerForm.of(report)
    return bound if bound and bound.auto_id == form.auto_id else form
