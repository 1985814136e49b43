"""Writing the outline of a course: what is new, and what goes elsewhere.

Whoever writes holds the lock of the course, so that two authors follow each other.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from courses.actions import save_rendered, save_rendered_course
from courses.errors import CourseRefusal, Deleted, ModuleDeleted
from courses.models import Course, Lesson, Module, ProgrammingLanguage
from studio.admin.lesson import JUDGED, make_judged
from studio.editing import editing
from studio.importing.outline import free_slug

FIRST_MODULE = "First steps"
XP_OF_JUDGED = 20
# Addresses of the desk itself.
NO_SLUGS = {"new", "import"}
TRIES = 5


def new_course(values: dict[str, Any]) -> Course:
    """Make a draft with one module. Two of one title at the same time get two addresses."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _made(values)
        except IntegrityError:
            continue
    raise CourseRefusal("Others are making courses of this title. Try again.")


def _made(values: dict[str, Any]) -> Course:
    base = slugify(values["title"])[:76] or "course"
    taken = set(Course.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    course = Course(**values, slug=free_slug(base, taken | NO_SLUGS))
    save_rendered_course(course)
    add_module(course, FIRST_MODULE)
    return course


def language_named(name: str) -> ProgrammingLanguage:
    """The language of that name, made if there is none."""
    found = ProgrammingLanguage.objects.filter(name__iexact=name).first()
    if found:
        return found
    slug = slugify(name)[:60] or "language"
    return ProgrammingLanguage.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def add_module(course: Course, title: str) -> Module:
    """Add a module after the last one. Raises Deleted."""
    with editing(course) as locked:
        if locked.deleted_at:
            raise Deleted
        # An archived one keeps its address, to be restored with it.
        taken = set(locked.modules.values_list("slug", flat=True))
        last = max(locked.modules.values_list("position", flat=True), default=0)
        slug = free_slug(slugify(title) or "module", taken)
        return Module.objects.create(course=locked, title=title, slug=slug, position=last + 1)


def add_lesson(module: Module, title: str, kind: str) -> Lesson:
    """Add a draft at the end of the module, with what it is judged by. Raises ModuleDeleted."""
    with editing(module.course) as course:
        if not course.modules.filter(pk=module.pk, deleted_at=None).exists():
            raise ModuleDeleted
        taken = set(course.lessons.values_list("slug", flat=True))
        lesson = Lesson(
            course=course,
            module=module,
            title=title,
            kind=kind,
            slug=free_slug(slugify(title) or "lesson", taken),
            position=_last(module) + 1,
        )
        if kind in JUDGED:
            lesson.completion = Lesson.Completion.BY_PASSING
            lesson.xp_reward = XP_OF_JUDGED
        save_rendered(lesson)
        make_judged(lesson)
        return lesson


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
    return bool(rows.update(module=module, position=_last(module) + 1))


def set_required(lesson: Lesson, required: bool) -> bool:
    """Let it count towards the course's end, or not. Inside `editing`."""
    rows = Lesson.objects.filter(pk=lesson.pk).exclude(is_required=required)
    return bool(rows.update(is_required=required))


def _last(module: Module) -> int:
    places = Lesson.objects.filter(module=module).values_list("position", flat=True)
    return max(places, default=0)
