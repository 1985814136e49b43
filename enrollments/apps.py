"""The enrollments app."""

from django.apps import AppConfig


class EnrollmentsConfig(AppConfig):
    name = "enrollments"

    def ready(self) -> None:
        from enrollments import personal_tables, receivers  # noqa: F401, PLC0415
