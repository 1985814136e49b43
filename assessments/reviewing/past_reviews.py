"""Questions, reviews and replies of before, brought in with their dates. Nobody is written to."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from activity.actions import record
from activity.models import Event
from assessments.models import (
    HelpRequest,
    Remark,
    Reply,
    Review,
    Submission,
    SubmissionAnalysis,
)
from assessments.reviewing.conversations import keep_reply
from assessments.reviewing.help_requests import ask
from assessments.reviewing.review_words import Words, write
from assessments.reviewing.reviews import NOT_CLAIMED, lock_claimed, open_review
from assessments.reviewing.sending import UNDO
from assessments.reviewing.telling import about


@transaction.atomic
def bring_in_question(submission: Submission, text: str, at: datetime) -> Review:
    """Make the question that the learner asked then; it waits since."""
    request = ask(submission, text)
    HelpRequest.objects.filter(pk=request.pk).update(created_at=at)
    reviews = Review.objects.filter(submission=submission)
    reviews.update(created_at=at, waiting_since=at)
    return reviews.get()


@transaction.atomic
def bring_in_review(
    submission: Submission, reviewer: User, decision: Review.Decision, words: Words, at: datetime
) -> SubmissionAnalysis:
    """Make the review that somebody decided then. Raises what the desk raises."""
    review = lock_claimed(open_review(reviewer, submission).pk, reviewer)
    analysis = write(review, review.version, words)
    SubmissionAnalysis.objects.filter(pk=analysis.pk).update(created_at=at)
    sent = at + UNDO
    Review.objects.filter(pk=review.pk).update(
        **NOT_CLAIMED,
        decision=decision,
        decided_at=at,
        sent_at=sent,
        told_at=sent,
        waiting_since=None,
        created_at=submission.finished_at or at,
    )
    review.decision, review.decided_at = decision, at
    subject = f"review:{review.pk}"
    record(review.learner, Event.Kind.REVIEW_GIVEN, subject, about(review), at=sent)
    return analysis


@transaction.atomic
def bring_in_reply(
    analysis: SubmissionAnalysis, remark: Remark | None, text: str, at: datetime
) -> Reply:
    """Make what the learner answered then; it waits since."""
    reply = keep_reply(analysis.submission.user, analysis, remark, text)
    Reply.objects.filter(pk=reply.pk).update(created_at=at)
    Review.objects.filter(submission=analysis.submission).update(waiting_since=at)
    return reply
