"""Chores of the house that concern people."""

from celery import shared_task
from django.core.management import call_command

from accounts.actions import remove_unverified


@shared_task
def clear_sessions() -> None:
    """Once a day: forget sessions that have ended and sign-ups that nobody finished."""
    call_command("clearsessions")
    remove_unverified()
