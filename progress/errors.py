"""Refusals of this room, each with a sentence for the person."""


class ProgressRefused(Exception):
    """A lesson cannot be marked."""

    message = "This lesson cannot be marked."

    def __str__(self) -> str:
        return self.message


class LessonGone(ProgressRefused):
    """Hidden or deleted, or its course is."""

    message = "This lesson is gone."


class NotPassed(ProgressRefused):
    """The lesson completes by passing, not by hand."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        what = "quiz" if kind == "QUIZ" else "assignment"
        self.message = f"Pass the {what} to complete this lesson."
