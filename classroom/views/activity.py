"""The feed of what one finished, that of a course, and what others may see."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activity.cursors import read_cursor
from activity.sharing import share
from assessments.timeline import timeline_of
from classroom.activity_forms import SharingForm, form_of
from classroom.numbers import numbers_for
from classroom.pages import activity as pages
from classroom.points import likes_points
from classroom.requests import learner, members_only, see_other
from enrollments.models import Enrollment


def address(**kwargs: object) -> str:
    """The page on which the choice stands."""
    return reverse("classroom:activity")


@require_safe
@login_required
def activity(request: HttpRequest) -> HttpResponse:
    """One's own: nobody else's rows."""
    user = learner(request, known=True)
    points = likes_points(user) and not numbers_for(request, user).hidden
    page = pages.activity_page(user, request.GET.get("before", ""), points=points)
    return show(request, page)


@require_safe
@login_required
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """What people of a course one is in let others see; to everybody else it is not there."""
    user = learner(request, known=True)
    places = Enrollment.objects.of(user).current().select_related("course")
    visible = places.filter(course__status="PUBLISHED", course__deleted_at=None)
    place = get_object_or_404(visible, course__slug=slug)
    return show(request, pages.course_page(user, place.course, request.GET.get("before", "")))


@require_safe
@login_required
def seen_by_staff(request: HttpRequest) -> HttpResponse:
    """The list that staff have of this person."""
    user = learner(request, known=True)
    page = timeline_of(user, read_cursor(request.GET.get("before", "")))
    context = {"page": page, "nav": "progress"}
    return render(request, "classroom/seen_by_staff.html", context)


@require_POST
@members_only(address)
def sharing(request: HttpRequest) -> HttpResponse:
    """Choose what others see."""
    user, form = learner(request, known=True), SharingForm(request.POST)
    if not form.is_valid():
        points = likes_points(user) and not numbers_for(request, user).hidden
        return show(request, pages.activity_page(user, "", points=points), form, 422)
    share(user, **form.cleaned_data)
    if form.cleaned_data["is_on"] and user.is_minor:
        told = _("Saved. The school shows nobody what minors finish.")
    elif form.cleaned_data["is_on"]:
        told = _("Saved. Others in your courses see what you finish.")
    else:
        told = _("Saved. Nobody else sees what you finish.")
    messages.success(request, told)
    return see_other(request, address())


def show(
    request: HttpRequest,
    page: pages.ActivityPage,
    form: SharingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"page": page, "nav": "progress", "sharing_form": form or form_of(page.sharing)}
    if form is not None:
        context["form"] = form
    return render(request, "classroom/activity.html", context, status=status)
