"""Seasons and challenges: made and changed until they begin, and closed when they are over."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Course
from gamification import challenge_making
from gamification.challenge_making import Plan
from gamification.models import Challenge, Season
from gamification.season_errors import ContestRefused, HasBegun, SeasonHasBegun
from gamification.seasons import close_season, tell_results, write_season
from studio.access import staff_only
from studio.answers import go_to
from studio.motivation_forms import ChallengeForm, SeasonForm
from studio.pages import motivation
from studio.views.motivation import page_of, show, show_form, with_right

SEASONS, CHALLENGES = (
    (gettext_lazy("Seasons"), "studio:seasons"),
    (gettext_lazy("Challenges"), "studio:challenges"),
)


@require_safe
@staff_only
def seasons(request: HttpRequest) -> HttpResponse:
    """All of them, the latest first."""
    return show(request, "motivation_seasons", page=motivation.seasons_page(page_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("gamification.add_season")
def new_season(request: HttpRequest) -> HttpResponse:
    form = SeasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and is_season_written(form):
        return go_to(request, reverse(SEASONS[1]), _("The season is announced."))
    words = {"title": _("A new season"), "button": _("Announce the season")}
    return show_form(request, form, words, SEASONS)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("gamification.change_season")
def season(request: HttpRequest, slug: str) -> HttpResponse:
    """Change one that has not begun; after that people go by it."""
    found = get_object_or_404(Season, slug=slug)
    if found.starts_at <= now():
        return refuse_season(request, str(SeasonHasBegun.message))
    form = SeasonForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid() and is_season_written(form):
        return go_to(request, reverse(SEASONS[1]), _("The season is changed."))
    words = {"title": _("Change a season"), "button": _("Save the season")}
    return show_form(request, form, words, SEASONS)


def is_season_written(form: SeasonForm) -> bool:
    """Write it; what became impossible meanwhile stands above the form."""
    try:
        write_season(form.instance)
    except (ContestRefused, ValidationError) as refusal:
        return refuse(form, refusal)
    return True


def refuse(form: SeasonForm | ChallengeForm, refusal: ContestRefused | ValidationError) -> bool:
    said = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
    form.add_error(None, " ".join(said))
    return False


@require_POST
@with_right("gamification.change_season")
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Count its results now and tell them. Closed before, it stays as it was."""
    found = get_object_or_404(Season, slug=slug)
    try:
        close_season(found)
    except ContestRefused as refusal:
        return refuse_season(request, str(refusal))
    tell_results(found)
    return go_to(request, reverse(SEASONS[1]), _("The season is closed."))


def refuse_season(request: HttpRequest, refusal: str) -> HttpResponse:
    page = motivation.seasons_page("1")
    return show(request, "motivation_seasons", status=409, page=page, refusal=refusal)


@require_safe
@staff_only
def challenges(request: HttpRequest) -> HttpResponse:
    """All of them, drafts too, the latest first."""
    return show_challenges(request)


def show_challenges(request: HttpRequest, refusal: str = "") -> HttpResponse:
    page = motivation.challenges_page("1" if refusal else page_of(request))
    status = 409 if refusal else 200
    return show(request, "motivation_challenges", status=status, page=page, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("gamification.add_challenge")
def new_challenge(request: HttpRequest) -> HttpResponse:
    """The course first: its assignments are what there is to choose from."""
    courses = motivation.courses_with_tasks()
    if "course" not in request.GET:
        return show(request, "motivation_course", courses=list(courses))
    course = get_object_or_404(courses, slug=request.GET["course"])
    form = ChallengeForm(request.POST if request.method == "POST" else None, course=course)
    if form.is_bound and form.is_valid() and is_written(form, course, None):
        return go_to(request, reverse(CHALLENGES[1]), _("The challenge is kept as a draft."))
    words = {
        "title": _("A challenge of %(course)s") % {"course": course},
        "button": _("Keep as a draft"),
    }
    return show_form(request, form, words, CHALLENGES)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("gamification.change_challenge")
def challenge(request: HttpRequest, slug: str) -> HttpResponse:
    """Change one in which nobody has started."""
    found = get_object_or_404(Challenge.objects.select_related("course"), slug=slug)
    if found.entries.exists():
        return show_challenges(request, str(HasBegun.message))
    lessons = list(found.tasks.values_list("lesson", flat=True))
    form = ChallengeForm(
        request.POST if request.method == "POST" else None,
        course=found.course,
        instance=found,
        initial={"lessons": lessons},
    )
    if form.is_bound and form.is_valid() and is_written(form, found.course, found):
        return go_to(request, reverse(CHALLENGES[1]), _("The challenge is changed."))
    words = {
        "title": _("A challenge of %(course)s") % {"course": found.course},
        "button": _("Save the challenge"),
    }
    return show_form(request, form, words, CHALLENGES)


def is_written(form: ChallengeForm, course: Course, found: Challenge | None) -> bool:
    """Make or change it; what the verb refuses stands above the form."""
    said: dict[str, Any] = form.cleaned_data
    plan = Plan(course=course, **{**said, "lessons": list(said["lessons"])})
    try:
        if found is None:
            challenge_making.make_challenge(plan)
        else:
            challenge_making.change_challenge(found, plan)
    except (ContestRefused, ValidationError) as refusal:
        return refuse(form, refusal)
    return True


@require_POST
@with_right("gamification.change_challenge")
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Let learners see it. Published before, it stays so."""
    found = get_object_or_404(Challenge, slug=slug)
    try:
        challenge_making.publish_challenge(found)
    except ContestRefused as refusal:
        return show_challenges(request, str(refusal))
    return go_to(request, reverse(CHALLENGES[1]), _("%(found)s is published.") % {"found": found})
