"""What is answered when something is refused before a view can speak."""

import contextlib
import errno
import json
import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api import errors as api

# What a proxy lets through is less, at addresses that begin so; in bytes.
MOST_READ, PIECE = {"/studio/": 80_000_000, "/": 12_000_000}, 65_536
TOO_OLD = gettext_lazy(
    "Not saved: this page is too old, as you signed in again since. Load it anew."
)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that does not come from our own page, or comes too late."""
    if request.path.startswith("/api/"):
        return api.csrf_failed().response()
    answer = render(request, "403_csrf.html", status=403)
    if request.headers.get("HX-Request"):
        # A whole page does not belong into a part of one.
        answer["HX-Reswap"] = "none"
        answer["HX-Trigger"] = json.dumps({"stale": {}, "toast": {"text": str(TOO_OLD)}})
    return answer


def busy(request: HttpRequest) -> HttpResponse:
    """Two changes got in each other's way, and the database let the other one through."""
    answer = render(request, "503.html", status=503)
    answer["Retry-After"] = "1"
    return answer


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that nothing has, or can have."""
    if request.path.startswith("/api/"):
        return api.not_found().response()
    return render(request, "404.html", status=404)


def not_text(request: HttpRequest) -> HttpResponse:
    """An address with characters that no text has."""
    if request.path.startswith("/api/"):
        detail = _("This address holds characters that are not text.")
        return api.ApiError(400, "invalid_address", detail).response()
    return bad_request(request)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What no server can make sense of: a forged host, a thousand fields."""
    return HttpResponse(bare(request, "400.html"), status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """What nobody caught: the database is away, the disk is full, or something is wrong with us.

    Called while the error is being handled. Its pages need no database, and ask for none.
    """
    error = sys.exception()
    if api.is_away(error):
        return told(request, api.unavailable(), "away.html")
    if is_full(error):
        read_to_its_end(request)
        return told(request, api.no_room(), "full.html")
    return told(request, api.server_error(), "500.html")


def told(request: HttpRequest, refusal: api.ApiError, page: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return refusal.response()
    return HttpResponse(bare(request, page), status=refusal.status, headers=refusal.headers)


def bare(request: HttpRequest, page: str) -> str:
    """A page that needs nothing of ours, in the language known by now, else the browser's.

    What failed before the middleware of languages left that of another request in this thread.
    """
    language = getattr(request, "LANGUAGE_CODE", None)
    with translation.override(language or translation.get_language_from_request(request)):
        return render_to_string(page, {"request": request})


def is_full(error: BaseException | None) -> bool:
    """Whether there was no room for a file."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def read_to_its_end(request: HttpRequest) -> None:
    """Take what is still being sent: a browser that is hung up on does not read an answer."""
    left = next(most for path, most in MOST_READ.items() if request.path.startswith(path))
    with contextlib.suppress(OSError):
        while left > 0 and (piece := request.read(PIECE)):
            left -= len(piece)
