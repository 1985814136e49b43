"""What the page of the business shows: who learns, what plans come to, what the runner does."""

from dataclasses import dataclass
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.timezone import now

from assessments import runner_numbers as counted
from assessments.runner_numbers import RunnerNumbers, SlowTask, runner_numbers
from billing.business import SPAN, Business, business
from studio.insights.school import Active, active_in
from studio.insights.shares import Share
from studio.pages.waiting import Waiting, waiting


@dataclass(frozen=True, slots=True)
class BusinessPage:
    active: Active
    business: Business
    runner: RunnerNumbers
    waiting: Waiting

    span = SPAN.days
    lately, month = counted.LATELY.days, counted.SPAN.days

    @property
    def churn(self) -> Share:
        return Share(self.business.lost, self.business.paying)

    @property
    def trials(self) -> Share:
        return Share(self.business.trials_paid, self.business.trials)

    @property
    def recovered(self) -> Share:
        return Share(self.business.recovered, self.business.failed)

    @property
    def faults(self) -> Share:
        return Share(self.runner.faults, self.runner.ended)

    @property
    def seconds_each(self) -> timedelta | None:
        """Of the runner, for each who was active in the week: older runs are forgotten."""
        people = self.active.week
        return timedelta(seconds=self.runner.seconds / people) if people else None

    @property
    def model_cost_each(self) -> Decimal | None:
        return self.runner.model_cost / self.active.month if self.active.month else None

    @property
    def has_model_prices(self) -> bool:
        return bool(settings.AI_PRICE_IN or settings.AI_PRICE_OUT)

    @property
    def slow(self) -> list[tuple[SlowTask, Share]]:
        return [(one, Share(one.stopped, one.judged)) for one in self.runner.slow]


def business_page() -> BusinessPage:
    """Eight queries."""
    moment = now()
    parts: dict[str, Any] = {
        "active": active_in(moment.astimezone(UTC).date()), "business": business(moment),
        "runner": runner_numbers(moment), "waiting": waiting(),
    }  # fmt: skip
    return BusinessPage(**parts)
