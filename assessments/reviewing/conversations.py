"""What learners make of feedback: whether it helped, and what they and reviewers answer."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity.actions import record
from activity.models import Event
from assessments.errors import BadWords, OwnWork, RemarkGone, TooOften
from assessments.limits import RATINGS, REPLIES
from assessments.models import (
    Attempt,
    AttemptAnalysis,
    Remark,
    RemarkRating,
    Reply,
    Review,
    Submission,
    SubmissionAnalysis,
)
from assessments.models.attempt import CLOCK
from assessments.models.feedback import MAX_WORDS
from assessments.replies import is_text
from assessments.reviewing.reviews import of_subject, put_in_queue, whole
from assessments.reviewing.telling import about

# The same words again so soon are a form that was sent twice.
TWICE = timedelta(minutes=1)

Said = SubmissionAnalysis | AttemptAnalysis


def rate(user: User, remark: Remark, *, is_helpful: bool | None) -> None:
    """Say whether a remark helped; None takes it back. Raises TooOften."""
    wait = RATINGS.spend(str(user.pk))
    if wait:
        raise TooOften(wait)
    if is_helpful is None:
        RemarkRating.objects.filter(remark=remark, user=user).delete()
        return
    RemarkRating.objects.bulk_create(
        [RemarkRating(remark=remark, user=user, is_helpful=is_helpful)],
        update_conflicts=True,
        unique_fields=["remark", "user"],
        update_fields=["is_helpful"],
    )


def rate_words(user: User, analysis: AttemptAnalysis, *, is_helpful: bool | None) -> None:
    """Say whether the words about an own attempt helped; None takes it back. Raises TooOften."""
    wait = RATINGS.spend(str(user.pk))
    if wait:
        raise TooOften(wait)
    rated_at = None if is_helpful is None else CLOCK
    rows = AttemptAnalysis.objects.filter(pk=analysis.pk)
    rows.update(is_helpful=is_helpful, rated_at=rated_at)


def reply(user: User, analysis: Said, remark: Remark | None, text: str) -> Reply:
    """Answer feedback, or one remark of it, as its learner: a reviewer gets to see it.

    Raises RemarkGone, BadWords, TooOften.
    """
    check(analysis, remark, text)
    wait = REPLIES.spend(str(user.pk))
    if wait:
        raise TooOften(wait)
    return keep_reply(user, analysis, remark, text)


@transaction.atomic
def keep_reply(user: User, analysis: Said, remark: Remark | None, text: str) -> Reply:
    # First of all: it holds the review's row, so what is sent twice comes one after the other.
    put_in_queue(analysis.subject, Review.Reason.REPLY)
    return said_before(user, analysis, remark, text) or Reply.objects.create(
        **to(analysis), remark=remark, author=user, text=text
    )


@transaction.atomic
def answer(reviewer: User, analysis: Said, remark: Remark | None, text: str) -> Reply:
    """Answer what a learner replied; with the last of them the review leaves the queue.

    One that still wants a decision stays. Raises OwnWork, RemarkGone, BadWords.
    """
    subject = analysis.subject
    if subject.user_id == reviewer.pk:
        raise OwnWork
    check(analysis, remark, text)
    rows = whole().select_for_update(of=("self",), no_key=True)
    review = rows.get(**of_subject(subject))
    before = said_before(reviewer, analysis, remark, text)
    if before:
        return before
    row = Reply.objects.create(**to(analysis), remark=remark, author=reviewer, text=text)
    is_done = bool(review.decision) or review.reason == Review.Reason.REPLY
    if is_done and not waits_for_an_answer(subject):
        Review.objects.filter(pk=review.pk).update(waiting_since=None)
    data = about(review) | {"by": str(reviewer.pk), "decision": ""}
    record(subject.user, Event.Kind.REPLY_GIVEN, f"reply:{row.pk}", data)
    return row


def to(analysis: Said) -> dict[str, Any]:
    """Where a reply to it says so."""
    is_of_code = isinstance(analysis, SubmissionAnalysis)
    return {"analysis" if is_of_code else "attempt_analysis": analysis}


def check(analysis: Said, remark: Remark | None, text: str) -> None:
    if remark is not None and remark.analysis_id != analysis.pk:
        raise RemarkGone
    if not text.strip() or not is_text(text, MAX_WORDS):
        raise BadWords(
            _("Write between 1 and %(max_words)s characters.") % {"max_words": MAX_WORDS}
        )


def said_before(author: User, analysis: Said, remark: Remark | None, text: str) -> Reply | None:
    """The same words of a moment ago: they are kept and told once."""
    rows = Reply.objects.filter(**to(analysis), remark=remark, author=author, text=text)
    return rows.filter(created_at__gt=CLOCK - TWICE).last()


def waits_for_an_answer(subject: Submission | Attempt) -> bool:
    """Whether the last word anywhere about this work is its learner's."""
    if isinstance(subject, Attempt):
        found = Reply.objects.filter(attempt_analysis__attempt=subject)
    else:
        found = Reply.objects.filter(analysis__submission=subject)
    rows = found.order_by("created_at", "pk")
    last = {
        (analysis, remark): author
        for analysis, remark, author in rows.values_list("analysis", "remark", "author")
    }
    return subject.user_id in last.values()
