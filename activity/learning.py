"""Which of what happened was learning, and when. Pure."""

from datetime import datetime

from activity.models import Event

LESSON = Event.Kind.LESSON_COMPLETED
# Each is recorded once: pressing again is not learning again.
LEARNING = {LESSON, Event.Kind.SUBMISSION_JUDGED, Event.Kind.ATTEMPT_FINISHED}


def is_blank(event: Event) -> bool:
    """A quiz in which nothing was answered. Older events do not say how much was."""
    return event.kind == Event.Kind.ATTEMPT_FINISHED and event.data.get("answered") == 0


def moment_of(event: Event) -> datetime | None:
    """When somebody learned; None if the event is nothing of the kind.

    Code counts for the moment it was handed in: how long our queue was is no fault of theirs. A
    lesson that was completed by passing has been counted with the work that passed.
    """
    is_passed = event.kind == LESSON and event.data.get("passed")
    if event.kind not in LEARNING or is_passed or is_blank(event):
        return None
    try:
        handed_in = datetime.fromisoformat(event.data.get("handed_in") or "")
    except ValueError:
        return event.created_at
    return min(handed_in, event.created_at) if handed_in.tzinfo else event.created_at
