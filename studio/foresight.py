"""What a change would do to learners: it is made, looked at, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.numerals import grouped
from courses.errors import CourseRefusal
from courses.models import Course
from enrollments.models import Enrollment
from studio.editing import editing
from studio.effects import watching
from studio.ready import undone, words_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Sentences about learners, or why it cannot be done."""

    sentences: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()


def foresee(course: Course, change: Callable[[Course], Any]) -> Foreseen:
    """Make the change in a transaction that is rolled back, and say what it would do."""
    learners = Enrollment.objects.filter(course=course.pk)
    try:
        with undone():
            before = learners.count()
            with watching(course) as effects, editing(course) as locked:
                change(locked)
            enrolled = learners.count() - before
            closed = (
                course.is_published and not Course.objects.published().filter(pk=course.pk).exists()
            )
            shut_out = learners.current().count() if closed else None
    except CourseRefusal as refusal:
        return Foreseen(refusals=tuple(words_of(refusal)))
    told = [at_once(enrolled)] if enrolled else []
    if shut_out is not None:
        told.append(cannot_open(shut_out))
    return Foreseen(sentences=(*told, *effects.sentences))


def cannot_open(number: int) -> str:
    if not number:
        return _("Nobody is enrolled.")
    return ngettext(
        "%(number)s learner cannot open it any more; what they did stays.",
        "%(number)s learners cannot open it any more; what they did stays.",
        number,
    ) % {"number": grouped(number)}


def at_once(number: int) -> str:
    return ngettext(
        "%(number)s learner who follows the course's language is enrolled at once.",
        "%(number)s learners who follow the course's language are enrolled at once.",
        number,
    ) % {"number": grouped(number)}
