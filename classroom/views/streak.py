"""The streak, what may be chosen about it, and the goal of the week."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.numerals import grouped
from classroom.pages import record as progress_pages
from classroom.pages import streak as pages
from classroom.requests import (
    is_htmx,
    learner,
    members_only,
    said,
    see_other,
    spoken,
    states_wanted_end,
    with_points,
)
from classroom.streak_forms import GoalForm, PauseForm, RestForm
from gamification import goals, streak_choices
from gamification.days import today_of
from gamification.models import Pause
from gamification.streak_choices import ChoiceRefused


def address(**kwargs: object) -> str:
    """The page on which all of these forms stand."""
    return reverse("classroom:streak")


def progress_address() -> str:
    return reverse("classroom:progress")


@require_safe
@login_required
@with_points
def streak(request: HttpRequest) -> HttpResponse:
    """Every day explained."""
    return show(request, learner(request, known=True))


def show(
    request: HttpRequest,
    user: User,
    *,
    rest: Form | None = None,
    pause: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; a form that had problems keeps what was typed."""
    page = pages.streak_page(user, request.GET.get("month", ""))
    context = {
        "page": page,
        "nav": "progress",
        "rest_form": rest or RestForm(initial={"weekdays": page.rest_days}),
        "pause_form": pause or PauseForm(),
        "form": rest or pause,
    }
    return render(request, "classroom/streak.html", context, status=status)


@require_POST
@members_only(address)
@with_points
def rest(request: HttpRequest) -> HttpResponse:
    """Choose the days of the week that need no work."""
    user, form = learner(request, known=True), RestForm(request.POST)
    if not form.is_valid():
        return show(request, user, rest=form, status=422)
    rule = streak_choices.set_rest(user, form.cleaned_data["weekdays"])
    begins = date_format(rule.from_date, "l, j F")
    messages.success(
        request, _("Saved. Your rest days are these from %(begins)s on.") % {"begins": begins}
    )
    return see_other(request, address())


@require_POST
@members_only(address)
@with_points
def pause(request: HttpRequest) -> HttpResponse:
    """Plan days that need no work."""
    user, form = learner(request, known=True), PauseForm(request.POST)
    if form.is_valid():
        try:
            streak_choices.pause(user, form.cleaned_data["first"], form.cleaned_data["last"])
        except ChoiceRefused as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return show(request, user, pause=form, status=422)
    messages.success(request, _("Saved. These days need no work."))
    return see_other(request, address())


@require_POST
@members_only(address)
@with_points
@states_wanted_end("ended")
def pause_end(request: HttpRequest, pk: UUID, *, ended: bool) -> HttpResponse:
    """`ended=1` ends a pause with yesterday, or takes a planned one away."""
    user = learner(request, known=True)
    found = get_object_or_404(Pause, pk=pk, user=user)
    if ended:
        streak_choices.end_pause(user, found)
        messages.success(request, _("The pause is over."))
    return see_other(request, address())


@require_POST
@members_only(address)
@with_points
def repair(request: HttpRequest) -> HttpResponse:
    """Take up the run again that ended before the present one."""
    try:
        run = streak_choices.repair(learner(request, known=True))
    except ChoiceRefused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext(
                "Your streak goes on: %(length)s day of learning.",
                "Your streak goes on: %(length)s days of learning.",
                run.length,
            )
            % {"length": grouped(run.length)},
        )
    return see_other(request, address())


def goal_saved(begins: date, user: User) -> str:
    """What is said: also from when on, where that is not now."""
    if begins > today_of(user):
        begins_on = date_format(begins, "l, j F")
        return _("Goal saved. It holds from %(begins)s on.") % {"begins": begins_on}
    return _("Goal saved.")


@require_POST
@members_only(progress_address)
@with_points
def goal(request: HttpRequest) -> HttpResponse:
    """Set how many lessons a week."""
    user, form = learner(request, known=True), GoalForm(request.POST)
    if form.is_valid():
        begins = goals.set_goal(user, form.cleaned_data["lessons"])
        if not is_htmx(request):
            messages.success(request, goal_saved(begins, user))
            return see_other(request, progress_address())
    context = {"week": progress_pages.week_strip(user), "goal_form": form, "form": form}
    if is_htmx(request):
        status = 422 if form.errors else 200
        answer = render(request, "classroom/_goal.html", context, status=status)
        return answer if form.errors else said(answer, goal_saved(begins, user))
    context |= {
        "page": progress_pages.progress_page(user, spoken(request), points=True),
        "nav": "progress",
    }
    return render(request, "classroom/progress.html", context, status=422)
