"""Who may enter the authors' desk, and who the reviewers'."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import GIVE_REVIEW, may_review, may_work_as_staff
from accounts.middleware import MFA_NEEDED
from accounts.models import User
from courses.models import Course
from notifications.models import Announcement

# Who may tell the people of courses something, and who everybody.
TO_COURSES, TO_EVERYBODY = "courses.change_course", "notifications.add_announcement"

View = Callable[..., HttpResponse]


def member_of_staff(request: HttpRequest) -> User:
    """Who looks, behind `staff_only`."""
    assert isinstance(request.user, User)  # noqa: S101 - staff_only let nobody else in
    return request.user


def staff_only(view: View) -> View:
    """Send guests to sign-in; to learners the page is not there."""

    @login_required
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (isinstance(request.user, User) and may_work_as_staff(request.user)):
            raise Http404
        return view(request, *args, **kwargs)

    return handle


def require_author(request: HttpRequest) -> None:
    """Courses are changed by those who may change them in the admin. Raises PermissionDenied."""
    if not member_of_staff(request).has_perm("courses.change_course"):
        raise PermissionDenied


def authors_only(view: View) -> View:
    """`staff_only`, and of the staff those who may change courses."""

    @staff_only
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_author(request)
        return view(request, *args, **kwargs)

    return handle


def reviewer(request: HttpRequest) -> User:
    """Who looks, behind `reviewers_only`."""
    assert isinstance(request.user, User)  # noqa: S101 - reviewers_only let nobody else in
    return request.user


def reviewers_only(view: View) -> View:
    """Send guests to sign-in; to those without the right the page is not there.

    Who has the right and no second factor is led to where one is set up, as staff are.
    """

    @login_required
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and may_review(user):
            return view(request, *args, **kwargs)
        if not user.has_perm(GIVE_REVIEW):
            raise Http404
        messages.warning(request, MFA_NEEDED)
        return redirect("mfa_activate_totp")

    return handle


def staff_or_reviewers(view: View) -> View:
    """What both may read; everybody else as `reviewers_only` has it."""
    for_reviewers = reviewers_only(view)

    @login_required
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_staff = isinstance(request.user, User) and may_work_as_staff(request.user)
        return (view if is_staff else for_reviewers)(request, *args, **kwargs)

    return handle


def insight_courses(request: HttpRequest) -> QuerySet[Course]:
    """The courses whose numbers this person may see: reviewers see none of drafts.

    A deleted course is there for nobody.
    """
    courses = Course.objects.filter(deleted_at=None)
    if isinstance(request.user, User) and may_work_as_staff(request.user):
        return courses
    return courses.exclude(status=Course.Status.DRAFT)


def announcements_for(request: HttpRequest) -> QuerySet[Announcement]:
    """Those that this member of staff may write. Raises PermissionDenied if there are none."""
    user, rows = member_of_staff(request), Announcement.objects.select_related("course", "author")
    to_courses, to_everybody = user.has_perm(TO_COURSES), user.has_perm(TO_EVERYBODY)
    if to_courses and to_everybody:
        return rows
    if not (to_courses or to_everybody):
        raise PermissionDenied
    return rows.filter(course__isnull=to_everybody)
