"""Chores of the house that concern people."""

from celery import shared_task

from accounts import erasure, export_making, retention


@shared_task
def clear_sessions() -> int:
    """Twice a day: forget sessions and tokens that have ended, and sign-ups nobody finished."""
    return retention.forget()


@shared_task
def make_exports() -> int:
    """Make exports that were asked for, and those that a lost message or a killed worker left."""
    return export_making.make_exports()


@shared_task
def forget_exports() -> int:
    """Delete exports whose day is over."""
    return export_making.forget_exports()


@shared_task
def erase_what_came_late() -> int:
    """Look again after people who were erased while something of theirs was under way."""
    return erasure.erase_what_came_late()
