"""What the page of review times shows: all of it to who leads, one's own to a reviewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from accounts.access import may_review, may_work_as_staff
from accounts.models import User
from assessments.review_numbers import (
    TARGET,
    ReviewerNumbers,
    Times,
    all_reviewers,
    reviewer_numbers,
    times,
)
from studio.pages.model import RANGES, USUAL
from studio.pages.waiting import Waiting, waiting


@dataclass(frozen=True, slots=True)
class TimesPage:
    """`reviewers` are all of them for who leads, otherwise the one who looks."""

    days_back: int
    times: Times
    reviewers: Sequence[ReviewerNumbers]
    leads: bool
    may_review: bool
    waiting: Waiting

    ranges = RANGES
    target_hours = TARGET.days * 24 + TARGET.seconds // 3600

    @property
    def is_empty(self) -> bool:
        return not (self.times.decided or self.times.backlog or self.reviewers)


def times_page(user: User, wanted: str) -> TimesPage:
    """At most six queries. Thirty days, if unsaid."""
    days_back = int(wanted) if wanted in map(str, RANGES) else USUAL
    window, leads = timedelta(days=days_back), may_work_as_staff(user)
    people = all_reviewers(window) if leads else [reviewer_numbers(user, window)]
    shown = [one for one in people if leads or one.decided or one.claimed]
    return TimesPage(days_back, times(window), shown, leads, may_review(user), waiting())
