"""Finding what a request names, as far as its sender may know of it."""

import re
from uuid import UUID

from accounts.models import User
from api import errors
from courses.models import Course, Lesson
from enrollments.models import Enrollment

UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def by_key(key: str) -> dict[str, str]:
    """The look-up of a thing that is named by its UUID or its slug."""
    return {"pk" if UUID_FORM.fullmatch(key) else "slug": key}


def require_self(user: User, user_id: str) -> None:
    """Refuse everybody else's email or UUID, whether such a person exists or not: no look-up."""
    if not user_id.isascii() or user_id.lower() not in (user.email.lower(), str(user.pk)):
        raise errors.not_yourself()


def published_course(key: str) -> Course:
    courses = Course.objects.published().select_related("prerequisite", "language")
    course = courses.filter(**by_key(key)).first()
    if course is None:
        raise errors.not_found()
    return course


def live_lesson(key: str, course: Course | None = None) -> Lesson:
    """Return a lesson that learners can see: of this course, or by its UUID of any."""
    lessons = Lesson.objects.live().select_related("course__language").filter(**by_key(key))
    lesson = (lessons.filter(course=course) if course else lessons).first()
    if lesson is None:
        raise errors.not_found()
    return lesson


def own_enrollment(user: User, key: UUID) -> Enrollment:
    place = Enrollment.objects.of(user).current().select_related("course").filter(pk=key).first()
    if place is None:
        raise errors.not_found()
    return place
