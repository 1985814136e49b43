"""Chores of what was looked at."""

from celery import shared_task

from activity.analytics.keeping import prune


@shared_task
def forget_looks() -> None:
    """Twice a day: forget what is older than the months that are kept, and old secrets."""
    prune()
