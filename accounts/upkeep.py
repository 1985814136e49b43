"""What was done to keep the site sound, and when: looks of the doctor, and backups."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.keys import uuid7
from accounts.numerals import decimal

type Found = Sequence[Mapping[str, Any]]
KEPT = timedelta(days=90)


class UpkeepQuerySet(models.QuerySet["Upkeep"]):
    def looks(self) -> Self:
        return self.filter(kind=Upkeep.Kind.LOOK)

    def open(self) -> Self:
        """Asked for, and not come to an end."""
        return self.filter(ended_at=None)

    def last_first(self) -> Self:
        """By their ends, whenever they were asked for. What has none yet comes before all."""
        return self.order_by("-ended_at", "-pk")

    def ended(self) -> Self:
        """The last first."""
        return self.filter(ended_at__isnull=False).last_first()

    def last_of_each(self) -> Self:
        """Of each kind the last that came to its end."""
        whole = self.filter(ended_at__isnull=False, fault="")
        return whole.order_by("kind", "-ended_at", "-pk").distinct("kind")

    def old(self, patience: timedelta = timedelta(0)) -> Self:
        """What is forgotten. The last of each kind stays, however old it is."""
        last = Upkeep.objects.last_of_each().values("pk")
        return self.filter(asked_at__lt=now() - KEPT - patience).exclude(pk__in=last)


class Upkeep(models.Model):
    """A look of the doctor at the whole site, or a backup.

    `found` of a look has a line for each check: `{"name", "found", "left", "details", "since"}`.
    `fault` says why one came to no end of its own; of one under way, where it is.
    """

    class Kind(models.TextChoices):
        LOOK = "LOOK"
        BACKUP = "BACKUP"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    # Nobody: beat, or a command.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    found: Any = models.JSONField(default=list)
    fault = models.CharField(max_length=500, blank=True)

    objects = UpkeepQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(ended_at=None), name="upkeep_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at__isnull=False) | ~Q(fault=""),
                name="upkeep_ended_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-asked_at"], name="upkeep_by_time")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def seconds(self) -> str:
        """How long it took, to a tenth; empty, if it never began or came to no end."""
        if not (self.started_at and self.ended_at):
            return ""
        return decimal((self.ended_at - self.started_at).total_seconds(), 1)

    @property
    def off(self) -> list[dict[str, Any]]:
        """The checks that found something."""
        return [one for one in self.found if one["left"]]


def last_of_each() -> dict[str, Upkeep]:
    """The last look and the last backup that came to their end, by kind; one query."""
    return {row.kind: row for row in Upkeep.objects.last_of_each()}


def want(kind: Upkeep.Kind, by: UUID | None = None) -> bool:
    """Note that one is due; False if one is due already."""
    _row, is_new = Upkeep.objects.get_or_create(
        kind=kind, ended_at=None, defaults={"asked_by_id": by}
    )
    return is_new


def begin(row: Upkeep) -> None:
    row.started_at, row.tries = now(), row.tries + 1
    row.save(update_fields=["started_at", "tries"])


def come_to(row: Upkeep, place: str) -> None:
    """Note where it is, in case that it gets no further."""
    row.fault = place
    row.save(update_fields=["fault"])


def end(row: Upkeep, found: Found, at: datetime) -> None:
    row.ended_at, row.found, row.fault = at, found, ""
    row.save(update_fields=["ended_at", "found", "fault"])


def give_up(row: Upkeep, fault: str) -> None:
    row.ended_at, row.fault = now(), fault
    row.save(update_fields=["ended_at", "fault"])


def note(kind: Upkeep.Kind, began: datetime, ended: datetime, found: Found = ()) -> None:
    """Keep one that was done without being asked for."""
    Upkeep.objects.create(
        kind=kind, asked_at=began, started_at=began, ended_at=ended, found=list(found)
    )


def forget() -> int:
    return Upkeep.objects.old().delete()[0]
