"""Who brought whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7


class ReferralLink(models.Model):
    """The code of a person's own link. It says nothing about them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="referral_link",
    )
    code = models.CharField(max_length=24, unique=True)
    created_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return self.code


class Referral(models.Model):
    """Somebody signed up by a link. Made at sign-up and at no other time.

    The key of a person says when they came, so one constraint keeps out oneself, older accounts,
    and circles of people who bring each other.
    """

    class State(models.TextChoices):
        SIGNED_UP = "SIGNED_UP", _("signed up")
        QUALIFIED = "QUALIFIED", _("on hold")
        REWARDED = "REWARDED", _("rewarded")
        REJECTED = "REJECTED", _("not qualified")
        EXPIRED = "EXPIRED", _("ran out")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referee = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="referral"
    )
    referrer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="referrals"
    )
    state = models.CharField(max_length=10, choices=State, default=State.SIGNED_UP)
    signed_up_at = models.DateTimeField(default=now)
    qualified_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # What a person should look at before it pays: see `gamification.referral_rules.FLAGS`.
    flags = models.JSONField(default=list, blank=True)
    # A keyed hash of where the sign-up came from, to compare with others. The address is not kept.
    network = models.CharField(max_length=64, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-signed_up_at"]
        indexes = [models.Index(fields=["state", "qualified_at"], name="referral_to_settle")]
        constraints = [
            models.CheckConstraint(
                condition=Q(referee__gt=F("referrer")), name="referral_of_somebody_newer"
            ),
            models.CheckConstraint(
                condition=Q(state="SIGNED_UP", qualified_at=None, settled_at=None)
                | Q(state="QUALIFIED", qualified_at__isnull=False, settled_at=None)
                | Q(state="REWARDED", qualified_at__isnull=False, settled_at__isnull=False)
                | Q(state__in=["REJECTED", "EXPIRED"], settled_at__isnull=False),
                name="referral_state_fits",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, reason="")
                | Q(decided_by__isnull=False) & ~Q(reason=""),
                name="referral_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referrer_id} → {self.referee_id}: {self.state}"
