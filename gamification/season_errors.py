"""Refusals about seasons and challenges, each with a sentence for the person."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ContestRefused(Exception):
    """Something about a season or a challenge cannot be done now."""

    message: str | Promise = gettext_lazy("This cannot be done now.")

    def __str__(self) -> str:
        return str(self.message)


class GoalIsSettled(ContestRefused):
    """Half of the season is over, or all of it."""

    message = gettext_lazy("Half of the season is over: its goals stay as they are.")


class GoalOutOfBounds(ContestRefused):
    """A goal of fewer days than weeks, or of more days than there are."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(least, most)
        self.message = _("Choose from %(least)s to %(most)s days.") % {"least": least, "most": most}


class StillProvisional(ContestRefused):
    """Work handed in on the last day may still be judged."""

    def __init__(self, final_at: datetime) -> None:
        super().__init__(final_at)
        self.final_at = final_at
        self.message = _("The results are not final yet.")


class SeasonsOverlap(ContestRefused):
    """Another season lies in the same weeks."""

    message = gettext_lazy("Another season lies in these weeks. One season at a time.")


class SeasonHasBegun(ContestRefused):
    """People go by it."""

    message = gettext_lazy("This season has begun: it stays as it is.")


class SeasonIsClosed(ContestRefused):
    """Its results are what they are, and so is all that it says of itself."""

    message = gettext_lazy("This season is closed: it stays as it is.")


class SeasonIsGone(ContestRefused):
    """Somebody took it away while another changed it, or set a goal in it."""

    message = gettext_lazy("This season has been deleted meanwhile.")


class AddressTaken(ContestRefused):
    """Another has it, or a page."""

    message = gettext_lazy("This address is taken.")


class NotOpen(ContestRefused):
    """Outside its window, nobody starts."""

    message = gettext_lazy("This challenge is not open.")


class NoTasks(ContestRefused):
    """There is nothing to solve."""

    message = gettext_lazy("A challenge needs at least one task.")


class WrongTask(ContestRefused):
    """A task is no published assignment of the challenge's course."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.message = _("“%(title)s” is no published assignment of this course.") % {
            "title": title
        }


class WindowIsPast(ContestRefused):
    """Published after its end, nobody could take part."""

    message = gettext_lazy("The window of this challenge is over. Choose a later one.")


class HasBegun(ContestRefused):
    """Somebody has started: what they were promised stays."""

    message = gettext_lazy("Somebody has started this challenge. It stays as it is.")


class ResultsAreOut(ContestRefused):
    """The places are public; a new start would know the tasks."""

    message = gettext_lazy("The results of this challenge are public. Nobody starts again.")


class StartedAgain(ContestRefused):
    """Somebody was quicker, or the form came twice."""

    message = gettext_lazy("This person has been given a new start meanwhile.")


class AllSolved(ContestRefused):
    """There is nothing to start again for."""

    message = gettext_lazy("This person has solved every task.")


class OwnEntry(ContestRefused):
    """Staff who take part are judged by others."""

    message = gettext_lazy("Nobody gives a new start to themself.")


class NoReason(ContestRefused):
    """Nothing is given back without saying why."""

    message = gettext_lazy("Say why, in words the person can read.")


class StaffOnly(ContestRefused):
    """Who learns cannot give time to anybody."""

    message = gettext_lazy("Only staff may do this.")
