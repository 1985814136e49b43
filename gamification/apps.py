"""The gamification app."""

from django.apps import AppConfig


class GamificationConfig(AppConfig):
    name = "gamification"

    def ready(self) -> None:
        from gamification import personal_tables, receivers  # noqa: F401, PLC0415
