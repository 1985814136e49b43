"""What every request passes through: an id, a measure, headers, a check of its text."""

import re
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.log import log_response
from prometheus_client import Histogram

from accounts.keys import uuid7
from api.errors import LOST_A_RACE, is_lost_race
from lms import errors, logs

Handler = Callable[[HttpRequest], HttpResponse]

REQUEST_SECONDS = Histogram(
    "waymark_request_seconds",
    "Time to answer, by view and status.",
    ["view", "method", "status"],
)
PAGE_METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
METHODS = PAGE_METHODS | {"PUT", "PATCH", "DELETE"}
# Django sets the first three as well, but not on an answer to a host that it does not know.
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def request_id(get_response: Handler) -> Handler:
    """Give the request an id for logs, error pages and the X-Request-ID header."""

    def handle(request: HttpRequest) -> HttpResponse:
        given = uuid7().hex
        # Never taken back: Django logs a refusal after the last middleware. The next request of
        # this thread sets its own.
        logs.request_id.set(given)
        request.id = given  # type: ignore[attr-defined]
        response = get_response(request)
        response["X-Request-ID"] = given
        return response

    return handle


def metrics_by_any_name(get_response: Handler) -> Handler:
    """Let Prometheus ask by the address of one server: it cannot be told to send another name.

    Forged names do harm where an answer holds links, and this one holds none.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path == "/metrics":
            request.get_host = partial(str, settings.SITE_HOST)  # type: ignore[method-assign]
        return get_response(request)

    return handle


def probes_know_nobody(get_response: Handler) -> Handler:
    """Open no session for a probe: whoever carries one, it answers while the database does not.

    What it says is true of this moment alone.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path not in settings.PROBES:
            return get_response(request)
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        response = get_response(request)
        response["Cache-Control"] = "no-store, private"
        return response

    return handle


def measure(get_response: Handler) -> Handler:
    """Count requests and their seconds by the name of the view, for /metrics."""

    def handle(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        REQUEST_SECONDS.labels(
            view=match.view_name if match else "none",
            # A client may invent methods; each would be a series of its own.
            method=request.method if request.method in METHODS else "other",
            status=response.status_code,
        ).observe(time.perf_counter() - began)
        return response

    return handle


def extra_headers(get_response: Handler) -> Handler:
    """Headers that Django has no setting for. Pages of a person are not stored anywhere.

    Those of guests hold a form token and are made for their language: browsers may keep them and
    ask again, caches between us and them may not. Files say for themselves how long they last.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(logs.SECRET_ADDRESSES):
            tell_nobody(response)
        for name, value in ALWAYS.items():
            response.setdefault(name, value)
        if getattr(request, "htmx", None) is not None:
            patch_vary_headers(response, ["HX-Request"])
        # To ask who it was may be what failed.
        failed = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        user = None if failed else getattr(request, "user", None)
        if failed or (user is not None and user.is_authenticated):
            response.setdefault("Cache-Control", "no-store, private")
        response.setdefault("Cache-Control", "no-cache, private")
        return response

    return handle


def of_no_page() -> dict[str, str]:
    """What an answer says that no view and no middleware of ours has seen: the web server's own."""
    safe = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
    safe |= {"X-Frame-Options": "DENY", "Cache-Control": "no-store, private"}
    if settings.SECURE_HSTS_SECONDS:
        within = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        safe["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}{within}"
    return ALWAYS | safe


def tell_nobody(response: HttpResponse) -> None:
    """Let the browser name this address to no other site, and keep no copy of the page.

    Of a form itself the browser tells us: without that it sends `Origin: null`, which is refused.
    """
    is_left = 300 <= response.status_code < 400
    response["Referrer-Policy"] = "no-referrer" if is_left else "same-origin"
    response.setdefault("Cache-Control", "no-store, private")


def refuse_other_methods(get_response: Handler) -> Handler:
    """Pages know GET, HEAD and POST. Everything else is 405 before anybody asks for a token.

    The API answers for itself.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method in PAGE_METHODS or request.path.startswith("/api/"):
            return get_response(request)
        return HttpResponseNotAllowed(sorted(PAGE_METHODS))

    return handle


def explain_wrong_method(get_response: Handler) -> Handler:
    """Give a browser that opens the target of a form a page instead of an empty answer."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_empty = isinstance(response, HttpResponseNotAllowed) and not response.content
        if is_empty and "text/html" in request.headers.get("Accept", ""):
            response.content = render_to_string("405.html", request=request)
        return response

    return handle


def compress(get_response: Handler) -> Handler:
    """Compress pages. Django adds random bytes, against guessing a secret by the length.

    Streams stay as they are: a compressed part of a video is not the part that was asked for.
    """
    gzip = GZipMiddleware(get_response)

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.streaming:
            gzip.process_response(request, response)
        return response

    return handle


# NUL cannot be stored in PostgreSQL; lone surrogates cannot be encoded. Neither is text.
BROKEN_TEXT = re.compile("[\x00\ud800-\udfff]")
# Whatever a link to the sign-up page has become on its way, it leads there.
INVITATIONS = "/r/"


def refuse_broken_text(get_response: Handler) -> Handler:
    """NUL in a path leads nowhere, in a query it is 400; forms refuse it in words of their own."""

    def handle(request: HttpRequest) -> HttpResponse:
        values = (value for values in request.GET.lists() for value in values[1])
        path = "" if request.path.startswith(INVITATIONS) else request.path
        if BROKEN_TEXT.search(path):
            return errors.not_found(request)
        if any(map(BROKEN_TEXT.search, values)):
            return errors.not_text(request)
        return get_response(request)

    return handle


class LostRace:
    """Say "try again" where the database broke a deadlock or could not put changes in a row.

    The verb that lost was rolled back; what a request did before it stands, and may be done twice.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not (isinstance(error, OperationalError) and is_lost_race(error)):
            return None
        answer = errors.busy(request)
        log_response(
            LOST_A_RACE, request.method, request.path,
            response=answer, request=request, level="warning", exception=error,
        )  # fmt: skip
        return answer


def page_of(request: HttpRequest) -> str:
    """The path of the page on which htmx runs, as the browser tells; `/` if it makes no sense."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
    except ValueError:
        return "/"


def htmx_sign_in(get_response: Handler) -> Handler:
    """When a session has ended, send the whole page to sign-in, not a sign-in page into a part."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        sign_in = response.status_code == 302 and "/accounts/login/" in response["Location"]
        if not (sign_in and request.headers.get("HX-Request")):
            return response
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = (
            f"/accounts/login/?{urlencode({'next': page_of(request)}, safe='/')}"
        )
        return answer

    return handle
