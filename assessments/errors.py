"""Refusals of this room, each with a sentence for the person."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Remark, Submission


class AssessmentRefused(Exception):
    """Something about a quiz cannot be done now."""

    message: str | Promise = gettext_lazy("This cannot be done now.")

    def __str__(self) -> str:
        return str(self.message)


class NothingToAsk(AssessmentRefused):
    """The quiz has no question that pays points."""

    message = gettext_lazy("This quiz has no questions yet.")


class NoAttemptsLeft(AssessmentRefused):
    """All attempts are used up."""

    message = gettext_lazy("You have used all attempts.")


class TooSoon(AssessmentRefused):
    """The next attempt opens later."""

    message = gettext_lazy("The next attempt is not open yet.")

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at


class NoPractice(AssessmentRefused):
    """Practising would give away what a counted attempt is to find out."""

    message = gettext_lazy("Practice opens after your last attempt.")


class AlreadyBegun(AssessmentRefused):
    """A history cannot be brought in beside an attempt that its learner has open."""

    message = gettext_lazy("An attempt is open.")


class AlreadySubmitted(AssessmentRefused):
    """The attempt is closed; its score stands."""

    message = gettext_lazy("Already submitted.")


class TimeOver(AssessmentRefused):
    """The deadline and its grace have passed."""

    message = gettext_lazy(
        "Time is over. What was saved before counts; this was not received in time."
    )


class AnswersHidden(AssessmentRefused):
    """The right answers are not shown yet, or never are."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AlreadyReported(AssessmentRefused):
    """The same person's report of the same question waits for an answer."""

    message = gettext_lazy("You have reported this question. A teacher will check it.")


class ReportClosed(AssessmentRefused):
    """The report has been answered."""

    message = gettext_lazy("This report has an answer already.")


class ReasonNeeded(AssessmentRefused):
    """Scores are to be lowered, and nobody said why."""

    message = gettext_lazy("Say why scores are lowered.")


class NothingToRun(AssessmentRefused):
    """The assignment has no case, or none that may be run freely."""

    message = gettext_lazy("This assignment has no tests yet.")


class TooOften(AssessmentRefused):
    """More than one person may ask for at a time. `wait` is in seconds."""

    def __init__(self, wait: int, message: str = "") -> None:
        super().__init__(wait)
        self.wait = wait
        self.message = message or _("That was often. Ready again in %(wait)s s.") % {"wait": wait}


class NewerDraft(AssessmentRefused):
    """Another window or device has saved since. `source` and `version` are what stands."""

    message = gettext_lazy("This was changed in another window.")

    def __init__(self, source: str, version: int) -> None:
        super().__init__(version)
        self.source, self.version = source, version


class AlreadyAsked(AssessmentRefused):
    """There is a question about this already."""

    message = gettext_lazy("You have asked about this. A person will answer.")


class NotInPlan(AssessmentRefused):
    """What was asked for is part of a plan that the person does not hold."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFinished(AssessmentRefused):
    """Somebody asks about an attempt that goes on, or that was practice."""

    message = gettext_lazy("A person can be asked about a finished attempt that counts.")


class AlreadyReviewed(AssessmentRefused):
    """Somebody asks for what is there: a question would wait for a decision that has been made."""

    message = gettext_lazy("A person has reviewed this. Reply to the review.")


class NotJudged(AssessmentRefused):
    """Learners read reviews beside a result, and there is none."""

    message = gettext_lazy("This code has not been judged. There is nothing to review yet.")


class OwnWork(AssessmentRefused):
    """Somebody would review what they handed in themselves."""

    message = gettext_lazy("This is your own work. Somebody else reviews it.")


class ClaimedBy(AssessmentRefused):
    """Another reviewer is at it, since a moment of the database's clock."""

    def __init__(self, name: str, since: datetime) -> None:
        super().__init__(name, since)
        self.name, self.since = name, since
        self.message = _("%(name)s is reviewing this.") % {"name": name}


class ClaimLost(AssessmentRefused):
    """The claim ran out or was given back. `name`: who has it now, or nobody."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name
        now = (
            _("%(name)s is reviewing this now.") % {"name": name}
            if name
            else _("Claim it again to go on.")
        )
        self.message = _("This is not claimed by you any more. %(now)s") % {"now": now}


class StaleReview(AssessmentRefused):
    """The review has changed since the page was loaded. `version` is what stands."""

    message = gettext_lazy(
        "This review has changed since you opened it: in another window, or by a new draft."
    )

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class AlreadyDecided(AssessmentRefused):
    """A review is decided once."""

    message = gettext_lazy("This review has been decided. Nothing was sent again.")


class NewAttempt(AssessmentRefused):
    """The learner has handed in again. `newest` is what they handed in last."""

    message = gettext_lazy("A new attempt has arrived. Switch to it, or finish this one.")

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
        told = {
            _("The draft's message is not decided: accept it, change it, or discard it."): text,
            _(
                "The draft's figures are not decided: accept them, change them, or discard them."
            ): figures,
            ngettext(
                "%(remarks)s remark is undecided: decide, or discard it.",
                "%(remarks)s remarks are undecided: decide, or discard all of them.",
                remarks,
            )
            % {"remarks": remarks}: remarks,
        }
        self.told = [sentence for sentence, is_so in told.items() if is_so]
        self.message = " ".join(self.told)


class HeldWords(AssessmentRefused):
    """Words of a draft give away what learners may not see. `in_text`: the text does as well."""

    message = gettext_lazy(
        "The draft quotes what learners may not see. Change these words or leave them out."
    )

    def __init__(self, remarks: Sequence[Remark], *, in_text: bool = False) -> None:
        super().__init__(remarks)
        self.remarks, self.in_text = remarks, in_text


class TooLateToUndo(AssessmentRefused):
    """The time to take it back is over, or somebody else sent it."""

    message = gettext_lazy("This cannot be taken back any more.")


class BadWords(AssessmentRefused):
    """What came from the desk cannot be kept: too long, too many, or no line of the code."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RemarkGone(AssessmentRefused):
    """It belongs to other feedback, or was taken out."""

    message = gettext_lazy("This remark is not part of this feedback any more.")
