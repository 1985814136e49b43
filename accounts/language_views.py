"""The choice of a language, open to everybody: the form stands at the foot of every page."""

import inspect
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import set_language
from accounts.models import User


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep it in a cookie, and for somebody who is signed in with the account as well."""
    wanted = request.POST.get("language", "")
    answer = redirect(page_before(request))
    answer.status_code = HTTPStatus.SEE_OTHER
    if wanted not in dict(settings.LANGUAGES):
        messages.error(request, _("This language is not offered here."))
        return answer
    if isinstance(request.user, User):
        set_language(request.user, wanted)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return answer


def page_before(request: HttpRequest) -> str:
    """Where the form stood, as the browser says, so that no page has to write its own address.

    What was refused is shown at an address that only takes forms. There the page says where that
    form stood; else the nearest page above it is meant.
    """
    place = place_on_site(request, request.headers.get("Referer", ""))
    if opens(place, otherwise=True):
        return place
    before = place_on_site(request, request.POST.get("before", ""))
    return next(filter(opens, [before, *above(place)]))


def place_on_site(request: HttpRequest, address: str) -> str:
    """Path and query of an address of ours; `/` for all others."""
    try:
        said = urlsplit(address)
    except ValueError:
        return "/"
    place = urlunsplit(("", "", said.path, said.query, ""))
    is_ours = said.netloc == request.get_host() and url_has_allowed_host_and_scheme(place, None)
    return place if is_ours and place.startswith("/") else "/"


def above(place: str) -> Iterator[str]:
    """`/courses/tea/`, `/courses/`, `/` for `/courses/tea/enrollment/`."""
    parts = urlsplit(place).path.strip("/").split("/")
    for most in range(len(parts) - 1, 0, -1):
        yield f"/{'/'.join(parts[:most])}/"
    yield "/"


def opens(place: str, *, otherwise: bool = False) -> bool:
    """Whether a browser may go there; `otherwise`: where nothing is, which has a page as well."""
    try:
        view: Any = resolve(urlsplit(place).path).func
    except Resolver404:
        return otherwise
    while inspect.isfunction(view):
        # What Django's `require_POST` and its like keep to themselves.
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None:
            return "GET" in methods
        view = getattr(view, "__wrapped__", None)
    return True
