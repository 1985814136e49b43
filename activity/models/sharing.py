"""What of somebody's own history others in their courses may see: nothing, unless they say so."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Sharing(models.Model):
    """A person's choice. Without a row, or switched off, nobody else sees anything."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="sharing",
    )
    is_on = models.BooleanField(default=False)
    # It outlasts switching off: what was hidden once is hidden still when it is on again.
    hidden = ArrayField(models.CharField(max_length=32), default=list)

    class Meta:
        verbose_name_plural = _("choices of sharing")
        indexes = [
            models.Index(fields=["user"], condition=models.Q(is_on=True), name="sharing_is_on")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} shares: {self.is_on}"
