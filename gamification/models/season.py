"""Seasons: a span of weeks with a goal of one's own, and results that stay as they were."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7


class Season(models.Model):
    """Weeks with a name, apart from all others'. Times are UTC.

    Once closed, its results are never counted again; `told_at` says when everybody had been told.
    """

    # What was handed in on the last day is judged by then, or will be a long time coming.
    PROVISIONAL = timedelta(days=14)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=80)
    theme = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    goal_days = models.PositiveSmallIntegerField(
        default=24, help_text="Days of learning that are offered as a goal."
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="season_in_order"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("ends_at")),
                name="season_closed_after_its_end",
            ),
            ExclusionConstraint(
                name="seasons_apart",
                violation_error_message=_("Another season lies in these weeks."),
                expressions=[
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("classroom:season", args=[self.slug])

    @property
    def period(self) -> str:
        """The name of its boards' period."""
        return f"season:{self.pk}"

    @property
    def final_at(self) -> datetime:
        """Until then the results are provisional."""
        return self.ends_at + self.PROVISIONAL

    @property
    def half_at(self) -> datetime:
        """From here on goals stay as they are."""
        return self.starts_at + (self.ends_at - self.starts_at) / 2

    @property
    def first_date(self) -> date:
        return self.starts_at.astimezone(UTC).date()

    @property
    def last_date(self) -> date:
        """A season that ends at midnight has its last day before it."""
        return (self.ends_at - timedelta(microseconds=1)).astimezone(UTC).date()

    @property
    def length(self) -> int:
        """How many dates it has."""
        return (self.last_date - self.first_date).days + 1

    @property
    def least_goal(self) -> int:
        """A day a week, at least."""
        return max(1, self.length // 7)


class SeasonGoal(models.Model):
    """On how many days somebody means to learn in a season."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="goals")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "season"], name="season_goal_once"),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=366), name="season_goal_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.days}"


class SeasonResult(models.Model):
    """How a season ended for one person: counted once, when it was closed. Never changed.

    `rank` is null for those who were on no board.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    season = models.ForeignKey(
        Season, on_delete=models.PROTECT, related_name="results", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="season_results",
        db_index=False,
    )
    points = models.IntegerField()
    rank = models.PositiveIntegerField(null=True)
    is_top = models.BooleanField(default=False)
    active_days = models.PositiveSmallIntegerField()
    goal = models.PositiveSmallIntegerField(null=True)

    class Meta:
        # With the key: thousands may share a place, and the first of them are asked for.
        indexes = [models.Index(fields=["season", "rank", "id"], name="season_result_in_order")]
        constraints = [
            models.UniqueConstraint(fields=["user", "season"], name="season_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.season_id} {self.user_id}: {self.points}"

    @property
    def goal_is_met(self) -> bool:
        return self.goal is not None and self.active_days >= self.goal
