"""Who may open what. A stranger to a course gets 404, a learner without the right a reason."""

from django.http import Http404

from accounts.models import User
from billing import access as billing
from courses.models import Course, ProgrammingLanguage
from enrollments.errors import NotEnrolled, PlanRequired
from enrollments.models import Enrollment


def published_course(slug: str) -> Course:
    """Return a published course with its language, or 404: drafts are not for learners."""
    course = Course.objects.published().select_related("language").filter(slug=slug).first()
    if course is None:
        raise Http404("No such course.")
    return course


def active_language(slug: str) -> ProgrammingLanguage:
    language = ProgrammingLanguage.objects.filter(slug=slug, is_active=True).first()
    if language is None:
        raise Http404("No such language.")
    return language


def enrollment_of(user: User, course: Course) -> Enrollment | None:
    """Return the person's place in the course; None for strangers and for those who left."""
    return Enrollment.objects.of(user).current().filter(course=course).first()


def require_enrollment(user: User, course: Course, *, lock: bool = False) -> Enrollment:
    """Return the place of someone who may learn in the course now.

    Raises NotEnrolled (never came, left, or paused) and PlanRequired. With `lock` the row stays
    locked until the transaction ends: the first lock of every change of progress.
    """
    rows = Enrollment.objects.of(user).filter(course=course)
    enrollment = (rows.select_for_update(of=("self",)) if lock else rows).first()
    learning = (Enrollment.Status.ACTIVE, Enrollment.Status.COMPLETED)
    if enrollment is None or enrollment.status not in learning:
        raise NotEnrolled
    if not billing.covers(user, course):
        raise PlanRequired(course.get_required_plan_display())
    return enrollment
