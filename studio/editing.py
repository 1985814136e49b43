"""Changing the structure of a course: learners' progress is counted afresh once, at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from courses.actions import structure_changed
from courses.models import Course, Lesson
from progress.actions import recount_course

SHAPE = ("id", "module_id", "module__position", "position", "is_required", "minutes")


@contextmanager
def editing(course: Course) -> Iterator[Course]:
    """Lock the course, run the body, and recount if what learners see is other than before.

    One transaction. The body gets the locked course as it stands in the database.
    """
    with transaction.atomic():
        locked = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        before = _shape_of(locked)
        yield locked
        if _shape_of(locked) != before:
            structure_changed(locked)
            recount_course(locked)


def _shape_of(course: Course) -> list[tuple[object, ...]]:
    return list(Lesson.objects.shown().filter(course=course).order_by("id").values_list(*SHAPE))
