"""Doors to the background."""

from uuid import UUID

from celery import shared_task

from accounts.models import User
from assessments import attempts, regrading
from assessments.models import Quiz


@shared_task
def close_overdue_attempts() -> int:
    """Close what its learner left behind."""
    return attempts.close_overdue()


@shared_task
def complete_those_passed() -> int:
    """Complete what was passed while the door to it was closed."""
    return attempts.complete_those_passed()


@shared_task
def regrade_quiz(quiz: str, by: str, *, lower: bool, reason: str) -> int:
    """Mark a quiz of many attempts again. One that is lost is asked for again by staff."""
    staff = User.objects.get(pk=UUID(by))
    row = Quiz.objects.get(pk=UUID(quiz))
    return len(regrading.regrade(row, by=staff, lower=lower, reason=reason))
