"""What a worker of the code queue takes up: due, claimed for a while, finished once."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from assessments.models.attempt import CLOCK

Row = TypeVar("Row", bound=models.Model)

OPEN = ("PENDING", "RUNNING")


class WorkQuerySet(models.QuerySet[Row]):
    def open(self) -> Self:
        """Those without an outcome yet."""
        return self.filter(status__in=OPEN)

    def whole(self) -> Self:
        """Each with all that carrying it out asks for."""
        return self

    def due(self) -> Self:
        """Those that a worker may take up: waiting, or left behind by one that is gone."""
        return self.filter(
            Q(status="PENDING", due_at__lte=CLOCK) | Q(status="RUNNING", leased_until__lt=CLOCK)
        )


class Work(models.Model):
    """A row that says itself that it is due. Whoever claims it holds it while the lease is kept.

    `tries` counts how often it was taken up and not finished; `fault` says why, for staff.
    """

    class Status(models.TextChoices):
        PENDING = "PENDING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        PASSED = "PASSED", _("Passed")
        FAILED = "FAILED", _("Not passed")
        ERROR = "ERROR", _("Our fault")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    claim = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    moment: datetime

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(status="RUNNING", claim__isnull=False, leased_until__isnull=False)
                | ~Q(status="RUNNING") & Q(claim=None, leased_until=None),
                name="%(class)s_running_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, finished_at=None)
                | ~Q(status__in=OPEN) & Q(finished_at__isnull=False),
                name="%(class)s_outcome_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status__in=OPEN), name="%(class)s_open")
        ]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def waited(self) -> float | None:
        """Seconds from being asked for to being taken up."""
        return (self.started_at - self.created_at).total_seconds() if self.started_at else None
