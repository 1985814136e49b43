"""The progress app."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"

    def ready(self) -> None:
        from progress import personal_tables, receivers  # noqa: F401, PLC0415
