"""Doors to the background."""

from celery import shared_task

from certificates.actions import forget_erased, issue_missing
from certificates.credentials import sign_unsigned


@shared_task
def tend_certificates() -> int:
    """The sweep: issue what history owes, forget who was erased, sign what is left."""
    return issue_missing() + forget_erased() + sign_unsigned()
