"""What staff and sign-ins did, one row each, which nobody changes: the audit log."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.audit_kinds import KINDS, Kind
from accounts.keys import uuid7


class AuditEntry(models.Model):
    """Who did what to what, when, from where, and why. Triggers refuse every change.

    A row may go once the time is over for which it is kept. It holds people by their keys alone,
    and no foreign key holds them: an erased account is a pseudonym here, a deleted one a number.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField("when", default=now)
    kind = models.CharField("what", max_length=40)
    # Nobody: the house itself, by a command or because time passed.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    # Whom it concerns.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    target = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    data = models.JSONField(default=dict)
    ip = models.GenericIPAddressField("address", null=True)
    request_id = models.CharField("request", max_length=32, blank=True)
    keep_until = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(kind=""), name="auditentry_says_what"),
            models.CheckConstraint(
                condition=Q(keep_until__gt=models.F("created_at")), name="auditentry_is_kept"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-created_at", "-id"], name="audit_by_time"),
            models.Index(fields=["kind", "-created_at", "-id"], name="audit_by_kind"),
            models.Index(fields=["actor", "-created_at", "-id"], name="audit_by_actor"),
            models.Index(fields=["person", "-created_at", "-id"], name="audit_by_person"),
            models.Index(fields=["target", "-created_at", "-id"], name="audit_by_target"),
            models.Index(fields=["keep_until"], name="audit_by_end"),
        ]

    def __str__(self) -> str:
        return str(self.what)

    @property
    def what(self) -> str:
        """The kind in words; one that the house has forgotten, by its key."""
        known: Kind | None = KINDS.get(self.kind)
        return str(known.title) if known else self.kind
