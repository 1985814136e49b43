"""What a learner has done."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.keys import uuid7
from courses.models import Course, Lesson


class LessonProgress(models.Model):
    """The row exists: the person has completed the lesson."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="lesson_progress",
        db_index=False,
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="progress")
    completed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "lesson progress"
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="lesson_progress_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} completed {self.lesson_id}"


class LessonView(models.Model):
    """How often and when a person opened a lesson; feeds "resume"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="lesson_views",
        db_index=False,
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="views")
    view_count = models.PositiveIntegerField(default=1)
    first_viewed_at = models.DateTimeField(default=timezone.now)
    last_viewed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="lesson_view_once"),
        ]
        indexes = [models.Index(fields=["user", "-last_viewed_at"], name="lesson_view_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} saw {self.lesson_id}"


class CourseProgress(models.Model):
    """A cache per person and course over LessonProgress and the course's lessons.

    `done` of `total` are recounted, never added to; `structure_rev` says for which shape of the
    course. `completed_at` is sticky: a fact about a moment, not a cache. No row: nothing done yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="course_progress",
        db_index=False,
    )
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="progress")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    structure_rev = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    last_active_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "course progress"
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="course_progress_once"),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="course_progress_bounds"
            ),
        ]
        indexes = [
            # Nearly always empty: those whose last missing lesson was taken out of the course.
            models.Index(
                fields=["id"],
                condition=Q(done=F("total"), total__gt=0, completed_at=None),
                name="course_progress_finish_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.done} of {self.total}"
