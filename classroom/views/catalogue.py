"""Landing, catalogue, course and language pages; coming to a course and leaving it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from activity.analytics.looking import note_course, note_search
from classroom.pages import catalogue as pages
from classroom.patience import counted
from classroom.requests import is_htmx, learner, members_only, see_other, spoken, states_wanted_end
from courses.limits import SEARCH
from courses.models import Course
from enrollments import actions
from enrollments.access import active_language, published_course
from enrollments.errors import EnrollmentRefused, Paused, PlanRequired
from enrollments.limits import ENROLL


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The front door; whoever is signed in is already through it."""
    if request.user.is_authenticated:
        return redirect("classroom:dashboard")
    return render(request, "classroom/landing.html", {"page": pages.landing_page(spoken(request))})


@require_safe
@counted(SEARCH, where=lambda request: bool(request.GET.get("q")))
def courses(request: HttpRequest) -> HttpResponse:
    """The catalogue. htmx asks for its results alone."""
    page = pages.catalogue_page(learner(request), request.GET.dict(), spoken(request))
    note_search(request, page.choice.text)
    part = "#results" if is_htmx(request) else ""
    return render(request, f"classroom/catalogue.html{part}", {"page": page, "nav": "courses"})


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """A course, for whoever decides about it."""
    found = published_course(slug)
    page = pages.course_page(learner(request), found, spoken(request))
    note_course(request, found)
    return render(request, "classroom/course.html", {"page": page, "nav": "courses"})


@require_POST
@members_only(lambda slug: reverse("classroom:course", args=[slug]))
@states_wanted_end("wanted")
@counted(ENROLL)
def enrollment(request: HttpRequest, slug: str, *, wanted: bool) -> HttpResponse:
    """`wanted=1` enrols, `wanted=0` leaves."""
    course, user = published_course(slug), learner(request, known=True)
    if not wanted:
        messages.info(request, leaving(user, course))
        return see_other(request, course.get_absolute_url())
    try:
        _, came = actions.enroll(user, course)
    except EnrollmentRefused as refusal:
        page = pages.course_page(user, course, spoken(request), refusal=str(refusal))
        status = 403 if isinstance(refusal, PlanRequired) else 409
        return render(
            request, "classroom/course.html", {"page": page, "nav": "courses"}, status=status
        )
    said = (
        gettext("You are enrolled in %(title)s.") % {"title": course.title}
        if came
        else gettext("You are already enrolled.")
    )
    messages.success(request, said)
    return see_other(request, "classroom:course_home", slug)


def leaving(user: User, course: Course) -> str:
    """Leave the course and say what came of it."""
    try:
        left = actions.leave(user, course)
    except Paused as refusal:
        return str(refusal)
    return (
        gettext("You left %(title)s. Your progress is kept.") % {"title": course.title}
        if left
        else gettext("You are not enrolled.")
    )


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """All languages."""
    found = pages.languages_with_counts()
    return render(request, "classroom/languages.html", {"languages": found, "nav": "languages"})


@require_safe
def language(request: HttpRequest, slug: str) -> HttpResponse:
    """A language and its courses."""
    page = pages.language_page(learner(request), active_language(slug), spoken(request))
    return render(request, "classroom/language.html", {"page": page, "nav": "languages"})


@require_POST
@members_only(lambda slug: reverse("classroom:language", args=[slug]))
@states_wanted_end("wanted")
@counted(ENROLL)
def language_enrollment(request: HttpRequest, slug: str, *, wanted: bool) -> HttpResponse:
    """`wanted=1` enrols in all courses of the language, `wanted=0` stops following it."""
    language, user = active_language(slug), learner(request, known=True)
    if wanted:
        opened = actions.enroll_in_language(user, language)
        messages.success(
            request,
            gettext("You follow %(name)s: %(opened)s courses were opened.")
            % {"name": language.name, "opened": opened},
        )
    else:
        actions.leave_language(user, language)
        messages.info(
            request,
            gettext("You no longer follow %(name)s. Its courses stay yours.")
            % {"name": language.name},
        )
    return see_other(request, language.get_absolute_url())
