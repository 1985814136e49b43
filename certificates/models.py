"""Certificates: what was true on the day they were issued, for ever."""

import secrets
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

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


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def current(self) -> Self:
        """Those that no newer one stands in for."""
        return self.filter(superseded_by=None)

    def unsigned(self) -> Self:
        """Those that still want a signature; without a name there is nothing to sign."""
        return self.filter(credential="").exclude(holder="")

    def with_corrections(self) -> Self:
        """Each says in `is_corrected` whether its holder has put the name right, once for all."""
        mine = Certificate.objects.filter(
            user=OuterRef("user"),
            course=OuterRef("course"),
            issued_by=OuterRef("user"),
            supersedes__isnull=False,
        )
        return self.annotate(is_corrected=Exists(mine))


class Certificate(models.Model):
    """A finished course, as it was. Names and titles are copies; nothing of them changes later.

    A corrected name makes a new certificate, and the older one points to it. An erased person's
    certificate stays without a name.
    """

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        REVOKED = "revoked", _("Revoked")
        REPLACED = "replaced", _("Replaced")

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
    # Title, language, lessons, minutes, school, what was assessed, the day: see `snapshots`.
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
        help_text="Who issued it by hand or put the name right. Nobody: the course itself.",
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

    objects = CertificateQuerySet.as_manager()

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
        indexes = [
            # All of a person's certificates of a course, those that were replaced among them.
            models.Index(fields=["user", "course"], name="certificate_chain"),
            # Nearly always empty: the sweep looks here.
            models.Index(
                fields=["id"],
                condition=Q(credential="") & ~Q(holder=""),
                name="certificate_unsigned",
            ),
            models.Index(
                fields=["revoked_at"],
                condition=Q(revoked_at__isnull=False),
                name="certificate_revoked",
            ),
        ]

    def __str__(self) -> str:
        """By code: the admin's log keeps this text, and shall keep no name."""
        return f"{self.code}: {self.snapshot.get('title', self.course_id)}"

    def get_absolute_url(self) -> str:
        return reverse("classroom:certificate", args=[self.code])

    @property
    def link(self) -> str:
        """Where it is checked today: in links, whatever name the site was asked under."""
        return str(settings.SITE_URL) + self.get_absolute_url()

    @property
    def printed_address(self) -> str:
        """Where it was checked on the day: on the sheet, in the PDF and signed, alike for ever."""
        return str(self.snapshot["address"]) + self.get_absolute_url()

    @property
    def status(self) -> Status:
        if self.revoked_at:
            return self.Status.REVOKED
        return self.Status.REPLACED if self.superseded_by_id else self.Status.VALID

    @property
    def shown_holder(self) -> str:
        """The name as it may be read; empty once the holder was erased."""
        return "" if self.user.deleted_at else self.holder

    @property
    def completed_on(self) -> date:
        """The day by the holder's clock."""
        return date.fromisoformat(self.snapshot["completed_on"])
