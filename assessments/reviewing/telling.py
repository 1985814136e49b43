"""Telling learners that their work was reviewed: once, when it cannot be taken back any more."""

import logging
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from activity.actions import record
from activity.models import Event
from assessments.models import HelpRequest, Review
from assessments.models.attempt import CLOCK
from assessments.reviewing.reviews import of_subject, whole

logger = logging.getLogger(__name__)


def untold() -> QuerySet[Review]:
    """Reviews whose time to take them back is over, and that their learner has not heard of."""
    return Review.objects.sent().filter(told_at=None)


@transaction.atomic
def tell(review_pk: UUID) -> bool:
    """Record that a review was sent; False if it is not due, or was told before."""
    # The update holds the row, so of two at once the second finds that it was told.
    if not untold().filter(pk=review_pk).update(told_at=CLOCK, earlier=None):
        return False
    review = whole().get(pk=review_pk)
    request = HelpRequest.objects.filter(**of_subject(review.subject)).first()
    kind = Event.Kind.HELP_GIVEN if request else Event.Kind.REVIEW_GIVEN
    data = about(review)
    if request:
        data["asked"] = request.created_at.isoformat()
    record(review.learner, kind, f"review:{review.pk}", data, at=review.told_at)
    return True


def tell_sent(limit: int = 500) -> int:
    """Tell what no message told; return how many."""
    told = 0
    for key in untold().order_by("sent_at").values_list("pk", flat=True)[:limit]:
        try:
            told += tell(key)
        except Exception:
            logger.exception("Review %s could not be told", key)
    return told


def about(review: Review) -> dict[str, Any]:
    """What an event says of the work."""
    lesson, submission = review.lesson, review.submission
    return {
        "title": lesson.title,
        "url": review.subject.get_absolute_url(),
        "decision": review.decision,
        "decided": review.decided_at.isoformat() if review.decided_at else None,
        "by": str(review.reviewer_id) if review.reviewer_id else None,
        "assignment": str(submission.assignment_id) if submission else None,
        "quiz": str(review.attempt.quiz_id) if review.attempt else None,
        "handed_in": submission.created_at.isoformat() if submission else None,
        "course": str(lesson.course_id),
        "course_title": lesson.course.title,
    }
