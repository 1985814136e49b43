"""What opens doors: subscriptions, their seats, and plans that staff gave."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from billing.models.customers import Customer
from billing.models.plans import Plan, Price
from courses.models import Tier

# After a payment failed, doors stay open for so long.
GRACE = timedelta(days=7)
# How long an invitation to a seat works.
INVITED_FOR = timedelta(days=14)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def current(self) -> Self:
        """Those that Stripe goes on with: a customer has one at most."""
        return self.filter(status__in=Subscription.CURRENT)

    def open_at(self, moment: datetime) -> Self:
        """Those that open doors: paid for, tried out, or late by no more than the grace."""
        return self.open_if_late_after(moment - GRACE)

    def open_if_late_after(self, moment: datetime) -> Self:
        """The same, for whoever knows the moment at which the grace of today began."""
        late = Q(status=Subscription.Status.PAST_DUE, past_due_since__gt=moment)
        return self.filter(Q(status__in=("active", "trialing")) | late)

    def with_last_paid(self) -> Self:
        """With what was paid for each last; None: nothing."""
        same = Subscription.objects.filter(pk=OuterRef("pk"), invoices__status="paid")
        newest = same.filter(invoices__paid__gt=0).order_by("-invoices__issued_at")
        return self.annotate(last_paid=Subquery(newest.values("invoices__paid")[:1]))


class Subscription(models.Model):
    """A subscription as Stripe last told it. Only `syncing` writes it."""

    class Status(models.TextChoices):
        INCOMPLETE = "incomplete", _("Waiting for the first payment")
        INCOMPLETE_EXPIRED = "incomplete_expired", _("Never paid")
        TRIALING = "trialing", _("On trial")
        ACTIVE = "active", _("Active")
        PAST_DUE = "past_due", _("Payment is late")
        UNPAID = "unpaid", _("Not paid")
        CANCELED = "canceled", _("Ended")
        PAUSED = "paused", _("Paused")

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
    # Empty on one that is canceled here alone: Stripe may go on charging for it.
    ended_at = models.DateTimeField(null=True)
    # What the next invoice will come to, taxes and discounts included, in the smallest unit.
    renewal_amount = models.BigIntegerField(null=True)
    # When the mail that it has begun is due; empty: nobody waits for one.
    mail_at = models.DateTimeField(null=True, editable=False)

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
            models.Index(fields=["customer", "-started_at"], name="subscription_of_customer"),
            # Nearly always empty: the sweep looks here.
            models.Index(
                fields=["mail_at"],
                condition=Q(mail_at__isnull=False),
                name="subscription_mail_due",
            ),
            models.Index(
                fields=["past_due_since"], condition=Q(status="past_due"), name="subscription_late"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_id} {self.status}"


# What an invitation looks like: 192 random bits.
INVITATION = re.compile(r"[\w-]{32}", re.ASCII)


def new_invitation() -> str:
    return secrets.token_urlsafe(24)


def end_of_invitation() -> datetime:
    return now() + INVITED_FOR


class SeatQuerySet(models.QuerySet["Seat"]):
    def kept(self) -> Self:
        """Those on the owner's list: taken, promised, or promised too long ago."""
        return self.filter(removed_at=None)

    def taken(self) -> Self:
        """Those that somebody has. A closed account has none."""
        return self.kept().filter(user__is_active=True)

    def promised_at(self, moment: datetime) -> Self:
        return self.kept().filter(user=None, expires_at__gt=moment)

    def counted_at(self, moment: datetime) -> Self:
        """Those that count against what is paid for: taken, or promised and not run out."""
        promised = Q(user=None, expires_at__gt=moment)
        return self.kept().filter(Q(user__is_active=True) | promised)

    def open_at(self, moment: datetime) -> Self:
        """Those that open doors."""
        return self.open_in(Subscription.objects.open_at(moment))

    def open_in(self, paid: SubscriptionQuerySet) -> Self:
        """Those that open doors if these subscriptions do: of each the oldest, as many as paid for.

        Where fewer are paid for than are taken, nobody loses a seat: the newest wait.
        """
        earlier = Seat.objects.taken().filter(
            Q(taken_at__lt=OuterRef("taken_at"))
            | Q(taken_at=OuterRef("taken_at"), pk__lt=OuterRef("pk")),
            subscription=OuterRef("subscription"),
        )
        counts = earlier.order_by().values("subscription").values_list(Count("pk"))
        places = Coalesce(Subquery(counts), 0, output_field=models.IntegerField())
        return (
            self.taken()
            .filter(subscription__in=paid, subscription__price__plan=Tier.ENTERPRISE)
            .alias(place=places)
            .filter(place__lt=F("subscription__quantity"))
        )


class Seat(models.Model):
    """A place that somebody else pays for. Nobody's until the invited person takes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="seats", db_index=False
    )
    # To whom it was promised. Forgotten once the seat is removed.
    email = models.EmailField(max_length=254, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="seats"
    )
    invitation = models.CharField(max_length=40, unique=True, default=new_invitation)
    invited_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(default=end_of_invitation)
    # When the invitation is to be mailed, or mailed again if that fails. Empty once it is sent.
    mail_at = models.DateTimeField(null=True, default=now)
    taken_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    # Whoever pays removed it: nobody says so to somebody who gave theirs back.
    is_taken_back = models.BooleanField(default=False, db_default=False)

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
            models.CheckConstraint(
                condition=~Q(email="") | Q(removed_at__isnull=False),
                name="seat_kept_for_an_address",
            ),
        ]
        indexes = [
            models.Index(fields=["subscription"], name="seat_of_subscription"),
            # Nearly always empty: the sweep looks here.
            models.Index(
                fields=["mail_at"],
                condition=Q(mail_at__isnull=False, user=None, removed_at=None),
                name="seat_mail_due",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def is_promised_at(self, moment: datetime) -> bool:
        """Whether somebody may still take it."""
        return self.user_id is None and self.removed_at is None and self.expires_at > moment


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
