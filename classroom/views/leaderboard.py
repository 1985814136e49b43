"""Leaderboards, and the choice whether to stand on them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.names import InvalidName
from classroom.board_forms import BoardChoiceForm
from classroom.numbers import numbers_for
from classroom.pages.leaderboard import (
    LeaderboardPage,
    asked_for,
    choice_of,
    leaderboard_page,
)
from classroom.points import likes_points
from classroom.requests import is_htmx, learner, members_only, see_other, with_points
from gamification import boards
from gamification.board_windows import SCHOOL
from gamification.models import BoardChoice

SAID = {
    True: _("You are on leaderboards."),
    False: _("You come onto leaderboards after three days of learning."),
}
LEFT = _("You are on no leaderboard any more.")


def leaderboard_address() -> str:
    return reverse("classroom:leaderboard")


@require_safe
@login_required
@with_points
def leaderboard(request: HttpRequest) -> HttpResponse:
    """One board. htmx asks for it alone."""
    page = leaderboard_page(learner(request, known=True), *asked_for(request.GET.dict()))
    return show(request, page, BoardChoiceForm(None, page.choice))


@require_POST
@members_only(leaderboard_address)
def choice(request: HttpRequest) -> HttpResponse:
    """Come onto boards, by which name, or leave them: from any board, also one that is gone."""
    return leave(request) if request.POST.get("shown") == BoardChoice.Shown.OFF else join(request)


def leave(request: HttpRequest) -> HttpResponse:
    """Whatever is hidden from somebody or by them, others see them no more."""
    boards.choose(learner(request, known=True), BoardChoice.Shown.OFF)
    messages.success(request, LEFT)
    return to_the_board(request)


@with_points
def join(request: HttpRequest) -> HttpResponse:
    user = learner(request, known=True)
    form = BoardChoiceForm(request.POST, choice_of(user))
    try:
        listed = boards.choose(user, **form.cleaned_data) if form.is_valid() else None
    except InvalidName as refusal:
        form.add_error("nickname", str(refusal))
        listed = None
    if listed is None:
        return show(request, leaderboard_page(user, "week", SCHOOL), form, status=422)
    messages.success(request, SAID[listed])
    return to_the_board(request)


def to_the_board(request: HttpRequest) -> HttpResponse:
    """The board that the form stood on; to one's progress, where the person sees no boards."""
    user = learner(request, known=True)
    if not (likes_points(user) and numbers_for(request, user).boards):
        return see_other(request, reverse("classroom:progress"))
    query = urlencode(dict(zip(("period", "scope"), asked_for(request.POST.dict()), strict=True)))
    return see_other(request, f"{leaderboard_address()}?{query}")


def show(
    request: HttpRequest, page: LeaderboardPage, form: BoardChoiceForm, *, status: int = 200
) -> HttpResponse:
    part = "#board" if is_htmx(request) else ""
    context = {"page": page, "form": form, "nav": "progress"}
    answer = render(request, f"classroom/leaderboard.html{part}", context, status=status)
    # Nobody's own line is kept where somebody else could be shown it.
    answer["Cache-Control"] = "no-store, private"
    return answer
