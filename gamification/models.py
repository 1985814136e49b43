"""The XP ledger and where a person stands."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Floor, Sqrt
from django.utils.timezone import now

from accounts.keys import uuid7
from courses.models import Course


class XPTransaction(models.Model):
    """One entry of the ledger. A source pays a person once; rows are never changed or removed."""

    class Source(models.TextChoices):
        LESSON = "LESSON", "Lesson completed"
        REVERSAL = "REVERSAL", "Taken back by staff"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="xp_transactions",
        db_index=False,
    )
    amount = models.IntegerField()
    source_type = models.CharField(max_length=16, choices=Source)
    source_key = models.CharField(max_length=80)
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = "XP entry"
        verbose_name_plural = "XP entries"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "-created_at"], name="xp_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "source_type", "source_key"], name="xp_source_pays_once"
            ),
            models.CheckConstraint(
                condition=Q(source_type="REVERSAL", amount__lt=0, reverses__isnull=False)
                & ~Q(reason="")
                & Q(actor__isnull=False)
                | ~Q(source_type="REVERSAL") & Q(amount__gte=1, amount__lte=1000, reverses=None),
                name="xp_amount_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d} XP {self.source_type} {self.source_key}"


class Standing(models.Model):
    """A cache: the sum of a person's ledger. The level is computed from it by the database."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="standing",
    )
    total_xp = models.BigIntegerField(default=0)
    level = models.GeneratedField(
        # Exact for every total below 10**17: see `levels.level_of`.
        expression=Cast(
            Floor(Sqrt(Cast(F("total_xp") / 100, models.FloatField()))), models.IntegerField()
        ),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total_xp__gte=0), name="standing_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.total_xp} XP"
