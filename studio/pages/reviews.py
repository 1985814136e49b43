"""What the reviewers' queue shows: work that waits, and work that was reviewed lately."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from assessments.models import Outcome, Review, TestResult
from assessments.models.attempt import CLOCK
from assessments.models.review import ReviewQuerySet
from assessments.review_numbers import times
from assessments.reviewing.reviews import in_reach
from studio.pages.seat import Seat
from studio.pages.waiting import Waiting, waiting
from studio.review_forms import FOR_HELP, QueueFilter

PER_PAGE = 30
MOST_TRIES = 10
LESSONS = ("submission__assignment__lesson__course", "attempt__quiz__lesson__course")
PEOPLE = ("submission__user", "attempt__user", "reviewer")
# All that a row says: neither code nor lessons are read for it.
SHOWN = (
    "reason", "waiting_since", "claimed_at", "claimed_until", "decision", "decided_at", "sent_at",
    "reviewer__name", "submission__number", "submission__percent", "submission__status",
    "submission__user__name", "submission__assignment__language",
    "submission__assignment__lesson__title", "submission__assignment__lesson__course__title",
    "attempt__number", "attempt__percent", "attempt__user__name", "attempt__quiz__lesson__title",
    "attempt__quiz__lesson__course__title",
)  # fmt: skip


@dataclass(frozen=True)
class QueueRow(Seat):
    """One piece of work, and who is at it."""

    passing: int = 0
    tests: int = 0


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue. `query` is the filter as it stands in the address."""

    page: Page[Review]
    rows: list[QueueRow]
    filter: QueueFilter
    waiting: Waiting
    query: str
    median: timedelta | None

    @property
    def is_filtered(self) -> bool:
        return any(value for name, value in self.filter.chosen.items() if name != "show")


def queue_page(looker: User, asked: Mapping[str, str]) -> QueuePage:
    """Five queries, however many wait; two more where nothing does."""
    form = QueueFilter(asked)
    found: Page[Review] = Paginator(listed(form.chosen), PER_PAGE).get_page(
        asked.get("page", "")[:6]
    )
    query = urlencode({name: value for name, value in form.chosen.items() if value})
    rows = rows_of(looker, list(found.object_list))
    median = None if rows or query else times().median
    return QueuePage(found, rows, form, waiting(), f"{query}&" if query else "", median)


def rows_of(looker: User, reviews: list[Review]) -> list[QueueRow]:
    """One query for the tests of them all."""
    counted = tests_of([one.submission_id for one in reviews if one.submission_id])
    return [
        QueueRow(one, looker, *counted.get(one.submission_id or one.pk, (0, 0))) for one in reviews
    ]


def queue_row(looker: User, key: UUID) -> QueueRow:
    """The row of one review, as it is now."""
    return rows_of(looker, [readable().get(pk=key)])[0]


def readable() -> ReviewQuerySet:
    """Each says how many earlier attempts of code wait too, and whether a newer one does."""
    rows = Review.objects.select_related(*LESSONS, *PEOPLE)
    others = Review.objects.waiting().filter(
        submission__user=OuterRef("submission__user"),
        submission__assignment=OuterRef("submission__assignment"),
    )
    number = "submission__number"
    earlier = others.filter(submission__number__lt=OuterRef(number)).order_by()
    counted = earlier.values("submission__assignment").annotate(n=Count("pk")).values("n")
    return (
        rows.only(*SHOWN)
        .with_moment()
        .annotate(
            earlier_waiting=Coalesce(Subquery(counted), 0),
            is_newer_waiting=Exists(others.filter(submission__number__gt=OuterRef(number))),
        )
    )


def listed(chosen: Mapping[str, str]) -> ReviewQuerySet:
    """Those that the filter lets through: in the queue's order, or the latest sent first."""
    if chosen["show"] == "sent":
        return narrowed(readable().exclude(decision=""), chosen).order_by("-decided_at", "pk")
    return narrowed(readable().waiting(), chosen).in_order()


def narrowed(rows: ReviewQuerySet, chosen: Mapping[str, str]) -> ReviewQuerySet:
    if chosen["course"]:
        of_code = Q(submission__assignment__lesson__course=chosen["course"])
        rows = rows.filter(of_code | Q(attempt__quiz__lesson__course=chosen["course"]))
    if chosen["age"]:
        rows = rows.filter(waiting_since__lte=CLOCK - timedelta(hours=int(chosen["age"])))
    if chosen["help"]:
        rows = rows.filter(FOR_HELP)
    if chosen["again"]:
        rows = rows.filter(Q(submission__number__gt=1) | Q(attempt__number__gt=1))
    if chosen["reason"]:
        rows = rows.filter(reason=chosen["reason"])
    if chosen["language"]:
        rows = rows.filter(submission__assignment__language=chosen["language"])
    return rows


def tests_of(keys: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many tests of each submission pass, of how many."""
    rows = (
        TestResult.objects.filter(submission__in=keys)
        .order_by()
        .values_list("submission")
        .annotate(passing=Count("pk", filter=Q(outcome=Outcome.PASSED)), total=Count("pk"))
    )
    return {key: (passing, total) for key, passing, total in rows}


def free_ones(looker: User, asked: Mapping[str, str]) -> list[UUID]:
    """The first in the filtered queue that this person could be at; who is quicker has them."""
    chosen = QueueFilter({**asked, "show": ""}).chosen
    return list(in_reach(listed(chosen), looker).values_list("pk", flat=True)[:MOST_TRIES])


def can_be_undone(looker: User, key: str, *, moment: datetime | None = None) -> Review | None:
    """The review that this person has just sent, while it can be taken back."""
    try:
        pk = UUID(key)
    except ValueError:
        return None
    rows = readable().filter(pk=pk, reviewer=looker, sent_at__gt=moment or CLOCK)
    return rows.first()
