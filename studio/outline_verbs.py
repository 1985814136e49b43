"""What authors do to a lesson or a module of the outline, each with what is said of it then.

Inside `editing`. Nothing is said where nothing was to be changed.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from courses import actions
from courses.models import Lesson, Module
from studio import outline
from studio.ready import publish_fair_lesson


def publish(lesson: Lesson) -> str:
    return _("Published: %(lesson)s.") % {"lesson": lesson} if publish_fair_lesson(lesson) else ""


def hide(lesson: Lesson) -> str:
    return (
        _("Taken back, a draft again: %(lesson)s.") % {"lesson": lesson}
        if actions.hide_lesson(lesson)
        else ""
    )


def require(lesson: Lesson) -> str:
    done = outline.set_required(lesson, True)
    return (
        _("Counts towards the end of the course from now on: %(lesson)s.") % {"lesson": lesson}
        if done
        else ""
    )


def relax(lesson: Lesson) -> str:
    return (
        _("An extra from now on: %(lesson)s.") % {"lesson": lesson}
        if outline.set_required(lesson, False)
        else ""
    )


def archive(lesson: Lesson) -> str:
    return (
        _("Archived: %(lesson)s. Undo is available.") % {"lesson": lesson}
        if actions.delete_lesson(lesson)
        else ""
    )


def restore(lesson: Lesson) -> str:
    return (
        _("Restored, as a draft: %(lesson)s.") % {"lesson": lesson}
        if actions.restore_lesson(lesson)
        else ""
    )


def undo(lesson: Lesson) -> str:
    """Bring back what was archived a moment ago: if learners had it, they have it again."""
    if not actions.restore_lesson(lesson):
        return ""
    if lesson.status == Lesson.Status.PUBLISHED:
        publish(lesson)
    return _("Back as it was: %(lesson)s.") % {"lesson": lesson}


def lesson_up(lesson: Lesson) -> str:
    return (
        place_of(lesson)
        if actions.move_lesson(lesson, "up")
        else _("%(lesson)s is first already.") % {"lesson": lesson}
    )


def lesson_down(lesson: Lesson) -> str:
    return (
        place_of(lesson)
        if actions.move_lesson(lesson, "down")
        else _("%(lesson)s is last already.") % {"lesson": lesson}
    )


def place_of(moved: Lesson) -> str:
    """Where it stands after it was moved."""
    lesson = Lesson.objects.select_related("module").get(pk=moved.pk)
    rows = Lesson.objects.filter(module=lesson.module_id, deleted_at=None)
    keys = list(rows.order_by("position", "id").values_list("pk", flat=True))
    place = _("lesson %(value)s of %(keys)s in %(module)s") % {
        "value": keys.index(lesson.pk) + 1,
        "keys": len(keys),
        "module": lesson.module,
    }
    return _("Moved: %(lesson)s is %(place)s.") % {"lesson": lesson, "place": place}


def module_up(module: Module) -> str:
    moved = actions.move_module(module, "up")
    return (
        place_of_module(module) if moved else _("%(module)s is first already.") % {"module": module}
    )


def module_down(module: Module) -> str:
    moved = actions.move_module(module, "down")
    return (
        place_of_module(module) if moved else _("%(module)s is last already.") % {"module": module}
    )


def place_of_module(module: Module) -> str:
    rows = Module.objects.filter(course=module.course_id, deleted_at=None)
    keys = list(rows.order_by("position", "id").values_list("pk", flat=True))
    return _("Moved: %(module)s is module %(value)s of %(keys)s.") % {
        "module": module,
        "value": keys.index(module.pk) + 1,
        "keys": len(keys),
    }


def archive_module(module: Module) -> str:
    done = actions.delete_module(module)
    return (
        _("Archived, with its lessons: %(module)s. Undo is available.") % {"module": module}
        if done
        else ""
    )


def restore_module(module: Module) -> str:
    return (
        _("Restored, with its lessons: %(module)s.") % {"module": module}
        if actions.restore_module(module)
        else ""
    )


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
