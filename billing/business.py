"""What plans come to: revenue a month, who stops, who stays after a trial or a failed payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection

from activity.models import Event
from billing.amounts import money

SPAN = timedelta(days=90)
# The next invoice says it net of discounts; where Stripe has not said, the price does.
REVENUE = """
    SELECT price.currency, count(*), round(sum(coalesce(renewal_amount, amount * quantity)
      / CASE price.interval WHEN 'year' THEN 12.0 ELSE 1.0 END))::bigint
    FROM billing_subscription subscription
    JOIN billing_price price ON price.id = subscription.price_id
    WHERE status IN ('active', 'past_due') GROUP BY price.currency ORDER BY 2 DESC, 1
"""
# Who paid when the month began, and whether they still did at its end, by any subscription. What
# has not ended counts as it is now: since when nobody pays for it is not kept.
CHURN = """
    WITH began AS (
      SELECT customer_id, started_at, ended_at, trial_ends_at FROM billing_subscription
      WHERE CASE WHEN ended_at IS NULL THEN status IN ('active', 'past_due', 'trialing')
        ELSE status NOT IN ('incomplete', 'incomplete_expired') END
    ), paying AS (
      SELECT DISTINCT customer_id FROM began
      WHERE started_at < %(first)s AND (ended_at IS NULL OR ended_at >= %(first)s)
        AND (trial_ends_at IS NULL OR trial_ends_at <= %(first)s)
    )
    SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
      SELECT FROM began WHERE began.customer_id = paying.customer_id
        AND started_at < %(next)s AND (ended_at IS NULL OR ended_at >= %(next)s)))
    FROM paying
"""
KEPT = """
    SELECT
      (SELECT count(*) FROM billing_subscription
        WHERE trial_ends_at > %(since)s AND trial_ends_at <= %(now)s),
      (SELECT count(*) FROM billing_subscription subscription
        WHERE trial_ends_at > %(since)s AND trial_ends_at <= %(now)s AND EXISTS (
          SELECT FROM billing_invoice invoice WHERE invoice.subscription_id = subscription.id
            AND invoice.status = 'paid' AND invoice.paid > 0)),
      count(*), count(*) FILTER (WHERE invoice.status = 'paid')
    FROM activity_event event
    JOIN billing_invoice invoice ON event.subject = 'invoice:' || invoice.id
    WHERE event.kind = %(failed)s AND event.created_at > %(since)s AND event.created_at <= %(now)s
"""


@dataclass(frozen=True, slots=True)
class Revenue:
    """A month of one currency, in its smallest unit; with taxes where the invoices have them."""

    currency: str
    subscriptions: int
    amount: int

    @property
    def text(self) -> str:
        return money(self.amount, self.currency)


@dataclass(frozen=True, slots=True)
class Business:
    """`month` is the last that is over; trials and failed payments are those of `SPAN`."""

    revenue: Sequence[Revenue]
    month: date
    paying: int
    lost: int
    trials: int
    trials_paid: int
    failed: int
    recovered: int


def business(now: datetime) -> Business:
    """Three queries."""
    first, following = last_month(now)
    values: dict[str, Any] = {
        "first": first, "next": following, "now": now, "since": now - SPAN,
        "failed": Event.Kind.PAYMENT_FAILED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(REVENUE)
        revenue = [Revenue(*row) for row in cursor.fetchall()]
        cursor.execute(CHURN, values)
        paying, lost = cursor.fetchone()
        cursor.execute(KEPT, values)
        kept = cursor.fetchone()
    return Business(revenue, first.date(), paying, lost, *kept)


def last_month(now: datetime) -> tuple[datetime, datetime]:
    """When the last month that is over began, and when it ended, by UTC."""
    following = now.astimezone(UTC).date().replace(day=1)
    first = (following - timedelta(days=1)).replace(day=1)
    return midnight(first), midnight(following)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
