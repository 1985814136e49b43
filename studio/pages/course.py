"""What the page of a course shows its authors: the outline with drafts, and what was archived."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from courses.models import Course, Lesson, Module
from studio.authoring_forms import NewLessonForm, NewModuleForm
from studio.templatetags.numbers import seconds

Kind = Lesson.Kind
ICONS = {
    Kind.ARTICLE: "file-text", Kind.VIDEO: "video", Kind.CODE_EXAMPLE: "code",
    Kind.INTERACTIVE: "puzzle", Kind.QUIZ: "list-checks", Kind.ASSIGNMENT: "terminal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson of the outline. `gone`: it was archived a moment ago, and can be brought back."""

    lesson: Lesson
    icon: str
    quiz: UUID | None
    assignment: UUID | None
    questions: int
    gone: bool = False

    @property
    def is_draft(self) -> bool:
        return self.lesson.status == Lesson.Status.DRAFT


@dataclass(slots=True)
class ModuleRow:
    module: Module
    form: NewLessonForm
    lessons: list[LessonRow] = field(default_factory=list)
    gone: bool = False

    @property
    def live(self) -> list[LessonRow]:
        return [row for row in self.lessons if not row.gone]

    @property
    def is_open(self) -> bool:
        """Whether its form for a lesson stands open: where nothing is yet, or where it failed."""
        return not self.live or self.form.is_bound


@dataclass(slots=True)
class CoursePage:
    course: Course
    modules: list[ModuleRow]
    archived_modules: Sequence[Module]
    archived_lessons: Sequence[Lesson]
    new_module: NewModuleForm

    @property
    def lessons(self) -> list[LessonRow]:
        return [row for module in self.modules if not module.gone for row in module.live]

    @property
    def drafts(self) -> int:
        return sum(row.is_draft for row in self.lessons)

    @property
    def archived(self) -> int:
        return len(self.archived_modules) + len(self.archived_lessons)

    @property
    def minutes(self) -> int:
        return sum(row.lesson.minutes for row in self.lessons)

    @property
    def time(self) -> str:
        """The same in hours and minutes."""
        return seconds(60 * self.minutes)


def course_page(
    course: Course,
    *,
    gone: str = "",
    new_lesson: tuple[UUID, NewLessonForm] | None = None,
    new_module: NewModuleForm | None = None,
) -> CoursePage:
    """Two queries. `gone` is the key of what was archived a moment ago: it keeps its place."""
    modules = list(course.modules.order_by("position", "id").defer("syllabus"))
    rows = {one.pk: module_row(one, gone, new_lesson) for one in modules if is_here(one, gone)}
    archived = []
    for lesson in lessons_of(course):
        row = rows.get(lesson.module_id)
        if lesson.deleted_at and str(lesson.pk) != gone:
            archived.append(lesson)
        elif row:
            row.lessons.append(lesson_row(lesson, gone))
    return CoursePage(
        course=course,
        modules=list(rows.values()),
        archived_modules=[one for one in modules if one.deleted_at and not is_here(one, gone)],
        archived_lessons=[one for one in archived if not one.module.deleted_at],
        new_module=new_module or NewModuleForm(),
    )


def is_here(one: Module | Lesson, gone: str) -> bool:
    return one.deleted_at is None or str(one.pk) == gone


def module_row(
    module: Module, gone: str, new_lesson: tuple[UUID, NewLessonForm] | None
) -> ModuleRow:
    bound = new_lesson[1] if new_lesson and new_lesson[0] == module.pk else None
    form = bound or NewLessonForm.of(module)
    return ModuleRow(module, form, gone=module.deleted_at is not None and str(module.pk) == gone)


def lesson_row(lesson: Any, gone: str) -> LessonRow:
    return LessonRow(
        lesson=lesson,
        icon=ICONS[Kind(lesson.kind)],
        quiz=lesson.quiz_key,
        assignment=lesson.assignment_key,
        questions=lesson.parts,
        gone=lesson.deleted_at is not None and str(lesson.pk) == gone,
    )


def lessons_of(course: Course) -> Any:
    live = Q(quiz__questions__deleted_at=None)
    return (
        course.lessons.select_related("module")
        .defer("content", "content_html", "widget", "module__syllabus")
        .annotate(
            quiz_key=F("quiz__id"),
            assignment_key=F("assignment__id"),
            parts=Count("quiz__questions", filter=live),
        )
        .order_by("module__position", "module_id", "position", "id")
    )
