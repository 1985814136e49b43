"""The outline of a course: modules and their lessons in order, without any text."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import UUID

# What `outline_from` wants of each lesson.
COLUMNS = (
    "id", "slug", "title", "kind", "minutes", "xp_reward", "is_required", "is_preview",
    "completion", "status", "module_id", "module__title", "module__description",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutlineLesson:
    id: UUID
    slug: str
    title: str
    kind: str
    minutes: int
    xp_reward: int
    is_required: bool
    is_preview: bool
    completion: str
    module_id: UUID
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class OutlineModule:
    id: UUID
    title: str
    description: str
    lessons: tuple[OutlineLesson, ...]

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True)
class Outline:
    """Modules that have something to show, in order."""

    modules: tuple[OutlineModule, ...]

    @cached_property
    def lessons(self) -> tuple[OutlineLesson, ...]:
        """All lessons in the order in which they are taught."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @cached_property
    def required(self) -> tuple[OutlineLesson, ...]:
        """The lessons over which percentages are taken."""
        return tuple(lesson for lesson in self.lessons if lesson.is_required)

    @cached_property
    def _places(self) -> dict[UUID, int]:
        return {lesson.id: place for place, lesson in enumerate(self.lessons)}

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    def __len__(self) -> int:
        return len(self.lessons)

    def __contains__(self, lesson_id: object) -> bool:
        return lesson_id in self._places

    def position_of(self, lesson_id: UUID) -> int | None:
        """The lesson's number in the course, from 1; None if it is not in the outline."""
        place = self._places.get(lesson_id)
        return None if place is None else place + 1

    def lesson(self, lesson_id: UUID) -> OutlineLesson | None:
        place = self._places.get(lesson_id)
        return None if place is None else self.lessons[place]

    def previous(self, lesson_id: UUID) -> OutlineLesson | None:
        return self._beside(lesson_id, -1)

    def next(self, lesson_id: UUID) -> OutlineLesson | None:
        return self._beside(lesson_id, +1)

    def _beside(self, lesson_id: UUID, step: int) -> OutlineLesson | None:
        place = self._places.get(lesson_id)
        if place is None or not 0 <= place + step < len(self.lessons):
            return None
        return self.lessons[place + step]


def outline_from(rows: Iterable[dict[str, Any]]) -> Outline:
    """Build the outline from rows of lessons in order, each with its module's fields."""

    def module_of(row: dict[str, Any]) -> tuple[UUID, str, str]:
        return row["module_id"], row["module__title"], row["module__description"]

    return Outline(
        tuple(
            OutlineModule(*module, tuple(_lesson_from(row) for row in group))
            for module, group in groupby(rows, key=module_of)
        )
    )


def _lesson_from(row: dict[str, Any]) -> OutlineLesson:
    fields = {key: row[key] for key in OutlineLesson.__slots__ if key in row}
    return OutlineLesson(**fields, is_draft=row["status"] == "DRAFT")
