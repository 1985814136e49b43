"""Sending a review: one decision for each, which can be taken back for ten seconds.

Grade, XP and completion are not touched. Locks are taken in one order: enrolment, review.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments import tasks
from assessments.clock import read_clock
from assessments.errors import (
    AlreadyDecided,
    HeldWords,
    NewAttempt,
    NothingToSend,
    TooLateToUndo,
)
from assessments.model_drafts.guarding import guard_for
from assessments.model_drafts.leaks import Guard
from assessments.models import Analysis, HelpRequest, Remark, Review, Submission, SubmissionAnalysis
from assessments.models.attempt import CLOCK
from assessments.reviewing.older_questions import let_rest, let_wait_again
from assessments.reviewing.review_words import Words, write
from assessments.reviewing.reviews import (
    CLAIM,
    NOT_CLAIMED,
    Reason,
    handed_in,
    lock_claimed,
    of_subject,
    whole,
)
from assessments.reviewing.suggestions import check_decided
from enrollments.access import lock_place

# So long it can be taken back, and nobody reads it.
UNDO = timedelta(seconds=10)
AFTERWARDS = 11  # seconds
NO_WORDS = _("There is nothing to send: write a text, or keep a remark.")
NO_TEXT = _("Write a text: the learner needs to know why.")
NO_ANSWER = _("Write a text: the learner has asked a question.")
UNDECIDED = {"decision": "", "decided_at": None, "sent_at": None}


@transaction.atomic
def send(
    review_pk: UUID,
    reviewer: User,
    version: int,
    decision: Review.Decision,
    words: Words,
    newest: UUID | None = None,
) -> Review:
    """Decide a review with these words. `newest`: the newer attempt that the reviewer knows of.

    Raises AlreadyDecided, ClaimLost, OwnWork, StaleReview, BadWords, RemarkGone, NewAttempt,
    NothingToSend, Undecided, HeldWords.
    """
    guard = guard_of_held(review_pk)
    lock_learner(review_pk)
    review = lock_claimed(review_pk, reviewer)
    analysis = write(review, version, words)
    check_newest(analysis.submission, newest)
    remarks = list(analysis.remarks.all())
    check_decided(analysis, decision, remarks)
    going_out = [one for one in remarks if one.is_sent]
    check_words(analysis, decision, going_out)
    check_held(analysis, going_out, guard)
    return decide(review, analysis, decision)


def guard_of_held(review_pk: UUID) -> Guard | None:
    """The guard, before anything is locked: it takes a while. None: no words are held so far."""
    rows = SubmissionAnalysis.objects.feedback().filter(submission__review=review_pk)
    analysis = rows.prefetch_related("remarks").first()
    if analysis is None or not (is_text_held(analysis) or held_of(analysis.remarks.all())):
        return None
    return guard_for(Submission.objects.with_assignment().get(review=review_pk))


def is_text_held(analysis: SubmissionAnalysis) -> bool:
    return bool((analysis.drafted or {}).get("held"))


def held_of(remarks: Iterable[Remark]) -> list[Remark]:
    return [one for one in remarks if one.held]


def lock_learner(review_pk: UUID) -> None:
    """Hold the learner's place, as handing in does: a new attempt is there before, or after."""
    review = whole().get(pk=review_pk)
    lock_place(review.learner, review.lesson.course)


def check_newest(submission: Submission, newest: UUID | None) -> None:
    """Refuse while there is a newer one that the reviewer has not seen."""
    later = Submission.objects.graded().filter(
        user=submission.user_id, assignment=submission.assignment_id, number__gt=submission.number
    )
    last = later.standing().order_by("-number").first()
    if last is not None and last.pk != newest:
        raise NewAttempt(last)


def check_words(
    analysis: SubmissionAnalysis, decision: Review.Decision, going_out: list[Remark]
) -> None:
    """Refuse a review that says nothing to whom it concerns."""
    if analysis.text.strip():
        return
    if HelpRequest.objects.filter(submission=analysis.submission_id).exists():
        raise NothingToSend(str(NO_ANSWER))
    if decision == Review.Decision.RETURNED:
        raise NothingToSend(str(NO_TEXT))
    if not going_out:
        raise NothingToSend(str(NO_WORDS))


def check_held(analysis: SubmissionAnalysis, going_out: list[Remark], guard: Guard | None) -> None:
    """Refuse words of a draft that were held back, unless they give nothing away any more."""
    held, of_text = held_of(going_out), is_text_held(analysis)
    if not held and not of_text:
        return
    # A draft that came a moment ago has no guard yet.
    guard = guard or guard_for(analysis.submission)
    found = [one for one in held if guard.find(one.text)]
    # The text may be held for what it tells together with the remarks.
    whole_text = "\n".join([analysis.text, *(one.text for one in going_out if one.drafted)])
    in_text = of_text and bool(guard.find(analysis.text) or guard.find(whole_text))
    if found or in_text:
        raise HeldWords(found, in_text=in_text)


def decide(review: Review, analysis: Analysis, decision: Review.Decision) -> Review:
    """Write the decision of a review that is locked; its learner hears of it later."""
    kinds = Analysis.Kind
    analysis.kind = kinds.MANUAL if analysis.drafted is None else kinds.HYBRID
    analysis.read_at = None
    analysis.save(update_fields=["kind", "read_at"])
    moment = read_clock()
    rows = Review.objects.filter(pk=review.pk, decision="")
    fields = {"decision": decision, "decided_at": moment, "sent_at": moment + UNDO}
    if not rows.update(**fields, waiting_since=None, **NOT_CLAIMED):
        raise AlreadyDecided
    if review.submission:
        let_rest(review.submission)
    wake_up = partial(tasks.tell_review.apply_async, [str(review.pk)], countdown=AFTERWARDS)
    # A broker that is away must not fail the request: the sweep tells as well.
    transaction.on_commit(wake_up, robust=True)
    return whole().get(pk=review.pk)


@transaction.atomic
def undo(review_pk: UUID, reviewer: User) -> Review:
    """Take back what one sent, as if it had not been sent; again changes nothing.

    Raises TooLateToUndo.
    """
    review = whole().select_for_update(of=("self",), no_key=True).get(pk=review_pk)
    if review.reviewer != reviewer:
        raise TooLateToUndo
    if review.sent_at is None:
        return review
    if review.told_at or read_clock() >= review.sent_at:
        raise TooLateToUndo
    analysis = analysis_of(review)
    if analysis is not None and analysis.kind == Analysis.Kind.HYBRID:
        analysis.kind = Analysis.Kind.AI
        analysis.save(update_fields=["kind"])
    Review.objects.filter(pk=review.pk).update(
        **UNDECIDED,
        waiting_since=review.waiting_since or waited_since(review),
        claimed_at=CLOCK,
        claimed_until=CLOCK + CLAIM,
    )
    if review.submission:
        let_wait_again(review.submission)
    return whole().get(pk=review.pk)


def analysis_of(review: Review) -> Analysis | None:
    """What a model or a person said of what is reviewed."""
    if review.submission:
        return review.submission.analyses.feedback().first()
    return getattr(review.attempt, "analysis", None)


def waited_since(review: Review) -> datetime | None:
    """Since when it was in the queue before it was decided; None: nobody had put it there."""
    if review.reason == Reason.STAFF:
        return None
    asked = HelpRequest.objects.filter(**of_subject(review.subject)).first()
    if asked and review.reason == Reason.HELP:
        return asked.created_at
    return review.created_at if review.reason == Reason.REPLY else handed_in(review.subject)
