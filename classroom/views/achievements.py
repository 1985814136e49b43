"""My badges."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from classroom.pages.achievements import achievements_page
from classroom.requests import learner, with_points


@require_safe
@login_required
@with_points
def achievements(request: HttpRequest) -> HttpResponse:
    """All badges there are: what each asks for, and how far I am."""
    page = achievements_page(learner(request, known=True), request.GET.get("show", "all"))
    return render(request, "classroom/achievements.html", {"page": page, "nav": "progress"})
