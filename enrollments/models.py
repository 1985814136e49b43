"""Who learns what."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from accounts.models import User
from courses.models import Course, ProgrammingLanguage


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def current(self) -> Self:
        """Rows of people who are in their course: everyone who has not left."""
        return self.exclude(status=Enrollment.Status.DROPPED)

    def learning(self) -> Self:
        """Rows of people who may learn now: neither left nor paused."""
        return self.filter(status__in=(Enrollment.Status.ACTIVE, Enrollment.Status.COMPLETED))

    def taken_out(self) -> Self:
        """Rows of people whom staff took out of their course, the last first."""
        rows = self.filter(taken_out_at__isnull=False, status=Enrollment.Status.DROPPED)
        return rows.order_by("-taken_out_at", "-pk")

    def of(self, user: User) -> Self:
        return self.filter(user=user)


class Enrollment(models.Model):
    """One row per person and course for ever; leaving changes its status."""

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        PAUSED = "PAUSED", _("Paused")
        COMPLETED = "COMPLETED", _("Completed")
        DROPPED = "DROPPED", _("Left")

    class Source(models.TextChoices):
        SELF = "SELF", _("By choice")
        SIGN_UP = "SIGN_UP", _("At sign-up")
        BACKFILL = "BACKFILL", _("Backfill")
        LANGUAGE = "LANGUAGE", _("With a language")
        STAFF = "STAFF", _("By staff")
        API = "API", _("Through the API")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The unique constraint begins with the user and serves every look-up by user; a look-up by
    # course goes through CourseProgress. Two more indexes would cost the backfill a third.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="enrollments",
        db_index=False,
    )
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="enrollments", db_index=False
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    source = models.CharField(max_length=10, choices=Source, default=Source.SELF)
    enrolled_at = models.DateTimeField(default=now, editable=False)
    # Of who left because staff took them out, until they are back.
    taken_out_at = models.DateTimeField(null=True, editable=False)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="enrollment_once"),
            models.CheckConstraint(
                condition=Q(taken_out_at=None) | Q(status="DROPPED"),
                name="enrollment_taken_out_has_left",
            ),
        ]
        indexes = [
            # Of few rows: a backfill adds none to it.
            models.Index(
                fields=["course", "-taken_out_at"],
                condition=Q(taken_out_at__isnull=False),
                name="enrollment_taken_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_id}"


class LanguageEnrollment(models.Model):
    """A person follows a language: they are enrolled in its courses, also in those to come."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="language_enrollments",
        db_index=False,
    )
    language = models.ForeignKey(
        ProgrammingLanguage, on_delete=models.CASCADE, related_name="enrollments"
    )
    status = models.CharField(
        max_length=10, choices=Enrollment.Status, default=Enrollment.Status.ACTIVE
    )
    enrolled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "language"], name="language_enrollment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.language_id}"


class DueEnrollment(models.Model):
    """Somebody signed up and could not be enrolled: the sweep will. No row, nothing due."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    error = models.TextField()
    tries = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.error}"


class BackfillRun(models.Model):
    """One run of the backfill, as it goes: what it shall do, how far it is, what came of it."""

    class Status(models.TextChoices):
        DUE = "DUE", _("Waiting to start")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    course = models.ForeignKey(
        Course,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"status": Course.Status.PUBLISHED, "deleted_at": None},
    )
    missing = models.BooleanField(
        _("every missing pair"), default=False, help_text="Off: only people without any enrolment."
    )
    batch_size = models.PositiveIntegerField(
        _("people a transaction"),
        default=10_000,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.DUE)
    last_user = models.UUIDField(null=True, editable=False)
    users_total = models.PositiveIntegerField(default=0)
    users_done = models.PositiveIntegerField(default=0)
    inserted = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Backfill {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def percent(self) -> int:
        return 100 * self.users_done // self.users_total if self.users_total else 0
