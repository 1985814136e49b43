"""The notifications app."""

from django.apps import AppConfig
from django.conf import settings


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from notifications import checks, personal_tables, receivers  # noqa: F401, PLC0415

        if settings.EMAIL_WEBHOOK_SECRET:
            # Only where the optional package is there.
            from anymail.signals import tracking  # noqa: PLC0415

            from notifications.bounces import hear  # noqa: PLC0415

            tracking.connect(hear)
