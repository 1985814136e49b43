"""What the pages of learners' questions about their code show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, OuterRef, Subquery, Value, When

from assessments.models import HelpRequest, Outcome, TestResult
from assessments.showing import ShownResult, shown_results
from studio.forms import ReplyForm
from studio.pages.waiting import Waiting, waiting

PER_PAGE = 30
LONG_TEXTS = tuple(
    f"submission__assignment__{name}"
    for name in (
        "starter", "solution", "lesson__content", "lesson__content_html",
        "lesson__course__description", "lesson__course__description_html", "lesson__course__search",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HelpPage:
    """Questions without an answer, the oldest first, then the others, the newest first.

    Each has the name of the first case that fails as `failing`.
    """

    page: Page[Any]
    waiting: Waiting


def help_page(number: str) -> HelpPage:
    """Three queries."""
    failing = TestResult.objects.filter(submission=OuterRef("submission")).exclude(
        outcome=Outcome.PASSED
    )
    answered = Case(When(replied_at=None, then=Value(0)), default=Value(1))
    rows = (
        HelpRequest.objects.select_related(
            "submission__user", "submission__assignment__lesson__course", "replied_by"
        )
        .defer("submission__source", *LONG_TEXTS)
        .annotate(failing=Subquery(failing.order_by("position").values("case__name")[:1]))
        .order_by(answered, Case(When(replied_at=None, then="created_at")), "-replied_at", "pk")
    )
    page: Page[Any] = Paginator(rows, PER_PAGE).get_page(number)
    return HelpPage(page, waiting())


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question, with the code it is about and how every case ended, hidden ones too."""

    request: HelpRequest
    results: Sequence[ShownResult]
    form: ReplyForm | None

    @property
    def passing(self) -> int:
        return sum(one.passed for one in self.results)


def question_page(request: HelpRequest, form: ReplyForm) -> QuestionPage:
    """One query."""
    results = shown_results(request.submission, staff=True)
    return QuestionPage(request, results, form if request.is_open else None)
