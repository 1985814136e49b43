"""Histories for badges: events and days made by hand, without the verbs that record them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from activity.models import Event
from gamification.models import ActiveDay

START = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday


def day(number, hour=0):
    return START + timedelta(days=number, hours=hour)


def happened(user, kind, subject, at=START, /, **data):
    """Record an event as it stands in the table: nobody who listens is told."""
    return Event.objects.create(user=user, kind=kind, subject=subject, data=data, created_at=at)


def completed(user, lesson, at=START, **data):
    data = {"kind": lesson.kind, "module": str(lesson.module_id), "xp": lesson.xp_reward, **data}
    return happened(user, "LESSON_COMPLETED", f"lesson:{lesson.pk}", at, **data)


def attempted(user, quiz, percent, at=START, *, passed=None, **data):
    passed = percent >= 80 if passed is None else passed
    data = {"quiz": quiz, "percent": percent, "passed": passed, **data}
    return happened(user, "ATTEMPT_FINISHED", f"attempt:{uuid4()}", at, **data)


def handed_in(user, assignment, percent, at=START, **data):
    """As judging records it: code that is judged, and what was passed for the first time."""
    data = {"assignment": assignment, "percent": percent, "passed": percent >= 80, **data}
    happened(user, "SUBMISSION_JUDGED", f"submission:{uuid4()}", at, **data)
    known = Event.objects.filter(user=user, subject=f"assignment:{assignment}")
    if data["passed"] and not known.exists():
        happened(user, "ASSIGNMENT_PASSED", f"assignment:{assignment}", at, **data)


def reviewed(user, assignment, decision, at=START, kind="REVIEW_GIVEN", **data):
    data = {"assignment": assignment, "decision": decision, **data}
    return happened(user, kind, f"review:{uuid4()}", at, **data)


def learned_on(user, *numbers):
    """Days of learning, counted from the first Monday."""
    ActiveDay.objects.bulk_create(
        ActiveDay(
            user=user,
            date=day(number).date(),
            zone="UTC",
            first_at=day(number),
            last_at=day(number, hour=8),
        )
        for number in numbers
    )
