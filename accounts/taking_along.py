"""Files that staff take along, which is noted: when somebody asks, not when a program looks."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response
from django.views.decorators.http import require_GET

View = Callable[..., HttpResponse]
# A browser that fetches what may be asked for next says so, by the standard's name or an older one.
AHEAD_OF_TIME = ("Sec-Purpose", "Purpose", "X-Moz")


def taken_along(view: View) -> View:
    """Answer GET alone, and nothing that is fetched ahead of time: it would be kept, and shown
    later without being noted. A browser throws away an answer of 503, and asks when it is meant.
    """

    @require_GET
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any(words_ahead(request.headers.get(name, "")) for name in AHEAD_OF_TIME):
            return not_yet(request)
        return view(request, *args, **kwargs)

    return handle


def not_yet(request: HttpRequest) -> HttpResponse:
    """Meant, and so noted here: Django would call any answer above 499 an error."""
    answer = HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    said = "Asked for ahead of time: %s"
    log_response(said, request.path, response=answer, request=request, level="info")
    return answer


def words_ahead(said: str) -> bool:
    return "prefetch" in said or "prerender" in said or "preview" in said
