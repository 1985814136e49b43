"""Refusals of this room, each with a sentence for the person."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ProgressRefused(Exception):
    """A lesson cannot be marked."""

    message: str | Promise = gettext_lazy("This lesson cannot be marked.")

    def __str__(self) -> str:
        return str(self.message)


class LessonGone(ProgressRefused):
    """Hidden or deleted, or its course is."""

    message = gettext_lazy("This lesson is gone.")


class NotPassed(ProgressRefused):
    """The lesson completes by passing, not by hand."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.message = (
            _("Pass the quiz to complete this lesson.")
            if kind == "QUIZ"
            else _("Pass the assignment to complete this lesson.")
        )
