"""What somebody asked for and agreed to about their own data: exports, and the log of consent."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7


class PersonExportQuerySet(models.QuerySet["PersonExport"]):
    def asked_lately(self) -> Self:
        """Those that count against one a day; one that our side gave up does not."""
        return self.filter(asked_at__gt=now() - PersonExport.EVERY, failed_at=None)


class PersonExport(models.Model):
    """All that is known of a person, asked for on the site and made by a worker.

    The file has a made-up name in a folder that no address leads to.
    """

    KEPT = timedelta(hours=24)
    EVERY = timedelta(hours=24)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports"
    )
    asked_at = models.DateTimeField(default=now)
    # Until then whoever makes it is left alone.
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to="exports/", max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    objects = PersonExportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ready_at=None, failed_at=None),
                name="person_export_one_open",
            ),
            models.CheckConstraint(
                condition=Q(file="") | Q(ready_at__isnull=False),
                name="person_export_ready_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Export of {self.user_id}"

    @property
    def is_open(self) -> bool:
        """Whether it is still being made."""
        return self.ready_at is None and self.failed_at is None

    @property
    def ends_at(self) -> datetime | None:
        return self.ready_at + self.KEPT if self.ready_at else None

    @property
    def is_there(self) -> bool:
        """Whether it can be fetched."""
        return bool(self.file and self.ends_at and self.ends_at > now())


class Consent(models.Model):
    """Somebody agreed to something, or took it back, in these words. A trigger keeps each row."""

    class Kind(models.TextChoices):
        AGE = "AGE", _("Being old enough, or a parent's consent")
        VISITS = "VISITS", _("Visits counted under one's name")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents", db_index=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    is_given = models.BooleanField()
    text = models.CharField(max_length=500)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["user", "kind", "-at"], name="consent_of_person")]

    def __str__(self) -> str:
        return f"{self.kind}: {'given' if self.is_given else 'taken back'}"
