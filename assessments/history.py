"""What one learner has done in one quiz, and what that allows: the rules in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.errors import (
    AnswersHidden,
    AssessmentRefused,
    NoAttemptsLeft,
    NoPractice,
    TooSoon,
)
from assessments.models import Attempt, Quiz

AFTER_LAST = _("Answers are shown after your last attempt.")
AFTER_PASSING = format_lazy(
    _("{after_last} Here that is once you have passed."), after_last=AFTER_LAST
)
AFTER_EACH = _("Answers are shown after an attempt that counts.")
WHILE_OPEN = _("Answers are not shown while an attempt is open.")
NEVER = _("Answers to this quiz are not shown.")


@dataclass(frozen=True)
class History:
    """A learner's attempts at a quiz, newest first, as they were at `moment`."""

    quiz: Quiz
    attempts: Sequence[Attempt]
    moment: datetime

    @property
    def closed(self) -> list[Attempt]:
        """Finished attempts that count."""
        return [one for one in self.attempts if not one.is_open and not one.is_practice]

    @property
    def done(self) -> list[Attempt]:
        """All that is finished, practice too."""
        return [one for one in self.attempts if not one.is_open]

    @property
    def open(self) -> Attempt | None:
        return next((one for one in self.attempts if one.is_open and not one.is_practice), None)

    @property
    def open_practice(self) -> Attempt | None:
        return next((one for one in self.attempts if one.is_open and one.is_practice), None)

    @property
    def best(self) -> Attempt | None:
        """The attempt that counts: of several equal ones the first."""
        return max(reversed(self.closed), key=lambda one: one.percent or 0, default=None)

    @property
    def has_passed(self) -> bool:
        return any(one.passed for one in self.closed)

    @property
    def left(self) -> int | None:
        """How many attempts may still be begun; None for as many as one likes."""
        if self.quiz.max_attempts is None:
            return None
        begun = sum(not one.is_practice for one in self.attempts)
        return max(0, self.quiz.max_attempts - begun)

    @property
    def opens_at(self) -> datetime | None:
        """When the next attempt may begin, if that is still to come."""
        last = max((one.ended_at for one in self.closed if one.ended_at), default=None)
        if last is None or not self.quiz.wait:
            return None
        opens = last + timedelta(minutes=self.quiz.wait)
        return opens if opens > self.moment else None

    @property
    def refusal(self) -> AssessmentRefused | None:
        """Why no new attempt can begin now; None if one can."""
        if self.left == 0:
            return NoAttemptsLeft()
        return TooSoon(self.opens_at) if self.opens_at else None

    @property
    def practice_refusal(self) -> AssessmentRefused | None:
        """Practice scores whatever one tries, so it waits until no attempt is left to gain."""
        return None if self.quiz.max_attempts is None or self._is_over else NoPractice()

    @property
    def _is_over(self) -> bool:
        return self.left == 0 and self.open is None

    @property
    def why_answers_are_hidden(self) -> AnswersHidden | None:
        """The one rule of when the key may leave the server; None: now."""
        review = self.quiz.review
        if review == Quiz.Review.NEVER:
            hidden: str | Promise = NEVER
        elif review == Quiz.Review.EACH:
            hidden = "" if self.closed else AFTER_EACH
        elif self.quiz.max_attempts is not None:
            hidden = "" if self._is_over else AFTER_LAST
        else:
            hidden = "" if self.has_passed else AFTER_PASSING
        # An attempt that is open asks the same questions.
        if not hidden and (self.open or self.open_practice):
            hidden = WHILE_OPEN
        return AnswersHidden(str(hidden)) if hidden else None


def history_of(user: User, quiz: Quiz, moment: datetime) -> History:
    """One query."""
    rows = Attempt.objects.of(user).filter(quiz=quiz).order_by("-started_at")
    return History(quiz, list(rows), moment)
