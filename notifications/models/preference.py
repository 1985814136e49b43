"""How somebody likes to be told."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7


class Channel(models.TextChoices):
    """The ways to tell somebody something."""

    IN_APP = "IN_APP", _("On the site")
    EMAIL = "EMAIL", _("Email")
    WEEKLY = "WEEKLY", _("Weekly email")
    PUSH = "PUSH", _("Push")
    SMS = "SMS", _("SMS")


class Preference(models.Model):
    """A choice about one topic and one channel, kept only where it differs from the default."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notification_preferences",
        db_index=False,
    )
    topic = models.CharField(max_length=24)
    channel = models.CharField(max_length=8, choices=Channel)
    is_on = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "topic", "channel"], name="preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.channel}: {'on' if self.is_on else 'off'}"


class Mute(models.Model):
    """Something that somebody does not want to hear of. `title` says what it is called."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes", db_index=False
    )
    about = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["title", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "about"], name="mute_once")]

    def __str__(self) -> str:
        return self.title


class Contact(models.Model):
    """When somebody is to be left alone, and the number that is theirs.

    The hours are by the person's own clock, and may run over midnight. Whoever has no row has
    what a new one has.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="contact",
    )
    is_quiet = models.BooleanField(_("quiet hours"), default=True)
    quiet_from = models.TimeField("from", default=time(21))
    quiet_to = models.TimeField("to", default=time(8))
    phone = models.CharField(max_length=16, blank=True)
    phone_confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(phone_confirmed_at=None) | ~Q(phone=""),
                name="contact_confirmed_is_a_number",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PhoneCode(models.Model):
    """A code on its way to a telephone. It is kept as a keyed hash of person, number and code."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="phone_code",
    )
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.pk)
