"""A subscription of somebody's own, as pages speak of it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import now
from django.utils.translation import gettext as _

from billing.amounts import money, period
from billing.models import Subscription
from billing.models.subscriptions import GRACE
from billing.offers import SEATED
from billing.pricing import WAITING

Status = Subscription.Status


@dataclass(frozen=True, slots=True)
class Paying:
    """Its words. Templates say its dates, by the reader's clock."""

    subscription: Subscription
    moment: datetime

    @property
    def plan(self) -> str:
        return self.subscription.price.plan.name

    @property
    def amount(self) -> str:
        """What its price comes to."""
        price = self.subscription.price
        return money(price.amount * self.subscription.quantity, price.currency)

    @property
    def period(self) -> str:
        """How often, and for what: "a month", "a month for 1 seat", "a month for 10 seats"."""
        one = self.subscription
        said = period(one.price.get_interval_display(), one.quantity)
        is_one_of_seats = one.quantity == 1 and one.price.plan_id in SEATED
        return _("%(said)s for 1 seat") % {"said": said} if is_one_of_seats else said

    @property
    def rate(self) -> str:
        """The two together: "12 € a month"."""
        return f"{self.amount} {self.period}"

    @property
    def last_paid(self) -> int:
        """What was paid for it last, where that was asked for; 0: nothing was."""
        return getattr(self.subscription, "last_paid", None) or 0

    @property
    def next_amount(self) -> int:
        """What is charged next, as Stripe foresees it."""
        one = self.subscription
        listed = one.price.amount * one.quantity
        return listed if one.renewal_amount is None else one.renewal_amount

    @property
    def is_as_listed(self) -> bool:
        return self.next_amount == self.subscription.price.amount * self.subscription.quantity

    @property
    def ends_at(self) -> datetime | None:
        return self.subscription.cancels_at

    @property
    def closes_at(self) -> datetime | None:
        """The moment at which the door closes, or closed, where a payment is late."""
        since = self.subscription.past_due_since
        return since + GRACE if since and self.state == Status.PAST_DUE else None

    @property
    def is_closed(self) -> bool:
        closes = self.closes_at
        return closes is not None and closes <= self.moment

    @property
    def closes_first(self) -> bool:
        """Whether the door closes before what was bought ends, unless the payment comes."""
        closes, last = self.closes_at, self.ends_at or self.last_day
        return not self.is_closed and bool(closes and last and closes < last)

    @property
    def state(self) -> str:
        return self.subscription.status

    @property
    def goes_on(self) -> bool:
        return self.state in Subscription.CURRENT

    @property
    def waits(self) -> bool:
        """Whether a payment is missing before it goes on: nothing can be bought beside it."""
        return self.state in WAITING

    @property
    def is_over(self) -> bool:
        """Whether Stripe charges nothing for it any more."""
        ended = self.state == Status.CANCELED and not self.has_no_place
        return ended or self.state == Status.INCOMPLETE_EXPIRED

    @property
    def has_no_place(self) -> bool:
        """Whether it is closed here alone: Stripe may go on charging for it."""
        return self.state == Status.CANCELED and self.subscription.ended_at is None

    @property
    def last_day(self) -> datetime | None:
        """When it would end if it were cancelled now."""
        one = self.subscription
        return one.trial_ends_at if self.state == Status.TRIALING else one.period_ends_at

    @property
    def has_seats(self) -> bool:
        return self.goes_on and self.subscription.price.plan_id in SEATED


@dataclass(frozen=True, slots=True)
class Late:
    """A payment that is late: until when doors stay open, or since when they are closed."""

    closes_at: datetime
    is_closed: bool


def late_since(moment: datetime | None) -> Late | None:
    """What there is to say of a payment that is late since then; None: it is not."""
    if moment is None:
        return None
    return Late(moment + GRACE, moment + GRACE <= now())
