"""The ways to tell somebody something that this site has."""

from django.conf import settings

from notifications.models import Channel


def available() -> tuple[Channel, ...]:
    """In the order in which they are listed."""
    has = {
        Channel.PUSH: bool(settings.PUSH_VAPID_PRIVATE_KEY),
        Channel.SMS: bool(settings.SMS_GATEWAY),
    }
    return tuple(channel for channel in Channel if has.get(channel, True))
