"""What the light desk shows of an attempt at a quiz. No question and no answer is among it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from assessments.model_drafts.attempt_facts import facts_of
from assessments.models import Attempt, AttemptAnalysis, HelpRequest, Review
from studio.pages.hands import Hands, Message
from studio.pages.seat import Seat
from studio.pages.threads import Thread, threads_of_attempt
from studio.review_forms import QuizWordsForm


@dataclass(frozen=True)
class QuizDesk(Seat):
    """One review of an attempt."""

    facts: dict[str, Any]
    form: QuizWordsForm
    threads: list[Thread]
    question: HelpRequest | None

    @property
    def attempt(self) -> Attempt:
        assert self.review.attempt is not None  # noqa: S101 - code has a desk of its own
        return self.review.attempt

    @property
    def analysis(self) -> AttemptAnalysis | None:
        return getattr(self.attempt, "analysis", None)

    @cached_property
    def hands(self) -> Hands:
        return Hands(self.review, self.looker, self.analysis)

    @property
    def drafted(self) -> Mapping[str, Any]:
        return (self.analysis.drafted if self.analysis else None) or {}

    @property
    def said_message(self) -> Message:
        """The message as it is saved."""
        text = self.analysis.text if self.analysis else ""
        return Message(text, str(self.drafted.get("text") or ""))

    @property
    def message(self) -> Message:
        """The message as it stands in its field."""
        return replace(self.said_message, text=str(self.form["text"].value() or ""))

    @property
    def may_accept(self) -> bool:
        """Whether there are words of a model to be taken as they are; not if they were held."""
        return bool(self.drafted.get("text")) and not self.drafted.get("held")

    @property
    def undecided(self) -> list[str]:
        """What of the draft nobody has decided about and stops sending, in words."""
        is_taken = self.may_accept and bool(self.form["accepts"].value())
        return [_("the message")] if self.message.is_models and not is_taken else []

    @property
    def version(self) -> Any:
        """What the next saving is written upon."""
        return self.form["version"].value()


def quiz_desk_of(looker: User, review: Review, form: QuizWordsForm | None = None) -> QuizDesk:
    """Three queries, and one more where anything was said."""
    attempt = review.attempt
    assert attempt is not None  # noqa: S101 - code has a desk of its own
    analysis = getattr(attempt, "analysis", None)
    text = analysis.text if analysis else ""
    accepts = bool(analysis and analysis.text_accepted)
    values = {"text": text, "accepts": accepts, "version": review.version}
    blank = QuizWordsForm(initial=values)
    threads = threads_of_attempt(analysis, attempt.user_id) if analysis else []
    question = HelpRequest.objects.filter(attempt=attempt).first()
    return QuizDesk(review, looker, facts_of(attempt), form or blank, threads, question)
