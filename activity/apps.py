"""The activity app."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "activity"

    def ready(self) -> None:
        from activity import personal_tables, receivers  # noqa: F401, PLC0415
