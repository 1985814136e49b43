"""What opens doors: subscriptions, their seats, and plans that staff gave."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.keys import uuid7
from billing.models.customers import Customer
from billing.models.plans import Plan, Price

# After a payment failed, doors stay open for so long.
GRACE = timedelta(days=7)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def current(self) -> Self:
        """Those that Stripe goes on with: a customer has one at most."""
        return self.filter(status__in=Subscription.CURRENT)

    def open_at(self, moment: datetime) -> Self:
        """Those that open doors: paid for, tried out, or late by no more than the grace."""
        late = Q(status=Subscription.Status.PAST_DUE, past_due_since__gt=moment - GRACE)
        return self.filter(Q(status__in=("active", "trialing")) | late)


class Subscription(models.Model):
    """A subscription as Stripe last told it. Only `syncing` writes it."""

    class Status(models.TextChoices):
        INCOMPLETE = "incomplete", "Waiting for the first payment"
        INCOMPLETE_EXPIRED = "incomplete_expired", "Never paid"
        TRIALING = "trialing", "On trial"
        ACTIVE = "active", "Active"
        PAST_DUE = "past_due", "Payment is late"
        UNPAID = "unpaid", "Not paid"
        CANCELED = "canceled", "Ended"
        PAUSED = "paused", "Paused"

    CURRENT = (Status.ACTIVE, Status.TRIALING, Status.PAST_DUE)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="subscriptions", db_index=False
    )
    stripe_subscription_id = models.CharField(max_length=255, unique=True)
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=Status)
    # How many seats are paid for. A plan for one has one.
    quantity = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    period_ends_at = models.DateTimeField(null=True)
    # When it ends, if nobody changes their mind.
    cancels_at = models.DateTimeField(null=True)
    trial_ends_at = models.DateTimeField(null=True)
    past_due_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # What the next invoice will come to, taxes and discounts included, in the smallest unit.
    renewal_amount = models.BigIntegerField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(status__in=("active", "trialing", "past_due")),
                name="subscription_current_once",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscription_has_a_seat"),
            models.CheckConstraint(
                condition=~Q(status="past_due") | Q(past_due_since__isnull=False),
                name="subscription_late_since_when",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-started_at"], name="subscription_of_customer")
        ]

    def __str__(self) -> str:
        return f"{self.price_id} {self.status}"


def new_invitation() -> str:
    return secrets.token_urlsafe(24)


class SeatQuerySet(models.QuerySet["Seat"]):
    def kept(self) -> Self:
        """Those that count against what is paid for: taken, or promised."""
        return self.filter(removed_at=None)

    def taken(self) -> Self:
        return self.kept().exclude(user=None)


class Seat(models.Model):
    """A place that somebody else pays for. Nobody's until the invited person takes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="seats", db_index=False
    )
    email = models.EmailField(max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="seats"
    )
    invitation = models.CharField(max_length=40, unique=True, default=new_invitation)
    invited_at = models.DateTimeField(default=now)
    taken_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                "subscription",
                condition=Q(removed_at=None),
                name="seat_of_address_once",
            ),
            models.UniqueConstraint(
                fields=["subscription", "user"],
                condition=Q(removed_at=None),
                name="seat_of_person_once",
            ),
            models.CheckConstraint(
                condition=Q(user=None, taken_at=None)
                | Q(user__isnull=False, taken_at__isnull=False),
                name="seat_taken_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["subscription"], name="seat_of_subscription")]

    def __str__(self) -> str:
        return self.email


class GrantQuerySet(models.QuerySet["Grant"]):
    def open_at(self, moment: datetime) -> Self:
        return self.filter(
            Q(until=None) | Q(until__gt=moment), starts_at__lte=moment, withdrawn_at=None
        )


class Grant(models.Model):
    """A plan that staff gave to somebody, for a reason: paid for elsewhere, a scholarship."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is withdrawn.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("starts_at")),
                name="grant_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="grant_has_a_reason"),
            models.CheckConstraint(condition=~Q(plan="FREE"), name="grant_not_of_free"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} for {self.user_id}"
