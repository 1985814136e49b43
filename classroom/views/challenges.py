"""Challenges: the list, one of them, and the start of one's own time."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from classroom.numbers import numbers_for
from classroom.pages.challenges import (
    challenge_page,
    challenges_page,
    extra_of,
    shown_challenges,
)
from classroom.requests import (
    is_htmx,
    learner,
    members_only,
    see_other,
    states_wanted_end,
    with_points,
)
from enrollments.access import require_enrollment
from enrollments.errors import EnrollmentRefused
from gamification.challenges import start
from gamification.models import Challenge
from gamification.season_errors import ContestRefused


def published_challenge(slug: str) -> Challenge:
    found = shown_challenges().filter(slug=slug).first()
    if found is None:
        raise Http404(_("No such challenge."))
    return found


@require_safe
@login_required
@with_points
def challenges(request: HttpRequest) -> HttpResponse:
    """What can be started, what will be, and what can be practised."""
    page = challenges_page(learner(request, known=True), request.GET.get("page", "1")[:6])
    return render(request, "classroom/challenges.html", {"page": page, "nav": "progress"})


@require_safe
@login_required
@with_points
def challenge(request: HttpRequest, slug: str) -> HttpResponse:
    """Rules, my time, the tasks, the results. htmx asks for the clock of a page that was away."""
    found, user = published_challenge(slug), learner(request, known=True)
    page = challenge_page(user, found, boards=numbers_for(request, user).boards)
    if is_htmx(request):
        if page.state != "running":
            return see_other(request, found.get_absolute_url())
        return render(request, "classroom/_challenge_clock.html", {"page": page})
    return render(request, "classroom/challenge.html", {"page": page, "nav": "progress"})


@require_POST
@members_only(lambda slug: reverse("classroom:challenge", args=[slug]))
@with_points
@states_wanted_end("started")
def entry(request: HttpRequest, slug: str, *, started: bool) -> HttpResponse:
    """`started=1` begins my time, or goes on with it. A start is never taken back."""
    found, user = published_challenge(slug), learner(request, known=True)
    try:
        if started:
            require_enrollment(user, found.course)
            start(user, found, extra_of(user))
    except (EnrollmentRefused, ContestRefused) as refusal:
        boards = numbers_for(request, user).boards
        page = challenge_page(user, found, boards=boards, refusal=refusal)
        status = 403 if isinstance(refusal, EnrollmentRefused) else 409
        context = {"page": page, "nav": "progress"}
        return render(request, "classroom/challenge.html", context, status=status)
    return see_other(request, found.get_absolute_url())
