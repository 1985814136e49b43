"""What is taught: languages, courses, modules, lessons, and the files that lessons show."""

from courses.models.course import (
    MAX_TEXT,
    Asset,
    Course,
    CourseQuerySet,
    opened_by,
)
from courses.models.course_import import CourseImport
from courses.models.language import Difficulty, ProgrammingLanguage, Tier
from courses.models.lesson import Lesson, LessonQuerySet, Module

__all__ = [
    "MAX_TEXT",
    "Asset",
    "Course",
    "CourseImport",
    "CourseQuerySet",
    "Difficulty",
    "Lesson",
    "LessonQuerySet",
    "Module",
    "ProgrammingLanguage",
    "Tier",
    "opened_by",
]
