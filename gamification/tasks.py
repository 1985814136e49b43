"""Doors to the background."""

from uuid import UUID

from celery import shared_task

from gamification import (
    board_languages,
    boards,
    challenges,
    referrals,
    seasons,
    streak_sweeps,
)
from gamification.achievements import awarding


@shared_task
def end_challenges() -> int:
    """The sweep behind the clock of challenges."""
    return challenges.settle_overdue()


@shared_task
def end_seasons() -> int:
    """Close the seasons that are final, and tell people how they ended."""
    return seasons.end_seasons()


@shared_task
def award_achievements(user: str) -> None:
    """Look at the badges of somebody to whom something happened, and at who brought them."""
    awarding.award_by_id(UUID(user))
    referrals.qualify(UUID(user))


@shared_task
def award_those_due() -> int:
    """The sweep behind it."""
    return awarding.award_those_due()


@shared_task
def settle_streaks() -> int:
    """Settle the streaks whose last day has passed."""
    return streak_sweeps.settle_those_at_their_end()


@shared_task
def fold_boards() -> int:
    """Bring the counts of boards up to date with rows that have changed."""
    return boards.fold_changes()


@shared_task
def tend_boards() -> int:
    """Say which weeks are final, list those who may or may not be by now, and follow languages."""
    boards.freeze_weeks()
    listed = boards.list_those_who_changed()
    board_languages.follow_languages()
    return listed


@shared_task
def tend_referrals() -> int:
    """Qualify, pay and end referrals whose time has come."""
    return referrals.tend()
