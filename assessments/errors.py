"""Refusals of this room, each with a sentence for the person."""

from datetime import datetime


class AssessmentRefused(Exception):
    """Something about a quiz cannot be done now."""

    message = "This cannot be done now."

    def __str__(self) -> str:
        return self.message


class NothingToAsk(AssessmentRefused):
    """The quiz has no question that pays points."""

    message = "This quiz has no questions yet."


class NoAttemptsLeft(AssessmentRefused):
    """All attempts are used up."""

    message = "You have used all attempts."


class TooSoon(AssessmentRefused):
    """The next attempt opens later."""

    message = "The next attempt is not open yet."

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at


class NoPractice(AssessmentRefused):
    """Practising would give away what a counted attempt is to find out."""

    message = "Practice opens after your last attempt."


class AlreadyBegun(AssessmentRefused):
    """A history cannot be brought in beside an attempt that its learner has open."""

    message = "An attempt is open."


class AlreadySubmitted(AssessmentRefused):
    """The attempt is closed; its score stands."""

    message = "Already submitted."


class TimeOver(AssessmentRefused):
    """The deadline and its grace have passed."""

    message = "Time is over. What was saved before counts; this was not received in time."


class AnswersHidden(AssessmentRefused):
    """The right answers are not shown yet, or never are."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AlreadyReported(AssessmentRefused):
    """The same person's report of the same question waits for an answer."""

    message = "You have reported this question. A teacher will check it."


class ReportClosed(AssessmentRefused):
    """The report has been answered."""

    message = "This report has an answer already."


class ReasonNeeded(AssessmentRefused):
    """Scores are to be lowered, and nobody said why."""

    message = "Say why scores are lowered."


class NothingToRun(AssessmentRefused):
    """The assignment has no case, or none that may be run freely."""

    message = "This assignment has no tests yet."


class TooOften(AssessmentRefused):
    """More than one person may ask for at a time. `wait` is in seconds."""

    def __init__(self, wait: int, message: str = "") -> None:
        super().__init__(wait)
        self.wait = wait
        self.message = message or f"That was often. Ready again in {wait} s."


class NewerDraft(AssessmentRefused):
    """Another window or device has saved since. `source` and `version` are what stands."""

    message = "This was changed in another window."

    def __init__(self, source: str, version: int) -> None:
        super().__init__(version)
        self.source, self.version = source, version


class AlreadyAsked(AssessmentRefused):
    """There is a question about this submission already."""

    message = "You have asked about this. A person will answer."
