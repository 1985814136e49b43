"""The room of quizzes and assignments."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
