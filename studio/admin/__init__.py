"""Writing courses in the admin, for people who do not program."""

from studio.admin import catalogue, course, lesson, module, people, question, quiz

__all__ = ["catalogue", "course", "lesson", "module", "people", "question", "quiz"]
