"""What this room keeps of people."""

from accounts.personal import Leaving, declare, deleted, kept
from notifications.models import (
    Announcement,
    Contact,
    Delivery,
    EmailLog,
    Mute,
    Notification,
    PhoneCode,
    Preference,
    PushSubscription,
)

HOW_IT_LEAVES = ("claimed_until", "provider_id", "fault", "tries", "stuck_since")


def forget_addresses(leaving: Leaving) -> None:
    """Of mail that went to somebody before they had an account only the address is known."""
    EmailLog.objects.filter(user=None, to__in=leaving.emails).delete()


declare(
    "notifications",
    deleted(Delivery, "user", hides=HOW_IT_LEAVES),
    deleted(EmailLog, "user", hides=HOW_IT_LEAVES),
    deleted(Notification, "user"),
    deleted(Preference, "user"),
    deleted(Mute, "user"),
    deleted(Contact, "user"),
    deleted(PhoneCode, "user", hides=("digest",)),
    deleted(PushSubscription, "user", hides=("p256dh", "auth")),
    kept(
        Announcement, "author", keeps=("title", "text"), hides=("reached_through",),
        why="What was told to a course stays told to it.",
    ),
    first=forget_addresses,
)  # fmt: skip
