"""What leaves the site: mail, push messages and text messages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from notifications.models.notification import Notification
from notifications.models.preference import Channel


class Outgoing(models.Model):
    """Something that is to be sent, and what became of it.

    What is lost after it was handed over is uncertain, and never sent again.
    """

    class State(models.TextChoices):
        DUE = "DUE", _("is to be sent")
        CLAIMED = "CLAIMED", _("is being looked at")
        HANDED = "HANDED", _("is being handed over")
        SENT = "SENT", _("was sent")
        FAILED = "FAILED", _("was refused")
        UNCERTAIN = "UNCERTAIN", _("may have been sent")
        DROPPED = "DROPPED", _("is not wanted any more")
        BOUNCED = "BOUNCED", _("came back")
        COMPLAINED = "COMPLAINED", _("was called unwanted")

    WAITING = (State.DUE, State.CLAIMED, State.HANDED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: an address of somebody who has no account.",
    )
    state = models.CharField(max_length=12, choices=State, default=State.DUE)
    due_at = models.DateTimeField(default=now)
    # When it was due first, while it cannot leave: each try that comes to nothing moves `due_at`.
    stuck_since = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="CLAIMED") | ~Q(claimed_until=None),
                name="%(class)s_claimed_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="SENT") | ~Q(sent_at=None), name="%(class)s_sent_at_a_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["DUE", "CLAIMED", "HANDED"]),
                name="%(class)s_waiting",
            ),
            models.Index(
                fields=["provider_id"], condition=~Q(provider_id=""), name="%(class)s_by_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class EmailLog(Outgoing):
    """A mail. Its text is never kept: there may be codes and links in it.

    `kind` is "account", "billing", "digest", or the topic of a notification. Of a notification,
    address and subject are written down when it is handed over: both may change until then.
    """

    notification = models.OneToOneField(
        Notification, on_delete=models.SET_NULL, null=True, blank=True, related_name="mail"
    )
    kind = models.CharField(max_length=24)
    period = models.CharField(max_length=16, blank=True)
    to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)

    class Meta(Outgoing.Meta):
        verbose_name = "mail"
        verbose_name_plural = "mails"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "kind", "period"],
                condition=~Q(period=""),
                name="mail_of_a_period_once",
            ),
        ]
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(
                fields=["to"],
                condition=Q(state__in=["BOUNCED", "COMPLAINED"]),
                name="mail_unwanted",
            ),
        ]


class PushSubscription(models.Model):
    """A browser that shows messages, until it says that it does not any more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    label = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.label or str(self.pk)


class Delivery(Outgoing):
    """A notification on its way to one browser, or to a telephone."""

    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    channel = models.CharField(
        max_length=8,
        choices=[(Channel.PUSH, Channel.PUSH.label), (Channel.SMS, Channel.SMS.label)],
    )
    push_subscription = models.ForeignKey(
        PushSubscription, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries"
    )

    class Meta(Outgoing.Meta):
        verbose_name_plural = "deliveries"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(
                fields=["notification", "channel", "push_subscription"],
                nulls_distinct=False,
                name="delivery_once",
            ),
            models.CheckConstraint(
                condition=Q(channel="PUSH", push_subscription__isnull=False)
                | Q(channel="SMS", push_subscription=None),
                name="delivery_to_one_place",
            ),
        ]
