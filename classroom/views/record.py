"""Where I stand and why: progress, the XP history, help."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from classroom.pages import record as pages
from classroom.requests import learner


@require_safe
@login_required
def progress(request: HttpRequest) -> HttpResponse:
    """The level, the totals, every course."""
    page = pages.progress_page(learner(request, known=True))
    return render(request, "classroom/progress.html", {"page": page, "nav": "progress"})


@require_safe
@login_required
def history(request: HttpRequest) -> HttpResponse:
    """Every entry of the ledger: each number on the site can be explained here."""
    page = pages.history_page(learner(request, known=True), request.GET.get("page", "1")[:6])
    return render(request, "classroom/history.html", {"page": page, "nav": "progress"})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How things work here."""
    return render(request, "classroom/help.html", {"nav": "help"})
