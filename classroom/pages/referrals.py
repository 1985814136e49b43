"""One's own link, and how many came by it: numbers, and nothing of anybody else."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import User
from gamification import referrals
from gamification.models import Referral

State = Referral.State
MONTHS = 24


@dataclass(frozen=True, slots=True)
class Month:
    """How many signed up in a month, by what has become of them."""

    first: date
    signed_up: int
    held: int
    rewarded: int
    rejected: int
    expired: int


@dataclass(frozen=True, slots=True)
class ReferralsPage:
    """`lately`: how many were paid within the span of the cap."""

    code: str
    months: list[Month]
    lately: int

    cap = referrals.CAP
    cap_days = referrals.CAP_WITHIN.days
    pays = referrals.PAYS
    days = referrals.DAYS
    lessons = referrals.LESSONS
    within = referrals.LEARNS_WITHIN.days
    kept = referrals.EXPIRES.days

    @property
    def link(self) -> str:
        return f"{settings.SITE_URL}{reverse('classroom:invitation', args=[self.code])}"

    @property
    def is_full(self) -> bool:
        return self.lately >= self.cap


def referrals_page(user: User) -> ReferralsPage:
    """Three queries; a few more when somebody sees their link for the first time."""
    mine = Referral.objects.filter(referrer=user)
    counts = {state.lower(): Count("pk", filter=Q(state=state)) for state in State.values}
    months = mine.annotate(first=TruncMonth("signed_up_at")).order_by("-first").values("first")
    return ReferralsPage(
        code=referrals.link_of(user).code,
        months=[month_of(row) for row in months.annotate(**counts)[:MONTHS]],
        lately=referrals.rewarded_lately(user, now()),
    )


def month_of(row: Any) -> Month:
    renamed = {"qualified": "held"}
    return Month(**{renamed.get(name, name): value for name, value in row.items()})
