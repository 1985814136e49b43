"""A question about an attempt is answered with what is said of a newer one of the same learner.

The desk of the newer one shows it, so it waits no more once words about that one are sent; what
was asked after them waits.
"""

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from assessments.models import HelpRequest, Reply, Review, Submission, SubmissionAnalysis
from assessments.reviewing.reviews import free


def is_answered_later() -> Exists:
    """Whether a review of a newer attempt was sent since, with words for its learner."""
    said = SubmissionAnalysis.objects.feedback().filter(
        submission=OuterRef("submission"), text__regex=r"\S"
    )
    later = Review.objects.filter(
        submission__user=OuterRef("submission__user"),
        submission__assignment=OuterRef("submission__assignment"),
        submission__number__gt=OuterRef("submission__number"),
        decided_at__gte=OuterRef("created_at"),
    )
    return Exists(later.filter(Exists(said)))


def questions_before(submission: Submission) -> QuerySet[HelpRequest]:
    return HelpRequest.objects.filter(
        submission__user=submission.user_id,
        submission__assignment=submission.assignment_id,
        submission__number__lt=submission.number,
    )


def let_rest(submission: Submission) -> int:
    """Take out of the queue what this answers; return how many. What somebody is at stays."""
    answered = questions_before(submission).filter(is_answered_later())
    replied = Reply.objects.filter(
        analysis__submission=OuterRef("submission"), author=submission.user_id
    )
    rows = free().waiting().filter(~Exists(replied), decision="")
    return rows.filter(submission__in=answered.values("submission")).update(waiting_since=None)


def let_wait_again(submission: Submission) -> int:
    """What was sent is taken back: what it answered waits again, since it was asked."""
    asked = questions_before(submission).filter(~is_answered_later())
    since = HelpRequest.objects.filter(submission=OuterRef("submission")).values("created_at")
    rows = Review.objects.filter(decision="", waiting_since=None)
    found = rows.filter(submission__in=asked.values("submission"))
    return found.update(waiting_since=Subquery(since))
