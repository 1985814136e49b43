"""Who brought whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

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
    """Somebody signed up by a link. Made at sign-up and at no other time."""

    class State(models.TextChoices):
        SIGNED_UP = "SIGNED_UP", "signed up"
        QUALIFIED = "QUALIFIED", "learns; the reward is held back for a week"
        REWARDED = "REWARDED", "rewarded"
        REJECTED = "REJECTED", "not qualified"
        EXPIRED = "EXPIRED", "ran out"

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
    # What a person should look at before it pays: see `gamification.referrals.FLAGS`.
    flags = models.JSONField(default=list)
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
                condition=~Q(referee=F("referrer")), name="referral_not_of_oneself"
            ),
            models.CheckConstraint(
                condition=Q(state="SIGNED_UP", qualified_at=None)
                | Q(state__in=["QUALIFIED", "REWARDED"], qualified_at__isnull=False)
                | Q(state__in=["REJECTED", "EXPIRED"]),
                name="referral_state_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referrer_id} → {self.referee_id}: {self.state}"
