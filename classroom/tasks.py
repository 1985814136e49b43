"""Doors to the background."""

from celery import shared_task

from classroom import reminders


@shared_task
def remind_of_streaks() -> int:
    """Tell whose streak waits for today, where it is evening; put away what no longer holds."""
    reminders.put_away_reminders()
    return reminders.remind_of_streaks()


@shared_task
def tell_of_freezes() -> int:
    """Tell whose streak was carried by a freeze."""
    return reminders.tell_of_freezes()


@shared_task
def tell_of_challenges() -> int:
    """Tell of challenges that have opened."""
    return reminders.tell_of_challenges()
