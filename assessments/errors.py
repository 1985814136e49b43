"""Refusals of this room, each with a sentence for the person."""

from collections.abc import Sequence
from datetime import datetime

from assessments.models import Remark, Submission


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
    """There is a question about this already."""

    message = "You have asked about this. A person will answer."


class NotInPlan(AssessmentRefused):
    """What was asked for is part of a plan that the person does not hold."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFinished(AssessmentRefused):
    """Somebody asks about an attempt that goes on, or that was practice."""

    message = "A person can be asked about a finished attempt that counts."


class AlreadyReviewed(AssessmentRefused):
    """Somebody asks for what is there: a question would wait for a decision that has been made."""

    message = "A person has reviewed this. Reply to the review."


class NotJudged(AssessmentRefused):
    """Learners read reviews beside a result, and there is none."""

    message = "This code has not been judged. There is nothing to review yet."


class OwnWork(AssessmentRefused):
    """Somebody would review what they handed in themselves."""

    message = "This is your own work. Somebody else reviews it."


class ClaimedBy(AssessmentRefused):
    """Another reviewer is at it, since a moment of the database's clock."""

    def __init__(self, name: str, since: datetime) -> None:
        super().__init__(name, since)
        self.name, self.since = name, since
        self.message = f"{name} is reviewing this."


class ClaimLost(AssessmentRefused):
    """The claim ran out or was given back. `name`: who has it now, or nobody."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name
        now = f"{name} is reviewing this now." if name else "Claim it again to go on."
        self.message = f"This is not claimed by you any more. {now}"


class StaleReview(AssessmentRefused):
    """The review has changed since the page was loaded. `version` is what stands."""

    message = "This review has changed since you opened it: in another window, or by a new draft."

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class AlreadyDecided(AssessmentRefused):
    """A review is decided once."""

    message = "This review has been decided. Nothing was sent again."


class NewAttempt(AssessmentRefused):
    """The learner has handed in again. `newest` is what they handed in last."""

    message = "A new attempt has arrived. Switch to it, or finish this one."

    def __init__(self, newest: Submission) -> None:
        super().__init__(newest)
        self.newest = newest


class NothingToSend(AssessmentRefused):
    """A review without words, or an answer to a question without a text."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Undecided(AssessmentRefused):
    """Nobody has decided about parts of a draft. `remarks` says how many of them."""

    def __init__(self, *, text: bool = False, figures: bool = False, remarks: int = 0) -> None:
        super().__init__(text, figures, remarks)
        self.text, self.figures, self.remarks = text, figures, remarks
        one = remarks == 1
        are, them = ("remark is", "it") if one else ("remarks are", "all of them")
        told = {
            "The draft's message is not decided: accept it, change it, or discard it.": text,
            "The draft's figures are not decided: "
            "accept them, change them, or discard them.": figures,
            f"{remarks} {are} undecided: decide, or discard {them}.": remarks,
        }
        self.told = [sentence for sentence, is_so in told.items() if is_so]
        self.message = " ".join(self.told)


class HeldWords(AssessmentRefused):
    """Words of a draft give away what learners may not see. `in_text`: the text does as well."""

    message = "The draft quotes what learners may not see. Change these words or leave them out."

    def __init__(self, remarks: Sequence[Remark], *, in_text: bool = False) -> None:
        super().__init__(remarks)
        self.remarks, self.in_text = remarks, in_text


class TooLateToUndo(AssessmentRefused):
    """The time to take it back is over, or somebody else sent it."""

    message = "This cannot be taken back any more."


class BadWords(AssessmentRefused):
    """What came from the desk cannot be kept: too long, too many, or no line of the code."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RemarkGone(AssessmentRefused):
    """It belongs to other feedback, or was taken out."""

    message = "This remark is not part of this feedback any more."
