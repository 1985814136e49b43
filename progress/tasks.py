"""Doors to the background."""

from celery import shared_task

from progress import actions


@shared_task
def recount_stale_courses() -> int:
    """The sweep behind changes of content: recount, then finish courses that became complete."""
    actions.recount_stale_courses()
    return actions.finish_those_done()
