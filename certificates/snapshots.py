"""What a certificate says of a course: copied once, on the day."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum

from accounts.models import User
from accounts.school import school
from courses.models import Course, Lesson

VERSION = 1


def snapshot_of(
    user: User, course: Course, at: datetime, *, by_hand: bool = False
) -> dict[str, Any]:
    """Copy what the course is now and when the person finished it. Two queries.

    `completed_on` is the day by the person's own clock, so that it is the same for all readers.
    One that is issued by hand claims nothing of what was passed: nobody knows.
    """
    kind = Lesson.Kind
    counted = Lesson.objects.filter(
        course=course,
        status=Lesson.Status.PUBLISHED,
        deleted_at=None,
        module__deleted_at=None,
        is_required=True,
    ).aggregate(
        lessons=Count("pk"),
        minutes=Sum("minutes", default=0),
        quizzes=Count("pk", filter=Q(kind=kind.QUIZ)),
        assignments=Count("pk", filter=Q(kind=kind.ASSIGNMENT)),
    )
    language = course.language
    return {
        "version": VERSION,
        "title": course.title,
        "summary": course.summary,
        "language": language.name if language else "",
        **counted,
        **({"by_hand": True, "quizzes": 0, "assignments": 0} if by_hand else {}),
        "school": school().title,
        "address": settings.SITE_URL,
        "completed_on": at.astimezone(user.zone).date().isoformat(),
    }
