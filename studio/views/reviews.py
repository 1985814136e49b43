"""The reviewers' queue: what waits for a person, and taking up the next one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from assessments.errors import AssessmentRefused
from assessments.models import Review
from assessments.reviewing.reviews import claim, claim_next
from studio.access import reviewer, reviewers_only
from studio.answers import go_to, is_htmx
from studio.pages.reviews import can_be_undone, free_ones, queue_page
from studio.review_forms import QueueFilter

FILTERS = ("course", "language", "reason", "age", "help", "again")
NOTHING_FREE = _("Nothing is free to review now.")


@require_safe
@reviewers_only
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, who asks for help first; htmx asks for the list anew."""
    looker = reviewer(request)
    page = queue_page(looker, request.GET.dict())
    sent = can_be_undone(looker, request.GET.get("sent", ""))
    context = {"page": page, "sent": sent, "nav": "studio", "keys": "reviews"}
    part = "#queue" if is_htmx(request) else ""
    answer = render(request, f"studio/reviews.html{part}", context)
    answer["Vary"] = "HX-Request"
    return answer


@require_POST
@reviewers_only
def review_next(request: HttpRequest) -> HttpResponse:
    """Claim the first of what is shown that nobody is at, and go to its desk."""
    asked = request.POST.dict()
    found = next_of(reviewer(request), asked)
    if found is not None:
        return go_to(request, reverse("studio:review", args=[found.pk]))
    messages.info(request, NOTHING_FREE)
    kept = {name: value for name, value in QueueFilter(asked).chosen.items() if value}
    return go_to(request, f"{reverse('studio:reviews')}?{urlencode(kept)}")


def next_of(looker: User, asked: dict[str, str]) -> Review | None:
    """Of the whole queue, or of what a filter lets through."""
    if not any(value for name, value in asked.items() if name in FILTERS):
        return claim_next(looker)
    for key in free_ones(looker, asked):
        try:
            return claim(key, looker)
        except AssessmentRefused:
            continue
    return None
