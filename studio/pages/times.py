"""What the page of review times shows: all of it to who leads, one's own to a reviewer."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access import may_work_as_staff
from accounts.models import User
from assessments.review_numbers import (
    RECENT,
    TARGET,
    WINDOW,
    ReviewerNumbers,
    Times,
    all_reviewers,
    reviewer_numbers,
    times,
)
from studio.pages.waiting import Waiting, waiting


@dataclass(frozen=True, slots=True)
class TimesPage:
    """`reviewers` are all of them for who leads, otherwise the one who looks."""

    times: Times
    reviewers: Sequence[ReviewerNumbers]
    leads: bool
    waiting: Waiting

    days, recent_days = WINDOW.days, RECENT.days
    target_hours = TARGET.days * 24 + TARGET.seconds // 3600

    @property
    def is_empty(self) -> bool:
        return not (self.times.decided or self.times.backlog or self.reviewers)


def times_page(user: User) -> TimesPage:
    """At most six queries."""
    leads = may_work_as_staff(user)
    people = all_reviewers() if leads else [reviewer_numbers(user)]
    shown = [one for one in people if leads or one.decided or one.claimed]
    return TimesPage(times(), shown, leads, waiting())
