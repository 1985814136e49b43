"""What authors do to a lesson or a module of the outline, each with what is said of it then.

Inside `editing`. Nothing is said where nothing was to be changed.
"""

from collections.abc import Callable
from typing import Any

from courses import actions
from courses.models import Lesson, Module
from studio import outline
from studio.ready import publish_fair_lesson


def publish(lesson: Lesson) -> str:
    return f"Published: {lesson}." if publish_fair_lesson(lesson) else ""


def hide(lesson: Lesson) -> str:
    return f"Taken back, a draft again: {lesson}." if actions.hide_lesson(lesson) else ""


def require(lesson: Lesson) -> str:
    done = outline.set_required(lesson, True)
    return f"Counts towards the end of the course from now on: {lesson}." if done else ""


def relax(lesson: Lesson) -> str:
    return f"An extra from now on: {lesson}." if outline.set_required(lesson, False) else ""


def archive(lesson: Lesson) -> str:
    return f"Archived: {lesson}. Undo is available." if actions.delete_lesson(lesson) else ""


def restore(lesson: Lesson) -> str:
    return f"Restored, as a draft: {lesson}." if actions.restore_lesson(lesson) else ""


def undo(lesson: Lesson) -> str:
    """Bring back what was archived a moment ago: if learners had it, they have it again."""
    if not actions.restore_lesson(lesson):
        return ""
    if lesson.status == Lesson.Status.PUBLISHED:
        publish(lesson)
    return f"Back as it was: {lesson}."


def lesson_up(lesson: Lesson) -> str:
    return place_of(lesson) if actions.move_lesson(lesson, "up") else f"{lesson} is first already."


def lesson_down(lesson: Lesson) -> str:
    return place_of(lesson) if actions.move_lesson(lesson, "down") else f"{lesson} is last already."


def place_of(moved: Lesson) -> str:
    """Where it stands after it was moved."""
    lesson = Lesson.objects.select_related("module").get(pk=moved.pk)
    rows = Lesson.objects.filter(module=lesson.module_id, deleted_at=None)
    keys = list(rows.order_by("position", "id").values_list("pk", flat=True))
    place = f"lesson {keys.index(lesson.pk) + 1} of {len(keys)} in {lesson.module}"
    return f"Moved: {lesson} is {place}."


def module_up(module: Module) -> str:
    moved = actions.move_module(module, "up")
    return place_of_module(module) if moved else f"{module} is first already."


def module_down(module: Module) -> str:
    moved = actions.move_module(module, "down")
    return place_of_module(module) if moved else f"{module} is last already."


def place_of_module(module: Module) -> str:
    rows = Module.objects.filter(course=module.course_id, deleted_at=None)
    keys = list(rows.order_by("position", "id").values_list("pk", flat=True))
    return f"Moved: {module} is module {keys.index(module.pk) + 1} of {len(keys)}."


def archive_module(module: Module) -> str:
    done = actions.delete_module(module)
    return f"Archived, with its lessons: {module}. Undo is available." if done else ""


def restore_module(module: Module) -> str:
    return f"Restored, with its lessons: {module}." if actions.restore_module(module) else ""


LESSON_VERBS: dict[str, Callable[[Any], str]] = {
    "publish": publish, "hide": hide, "require": require, "relax": relax, "archive": archive,
    "restore": restore, "undo": undo, "up": lesson_up, "down": lesson_down,
}  # fmt: skip
MODULE_VERBS: dict[str, Callable[[Any], str]] = {
    "archive": archive_module,
    "restore": restore_module,
    "up": module_up,
    "down": module_down,
}
