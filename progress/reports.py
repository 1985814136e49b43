"""Questions about what a learner has done; every answer is counted from the facts."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.prepared import Prepared, among
from courses.models import Course, Lesson
from courses.outline import Outline, OutlineLesson, OutlineModule
from progress.models import CourseProgress, LessonProgress, LessonView
from progress.percent import percent_of


@dataclass(frozen=True)
class ModuleReport:
    """A module as the learner sees it: the read model behind "3 of 5"."""

    module: OutlineModule
    done: int
    total: int

    @property
    def status(self) -> str:
        if not self.done:
            return "NOT_STARTED"
        return "COMPLETED" if self.done == self.total else "IN_PROGRESS"

    @property
    def percent(self) -> int | None:
        return percent_of(self.done, self.total)


@dataclass(frozen=True)
class CourseReport:
    """One learner in one course."""

    outline: Outline
    completed_ids: frozenset[UUID]
    last_opened: tuple[UUID, ...]
    completed_at: datetime | None

    @cached_property
    def done(self) -> int:
        return sum(lesson.id in self.completed_ids for lesson in self.outline.required)

    @property
    def total(self) -> int:
        return len(self.outline.required)

    @property
    def percent(self) -> int | None:
        return percent_of(self.done, self.total)

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.done

    @cached_property
    def next_lesson(self) -> OutlineLesson | None:
        """The first unfinished lesson: a required one, or an extra when those are done."""
        open_ones = [
            lesson for lesson in self.outline.lessons if lesson.id not in self.completed_ids
        ]
        return next((x for x in open_ones if x.is_required), next(iter(open_ones), None))

    @cached_property
    def resume_lesson(self) -> OutlineLesson | None:
        """The unfinished lesson opened last, else the next one."""
        opened = (self.outline.lesson(key) for key in self.last_opened)
        unfinished = (x for x in opened if x is not None and x.id not in self.completed_ids)
        return next(unfinished, self.next_lesson)

    @cached_property
    def modules(self) -> tuple[ModuleReport, ...]:
        return tuple(self._module(module) for module in self.outline.modules)

    def _module(self, module: OutlineModule) -> ModuleReport:
        required = [lesson for lesson in module.lessons if lesson.is_required]
        done = sum(lesson.id in self.completed_ids for lesson in required)
        return ModuleReport(module, done, len(required))


def course_report(
    user: User | None, course: Course, outline: Outline | None = None, *, resume: bool = True
) -> CourseReport:
    """Look at one learner in one course: two queries; one with the outline at hand.

    A guest (None) has done nothing. Without `resume` it is not asked what was opened last and
    when the course was finished.
    """
    outline = outline if outline is not None else course.outline()
    if user is None:
        return CourseReport(outline, frozenset(), (), None)
    ids = [lesson.id for lesson in outline.lessons]
    if not resume:
        return CourseReport(outline, frozenset(DONE(user.pk, ids) if ids else ()), (), None)
    [(marked, opened, completed_at)] = DONE_AND_OPENED(user.pk, ids, course.pk)
    return CourseReport(outline, frozenset(marked or ()), tuple(opened or ()), completed_at)


def has_done(user: User, course: Course) -> bool:
    """Whether the person finished a lesson of the course. One query."""
    return LessonProgress.objects.filter(user=user, lesson__module__course=course).exists()


def done_among(user: UUID, ids: list[UUID]) -> QuerySet[LessonProgress, UUID]:
    rows = LessonProgress.objects.filter(among("lesson_id", ids), user_id=user)
    return rows.values_list("lesson_id", flat=True)


def done_and_opened(user: UUID, ids: list[UUID], course: UUID) -> QuerySet[User, Any]:
    """Which of the lessons are done, which were opened last, when the course was finished."""
    seen = LessonView.objects.filter(among("lesson_id", ids), user_id=user)
    mine = CourseProgress.objects.filter(user_id=user, course_id=course)
    return User.objects.filter(pk=user).values_list(
        ArraySubquery(done_among(user, ids)),
        ArraySubquery(seen.order_by("-last_viewed_at").values("lesson_id")[:20]),
        Subquery(mine.values("completed_at")),
    )


DONE = Prepared(done_among, UUID, list[UUID])
DONE_AND_OPENED = Prepared(done_and_opened, UUID, list[UUID], UUID)


@dataclass(frozen=True)
class Tally:
    """Where a learner stands in one course, without its outline."""

    done: int
    total: int
    last_active_at: datetime | None
    completed_at: datetime | None

    @property
    def percent(self) -> int | None:
        return percent_of(self.done, self.total)

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.done


def tallies(user: User, courses: list[Course]) -> dict[UUID, Tally]:
    """Where the learner stands in each of these courses: one query, however many they are."""
    keys = [course.pk for course in courses]
    return {pk: Tally(*numbers) for pk, *numbers in (TALLIES(user.pk, keys) if keys else ())}


def counted_for(user: UUID, courses: list[UUID]) -> QuerySet[Course, Any]:
    marks = (
        LessonProgress.objects.filter(user_id=user, lesson__course=OuterRef("pk"))
        .filter(
            lesson__status=Lesson.Status.PUBLISHED,
            lesson__deleted_at=None,
            lesson__module__deleted_at=None,
            lesson__is_required=True,
        )
        .order_by()
        .values("lesson__course")
        .annotate(number=Count("pk"))
        .values("number")
    )
    mine = CourseProgress.objects.filter(user_id=user, course=OuterRef("pk"))
    return Course.objects.filter(among("pk", courses)).values_list(
        "pk",
        Coalesce(Subquery(marks), 0),
        "required_count",
        Subquery(mine.values("last_active_at")),
        Subquery(mine.values("completed_at")),
    )


TALLIES = Prepared(counted_for, UUID, list[UUID])


@dataclass(frozen=True)
class Totals:
    """All a learner has done, in two numbers."""

    lessons: int
    courses: int


def totals(user: User) -> Totals:
    """How many lessons and courses the person has finished: one query."""
    lessons = LessonProgress.objects.filter(user=user)
    courses = CourseProgress.objects.filter(user=user, completed_at__isnull=False)
    counts = [
        Coalesce(Subquery(rows.values("user").annotate(number=Count("pk")).values("number")), 0)
        for rows in (lessons.order_by(), courses.order_by())
    ]
    return Totals(*User.objects.filter(pk=user.pk).values_list(*counts).get())
