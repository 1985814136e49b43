"""What is answered when something is refused before a view can speak."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from api import errors as api

TOO_OLD = "Not saved: this page is too old, as you signed in again since. Load it anew."


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that does not come from our own page, or comes too late."""
    if request.path.startswith("/api/"):
        return api.csrf_failed().response()
    answer = render(request, "403_csrf.html", status=403)
    if request.headers.get("HX-Request"):
        # A whole page does not belong into a part of one.
        answer["HX-Reswap"] = "none"
        answer["HX-Trigger"] = json.dumps({"stale": {}, "toast": {"text": TOO_OLD}})
    return answer


def busy(request: HttpRequest) -> HttpResponse:
    """Two changes got in each other's way, and the database let the other one through."""
    answer = render(request, "503.html", status=503)
    answer["Retry-After"] = "1"
    return answer


def not_found(request: HttpRequest) -> HttpResponse:
    """An address that nothing can have."""
    if request.path.startswith("/api/"):
        return api.not_found().response()
    return render(request, "404.html", status=404)


def not_text(request: HttpRequest) -> HttpResponse:
    """An address with characters that no text has."""
    if request.path.startswith("/api/"):
        detail = "This address holds characters that are not text."
        return api.ApiError(400, "invalid_address", detail).response()
    return render(request, "400.html", status=400)
