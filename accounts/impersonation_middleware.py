"""While staff look at the site as a learner: who is there, and what stays closed."""

import json
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.impersonation import KEY, Look, LookOver, end, look_of, without_trace

Handler = Callable[[HttpRequest], HttpResponse]

READING = {"GET", "HEAD", "OPTIONS"}
# What belongs to the person alone, and where they are not a learner.
CLOSED = (
    "/accounts/", "/settings/", "/billing/", "/api/", "/admin/", "/studio/", "/setup/",
    "/impersonation/", "/join/", "/r/", "/notifications/unsubscribe/",
)  # fmt: skip


def impersonation(get_response: Handler) -> Handler:
    """Show pages as the learner sees them, and let nothing be changed."""

    def handle(request: HttpRequest) -> HttpResponse:
        held = request.session.get(KEY)
        if held is None or request.path == reverse("impersonation:end"):
            return get_response(request)
        try:
            be(request, look_of(request, held))
        except LookOver as ending:
            return over(request, ending)
        answer = get_response if is_open(request) else refuse
        return without_trace(partial(answer, request))

    return handle


def over(request: HttpRequest, ending: LookOver) -> HttpResponse:
    """The time is up, or it is not allowed any more: nothing is done as oneself by surprise."""
    end(request, ending.how)
    messages.info(request, str(ending))
    if not request.headers.get("HX-Request"):
        return redirect("home")
    # A whole page does not belong into a part of one.
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("home")})


def be(request: HttpRequest, look: Look) -> None:
    request.look = look  # type: ignore[attr-defined]
    request.impersonator = look.by  # type: ignore[attr-defined]
    request.user = look.person


def is_open(request: HttpRequest) -> bool:
    return request.method in READING and not request.path.startswith(CLOSED)


def refuse(request: HttpRequest) -> HttpResponse:
    """A page that says so; to htmx a notice, and to whoever reads JSON an object."""
    changes = request.method not in READING
    said = _("You are only looking: nothing can be changed.")
    if not changes:
        said = _("You are only looking: this page is for its owner alone.")
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": "only_looking", "detail": said}}, status=403)
    answer = render(request, "people/only_looking.html", {"changes": changes}, status=403)
    if request.headers.get("HX-Request"):
        answer["HX-Reswap"] = "none"
        answer["HX-Trigger"] = json.dumps({"toast": {"text": said}})
    return answer
