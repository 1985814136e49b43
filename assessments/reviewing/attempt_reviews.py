"""Words about a quiz: a reviewer changes a draft, lets it out, or throws it away."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.authorship import is_same
from assessments.errors import BadWords, HeldWords, NothingToSend, StaleReview, Undecided
from assessments.model_drafts.guarding import guard_for_attempt
from assessments.models import Attempt, AttemptAnalysis, HelpRequest, Review
from assessments.models.feedback import MAX_WORDS
from assessments.replies import is_text
from assessments.reviewing.conversations import waits_for_an_answer
from assessments.reviewing.review_words import renew
from assessments.reviewing.reviews import NOT_CLAIMED, lock_claimed
from assessments.reviewing.sending import NO_TEXT, decide
from assessments.reviewing.suggestions import is_text_open
from assessments.reviewing.take_overs import put_by


@transaction.atomic
def publish_attempt_words(
    review_pk: UUID, reviewer: User, version: int, text: str, *, accepts: bool = False
) -> Review:
    """Send words about a quiz; `accepts`: those of a draft as they came. It can be taken back.

    Raises AlreadyDecided, ClaimLost, OwnWork, StaleReview, BadWords, NothingToSend, Undecided,
    HeldWords.
    """
    review = lock_claimed(review_pk, reviewer)
    if not text.strip():
        raise NothingToSend(str(NO_TEXT))
    analysis = write(review, version, text, accepts=accepts)
    if is_text_open(analysis):
        raise Undecided(text=True)
    is_held = bool((analysis.drafted or {}).get("held"))
    if is_held and guard_for_attempt(analysis.attempt).find(text):
        raise HeldWords([], in_text=True)
    return decide(review, analysis, Review.Decision.ACCEPTED)


@transaction.atomic
def save_attempt_words(
    review_pk: UUID, reviewer: User, version: int, text: str, *, accepts: bool = False
) -> Review:
    """Keep what was written upon `version`, and the claim; the same again changes nothing.

    Raises AlreadyDecided, ClaimLost, OwnWork, StaleReview, BadWords.
    """
    review = lock_claimed(review_pk, reviewer)
    write(review, version, text, accepts=accepts)
    return review


def write(review: Review, version: int, text: str, *, accepts: bool) -> AttemptAnalysis:
    """Write the words of a review that is locked, and renew the claim."""
    attempt = attempt_of(review)
    if not is_text(text, MAX_WORDS):
        raise BadWords(_("Texts have at most %(max_words)s characters.") % {"max_words": MAX_WORDS})
    analysis, is_new = AttemptAnalysis.objects.get_or_create(
        attempt=attempt, defaults={"kind": AttemptAnalysis.Kind.MANUAL}
    )
    accepted = accepts and is_same(text, (analysis.drafted or {}).get("text"))
    stands = not is_new and (analysis.text, analysis.text_accepted) == (text, accepted)
    if not stands:
        check_version(review, version)
        put_by(review, analysis)
        analysis.text, analysis.text_accepted = text, accepted
        analysis.save(update_fields=["text", "text_accepted"])
        review.version += 1
    renew(review)
    return analysis


@transaction.atomic
def discard_attempt_draft(review_pk: UUID, reviewer: User, version: int) -> Review:
    """Throw a draft away: its learner never reads it, and waits only for what they have asked.

    What the model said stays in `drafted`. Raises AlreadyDecided, ClaimLost, OwnWork, StaleReview.
    """
    review = lock_claimed(review_pk, reviewer)
    attempt = attempt_of(review)
    check_version(review, version)
    rows = AttemptAnalysis.objects.filter(attempt=attempt)
    if analysis := rows.first():
        put_by(review, analysis)
    rows.update(text="", text_accepted=False, published_at=None)
    asks = HelpRequest.objects.filter(attempt=attempt).exists() or waits_for_an_answer(attempt)
    review.waiting_since, review.reviewer = review.waiting_since if asks else None, None
    review.claimed_at = review.claimed_until = None
    kept = {name: getattr(review, name) for name in ("waiting_since", "writer", "earlier")}
    Review.objects.filter(pk=review.pk).update(**kept, reviewer=None, **NOT_CLAIMED)
    return review


def attempt_of(review: Review) -> Attempt:
    """What a review that is locked is about. Raises BadWords."""
    if review.attempt is None:
        raise BadWords(_("This is not a quiz."))
    return review.attempt


def check_version(review: Review, version: int) -> None:
    """Refuse what was written upon something else than what stands now."""
    if review.version != version:
        raise StaleReview(review.version)
