"""What somebody is told: once about each thing."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7

ANNOUNCED = ("ANNOUNCEMENT", "NEWS")
UNREAD = Q(in_app=True, read_at=None)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def shown(self) -> Self:
        """Those that their person reads on the site."""
        return self.filter(in_app=True)

    def unread(self) -> Self:
        return self.filter(UNREAD)

    def saved(self) -> Self:
        return self.shown().exclude(saved_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Notification(models.Model):
    """One message to one person.

    `kind` is a key of `messages.MESSAGES`, `subject` what it is about (`review:<uuid>`), `about`
    what muting it would mute (`course:<uuid>`). `data` is a copy of what the words need. A row
    that is not `in_app` stands behind a mail, or waits for the weekly one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,
    )
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=80)
    about = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict)
    in_app = models.BooleanField(_("in the app"), default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "subject"], name="notification_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_of_user"),
            models.Index(
                fields=["user", "-created_at", "-id"], condition=UNREAD, name="notification_unread"
            ),
            models.Index(
                fields=["user", "-created_at", "-id"],
                condition=~Q(saved_at=None),
                name="notification_saved",
            ),
            # The weeks of weekly mails: rows come in order of time, so this one is tiny.
            BrinIndex(fields=["created_at"], autosummarize=True, name="notification_by_time"),
            # Of everything else, nobody counts how many people heard it.
            models.Index(
                fields=["subject"],
                condition=Q(kind__in=ANNOUNCED),
                name="notification_announced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
