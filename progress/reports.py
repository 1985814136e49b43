"""Questions about what a learner has done; every answer is counted from the facts."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Count

from accounts.models import User
from courses.models import Course
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


def course_report(user: User, course: Course, outline: Outline | None = None) -> CourseReport:
    """Look at one learner in one course: three queries, two when the outline is at hand."""
    outline = outline if outline is not None else course.outline()
    ids = [lesson.id for lesson in outline.lessons]
    done = LessonProgress.objects.filter(user=user, lesson_id__in=ids)
    seen = LessonView.objects.filter(user=user, lesson_id__in=ids).order_by("-last_viewed_at")
    completed_at = CourseProgress.objects.filter(user=user, course=course).values_list(
        "completed_at"
    )
    return CourseReport(
        outline=outline,
        completed_ids=frozenset(done.values_list("lesson_id", flat=True)),
        last_opened=tuple(seen.values_list("lesson_id", flat=True)[:20]),
        completed_at=next((row[0] for row in completed_at), None),
    )


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
    """Where the learner stands in each of these courses: two queries, however many they are."""
    marks = (
        LessonProgress.objects.filter(user=user, lesson__course__in=courses)
        .filter(
            lesson__status="PUBLISHED",
            lesson__deleted_at=None,
            lesson__module__deleted_at=None,
            lesson__is_required=True,
        )
        .order_by()
        .values_list("lesson__course_id")
    )
    done = dict(marks.annotate(Count("id")))
    rows = {
        row.course_id: row for row in CourseProgress.objects.filter(user=user, course__in=courses)
    }
    return {
        course.pk: Tally(
            done=done.get(course.pk, 0),
            total=course.required_count,
            last_active_at=rows[course.pk].last_active_at if course.pk in rows else None,
            completed_at=rows[course.pk].completed_at if course.pk in rows else None,
        )
        for course in courses
    }


@dataclass(frozen=True)
class Totals:
    """All a learner has done, in two numbers."""

    lessons: int
    courses: int


def totals(user: User) -> Totals:
    """How many lessons and courses the person has finished."""
    return Totals(
        lessons=LessonProgress.objects.filter(user=user).count(),
        courses=CourseProgress.objects.filter(user=user, completed_at__isnull=False).count(),
    )
