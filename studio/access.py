"""Who may enter the authors' desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.access import may_work_as_staff
from accounts.models import User

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
