"""Doors to the background."""

from uuid import UUID

from celery import shared_task

from enrollments import actions, backfill


@shared_task
def enroll_those_due() -> int:
    """The sweep behind sign-up."""
    return actions.enroll_those_due()


@shared_task
def run_backfill(run_id: str) -> None:
    """One backfill that somebody asked for."""
    backfill.run_by_id(UUID(run_id))


@shared_task
def resume_backfills() -> None:
    """Start again what a killed worker left undone."""
    backfill.resume_those_due()
