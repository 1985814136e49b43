"""Seasons: the list, one of them, and the goal one sets oneself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from classroom.numbers import numbers_for
from classroom.pages.seasons import season_page, seasons_page
from classroom.requests import learner, members_only, see_other, whole, with_points
from gamification.models import Season
from gamification.season_errors import ContestRefused, GoalIsSettled, SeasonIsGone
from gamification.seasons import set_goal


@require_safe
@login_required
@with_points
def seasons(request: HttpRequest) -> HttpResponse:
    """What is on, what comes, and how past seasons ended for me."""
    page = seasons_page(learner(request, known=True))
    return render(request, "classroom/seasons.html", {"page": page, "nav": "progress"})


@require_safe
@login_required
@with_points
def season(request: HttpRequest, slug: str) -> HttpResponse:
    """My goal and how far I am; then points, and a place for those on boards."""
    found = get_object_or_404(Season, slug=slug)
    user = learner(request, known=True)
    page = season_page(user, found, boards=numbers_for(request, user).boards)
    return render(request, "classroom/season.html", {"page": page, "nav": "progress"})


@require_POST
@members_only(lambda slug: reverse("classroom:season", args=[slug]))
@with_points
def goal(request: HttpRequest, slug: str) -> HttpResponse:
    """`days=24` is my goal; `days=0` takes it away. Nothing said, nothing changes."""
    found, user = get_object_or_404(Season, slug=slug), learner(request, known=True)
    typed = request.POST.get("days", "").strip()[:9]
    try:
        set_goal(user, found, None if typed == "0" else whole(typed))
    except SeasonIsGone as refusal:
        messages.error(request, str(refusal))
        return see_other(request, reverse("classroom:seasons"))
    except ContestRefused as refusal:
        boards = numbers_for(request, user).boards
        page = season_page(user, found, boards=boards, typed=typed, error=str(refusal))
        status = 409 if isinstance(refusal, GoalIsSettled) else 422
        context = {"page": page, "nav": "progress"}
        return render(request, "classroom/season.html", context, status=status)
    days = whole(typed)
    said = (
        ngettext("Goal set: %(days)s day.", "Goal set: %(days)s days.", days or 0) % {"days": days}
        if days
        else _("No goal is set.")
    )
    messages.success(request, said)
    return see_other(request, found.get_absolute_url())
