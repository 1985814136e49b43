"""Writing the outline of a course: what is new, and what goes elsewhere.

Whoever writes holds the lock of the course, so that two authors follow each other.
"""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from accounts.keys import uuid7
from assessments.assignments import create_assignment
from assessments.questions import create_quiz
from courses.actions import save_rendered, save_rendered_course
from courses.errors import CourseRefusal, Deleted, ModuleDeleted
from courses.models import Course, Lesson, Module, ProgrammingLanguage
from studio.editing import editing
from studio.importing.outline import free_slug
from studio.importing.tree import RESERVED

Kind = Lesson.Kind
JUDGED = (Kind.QUIZ, Kind.ASSIGNMENT)
FIRST_MODULE = "First steps"
XP_OF_JUDGED = 20
LONGEST_OF_A_LANGUAGE = 56
# What two who make a course at the same time may both have taken.
TAKEN = {
    "courses_course_pkey", "courses_course_slug_key", "courses_programminglanguage_slug_key",
}  # fmt: skip
TRIES = 5


def new_course(
    values: dict[str, Any], *, new_language: str = "", key: UUID | None = None
) -> Course:
    """Make a draft with one module. Two of one title at the same time get two addresses.

    `key` is of the form it was typed into: sent twice, it makes one course. So do those below.
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _made(values, new_language, key)
        except IntegrityError as fault:
            if constraint_of(fault) not in TAKEN:
                raise
    raise CourseRefusal("Others are making courses of this title. Try again.")


def constraint_of(fault: IntegrityError) -> str:
    """The name of the constraint that refused."""
    return getattr(getattr(fault.__cause__, "diag", None), "constraint_name", None) or ""


def _made(values: dict[str, Any], new_language: str, key: UUID | None) -> Course:
    if made := made_before(Course.objects.all(), key, values["title"]):
        return made
    if new_language:
        values = {**values, "language": language_named(new_language)}
    base = slugify(values["title"])[:76] or "course"
    taken = set(Course.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    course = Course(**values, pk=free_key(Course, key), slug=free_slug(base, taken | RESERVED))
    save_rendered_course(course)
    add_module(course, FIRST_MODULE)
    return course


def made_before[Row: Course | Module | Lesson](
    rows: QuerySet[Row], key: UUID | None, title: str
) -> Row | None:
    """What this form has made already. With another title it means another one."""
    return rows.filter(pk=key, title=title).first() if key else None


def free_key(model: Any, key: UUID | None) -> UUID:
    """The key if no row has it yet."""
    return key if key and not model.objects.filter(pk=key).exists() else uuid7()


def language_named(name: str) -> ProgrammingLanguage:
    """The language of that name, made if there is none."""
    found = ProgrammingLanguage.objects.filter(name__iexact=name, is_active=True).first()
    if found:
        return found
    taken = set(ProgrammingLanguage.objects.values_list("slug", flat=True))
    slug = free_slug(slugify(name)[:LONGEST_OF_A_LANGUAGE] or "language", taken)
    return ProgrammingLanguage.objects.create(name=name, slug=slug)


def add_module(course: Course, title: str, key: UUID | None = None) -> Module:
    """Add a module after the last one. Raises Deleted."""
    with editing(course) as locked:
        if made := made_before(locked.modules.all(), key, title):
            return made
        if locked.deleted_at:
            raise Deleted
        module = Module(pk=free_key(Module, key), title=title)
        settle_module(module, locked)
        module.save()
        return module


def settle_module(module: Module, course: Course) -> None:
    """Give a new module an address and, if it asks for no place, the last one. Inside `editing`."""
    # An archived one keeps its address, to be restored with it.
    taken = set(course.modules.values_list("slug", flat=True))
    module.course, module.slug = course, free_slug(slugify(module.title) or "module", taken)
    module.position = module.position or _last(course.modules.all()) + 1


def save_module(module: Module) -> None:
    """Save its title and summary. Inside `editing`."""
    module.save(update_fields=["title", "description"])


def add_lesson(module: Module, title: str, kind: str, key: UUID | None = None) -> Lesson:
    """Add a draft at the end of the module, with what it is judged by. Raises ModuleDeleted."""
    with editing(module.course) as course:
        if made := made_before(module.lessons.all(), key, title):
            return made
        if not course.modules.filter(pk=module.pk, deleted_at=None).exists():
            raise ModuleDeleted
        lesson = Lesson(pk=free_key(Lesson, key), title=title, kind=kind)
        settle_lesson(lesson, module, course)
        if kind in JUDGED:
            lesson.completion = Lesson.Completion.BY_PASSING
            lesson.xp_reward = XP_OF_JUDGED
        save_rendered(lesson)
        make_judged(lesson)
        return lesson


def settle_lesson(lesson: Lesson, module: Module, course: Course) -> None:
    """Give a new lesson an address and, if it asks for no place, the last one. Inside `editing`."""
    taken = set(course.lessons.values_list("slug", flat=True))
    lesson.course, lesson.module = course, module
    lesson.slug = free_slug(slugify(lesson.title) or "lesson", taken)
    lesson.position = lesson.position or _last(module.lessons.all()) + 1


def make_judged(lesson: Lesson) -> None:
    """Make what learners are judged by, if the lesson consists of that."""
    if lesson.kind == Kind.QUIZ:
        create_quiz(lesson)
    elif lesson.kind == Kind.ASSIGNMENT:
        create_assignment(lesson)


def move_to_module(lesson: Lesson, module: Module) -> bool:
    """Put the lesson at the end of another module of its course. Inside `editing`.

    Raises Deleted, ModuleDeleted.
    """
    if module.course_id != lesson.course_id or module.deleted_at:
        raise ModuleDeleted
    if lesson.deleted_at:
        raise Deleted
    if lesson.module_id == module.pk:
        return False
    rows = Lesson.objects.filter(pk=lesson.pk)
    return bool(rows.update(module=module, position=_last(module.lessons.all()) + 1))


def set_required(lesson: Lesson, required: bool) -> bool:
    """Let it count towards the course's end, or not. Inside `editing`."""
    rows = Lesson.objects.filter(pk=lesson.pk).exclude(is_required=required)
    return bool(rows.update(is_required=required))


def _last(rows: QuerySet[Any]) -> int:
    return max(rows.values_list("position", flat=True), default=0)
