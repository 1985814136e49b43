"""What the page of the business shows: who learns, what plans come to, what the runner does."""

from dataclasses import dataclass
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _

from assessments import runner_numbers as counted
from assessments.runner_numbers import RunnerNumbers, SlowTask, runner_numbers
from billing.business import SPAN, Business, business
from studio.insights.school import Active, active_in
from studio.insights.shares import Share
from studio.pages.waiting import Waiting, waiting
from studio.templatetags.rates import lasting


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
    def wait_said(self) -> str:
        """How long code waited, beside the median."""
        p95 = self.runner.p95
        if p95 is None:
            return _("No code ran in %(lately)s days.") % {"lately": self.lately}
        if p95 < timedelta(seconds=1):
            said = _(
                "In %(lately)s days 95 of 100 waited less than a second for their code to run."
            )
            return said % {"lately": self.lately}
        said = _(
            "In %(lately)s days half of all code waited no longer than this; "
            "95 of 100 no longer than %(p95)s."
        )
        return said % {"lately": self.lately, "p95": lasting(p95)}

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
