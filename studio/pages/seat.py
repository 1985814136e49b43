"""Who looks at a review, and who is at it: the same in the queue and at both desks."""

from dataclasses import dataclass

from accounts.models import User
from assessments.models import Review


@dataclass(frozen=True)
class Seat:
    """One review and one reviewer. `review.moment` is what the database's clock showed."""

    review: Review
    looker: User

    @property
    def is_theirs(self) -> bool:
        return self.review.reviewer_id == self.looker.pk

    @property
    def is_claimed(self) -> bool:
        until = self.review.claimed_until
        return until is not None and until > self.review.moment

    @property
    def is_mine(self) -> bool:
        """Whether this person may write: a claim that ran out is good until somebody takes it."""
        is_open = self.review.claimed_until is not None and not self.review.decision
        return self.is_theirs and is_open

    @property
    def is_own_work(self) -> bool:
        return self.review.subject.user_id == self.looker.pk

    @property
    def may_claim(self) -> bool:
        is_taken = self.is_claimed or self.is_mine
        return not (is_taken or self.is_own_work or self.review.decision)

    @property
    def can_be_undone(self) -> bool:
        at = self.review.sent_at
        return self.is_theirs and at is not None and at > self.review.moment
