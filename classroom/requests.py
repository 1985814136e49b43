"""What the views of the classroom read from a request, and how they send people on."""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, cast, overload
from urllib.parse import parse_qsl

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import TooManyFieldsSent
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    RawPostDataException,
)
from django.shortcuts import render, resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from classroom.numbers import numbers_for
from classroom.points import likes_points, school_shows_points

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request as the middleware of django-htmx hands it on."""

    htmx: HtmxDetails


@overload
def learner(request: HttpRequest, *, known: Literal[True]) -> User: ...
@overload
def learner(request: HttpRequest) -> User | None: ...
def learner(request: HttpRequest, *, known: bool = False) -> User | None:
    """Who looks; None for a guest."""
    return request.user if isinstance(request.user, User) else None


def spoken(request: HttpRequest) -> str:
    """The languages that the browser asks for: they name the region, and so the currency."""
    return request.headers.get("Accept-Language", "")


def members_only(stands_on: Callable[..., str]) -> Callable[[View], View]:
    """Send guests to sign-in and from there to the page that the form stands on.

    The form's own address answers POST only: it would greet whoever comes back with a 405.
    `stands_on` is given the arguments of the address and returns that page's.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            return redirect_to_login(stands_on(**kwargs))

        return handle

    return decorate


def with_points(view: View) -> View:
    """Keep a page of points from whoever has none.

    Switched off by the school, there is no such page. Hidden by the person, a page says so and
    has the button that shows them again; a form that comes all the same changes nothing.
    """

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, is_read = learner(request), request.method in ("GET", "HEAD")
        # A page to read has the answer among the numbers of its frame; a form may change them.
        if user is not None and is_read:
            hidden = numbers_for(request, user).hidden
        else:
            hidden = not school_shows_points()
        if hidden:
            return render(request, "classroom/points_off.html", {"nav": "progress"}, status=404)
        if user is None or likes_points(user):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if is_read else ""
        context = {"back": back, "nav": "progress"}
        status = 200 if is_read else 409
        return render(request, "classroom/points_hidden.html", context, status=status)

    return handle


def states_wanted_end(name: str) -> Callable[[View], View]:
    """Hand the view what the form wants, `1` or `0`, as a bool called `name`.

    A POST states the wanted end, so a double click or a second tab cannot turn it round; a form
    that states none is answered 422 and changes nothing.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            value = request.POST.get(name)
            if value not in ("0", "1"):
                text = gettext(
                    "Nothing was changed: the form did not say %(name)s=1 or %(name)s=0."
                ) % {"name": name}
                return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
            return view(request, *args, **{**kwargs, name: value == "1"})

        return handle

    return decorate


def refuses_too_many_fields(told: str | Promise) -> Callable[[View], View]:
    """Answer 422 to a form of more fields than any page of ours has; elsewhere that is a bare 400.

    The check of the token reads the form as well, so it comes after this one.
    """

    def decorate(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _ = request.POST
            except TooManyFieldsSent:
                return HttpResponse(told, status=422, content_type="text/plain; charset=utf-8")
            return protected(request, *args, **kwargs)

        return handle

    return decorate


def whole(text: str) -> int:
    """The number that a form or an address gives; 0 for what is none."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def is_utf8(request: HttpRequest) -> bool:
    """Whether the form came as UTF-8: where it did not, Django has put U+FFFD, as one may type it.

    A form of several parts is not kept as it came, so of that one nobody can tell: False.
    """
    try:
        parse_qsl(request.body.decode(), errors="strict")
    except (UnicodeDecodeError, RawPostDataException):
        return False
    return True


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; a boosted or restored page is a whole one."""
    htmx = cast("Request", request).htmx
    return bool(htmx) and not (htmx.boosted or htmx.history_restore_request)


def is_looked_at(request: HttpRequest) -> bool:
    """Whether somebody gets to see the answer; of HEAD only the headers are wanted."""
    return request.method != "HEAD"


def said(answer: HttpResponse, text: str, *, urgent: bool = False) -> HttpResponse:
    """Have the page read a text out."""
    answer["HX-Trigger"] = json.dumps({"say": {"text": text, "urgent": urgent}})
    return answer


def see_other(request: HttpRequest, to: str, *args: str) -> HttpResponse:
    """Send the browser on after a success: 303, or for htmx a header that leaves the page."""
    address = resolve_url(to, *args)
    if is_htmx(request):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address, status=303)
