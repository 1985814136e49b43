"""Who may see what of a course: fetched with permission, or 404 as if it were not there."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.access import may_work_as_staff
from accounts.models import User
from accounts.prepared import Prepared
from billing.access import covers, needed
from courses.links import asset_address
from courses.models import Asset, Course, Lesson, Tier
from courses.models.lesson import LessonQuerySet
from enrollments.access import require_enrollment
from enrollments.errors import EnrollmentRefused, NotEnrolled, Paused, PlanRequired

LONG_TEXTS = ("content", "course__description", "course__description_html", "course__search")
LIVE, DRAFTED, BY_KEY = (
    Prepared(lambda course, slug: addressed(Lesson.objects.live(), course, slug), str, str),
    Prepared(lambda course, slug: addressed(Lesson.objects.with_drafts(), course, slug), str, str),
    Prepared(
        lambda key: Lesson.objects.live().select_related("course__language").filter(pk=key), UUID
    ),
)


def may_see_drafts(user: User | None) -> bool:
    """Whether this person sees what is not published: so does whoever may enter the staff areas."""
    return user is not None and may_work_as_staff(user)


def door(user: User | None, course: Course) -> EnrollmentRefused | None:
    """Why this person may not learn in the course now; None if they may.

    Whoever could not even enrol without a plan is told of the plan.
    """
    if user is None:
        plan = needed(course)
        return NotEnrolled() if plan == Tier.FREE else PlanRequired(plan)
    try:
        require_enrollment(user, course)
    except EnrollmentRefused as refusal:
        is_stranger = opens_by_enrolling(refusal)
        lacks_plan = is_stranger and not covers(user, course)
        return PlanRequired(needed(course)) if lacks_plan else refusal
    return None


def opens_by_enrolling(refusal: Exception | None) -> bool:
    """Whether a door is closed for no other reason than that one has not enrolled."""
    return isinstance(refusal, NotEnrolled) and not isinstance(refusal, Paused)


def readable_lesson(course_slug: str, lesson_slug: str, *, drafts: bool = False) -> Lesson:
    """Return the lesson with its course and module; its door may still be closed."""
    found = (DRAFTED if drafts else LIVE).first(course_slug, lesson_slug)
    if found is None:
        raise Http404(_("No such lesson."))
    return found


def addressed(lessons: LessonQuerySet, course_slug: str, slug: str) -> LessonQuerySet:
    rows = lessons.select_related("course__language", "module").defer(*LONG_TEXTS)
    return rows.filter(course__slug=course_slug, slug=slug)


def live_lesson(key: UUID) -> Lesson | None:
    """Return the lesson with its course if it is published, whoever asks."""
    return BY_KEY.first(key)


def readable_widget(user: User | None, key: UUID) -> Lesson:
    """Return the lesson whose widget this person may run: the same door as its lesson."""
    staff = may_see_drafts(user)
    lessons = Lesson.objects.with_drafts() if staff else Lesson.objects.live()
    found = lessons.select_related("course__language").exclude(widget="").filter(pk=key).first()
    if found is None or not (staff or found.is_preview or door(user, found.course) is None):
        raise Http404(_("No such widget."))
    return found


def readable_asset(user: User | None, course_slug: str, path: str) -> Asset:
    """Return the file of a course that this person may open.

    Files of free courses are open to all, in one query. Those of a course that a plan covers are
    for its learners, but for what stands on pages that are open to everybody.
    """
    files = Asset.objects.select_related("course__language")
    files = files.defer("course__description", "course__search")
    found = files.filter(course__slug=course_slug, path=path).first()
    if found is None or not may_open(user, found):
        raise Http404(_("No such file."))
    return found


def may_open(user: User | None, asset: Asset) -> bool:
    course = asset.course
    if not course.is_published:
        return may_see_drafts(user)
    return (
        course.needed_plan == Course.Plan.FREE
        or is_on_open_pages(asset)
        or door(user, course) is None
        or may_see_drafts(user)
    )


def is_on_open_pages(asset: Asset) -> bool:
    """Whether it is the course's cover, or stands in its description or a preview lesson."""
    course, address = asset.course, asset_address(asset.course.slug, asset.path)
    if asset.pk == course.cover_id or f'"{address}"' in course.description_html:
        return True
    shown = Q(content_html__contains=f'"{address}"') | Q(poster=address) | Q(captions=address)
    previews = Lesson.objects.live().filter(course=course, is_preview=True)
    return previews.filter(shown | Q(video_url=address)).exists()
