"""Where I stand and why: progress, the XP history, help."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import set_preferences
from classroom.numbers import numbers_for
from classroom.pages import record as pages
from classroom.points import likes_points
from classroom.requests import (
    learner,
    members_only,
    see_other,
    spoken,
    states_wanted_end,
    with_points,
)
from classroom.streak_forms import GoalForm


@require_safe
@login_required
def progress(request: HttpRequest) -> HttpResponse:
    """The level, this week, a year of days, every course."""
    user = learner(request, known=True)
    shown = likes_points(user) and not numbers_for(request, user).hidden
    page = pages.progress_page(user, spoken(request), points=shown)
    context: dict[str, Any] = {"page": page, "week": page.week, "nav": "progress"}
    if page.week:
        context |= {"goal_form": GoalForm(initial={"lessons": page.week.wanted or ""})}
    return render(request, "classroom/progress.html", context)


@require_safe
@login_required
@with_points
def history(request: HttpRequest) -> HttpResponse:
    """Every entry of the ledger: each number on the site can be explained here."""
    page = pages.history_page(learner(request, known=True), request.GET.get("page", "1")[:6])
    return render(request, "classroom/history.html", {"page": page, "nav": "progress"})


def progress_address() -> str:
    return reverse("classroom:progress")


@require_POST
@members_only(progress_address)
@states_wanted_end("shown")
def points(request: HttpRequest, *, shown: bool) -> HttpResponse:
    """`shown=1` brings points and streaks back into sight, `shown=0` hides them."""
    set_preferences(learner(request, known=True), show_points=shown)
    messages.success(
        request, _("Points and streaks are shown.") if shown else _("They are hidden.")
    )
    back = request.POST.get("next", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return see_other(request, back if safe else progress_address())


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How things work here."""
    return render(request, "classroom/help.html", {"nav": "help"})
