"""Dashboard, course home, lesson, and marking a lesson complete."""

import json
from functools import partial
from html import unescape
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from assessments.access import assignment_of_lesson, quiz_of_lesson
from classroom.access import (
    door,
    live_lesson,
    may_see_drafts,
    opens_by_enrolling,
    readable_lesson,
)
from classroom.numbers import count_numbers
from classroom.pages import learning as pages
from classroom.pages.certificates import was_revoked
from classroom.pages.code import assignment_page
from classroom.pages.examples import pieces_of
from classroom.pages.quizzes import quiz_page
from classroom.pages.record import week_strip
from classroom.points import likes_points
from classroom.requests import is_htmx, learner, members_only, see_other, spoken, states_wanted_end
from courses.models import Lesson
from courses.videos import video_at
from enrollments.access import published_course, require_enrollment
from enrollments.errors import EnrollmentRefused, PlanRequired
from gamification.levels import level_of
from progress import actions
from progress.errors import LessonGone, NotPassed
from progress.reports import course_report, has_done


@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """What to do next, where I stand, my courses."""
    user = learner(request, known=True)
    # Asked by the template, where points are shown.
    context = {"week": lambda: week_strip(user), "nav": "classroom"}
    context |= {"page": pages.dashboard_page(user, spoken(request))}
    return render(request, "classroom/dashboard.html", context)


@require_safe
@login_required
def my_courses(request: HttpRequest) -> HttpResponse:
    """All of my courses."""
    user, number = learner(request, known=True), request.GET.get("page", "1")[:6]
    page = pages.my_courses_page(user, number, spoken(request))
    return render(request, "classroom/my_courses.html", {"page": page, "nav": "classroom"})


@require_safe
@login_required
def course_home(request: HttpRequest, slug: str) -> HttpResponse:
    """Modules, lessons, progress. Whoever is not enrolled is shown the course's own page."""
    course, user = published_course(slug), learner(request, known=True)
    try:
        require_enrollment(user, course)
    except PlanRequired as refusal:
        shown = {"course": course, "refusal": refusal, "nav": "classroom"}
        shown["has_done"] = has_done(user, course)
        return render(request, "classroom/course_closed.html", shown, status=403)
    except EnrollmentRefused as refusal:
        messages.info(request, str(refusal))
        return redirect(course)
    context = {"course": course, "report": course_report(user, course), "nav": "classroom"}
    # Asked by the template, where a certificate is spoken of: so on pages of lessons.
    context |= {"is_revoked": partial(was_revoked, user, course)}
    return render(request, "classroom/course_home.html", context)


@require_safe
def lesson(request: HttpRequest, slug: str, lesson_slug: str) -> HttpResponse:
    """The player: for learners, for all if the lesson is a preview, for staff before it is out."""
    user = learner(request)
    ahead = "preview" in request.GET and may_see_drafts(user)
    found = readable_lesson(slug, lesson_slug, drafts=ahead)
    refusal = None if ahead else door(user, found.course)
    if refusal and not found.is_preview:
        return closed_door(request, found, refusal)
    page = pages.lesson_page(user, found, may_complete=not (refusal or ahead), is_preview=ahead)
    quiz = quiz_of_lesson(found) if page.may_complete or ahead else None
    if user and page.may_complete:
        actions.record_view(user, found)
    context = {"page": page, "lesson": found, "course": found.course, "nav": "classroom"}
    context |= {"video": video_at(found.video_url)}
    context |= {"quiz_page": quiz_page(user, quiz) if user and quiz and not ahead else None}
    context |= {"quiz": quiz, "is_revoked": user and partial(was_revoked, user, found.course)}
    task = assignment_of_lesson(found) if page.may_complete or ahead else None
    context |= {"assignment": task}
    context |= {"work": assignment_page(user, task) if user and task and not ahead else None}
    context |= {"pieces": [] if ahead else pieces_of(found)}
    context |= {"closed": refusal, "may_enroll": opens_by_enrolling(refusal)}
    return render(request, "classroom/lesson.html", context)


def closed_door(
    request: HttpRequest,
    lesson: Lesson,
    refusal: EnrollmentRefused | NotPassed,
    status: int = 403,
) -> HttpResponse:
    """Say what is behind the door and how to open it; a guest may be somebody we know."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    context = {
        "lesson": lesson,
        "course": lesson.course,
        "refusal": refusal,
        "opening": opening_of(lesson) if isinstance(refusal, PlanRequired) else lesson.summary,
        "may_enroll": opens_by_enrolling(refusal),
        "nav": "classroom",
    }
    if isinstance(refusal, PlanRequired) and refusal.is_in:
        context["has_done"] = has_done(learner(request, known=True), lesson.course)
    part = "#card" if is_htmx(request) else ""
    return render(request, f"classroom/lesson_closed.html{part}", context, status=status)


def opening_of(lesson: Lesson) -> str:
    """What the lesson is about: its summary, or how its text begins."""
    if lesson.summary:
        return lesson.summary
    first = lesson.content_html.partition("<p>")[2].partition("</p>")[0]
    return Truncator(unescape(strip_tags(first))).chars(300)


def page_of(pk: UUID) -> str:
    """Where the toggle of a lesson stands; the classroom, if there is no such lesson."""
    lesson = live_lesson(pk)
    return lesson.get_absolute_url() if lesson else reverse("classroom:dashboard")


@require_POST
@members_only(page_of)
@states_wanted_end("done")
def completion(request: HttpRequest, pk: UUID, *, done: bool) -> HttpResponse:
    """`done=1` marks the lesson complete, `done=0` takes the mark back."""
    user = learner(request, known=True)
    lesson = live_lesson(pk)
    if lesson is None:
        raise Http404(_("This lesson is gone."))
    change = actions.complete_lesson if done else actions.uncomplete_lesson
    try:
        result = change(user, lesson)
    except LessonGone:
        raise Http404(_("This lesson is gone.")) from None
    except (EnrollmentRefused, NotPassed) as refusal:
        status = 409 if isinstance(refusal, NotPassed) else 403
        return closed_door(request, lesson, refusal, status)
    return completion_answer(request, user, lesson, done=done, result=result)


def completion_answer(
    request: HttpRequest, user: User, lesson: Lesson, *, done: bool, result: actions.Completion
) -> HttpResponse:
    """Answer with everything that changed on the page, or go back to it."""
    numbers = count_numbers(request, user, f"lesson:{lesson.pk}", result.at)
    xp, reached = numbers.paid, level_of(numbers.total_xp)
    level = reached if reached > level_of(numbers.total_xp - xp) else None
    page = pages.lesson_page(user, lesson, may_complete=True)
    points = (xp, level) if likes_points(user) and not numbers.hidden else (0, None)
    said = pages.what_was_said(page, result, points, done=done)
    if not is_htmx(request):
        messages.success(request, said)
        return see_other(request, lesson.get_absolute_url())
    context = {"page": page, "lesson": lesson, "course": lesson.course}
    context |= {"is_revoked": partial(was_revoked, user, lesson.course)}
    answer = render(request, "classroom/lesson.html#completed", context)
    answer["HX-Trigger"] = json.dumps({"say": {"text": said, "urgent": False}})
    return answer
