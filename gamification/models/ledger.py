"""The XP ledger and where a person stands."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Floor, Sqrt
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from courses.models import Course


class XPTransaction(models.Model):
    """One entry of the ledger. A source pays a person once; rows are never changed or removed.

    `amount` is `base` times `factor`, halves rounded up. `board_points` is what of it counts on
    leaderboards: never more than the base, and nothing for what is no new learning.
    """

    class Source(models.TextChoices):
        LESSON = "LESSON", _("Lesson completed")
        COURSE_COMPLETED = "COURSE_COMPLETED", _("Course completed")
        QUIZ_IMPROVED = "QUIZ_IMPROVED", _("Better score")
        REVIEW_RESOLVED = "REVIEW_RESOLVED", _("Changes that were accepted")
        RECALL_PASSED = "RECALL_PASSED", _("Still know it")
        STREAK = "STREAK", _("Streak")
        ACHIEVEMENT = "ACHIEVEMENT", _("Achievement")
        CHALLENGE = "CHALLENGE", _("Task of a challenge")
        SEASON_GOAL = "SEASON_GOAL", _("Goal of a season")
        REFERRAL = "REFERRAL", _("Somebody you brought")
        GRANT = "GRANT", _("Given by staff")
        REVERSAL = "REVERSAL", _("Taken back by staff")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="xp_transactions",
        db_index=False,
    )
    amount = models.IntegerField()
    base = models.IntegerField()
    factor = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal(1))
    board_points = models.IntegerField(default=0)
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
        verbose_name = _("XP entry")
        verbose_name_plural = _("XP entries")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="xp_of_user"),
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(source_type="LESSON", board_points=0),
                name="xp_uncounted",
            ),
            # Entries lie in the order of their times: a few pages tell which belong to a span.
            BrinIndex(fields=["created_at"], autosummarize=True, name="xp_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "source_type", "source_key"], name="xp_source_pays_once"
            ),
            models.CheckConstraint(
                condition=Q(source_type="REVERSAL", amount__lt=0, reverses__isnull=False)
                & ~Q(reason="")
                & Q(actor__isnull=False)
                | ~Q(source_type="REVERSAL") & Q(amount__gte=1, amount__lte=2000, reverses=None),
                name="xp_amount_in_bounds",
            ),
            models.CheckConstraint(
                condition=~Q(source_type="GRANT") | Q(actor__isnull=False) & ~Q(reason=""),
                name="xp_grant_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(source_type="REVERSAL", board_points=0)
                | Q(
                    base__gte=1,
                    base__lte=1000,
                    factor__gte=1,
                    factor__lte=2,
                    board_points__gte=0,
                    board_points__lte=F("base"),
                    amount__gte=F("base"),
                    amount__lte=F("base") * 2,
                ),
                name="xp_base_and_board",
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
