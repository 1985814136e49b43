"""What is for sale: plans, what they open, and the prices of this site at Stripe."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from billing.amounts import rate
from courses.models import Tier


class Feature(models.TextChoices):
    """What a plan may open besides courses."""

    HELP = "HELP", _("Ask a person about code")
    DRAFTS = "DRAFTS", _("Feedback drafted by a model")


def every_feature() -> list[str]:
    return list(Feature.values)


class Plan(models.Model):
    """One of the three plans, in the school's words. Which courses it opens is said by them."""

    tier = models.CharField(max_length=10, choices=Tier, primary_key=True)
    summary = models.CharField(max_length=200, blank=True)
    features = ArrayField(
        models.CharField(max_length=16, choices=Feature), default=every_feature, blank=True
    )
    is_offered = models.BooleanField("offered", default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="plan_is_one_of_three"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(self.get_tier_display())


class PriceQuerySet(models.QuerySet["Price"]):
    def offered(self) -> Self:
        """What can be bought now."""
        return self.filter(is_offered=True, plan__is_offered=True)


class Price(models.Model):
    """A recurring price at Stripe that this site sells. What is not here opens nothing."""

    class Interval(models.TextChoices):
        MONTH = "month", _("a month")
        YEAR = "year", _("a year")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="prices")
    stripe_price_id = models.CharField(
        _("price at Stripe"),
        max_length=255,
        unique=True,
        validators=[RegexValidator(r"^price_\w+$")],
    )
    currency = models.CharField(
        max_length=3, validators=[RegexValidator(r"^[a-z]{3}$")], help_text="eur, usd, jpy …"
    )
    # In the smallest unit of the currency: cents, yen.
    amount = models.PositiveBigIntegerField(help_text="In cents, or whatever is smallest.")
    interval = models.CharField(max_length=5, choices=Interval, default=Interval.MONTH)
    includes_tax = models.BooleanField(default=True)
    trial_days = models.PositiveSmallIntegerField(default=0, help_text="Before the first payment.")
    is_offered = models.BooleanField(
        "offered", default=True, help_text="Whoever has it keeps it when it is no longer offered."
    )

    objects = PriceQuerySet.as_manager()

    class Meta:
        ordering = ["amount", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "currency", "interval"],
                condition=Q(is_offered=True),
                name="price_offered_once",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[a-z]{3}$"), name="price_currency_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(trial_days__lte=365), name="price_trial_is_a_year_at_most"
            ),
            models.CheckConstraint(condition=~Q(plan="FREE"), name="price_not_of_free"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {rate(self.amount, self.currency, self.get_interval_display())}"
