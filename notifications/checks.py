"""What can be seen to be wrong with the settings of messages before one is sent."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from notifications import sms_gateway


@register
def gateway_can_be_asked(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.SMS_GATEWAY:
        return []
    try:
        gateway = sms_gateway.chosen()
    except Exception as fault:  # a gateway may want settings of its own
        why = f"SMS_GATEWAY names no gateway that can be made: {fault}"
        return [
            Error(why, hint="Such as notifications.sms_gateway.Console.", id="notifications.E1")
        ]
    if callable(getattr(gateway, "send", None)):
        return []
    return [Error("What SMS_GATEWAY names has no method `send(to, text)`.", id="notifications.E2")]
