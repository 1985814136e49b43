"""Badges that were earned, and who is to be looked at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7


class Award(models.Model):
    """A tier of an achievement, earned once. The registry says what its key means."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="awards", db_index=False
    )
    key = models.CharField(max_length=40)
    tier = models.PositiveSmallIntegerField(default=1)
    earned_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-earned_at", "key"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key", "tier"], name="award_once"),
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=4), name="award_tier_known"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(reason=""),
                name="award_revoked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.key} {self.tier}"


class AchievementsDue(models.Model):
    """Something happened to this person that their badges were not looked at for since.

    A row for each time, and none is ever changed: whoever notes one waits for nobody. Whoever
    looks takes away those that were there before, so that nothing newer is lost. How long it waits
    goes by the clock of the database: that of a web server may be wrong.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = _("achievements due")

    def __str__(self) -> str:
        return f"{self.user_id} since {self.since}"
