"""Doors to the background."""

from celery import shared_task

from assessments import attempts


@shared_task
def close_overdue_attempts() -> int:
    """Close what its learner left behind."""
    return attempts.close_overdue()


@shared_task
def complete_those_passed() -> int:
    """Complete what was passed while the door to it was closed."""
    return attempts.complete_those_passed()
