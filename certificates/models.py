"""Certificates: what was true on the day they were issued, for ever."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from accounts.keys import uuid7
from courses.models import Course


def new_code() -> str:
    """128 bits of chance, in 22 characters that an address can carry."""
    return secrets.token_urlsafe(16)


class SigningKey(models.Model):
    """A key of the site's own. The newest signs; older ones still prove what they signed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Ed25519, 32 bytes each. The private half is encrypted with a key made of SECRET_KEY.
    public = models.BinaryField(max_length=32)
    private = models.BinaryField(max_length=200, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["retired_at"], nulls_distinct=False, name="signing_key_in_use_is_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Certificate(models.Model):
    """A finished course, as it was. Names and titles are copies; nothing of them changes later.

    A corrected name makes a new certificate, and the older one points to it. An erased person's
    certificate stays without a name.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=32, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="certificates",
        db_index=False,
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", db_index=False)
    holder = models.CharField(max_length=120, blank=True)
    # Title, summary, language, lessons, minutes, school, what was assessed: see `snapshots`.
    snapshot = models.JSONField()
    issued_at = models.DateTimeField(default=now)
    is_private = models.BooleanField(
        default=False, help_text="Checked only by somebody who knows the name as well."
    )
    credential = models.TextField(blank=True, help_text="The signed Open Badges credential.")
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, null=True, related_name="+")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Nobody: the course itself, when it was finished.",
    )
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course"],
                condition=Q(superseded_by=None),
                name="certificate_once",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(reason=""),
                name="certificate_revoked_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(credential="", key=None) | ~Q(credential="") & Q(key__isnull=False),
                name="certificate_signed_with_a_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.snapshot.get('title', self.course_id)}"

    def get_absolute_url(self) -> str:
        return reverse("classroom:certificate", args=[self.code])
