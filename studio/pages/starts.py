"""Who has started a challenge, and who may start again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch

from gamification.challenge_results import results_at
from gamification.challenges import is_running
from gamification.clock import read_clock
from gamification.models import Challenge, ChallengeEntry, ChallengeRestart
from studio.pages.motivation import PER_PAGE
from studio.pages.waiting import Waiting, waiting

GIVEN = Prefetch("restarts", ChallengeRestart.objects.select_related("given_by"))


@dataclass(frozen=True, slots=True)
class Start:
    """One entry: what was solved in it, and whether its time still runs."""

    entry: ChallengeEntry
    solved: int
    is_running: bool


@dataclass(frozen=True, slots=True)
class StartsPage:
    """Those who have started, the latest first. Once `is_public`, nobody starts again."""

    challenge: Challenge
    tasks: int
    page: Page[Any]
    starts: list[Start]
    results_at: datetime
    is_public: bool
    waiting: Waiting


def starts_page(challenge: Challenge, number: str) -> StartsPage:
    """Seven queries."""
    moment, public_at = read_clock(), results_at(challenge)
    rows = challenge.entries.select_related("user").prefetch_related(GIVEN)
    rows = rows.annotate(solved=Count("solves")).order_by("-started_at", "id")
    page: Page[Any] = Paginator(rows, PER_PAGE).get_page(number[:6])
    return StartsPage(
        challenge=challenge,
        tasks=challenge.tasks.count(),
        page=page,
        starts=[Start(one, one.solved, is_running(one, moment)) for one in page.object_list],
        results_at=public_at,
        is_public=moment >= public_at,
        waiting=waiting(),
    )
