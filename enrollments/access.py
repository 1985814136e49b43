"""Who may open what. A stranger to a course gets 404, a learner without the right a reason."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.prepared import Prepared
from billing import access as billing
from courses.models import Course, ProgrammingLanguage
from enrollments.errors import EnrollmentRefused, NotEnrolled, Paused, PlanRequired
from enrollments.models import Enrollment

PUBLISHED = Prepared(
    lambda slug: (
        Course.objects.published().select_related("language", "prerequisite").filter(slug=slug)
    ),
    str,
)
PLACE = Prepared(
    lambda user, course: Enrollment.objects.filter(user_id=user, course_id=course), UUID, UUID
)


def published_course(slug: str) -> Course:
    """Return a published course, or 404: drafts are not for learners."""
    course = PUBLISHED.first(slug)
    if course is None:
        raise Http404(_("No such course."))
    return course


def active_language(slug: str) -> ProgrammingLanguage:
    language = ProgrammingLanguage.objects.filter(slug=slug, is_active=True).first()
    if language is None:
        raise Http404(_("No such language."))
    return language


def enrollment_of(user: User, course: Course) -> Enrollment | None:
    """Return the person's place in the course; None for strangers and for those who left."""
    return Enrollment.objects.of(user).current().filter(course=course).first()


def require_enrollment(user: User, course: Course, *, lock: bool = False) -> Enrollment:
    """Return the place of someone who may learn in the course now.

    Raises NotEnrolled (never came, or left), Paused and PlanRequired. With `lock` the row stays
    locked until the transaction ends: the first lock of every change of progress.
    """
    place = lock_place(user, course) if lock else PLACE.first(user.pk, course.pk)
    return require_place(user, place, course)


def require_place(user: User, place: Enrollment | None, course: Course) -> Enrollment:
    """Return a place that somebody may learn in now, or raise as `require_enrollment` does."""
    if place is None or place.status == Enrollment.Status.DROPPED:
        raise NotEnrolled
    if place.status == Enrollment.Status.PAUSED:
        raise Paused
    if not billing.covers(user, course):
        raise PlanRequired(billing.needed(course), is_in=True)
    return place


def may_learn(user: User, place: Enrollment | None, course: Course) -> bool:
    """Whether the place is one to learn in now."""
    try:
        require_place(user, place, course)
    except EnrollmentRefused:
        return False
    return True


def lock_place(user: User, course: Course) -> Enrollment | None:
    """Hold the person's place, whatever its status: the first lock of what ends in progress."""
    rows = Enrollment.objects.of(user).filter(course=course)
    return rows.select_for_update(of=("self",)).first()
