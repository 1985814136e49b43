"""Reviews that wait for nothing, and questions that nobody would find: what `doctor` looks for."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from assessments.models import HelpRequest, ModelRun, Reply, Review
from assessments.models.attempt import CLOCK
from assessments.reviewing import telling
from assessments.reviewing.older_questions import is_answered_later
from assessments.reviewing.reviews import Reason, put_in_queue


def without_reason() -> QuerySet[Review]:
    """They wait, and nobody asked, or nobody replied, or all is decided and nobody replied."""
    # Of the two that a review, a question and a reply may be about, one is null on either side.
    asked = HelpRequest.objects.filter(
        Q(submission=OuterRef("submission")) | Q(attempt=OuterRef("attempt"))
    )
    replied = Reply.objects.filter(
        Q(analysis__submission=OuterRef("submission"), author=F("analysis__submission__user"))
        | Q(
            attempt_analysis__attempt=OuterRef("attempt"),
            author=F("attempt_analysis__attempt__user"),
        )
    )
    baseless = (
        Q(reason=Reason.HELP) & ~Exists(asked)
        | Q(reason=Reason.REPLY) & ~Exists(replied)
        | ~Q(decision="") & ~Exists(replied)
    )
    return Review.objects.waiting().filter(baseless)


def out_of_sight() -> QuerySet[HelpRequest]:
    """Questions that are in no queue, and that no review has answered."""
    found = Review.objects.filter(
        Q(submission=OuterRef("submission")) | Q(attempt=OuterRef("attempt")),
        ~Q(waiting_since=None) | ~Q(decision=""),
    )
    is_judged = Q(submission__percent__isnull=False) | Q(attempt__isnull=False)
    return HelpRequest.objects.filter(
        ~Exists(found), ~is_answered_later(), is_judged
    ).select_related("submission", "attempt")


def put_right() -> None:
    """What waits for nothing leaves the queue, and every question is in it."""
    without_reason().update(waiting_since=None)
    for request in out_of_sight():
        put_in_queue(request.subject, Reason.HELP)


def untold(since: timedelta) -> int:
    """Reviews that were sent so long ago, and whose learner has not heard of them."""
    return telling.untold().filter(sent_at__lt=CLOCK - since).count()


def drafts_late(since: timedelta) -> int:
    """Drafts that were wanted so long ago, and that nobody is at though they are due.

    The sweep tells of them again and again, which moves the time they are due.
    """
    late = ModelRun.objects.open().filter(created_at__lt=CLOCK - since, due_at__lte=CLOCK)
    return late.exclude(leased_until__gt=CLOCK).count()
