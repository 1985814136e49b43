"""What a change would do to learners: it is made, looked at, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from courses.errors import CourseRefusal
from courses.models import Course
from studio.editing import editing
from studio.ready import undone, words_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Sentences about learners, or why it cannot be done."""

    sentences: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()


def foresee(course: Course, change: Callable[[Course], Any]) -> Foreseen:
    """Make the change in a transaction that is rolled back, and say what it would do."""
    try:
        with undone(), editing(course) as locked:
            change(locked)
    except CourseRefusal as refusal:
        return Foreseen(refusals=tuple(words_of(refusal)))
    return Foreseen()
