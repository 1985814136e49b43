"""What Stripe told us, and how we looked after it. Nothing of what a message said is kept."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due(self) -> Self:
        return self.filter(state=WebhookDelivery.State.DUE)


class WebhookDelivery(models.Model):
    """One message of Stripe's, stored once under its own id before it is answered.

    It says only that something about a customer changed: what is true now is asked of Stripe. Rows
    whose ids begin with own_ are looks that we want ourselves.
    """

    class State(models.TextChoices):
        DUE = "DUE", _("Waiting")
        DONE = "DONE", _("Done")
        IGNORED = "IGNORED", _("Says nothing that matters here")
        UNMATCHED = "UNMATCHED", _("Belongs to nobody here")

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(max_length=100)
    # What it is about, where it says so.
    stripe_customer_id = models.CharField(max_length=255, blank=True)
    stripe_object_id = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.DUE)
    why = models.CharField(max_length=200, blank=True, help_text="Why it could not be matched.")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # Nobody else takes it up before this moment.
    next_try_at = models.DateTimeField(default=now)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["-received_at"], name="delivery_newest"),
            # Nearly always empty: the sweep looks here.
            models.Index(fields=["next_try_at"], condition=Q(state="DUE"), name="delivery_due"),
            models.Index(
                fields=["received_at"], condition=Q(state="UNMATCHED"), name="delivery_unmatched"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class Reconciliation(models.Model):
    """One comparison of what is stored with what Stripe has, and what it mended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    looked_at = models.PositiveIntegerField(default=0)
    # [{"customer": "cus_…", "what": "subscription sub_… was active, is canceled"}]
    mended = models.JSONField(default=list)
    unmatched = models.JSONField(default=list)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
