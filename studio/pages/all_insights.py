"""How all courses go at a glance, for the first page of the studio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from assessments.models import Review
from courses.models import Course, Lesson
from progress.models import InsightCount
from studio.insights.lessons import Reason

MOST, FEW = 5, 3


@dataclass(frozen=True, slots=True)
class StuckLesson:
    """A lesson of any course where students get stuck, as the last count says."""

    lesson: Lesson
    affected: float
    reasons: Sequence[Reason]

    @property
    def people_affected(self) -> int:
        return round(self.affected)


@dataclass(frozen=True, slots=True)
class AllInsights:
    """`active` is None before the first count; `attention` adds up what the courses say, each at
    its last count: `attention_at` is the oldest of these.

    `most_attention` are the courses with most of them, and how many each has.
    """

    counted_at: datetime | None
    active: int | None
    active_before: int
    attention: int | None
    attention_at: datetime | None
    most_attention: Sequence[tuple[Course, int]]
    oldest: datetime | None
    stuck: Sequence[StuckLesson]

    @property
    def change(self) -> int:
        return (self.active or 0) - self.active_before

    @property
    def fewer(self) -> int:
        return -self.change


def all_insights() -> AllInsights:
    """Three queries."""
    rows = InsightCount.objects.filter(course__deleted_at=None)
    counts = list(rows.order_by("course").select_related("course"))
    school = next((one for one in counts if one.course_id is None), None)
    oldest = Review.objects.waiting().aggregate(oldest=Min("waiting_since"))["oldest"]
    return AllInsights(
        school.counted_at if school else None, school.active if school else None,
        school.active_before if school else 0, attention_in(counts),
        attention_at(counts), courses_of(counts), oldest, worst_of(counts),
    )  # fmt: skip


def attention_in(counts: Sequence[InsightCount]) -> int | None:
    """Whoever shows signs in two courses counts in both, as in their lists."""
    found = [one.attention for one in counts if one.attention is not None]
    return sum(found) if found else None


def attention_at(counts: Sequence[InsightCount]) -> datetime | None:
    return min((one.counted_at for one in counts if one.attention is not None), default=None)


def courses_of(counts: Sequence[InsightCount]) -> list[tuple[Course, int]]:
    found = [(one.course, one.attention) for one in counts if one.course and one.attention]
    return sorted(found, key=lambda one: (-one[1], one[0].title))[:FEW]


def worst_of(counts: Sequence[InsightCount]) -> list[StuckLesson]:
    """Those of all courses that affect most people, of lessons that learners still see."""
    said: dict[UUID, dict[str, Any]] = {
        UUID(one["lesson"]): one for count in counts for one in count.stuck
    }
    rows = Lesson.objects.live().filter(pk__in=said).select_related("course")
    lessons = rows.only("title", "course__title", "course__slug")
    found = [
        StuckLesson(one, said[one.pk]["affected"], [Reason(*x) for x in said[one.pk]["reasons"]])
        for one in lessons
    ]
    return sorted(found, key=lambda one: (-one.affected, one.lesson.title))[:MOST]
