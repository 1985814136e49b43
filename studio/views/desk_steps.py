"""What the desks of code and of quizzes do alike: what was not saved, giving back, going on."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import Review
from assessments.reviewing.reviews import release, release_untouched
from studio.access import reviewer
from studio.answers import go_to, is_htmx
from studio.views.reviews import NOTHING_FREE, next_of

GIVEN_BACK = _("Given back. What you wrote is kept for whoever takes it up.")
UNFIT = _("Not saved: something above cannot be kept. Send to see what.")


def address_of(review: Review) -> str:
    return reverse("studio:review", args=[review.pk])


def is_autosave(request: HttpRequest) -> bool:
    return is_htmx(request) and request.POST.get("go") == "autosave"


def state(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """What an autosave is answered with: what became of it, beside the buttons."""
    return render(request, "studio/_desk_state.html", context, status=status)


def given_back(request: HttpRequest, review: Review) -> HttpResponse:
    """Leave what is saved to whoever takes it up."""
    release(review.pk, reviewer(request))
    return go_to(request, reverse("studio:reviews"), str(GIVEN_BACK))


def go_on(request: HttpRequest, sent: Review) -> HttpResponse:
    """After sending: to the next one if that is wished, else to the queue. Both offer undo."""
    goes_on = request.POST.get("next") == "on"
    if request.session.get("review_next", True) != goes_on:
        request.session["review_next"] = goes_on
    following = next_of(reviewer(request), {}) if goes_on else None
    if following is not None:
        request.session["review_followed"] = [str(sent.pk), str(following.pk), following.version]
    address = address_of(following) if following else reverse("studio:reviews")
    said = "" if following or not goes_on else NOTHING_FREE
    return go_to(request, f"{address}?sent={sent.pk}", str(said))


def give_back_next(request: HttpRequest, sent: Review) -> bool:
    """Free the one that was claimed by going on from what was sent, unless it was worked at."""
    before, following, version = request.session.get("review_followed") or ("", "", 0)
    if before != str(sent.pk) or sent.decided_at is None:
        return False
    del request.session["review_followed"]
    return release_untouched(UUID(following), reviewer(request), sent.decided_at, version)
