"""What is asked for more often than it may be: counted, and answered with how long to wait."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.limits import Limit, address_of
from classroom.requests import View, learner


def counted(
    limit: Limit, *, where: Callable[[HttpRequest], bool] | None = None
) -> Callable[[View], View]:
    """Count by person, and guests by address: a class shares one. `where`: what counts at all."""

    def decorate(view: View) -> View:
        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = learner(request)
            who = str(user.pk) if user else address_of(request)
            counts = where is None or where(request)
            wait = limit.spend(who) if counts else None
            return too_many(request, wait) if wait else view(request, *args, **kwargs)

        return handle

    return decorate


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    answer = render(request, "429.html", {"retry_after": wait}, status=429)
    answer["Retry-After"] = str(wait)
    return answer
