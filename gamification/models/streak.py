"""Days of learning. The dates are facts; the streak follows from them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from accounts.keys import uuid7

USER = settings.AUTH_USER_MODEL


class ActiveDay(models.Model):
    """A date on which the person learned, in their time zone at that moment. Never moved."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        USER, on_delete=models.CASCADE, related_name="active_days", db_index=False
    )
    date = models.DateField()
    zone = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # How many things that count were done that day: the shade of the heatmap.
    events = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["user", "date"], name="active_day_once"),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at"), events__gte=1), name="active_day_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.date}"


class RestRule(models.Model):
    """From a date on, these weekdays need no work: a bit each, Monday is 1. The newest holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+", db_index=False)
    from_date = models.DateField()
    weekdays = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["from_date"]
        constraints = [
            models.UniqueConstraint(fields=["user", "from_date"], name="rest_rule_once"),
            models.CheckConstraint(condition=Q(weekdays__lt=128), name="rest_rule_is_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.from_date}: {self.weekdays:07b}"


class Pause(models.Model):
    """Days that need no work, said beforehand: both dates included, 30 days at most."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+", db_index=False)
    first = models.DateField()
    last = models.DateField()
    given_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["first"]
        constraints = [
            models.UniqueConstraint(fields=["user", "first"], name="pause_once"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first"), last__lt=F("first") + 30), name="pause_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first} to {self.last}"


class Repair(models.Model):
    """A run that had ended on `ended_on` was taken up again on `date`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+", db_index=False)
    ended_on = models.DateField()
    date = models.DateField()
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["user", "ended_on"], name="repair_once"),
            models.CheckConstraint(condition=Q(date__gte=F("ended_on")), name="repair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.ended_on}"


class Streak(models.Model):
    """A cache of `streaks.settle`: what the days came to on `settled_on`.

    The run is alive up to and with `alive_until`; a day later it has to be settled anew.
    """

    user = models.OneToOneField(
        USER, on_delete=models.CASCADE, primary_key=True, related_name="streak"
    )
    length = models.PositiveIntegerField(default=0)
    best = models.PositiveIntegerField(default=0)
    freezes = models.PositiveSmallIntegerField(default=1)
    days = models.PositiveIntegerField(default=0)
    last_date = models.DateField(null=True)
    alive_until = models.DateField(null=True)
    # The last date that a freeze carried the present run over.
    froze_on = models.DateField(null=True)
    # The run that ended last.
    ended_on = models.DateField(null=True)
    ended_length = models.PositiveIntegerField(default=0)
    settled_on = models.DateField()
    # How often the facts changed under its lock: who waited for it learns by that to look again.
    version = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["alive_until"],
                name="streak_at_its_end",
                condition=Q(alive_until__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(best__gte=F("length"), freezes__lte=2), name="streak_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.length}"


class WeeklyGoal(models.Model):
    """From a week (its Monday) on: how many lessons a week the person means to finish. 0: none."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+", db_index=False)
    from_week = models.DateField()
    lessons = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["from_week"]
        constraints = [
            models.UniqueConstraint(fields=["user", "from_week"], name="weekly_goal_once"),
            models.CheckConstraint(condition=Q(lessons__lte=100), name="weekly_goal_in_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.from_week}: {self.lessons}"
