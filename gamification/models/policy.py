"""What the school decides about points, and times in which learning pays more."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from accounts.keys import uuid7
from courses.models import Course


class Policy(models.Model):
    """The one row of the school's decisions. No row: everything is as it comes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    is_the_one = models.BooleanField(default=True, editable=False)
    show_points = models.BooleanField(
        default=True,
        help_text="Off: points, streaks, badges and boards are hidden for everybody.",
    )
    boards = models.BooleanField(
        default=True, help_text="Off: nobody sees leaderboards; people's choices are kept."
    )
    bonuses_pay = models.BooleanField(
        default=False,
        help_text="On: badges, streaks, completed courses, better scores in quizzes, changes "
        "that were accepted and quizzes passed again after two weeks pay XP of their own.",
    )

    class Meta:
        verbose_name_plural = "policy"
        constraints = [
            models.UniqueConstraint(fields=["is_the_one"], name="policy_is_one"),
            models.CheckConstraint(condition=Q(is_the_one=True), name="policy_is_the_one"),
        ]

    def __str__(self) -> str:
        return "Policy"


class Multiplier(models.Model):
    """A time in which lessons pay more. Announced two days ahead, at least two days long.

    No course: in the whole school. Boards count what was paid without it.
    """

    NOTICE = LENGTH = timedelta(hours=48)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=80)
    factor = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("1.01")), MaxValueValidator(Decimal(2))],
    )
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    announced_at = models.DateTimeField(default=now, editable=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
    )

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(factor__gt=1, factor__lte=2), name="multiplier_factor_in_bounds"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__gte=F("announced_at") + timedelta(hours=48)),
                name="multiplier_is_announced",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at") + timedelta(hours=48)),
                name="multiplier_is_long_enough",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} × {self.factor}"
