"""The room of quizzes and assignments."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import personal_tables, receivers  # noqa: F401, PLC0415
