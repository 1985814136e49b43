"""The reviewers' queue: what waits in it, and who is at what.

What is written at the desk is kept by `review_words`, and goes out by `sending`.

A claim is a conditional update of one row: of two reviewers one gets it. It runs out by itself.
A review that was decided is claimed no more, so `reviewer` says for ever who decided; what a
learner replies to it is answered without a claim (`conversations`).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from accounts.models import User
from assessments.errors import (
    AlreadyDecided,
    AlreadyReviewed,
    ClaimedBy,
    ClaimLost,
    NotJudged,
    OwnWork,
)
from assessments.models import (
    Attempt,
    HelpRequest,
    Remark,
    Reply,
    Review,
    Submission,
    SubmissionAnalysis,
)
from assessments.models.attempt import CLOCK
from assessments.models.review import ReviewQuerySet

CLAIM = timedelta(minutes=30)
NOT_CLAIMED: dict[str, Any] = {"claimed_at": None, "claimed_until": None}
Reason = Review.Reason
# These change what lies on the desk.
OF_DRAFTS = (Reason.DRAFT, Reason.HELD)
# Who asks or replies waits from then on; what else brings work here was owed since it came in.
FROM_NOW = (Reason.HELP, Reason.REPLY)


@transaction.atomic
def put_in_queue(subject: Submission | Attempt, reason: Review.Reason) -> Review:
    """Let a submission or an attempt wait for a person. Again changes nothing.

    Who asks for help goes before any other reason; a second reason does not move the wait, and a
    draft that came after all takes the place of none. What was decided is opened again by a reply
    alone. Raises NotJudged, AlreadyReviewed.
    """
    check_judged(subject)
    of = of_subject(subject)
    since = CLOCK if reason in FROM_NOW else handed_in(subject)
    review, is_new = Review.objects.get_or_create(
        **of, defaults={"reason": reason, "waiting_since": since}
    )
    if not is_new:
        may = Q() if reason == Reason.REPLY else Q(decision="")
        # What can still be taken back keeps its reason: it may be undecided again.
        stands = Q(sent_at=None) | Q(sent_at__lte=CLOCK)
        came = Q(reason=Reason.NO_DRAFT) if reason in OF_DRAFTS else Q(pk=None)
        first = Case(
            When(stands & (Q(waiting_since=None) | came), then=Value(reason)), default=F("reason")
        )
        # Numbers of what was decided go by what had brought it here.
        is_past = ~Q(decision="") & Q(first_reason="", sent_at__lte=CLOCK)
        is_open = Review.objects.filter(may, pk=review.pk).update(
            reason=reason if reason == Reason.HELP else first,
            first_reason=Case(When(is_past, then=F("reason")), default=F("first_reason")),
            waiting_since=Coalesce("waiting_since", since),
            version=F("version") + (1 if reason in OF_DRAFTS else 0),
        )
        if reason == Reason.HELP and not is_open:
            raise AlreadyReviewed
    review.refresh_from_db()
    return review


def handed_in(subject: Submission | Attempt) -> datetime:
    """Since when its learner waits for whatever is to be said of it."""
    if isinstance(subject, Submission):
        return subject.created_at
    return subject.ended_at or subject.started_at


def withdraw(subject: Submission | Attempt) -> int:
    """Take out of the queue what only waited for want of a draft; return how many.

    What its learner asked or replied to stays, and so does what somebody is at.
    """
    rows = unasked().filter(**of_subject(subject), reason=Reason.NO_DRAFT, decision="")
    return rows.update(waiting_since=None)


def unasked() -> ReviewQuerySet:
    """What waits though its learner has not asked or replied, and nobody is at."""
    asked = HelpRequest.objects.filter(
        Q(submission=OuterRef("submission")) | Q(attempt=OuterRef("attempt"))
    )
    of_code = Reply.objects.filter(
        analysis__submission=OuterRef("submission"),
        author=F("analysis__submission__user"),
    )
    return free().waiting().filter(~Exists(asked), ~Exists(of_code))


def of_subject(subject: Submission | Attempt) -> dict[str, Any]:
    return {"submission" if isinstance(subject, Submission) else "attempt": subject}


def check_judged(subject: Submission | Attempt) -> None:
    if isinstance(subject, Submission) and not subject.is_judged:
        raise NotJudged


def withdraw_older(submission: Submission) -> int:
    """Take out of the queue what a newer one of the same learner has replaced; return how many.

    What its learner asked or replied to stays, and so does what somebody is at.
    """
    own = Submission.objects.filter(user=submission.user_id, assignment=submission.assignment_id)
    waits = Q(review__waiting_since__isnull=False)
    current = Q(pk=submission.pk) | waits | Q(review__decision__gt="")
    last = own.filter(current).aggregate(last=Max("number"))["last"]
    older = own.filter(number__lt=last).values("pk")
    return unasked().filter(submission__in=older).update(waiting_since=None)


def nobodys() -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=CLOCK)


def free() -> ReviewQuerySet:
    """Reviews that nobody is at. No joins: an update looks at them again after a wait."""
    return Review.objects.filter(nobodys())


def in_reach(rows: ReviewQuerySet, reviewer: User) -> ReviewQuerySet:
    """What this person could go on with, or take up.

    Who asks for help first; among those alike what they are at already, then the oldest.
    """
    own = Q(reviewer=reviewer, claimed_until__isnull=False)
    asks = Q(reason=Reason.HELP)
    first = (Case(When(one, then=Value(0)), default=Value(1)) for one in (asks, own))
    found = rows.filter(own | nobodys(), of_others(reviewer), decision="")
    return found.order_by(*first, "waiting_since", "pk")


def of_others(reviewer: User) -> Q:
    """Not the reviewer's own work."""
    own = Submission.objects.filter(pk=OuterRef("submission"), user=reviewer)
    tried = Attempt.objects.filter(pk=OuterRef("attempt"), user=reviewer)
    return ~Q(Exists(own)) & ~Q(Exists(tried))


def open_review(reviewer: User, submission: Submission) -> Review:
    """Take up a submission that nobody put in the queue; it stays with whoever is at it already.

    Raises NotJudged, OwnWork.
    """
    check_judged(submission)
    if submission.user_id == reviewer.pk:
        raise OwnWork
    review, _ = Review.objects.get_or_create(
        submission=submission, defaults={"reason": Reason.STAFF}
    )
    take(review.pk, reviewer)
    review.refresh_from_db()
    return review


def claim(review_pk: UUID, reviewer: User) -> Review:
    """Be at a review for half an hour; again renews it.

    Raises OwnWork, AlreadyDecided, ClaimedBy.
    """
    review = whole().get(pk=review_pk)
    if review.learner == reviewer:
        raise OwnWork
    took = take(review_pk, reviewer)
    review = whole().get(pk=review_pk)
    if took:
        return review
    if review.decision:
        raise AlreadyDecided
    if review.reviewer is None or review.claimed_at is None:
        # It was given back just now.
        return claim(review_pk, reviewer)
    raise ClaimedBy(review.reviewer.name, review.claimed_at)


def take(review_pk: UUID, reviewer: User) -> bool:
    """Claim one review unless somebody else is at it, or it is decided."""
    is_mine = Q(reviewer=reviewer, claimed_until__gt=CLOCK)
    rows = Review.objects.filter(is_mine | nobodys(), pk=review_pk, decision="")
    return bool(
        rows.update(
            reviewer=reviewer,
            claimed_at=Case(When(is_mine, then=F("claimed_at")), default=CLOCK),
            claimed_until=CLOCK + CLAIM,
        )
    )


@transaction.atomic
def claim_next(reviewer: User) -> Review | None:
    """Claim the first in the queue that nobody else is at; None: there is none.

    One that another is just taking is passed over, not waited for.
    """
    rows = in_reach(Review.objects.waiting(), reviewer)
    row = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if row is None:
        return None
    take(row.pk, reviewer)
    return whole().get(pk=row.pk)


def release(review_pk: UUID, reviewer: User) -> bool:
    """Give a claim back; what was saved stays. Again, or of another's claim, changes nothing."""
    mine = Review.objects.filter(pk=review_pk, reviewer=reviewer, decision="")
    return bool(mine.update(reviewer=None, **NOT_CLAIMED))


def release_untouched(review_pk: UUID, reviewer: User, since: datetime, version: int) -> bool:
    """Give back a claim made after a moment, if nothing was written upon `version` since."""
    mine = Review.objects.filter(pk=review_pk, reviewer=reviewer, decision="")
    rows = mine.filter(claimed_at__gte=since, version=version)
    return bool(rows.update(reviewer=None, **NOT_CLAIMED))


def with_unsent_words(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """Each says in `has_unsent_words` whether a reviewer has written of it what nobody sent."""
    of_drafts = Remark.objects.filter(analysis=OuterRef("pk"))
    remarks = of_drafts.filter(Q(drafted="") | ~Q(verdict=Remark.Verdict.UNDECIDED))
    is_models = Q(drafted__isnull=False, text=KT("drafted__text"))
    said = SubmissionAnalysis.objects.feedback().filter(submission=OuterRef("pk"))
    words = Exists(said.filter(~is_models & ~Q(text__regex=r"^\s*$") | Exists(remarks)))
    noted = Q(review__note__gt="") | Q(review__earlier__isnull=False)
    return rows.annotate(has_unsent_words=Q(review__decision="") & (Q(words) | noted))


def whole() -> QuerySet[Review]:
    """Reviews with all that speaking of one asks for, and the database's clock."""
    return Review.objects.with_moment().select_related(
        "reviewer",
        "submission__user",
        "submission__assignment__lesson__course",
        "attempt__user",
        "attempt__quiz__lesson__course",
    )


def lock_claimed(review_pk: UUID, reviewer: User) -> Review:
    """Lock a review to change it at the desk. Raises AlreadyDecided, ClaimLost, OwnWork.

    A claim that ran out is still good while nobody else has taken it.
    """
    rows = whole().select_for_update(of=("self",), no_key=True)
    review = rows.get(pk=review_pk)
    if review.decision:
        raise AlreadyDecided
    if review.claimed_until is None:
        raise ClaimLost
    if review.reviewer != reviewer:
        raise ClaimLost(review.reviewer.name if review.reviewer else "")
    if review.learner == reviewer:
        raise OwnWork
    return review
