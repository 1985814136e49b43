"""What staff are told of somebody in a course, for that person: the same query, the same words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery
from django.utils.timezone import now

from accounts.models import User
from courses.models import Course
from enrollments.models import Enrollment
from progress.models import CourseProgress
from studio.insights.attention import Student, student_in


@dataclass(frozen=True, slots=True)
class OwnSigns:
    """`course` is the one that is looked at; `student`: None for staff, who are not looked at."""

    courses: Sequence[Course]
    course: Course | None
    student: Student | None


def own_signs_page(user: User, slug: str) -> OwnSigns:
    """Two queries. The course worked in last, unless another one of theirs is asked for."""
    courses = courses_of(user)
    asked = (one for one in courses if one.slug == slug)
    course = next(asked, courses[0] if courses else None)
    student = student_in(course, user, now()) if course else None
    return OwnSigns(courses, course, student)


def courses_of(user: User) -> list[Course]:
    """Those that the person is in, the one that was worked in last before the others."""
    places = Enrollment.objects.of(user).current().values("course")
    counts = CourseProgress.objects.filter(user=user, course=OuterRef("pk"))
    rows = Course.objects.filter(pk__in=places, deleted_at=None).only("title", "slug")
    last = F("worked_at").desc(nulls_last=True)
    return list(
        rows.annotate(worked_at=Subquery(counts.values("last_active_at")[:1])).order_by(last, "pk")
    )
