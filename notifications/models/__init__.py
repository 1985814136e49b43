"""Who is told what, how they like to be told, and what left the site."""

from notifications.models.announcement import Announcement
from notifications.models.notification import Notification
from notifications.models.outgoing import Delivery, EmailLog, Outgoing, PushSubscription
from notifications.models.preference import Channel, Contact, Mute, PhoneCode, Preference

__all__ = [
    "Announcement",
    "Channel",
    "Contact",
    "Delivery",
    "EmailLog",
    "Mute",
    "Notification",
    "Outgoing",
    "PhoneCode",
    "Preference",
    "PushSubscription",
]
