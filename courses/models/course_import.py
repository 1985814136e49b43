"""A course that somebody brings in: what was uploaded, what it would change, what it did."""

import posixpath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7


class CourseImport(models.Model):
    """An import as far as it has come. Whoever works on it holds its row locked.

    `plan` is what it would change and `report` what it did, as the import tells them. `by` asked
    for it. `is_changed` says that the plan is another than the one that was said yes to.
    """

    class Status(models.TextChoices):
        PLANNING = "PLANNING", _("Being worked out")
        READY = "READY", _("Ready to import")
        REFUSED = "REFUSED", _("Refused")
        APPLYING = "APPLYING", _("Being imported")
        DONE = "DONE", _("Imported")
        FAILED = "FAILED", _("Not imported")

    OPEN = (Status.PLANNING, Status.APPLYING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # For formats that say neither.
    slug = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=120, blank=True)
    overwrite = models.BooleanField(default=False)
    publish = models.BooleanField(default=False)
    regrade = models.BooleanField(default=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.PLANNING)
    plan = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    is_changed = models.BooleanField(default=False)
    # Whether attempts are still to be marked by the keys that it brought.
    marks_due = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["PLANNING", "READY", "REFUSED", "APPLYING", "DONE", "FAILED"]
                ),
                name="course_import_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["READY", "REFUSED", "APPLYING", "DONE"]) | ~Q(plan={}),
                name="course_import_has_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(status="DONE") & ~Q(report={})
                | ~Q(status="DONE") & Q(report={}, marks_due=False),
                name="course_import_done_is_reported",
            ),
        ]
        indexes = [
            models.Index(
                fields=["changed_at"],
                condition=Q(status__in=["PLANNING", "APPLYING"]) | Q(marks_due=True),
                name="course_import_open",
            ),
            models.Index(fields=["-created_at", "-id"], name="course_import_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("studio:import", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether a worker has something to do for it."""
        return self.status in self.OPEN

    @property
    def version(self) -> str:
        """Another one for each plan: who says yes says which they have seen."""
        return self.changed_at.isoformat()

    @property
    def file(self) -> str:
        """Where the upload lies in the storage, under no name that a stranger has chosen."""
        ending = posixpath.splitext(self.name)[1].lower()
        return f"imports/{self.pk}{ending if ending in {'.imscc', '.gift'} else '.zip'}"
