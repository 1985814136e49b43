"""The API as a whole: its routers, its errors, its schema. Every answer is JSON."""

import json
import logging
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils.cache import patch_vary_headers
from django.utils.log import log_response
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, ValidationError

from accounts.school import school
from api import (
    assignments,
    attempts,
    courses,
    enrollments,
    errors,
    events,
    leaderboard,
    lessons,
    me,
    quizzes,
    submissions,
    xp,
)
from api.docs import sections
from api.door import ReadAlready
from assessments.errors import AssessmentRefused
from enrollments.errors import CourseClosed, EnrollmentRefused
from progress.errors import LessonGone, ProgressRefused
from sandbox.job import SourceRefused

logger = logging.getLogger(__name__)
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

api = NinjaAPI(
    title="API",
    version="1.0.0",
    description="Everything here acts for yourself: no one enrols, completes or reads for others.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=ReadAlready(),
)
rest = Router()


@rest.get("/openapi.json", include_in_schema=False, url_name="openapi")
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document."""
    info = {**schema()["info"], "title": f"{school().title} API"}
    return JsonResponse({**schema(), "info": info})


@rest.get("/docs", include_in_schema=False, url_name="docs")
def docs_page(request: HttpRequest) -> HttpResponse:
    """The same document for people."""
    return render(request, "api/docs.html", {"sections": sections(schema())})


@rest.api_operation(METHODS, "/", include_in_schema=False)
def nothing(request: HttpRequest) -> HttpResponse:
    raise errors.not_found()


@rest.api_operation(METHODS, "/{path:anything}", include_in_schema=False)
def nothing_either(request: HttpRequest, anything: str) -> HttpResponse:
    """Whatever else is asked for, also with a slash too many."""
    raise errors.not_found()


ROOMS = (
    enrollments, xp, courses, lessons, quizzes, attempts, assignments, submissions, me, leaderboard,
    events,
)  # fmt: skip
for router in (*(room.router for room in ROOMS), rest):
    api.add_router("", router)


@api.exception_handler(errors.ApiError)
def refused(request: HttpRequest, error: errors.ApiError) -> HttpResponse:
    return error.response()


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return errors.not_authenticated().response()


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return errors.invalid_fields(error.errors).response()


@api.exception_handler(Http404)
@api.exception_handler(CourseClosed)
@api.exception_handler(LessonGone)
def gone(request: HttpRequest, error: Exception) -> HttpResponse:
    return errors.not_found().response()


@api.exception_handler(EnrollmentRefused)
@api.exception_handler(ProgressRefused)
@api.exception_handler(AssessmentRefused)
def refused_by_a_verb(request: HttpRequest, error: Exception) -> HttpResponse:
    return errors.from_refusal(error).response()


@api.exception_handler(SourceRefused)
def no_source(request: HttpRequest, refusal: SourceRefused) -> HttpResponse:
    return errors.invalid_text("source").response()


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def busy(request: HttpRequest, error: OperationalError | InterfaceError) -> HttpResponse:
    """The database let another change go first, or is away."""
    if errors.is_away(error):
        logger.error("%s %r: the database is away", request.method, request.path, exc_info=error)
        return errors.unavailable().response()
    if not errors.is_lost_race(error):
        return broken(request, error)
    answer = errors.busy().response()
    log_response(
        errors.LOST_A_RACE, request.method, request.path,
        response=answer, request=request, level="warning", exception=error,
    )  # fmt: skip
    return answer


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Log what nobody foresaw and tell those who watch for it; the answer says nothing of it."""
    logger.error("%s %r failed", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return errors.server_error().response()


def always_json(pattern: URLPattern) -> URLPattern:
    """Let the view answer HEAD as GET, say 405 in JSON, and be stored nowhere."""
    view: Callable[..., HttpResponse] = pattern.callback

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked, request.method = (
            request.method,
            "GET" if request.method == "HEAD" else request.method,
        )
        response = view(request, *args, **kwargs)
        request.method = asked
        if response.status_code == 405:
            response = errors.method_not_allowed(response["Allow"].split(", ")).response()
        response["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response

    pattern.callback = handle
    return pattern


def patterns() -> list[URLPattern]:
    found: list[URLPattern] = [p for p in api.urls[0] if isinstance(p, URLPattern)]
    return [always_json(pattern) for pattern in found if pattern.name != "api-root"]


HEADERS = {
    "401": {"WWW-Authenticate": "How to say who you are."},
    "405": {"Allow": "The methods of this address."},
    "429": {"Retry-After": "Seconds to wait."},
}


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI document, with the headers that refusals carry."""
    # Through JSON and back: plain dicts, and statuses as the text that they are in the document.
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/")))
    document["servers"] = [{"url": settings.SITE_URL}]
    document["info"]["license"] = {"name": "MIT", "identifier": "MIT"}
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                for name, meaning in HEADERS.get(status, {}).items():
                    header = {"description": meaning, "schema": {"type": "string"}}
                    response.setdefault("headers", {})[name] = header
    return document
