"""What the light desk shows of an attempt at a quiz. No question and no answer is among it."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from assessments.attempt_facts import facts_of
from assessments.models import Attempt, AttemptAnalysis, Review
from studio.review_forms import QuizWordsForm


@dataclass(frozen=True)
class QuizDesk:
    """One review of an attempt."""

    review: Review
    looker: User
    facts: dict[str, Any]
    form: QuizWordsForm

    @property
    def attempt(self) -> Attempt:
        assert self.review.attempt is not None  # noqa: S101 - code has a desk of its own
        return self.review.attempt

    @property
    def analysis(self) -> AttemptAnalysis | None:
        return getattr(self.attempt, "analysis", None)

    @property
    def is_models_text(self) -> bool:
        drafted = (self.analysis.drafted if self.analysis else None) or {}
        return bool(self.analysis and drafted and self.analysis.text == drafted.get("text"))

    @property
    def held(self) -> list[str]:
        drafted = (self.analysis.drafted if self.analysis else None) or {}
        return list(drafted.get("held") or [])

    @property
    def is_mine(self) -> bool:
        is_theirs = self.review.reviewer_id == self.looker.pk
        return is_theirs and self.review.claimed_until is not None and not self.review.decision

    @property
    def is_claimed(self) -> bool:
        until = self.review.claimed_until
        return until is not None and until > self.review.moment

    @property
    def is_own_work(self) -> bool:
        return self.attempt.user_id == self.looker.pk

    @property
    def can_be_undone(self) -> bool:
        at, is_theirs = self.review.sent_at, self.review.reviewer_id == self.looker.pk
        return is_theirs and at is not None and at > self.review.moment


def quiz_desk_of(looker: User, review: Review, form: QuizWordsForm | None = None) -> QuizDesk:
    """Two queries."""
    attempt = review.attempt
    assert attempt is not None  # noqa: S101 - code has a desk of its own
    analysis = getattr(attempt, "analysis", None)
    text = analysis.text if analysis else ""
    blank = QuizWordsForm(initial={"text": text, "version": review.version})
    return QuizDesk(review, looker, facts_of(attempt), form or blank)
