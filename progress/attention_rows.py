"""Whom the lists of students name, and whom staff have seen to."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Func, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from courses.models import Course

DAY = Func(F("named_at"), template="((%(expressions)s AT TIME ZONE 'UTC')::date)")


class AttentionMark(models.Model):
    """Staff has seen to somebody whom a course's list of students names: it is left out a while.

    One for each person and course, the latest; `by` is who said so. How long it hides them is said
    by `attention.HIDES`.
    """

    class Kind(models.TextChoices):
        CONTACTED = "CONTACTED", _("Contacted")
        NO_CONCERN = "NO_CONCERN", _("Not a concern")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="attention_mark_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["CONTACTED", "NO_CONCERN"]), name="attention_mark_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_id}: {self.get_kind_display()}"


class AttentionNamingQuerySet(models.QuerySet["AttentionNaming"]):
    def old(self, at: datetime) -> Self:
        """Those that are to be forgotten."""
        return self.filter(named_at__lte=at - AttentionNaming.KEPT)

    def settled(self, course: Course, at: datetime, counted_at: Subquery) -> Self:
        """Of each person the first that is still kept, where it is known what came of it.

        It is once the course was counted after the time that is waited.
        """
        known = self.filter(
            course=course,
            named_at__gt=at - AttentionNaming.KEPT,
            named_at__lte=counted_at - AttentionNaming.WAITS,
        )
        first = known.order_by("user", "named_at").distinct("user")
        return self.filter(pk__in=first.values("pk"))

    def outcomes(self) -> dict[str, int]:
        """How many there are, were contacted, and stayed away without. One query."""
        alone = Q(contacted_at=None)
        return self.aggregate(
            named=Count("pk"),
            contacted=Count("pk", filter=~alone),
            away=Count("pk", filter=alone & Q(came_back_at=None)),
        )


class AttentionNaming(models.Model):
    """The list of a course named somebody: once in the time in which it is seen what comes of it.

    `contacted_at` and `came_back_at` are the first time that staff contacted them, and that they
    were in the course again, within that time.
    """

    WAITS = timedelta(days=21)
    KEPT = timedelta(days=180)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    named_at = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True)
    came_back_at = models.DateTimeField(null=True)

    objects = AttentionNamingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("user", "course", DAY, name="attention_naming_once")]

    def __str__(self) -> str:
        return f"{self.user_id} named in {self.course_id} at {self.named_at}"
