"""Doors to the background."""

from celery import shared_task

from gamification import challenges, seasons


@shared_task
def end_challenges() -> int:
    """The sweep behind the clock of challenges."""
    return challenges.settle_overdue()


@shared_task
def end_seasons() -> int:
    """Close the seasons that are final, and tell people how they ended."""
    return seasons.end_seasons()
