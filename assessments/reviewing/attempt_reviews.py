"""Words about a quiz that a model drafted: a reviewer lets them out, or throws them away."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from assessments.errors import BadWords, HeldWords, NothingToSend, StaleReview
from assessments.model_drafts.guarding import guard_for_attempt
from assessments.models import Attempt, AttemptAnalysis, Review
from assessments.models.feedback import MAX_WORDS
from assessments.replies import is_text
from assessments.reviewing.reviews import NOT_CLAIMED, lock_claimed
from assessments.reviewing.sending import NO_TEXT, decide


@transaction.atomic
def publish_attempt_words(review_pk: UUID, reviewer: User, version: int, text: str) -> Review:
    """Send words about a quiz, as they came or changed. They can be taken back for ten seconds.

    Raises AlreadyDecided, ClaimLost, OwnWork, StaleReview, BadWords, NothingToSend,
    HeldWords.
    """
    review = lock_claimed(review_pk, reviewer)
    attempt = attempt_of(review, version)
    if not text.strip():
        raise NothingToSend(NO_TEXT)
    if not is_text(text, MAX_WORDS):
        raise BadWords(f"Texts have at most {MAX_WORDS} characters.")
    analysis, _ = AttemptAnalysis.objects.get_or_create(
        attempt=attempt, defaults={"kind": AttemptAnalysis.Kind.MANUAL}
    )
    is_held = bool((analysis.drafted or {}).get("held"))
    if is_held and guard_for_attempt(attempt).find(text):
        raise HeldWords([], in_text=True)
    analysis.text = text
    analysis.save(update_fields=["text"])
    return decide(review, analysis, Review.Decision.ACCEPTED)


@transaction.atomic
def discard_attempt_draft(review_pk: UUID, reviewer: User, version: int) -> Review:
    """Throw a draft away: its learner never reads it, and nothing waits any more.

    What the model said stays in `drafted`. Raises AlreadyDecided, ClaimLost, OwnWork, StaleReview.
    """
    review = lock_claimed(review_pk, reviewer)
    attempt = attempt_of(review, version)
    AttemptAnalysis.objects.filter(attempt=attempt).update(text="", published_at=None)
    review.waiting_since = review.reviewer = None
    review.claimed_at = review.claimed_until = None
    Review.objects.filter(pk=review.pk).update(waiting_since=None, reviewer=None, **NOT_CLAIMED)
    return review


def attempt_of(review: Review, version: int) -> Attempt:
    """What a review that is locked is about. Raises StaleReview, BadWords."""
    if review.attempt is None:
        raise BadWords("This is not a quiz.")
    if review.version != version:
        raise StaleReview(review.version)
    return review.attempt
