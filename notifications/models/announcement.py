"""What staff tell the people of a course, or everybody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.keys import uuid7
from courses.models import Course


class Announcement(models.Model):
    """Written, sent at its time, and told to people in the order of their keys.

    `reached_through` is the last person who was told; `reached` is counted, never added to.
    """

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
