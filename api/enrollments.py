"""Coming to a course, leaving it, and the list of one's courses."""

from uuid import UUID

from django.core.paginator import Paginator
from ninja import Query, Router
from ninja.responses import Status

from accounts.models import User
from api import errors
from api.access import own_enrollment, published_course, require_self
from api.door import ApiRequest, members, spend
from api.shapes import (
    EVERYWHERE,
    WITH_BODY,
    WRITING,
    EnrollmentPage,
    EnrollmentRequest,
    EnrollmentShape,
    Paging,
    answers,
)
from enrollments.actions import enroll, leave
from enrollments.limits import ENROLL
from enrollments.models import Enrollment
from gamification.ledger import xp_by_course
from progress.reports import tallies

router = Router(tags=["Enrolments"], by_alias=True)


@router.post(
    "/enrollments",
    auth=members(),
    operation_id="enroll",
    summary="Enrol in a course",
    response=answers({201: EnrollmentShape}, 404, 409, *WITH_BODY),
)
def create_enrollment(request: ApiRequest, body: EnrollmentRequest) -> Status[EnrollmentShape]:
    """Puts you into a published course; somebody who left comes back with all progress.

    403 `plan_required`: the course belongs to a plan. 409 `already_enrolled`, or
    `prerequisite_missing` when another course comes first. 429 from the thirty-first time in a
    minute on that you come to a course or leave one, here or on the site.
    """
    spend(ENROLL, str(request.auth.pk))
    require_self(request.auth, body.user_id)
    course = published_course(body.course_id)
    enrollment, created = enroll(request.auth, course, Enrollment.Source.API)
    if not created:
        detail = "You are already enrolled in this course."
        raise errors.ApiError(409, "already_enrolled", detail)
    return Status(201, shapes_of(request.auth, [enrollment])[0])


@router.get(
    "/enrollments",
    auth=members(),
    operation_id="list_enrollments",
    summary="List your enrolments",
    response=answers({200: EnrollmentPage}, 422, *EVERYWHERE),
)
def list_enrollments(request: ApiRequest, paging: Query[Paging]) -> EnrollmentPage:
    """Yours only, the newest first, each with its percentage and XP."""
    places = Enrollment.objects.of(request.auth).current().select_related("course")
    pages = Paginator(places.order_by("-enrolled_at", "-id"), paging.page_size)
    items = list(pages.page(paging.page)) if paging.page <= pages.num_pages else []
    return EnrollmentPage(
        items=shapes_of(request.auth, items),
        count=pages.count,
        page=paging.page,
        pages=pages.num_pages,
    )


@router.delete(
    "/enrollments/{uuid:enrollment_id}",
    auth=members(),
    operation_id="leave",
    summary="Leave a course",
    response=answers({204: None}, 404, *WRITING),
)
def delete_enrollment(request: ApiRequest, enrollment_id: UUID) -> Status[None]:
    """Your progress and your XP are kept; enrolling again continues them. 429 as in enrolling."""
    spend(ENROLL, str(request.auth.pk))
    leave(request.auth, own_enrollment(request.auth, enrollment_id).course)
    return Status(204, None)


def shapes_of(user: User, enrollments: list[Enrollment]) -> list[EnrollmentShape]:
    """Describe enrolments of one person with what they did there: three queries for any number."""
    tally = tallies(user, [place.course for place in enrollments]) if enrollments else {}
    earned = xp_by_course(user) if enrollments else {}
    return [
        EnrollmentShape(
            id=place.pk,
            user_id=user.email,
            course_id=place.course.slug,
            enrolled_at=place.enrolled_at,
            completion_percentage=tally[place.course_id].percent,
            xp_earned=earned.get(place.course_id, 0),
        )
        for place in enrollments
    ]
