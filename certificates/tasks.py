"""Doors to the background."""

from celery import shared_task

from certificates.actions import issue_missing
from certificates.credentials import sign_unsigned


@shared_task
def tend_certificates() -> int:
    """The sweep: issue what the history owes, sign what nobody has asked for yet."""
    return issue_missing() + sign_unsigned()
