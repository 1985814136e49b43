"""What staff tell the people of a course, or everybody."""

from datetime import datetime
from typing import Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from accounts.models import User
from courses.models import Course
from enrollments.models import Enrollment
from notifications.models.notification import ANNOUNCED, Notification

SUBJECT = "announcement:"


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def due(self, moment: datetime) -> Self:
        """Those whose time has come and that have not been told to the end."""
        return self.filter(send_at__lte=moment, sent_at=None, withdrawn_at=None)

    def readable_by(self, user: User) -> Self:
        """Those sent to people like this one, or told to them when they were there."""
        places = Enrollment.objects.learning().filter(user=user, course=OuterRef("course"))
        told = Notification.objects.filter(
            user=user,
            kind__in=ANNOUNCED,
            subject=Concat(Value(SUBJECT), Cast(OuterRef("pk"), models.TextField())),
        )
        confirmed = EmailAddress.objects.filter(user=user, verified=True)
        for_all = Q(Exists(confirmed), course=None)
        return self.exclude(started_at=None).filter(for_all | Q(Exists(places)) | Q(Exists(told)))


class Announcement(models.Model):
    """Written, sent at its time, and told to people in the order of their keys.

    `reached_through` is the last person who was told; `reached` is counted, never added to.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SCHEDULED = "SCHEDULED", _("Scheduled")
        DUE = "DUE", _("About to be sent")
        SENDING = "SENDING", _("Being sent")
        SENT = "SENT", _("Sent")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(
        Course,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="announcements",
        help_text="None: it is for everybody.",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=10_000)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)
    send_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reached_through = models.UUIDField(null=True, blank=True)
    reached = models.PositiveIntegerField(default=0)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["send_at"],
                condition=Q(sent_at=None, withdrawn_at=None, send_at__isnull=False),
                name="announcement_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(send_at__isnull=False),
                name="announcement_started_was_to_be_sent",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(started_at__isnull=False),
                name="announcement_sent_was_started",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """What notifications of it are about."""
        return f"{SUBJECT}{self.pk}"

    @property
    def state(self) -> State:
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if self.sent_at:
            return self.State.SENT
        if self.started_at:
            return self.State.SENDING
        if self.send_at:
            return self.State.DUE if self.send_at <= now() else self.State.SCHEDULED
        return self.State.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed, sent at another time, or withdrawn."""
        return self.started_at is None and self.withdrawn_at is None
