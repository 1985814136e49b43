"""Numbers about reviewing: what a model's drafts cost and are worth, how long reviews take."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.model_drafts import pausing
from studio.access import authors_only, reviewer, staff_or_reviewers
from studio.answers import go_to
from studio.pages.model import model_page
from studio.pages.times import times_page


@require_safe
@staff_or_reviewers
def model(request: HttpRequest) -> HttpResponse:
    """The model that drafts feedback, over 7, 30 or 90 days."""
    page = model_page(request.GET.get("days", "")[:3])
    return render(request, "studio/model.html", {"page": page, "nav": "studio"})


@require_POST
@authors_only
def try_again(request: HttpRequest) -> HttpResponse:
    """End the pause of drafts."""
    pausing.try_again()
    return go_to(request, reverse("studio:model"), _("New code gets drafts again."))


@require_safe
@staff_or_reviewers
def times(request: HttpRequest) -> HttpResponse:
    """How long learners wait for a review, and who gives them, over 7, 30 or 90 days."""
    page = times_page(reviewer(request), request.GET.get("days", "")[:3])
    return render(request, "studio/times.html", {"page": page, "nav": "studio"})
