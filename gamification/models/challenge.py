"""Timed challenges: tasks of a course, solved within one's own time inside an open window."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from courses.models import Course, Lesson


class Challenge(models.Model):
    """A window in which anyone may start once. After it the tasks are there to practise."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=80)
    rules = models.TextField(max_length=2000, blank=True)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", db_index=False)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(help_text="Who has started may finish after it.")
    minutes = models.PositiveSmallIntegerField(default=45)
    is_published = models.BooleanField(default=False)

    class Meta:
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="challenge_in_order"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="challenge_minutes_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("classroom:challenge", args=[self.slug])


class ChallengeTask(models.Model):
    """A lesson with an assignment, as one task of a challenge."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="tasks")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "lesson"], name="challenge_task_once"),
            models.UniqueConstraint(
                fields=["challenge", "position"],
                name="challenge_task_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.position}"


class ChallengeEntry(models.Model):
    """Somebody's one start. The deadline is by the database's clock, with the person's extra time.

    `has_extra_time`: by an accommodation, or because staff let them start again. Their place goes
    by tasks alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="entries")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    has_extra_time = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = _("challenge entries")
        indexes = [
            models.Index(
                fields=["deadline"],
                condition=Q(finished_at=None),
                name="challenge_entry_going_on",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "challenge"], name="challenge_entry_once"),
            models.CheckConstraint(
                condition=Q(deadline__gt=F("started_at")), name="challenge_entry_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.user_id}"


class ChallengeRestart(models.Model):
    """Staff gave somebody a new start, because time was lost through no fault of theirs.

    `started_at` and `deadline` are what the entry said before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(ChallengeEntry, on_delete=models.CASCADE, related_name="restarts")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="challenge_restart_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.reason}"


class ChallengeSolve(models.Model):
    """A task was solved: within its entry's time, or later as practice (no entry)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(ChallengeTask, on_delete=models.CASCADE, related_name="solves")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    entry = models.ForeignKey(
        ChallengeEntry, on_delete=models.CASCADE, null=True, related_name="solves"
    )
    solved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "task", "entry"], nulls_distinct=False, name="challenge_solve_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.user_id}"
