"""Writing courses in the admin, for people who do not program."""

from studio.admin import (
    assignment,
    audit,
    catalogue,
    code_records,
    course,
    lesson,
    module,
    people,
    question,
    quiz,
    review_records,
)

__all__ = [
    "assignment",
    "audit",
    "catalogue",
    "code_records",
    "course",
    "lesson",
    "module",
    "people",
    "question",
    "quiz",
    "review_records",
]
