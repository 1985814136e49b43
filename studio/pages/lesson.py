"""What the page shows on which a lesson is written: its text, the course's files, what is amiss."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from assessments.models import Assignment, Quiz
from courses.actions import links_of
from courses.checks import Problem, problems_of_lesson
from courses.links import Links, asset_address
from courses.markdown import render
from courses.models import Asset, Lesson
from studio.authoring_forms import FILMS, PICTURES
from studio.naming import named

Kind = Lesson.Kind


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the course: what to write for it, and what it weighs."""

    asset: Asset
    address: str
    markdown: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class LessonDesk:
    lesson: Lesson
    files: Sequence[FileRow]
    problems: Sequence[Problem]
    quiz: UUID | None
    assignment: UUID | None
    html: SafeString

    @property
    def films(self) -> list[FileRow]:
        return [row for row in self.files if row.asset.path.lower().endswith(FILMS)]


def files_of(lesson: Lesson) -> list[FileRow]:
    """One query."""
    return [file_row(lesson, asset) for asset in Asset.objects.filter(course=lesson.course_id)]


def file_row(lesson: Lesson, asset: Asset) -> FileRow:
    """Links are relative to the lesson's own place in the course's folder."""
    name = posixpath.basename(asset.path)
    path = quote(posixpath.relpath(asset.path, posixpath.dirname(lesson.source) or "."))
    is_picture = name.lower().endswith(PICTURES)
    text = f"![What the picture shows]({path})" if is_picture else f"[{name}]({path})"
    return FileRow(asset, asset_address(lesson.course.slug, asset.path), text, is_picture)


def lesson_desk(lesson: Lesson, files: Sequence[FileRow], text: str | None = None) -> LessonDesk:
    """Three queries. `text` is what was typed and is not saved."""
    written = lesson.content if text is None else text
    links = links_of(lesson.course)
    quiz = assignment = None
    if lesson.kind == Kind.QUIZ:
        quiz = Quiz.objects.filter(lesson=lesson).values_list("pk", flat=True).first()
    elif lesson.kind == Kind.ASSIGNMENT:
        assignment = Assignment.objects.filter(lesson=lesson).values_list("pk", flat=True).first()
    return LessonDesk(
        lesson=lesson,
        files=files,
        problems=named(
            problems_of_lesson(lesson, lesson.course), lesson.content, lesson.source, links
        ),
        quiz=quiz,
        assignment=assignment,
        html=preview_of(lesson, written, links),
    )


def preview_of(lesson: Lesson, text: str, links: Links | None = None) -> SafeString:
    """The text as learners would read it. Two queries, unless the course's links are known."""
    resolve = (links or links_of(lesson.course)).resolver(lesson.source)
    return mark_safe(render(text, resolve=resolve))  # noqa: S308 - the renderer sanitises
