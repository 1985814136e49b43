"""What the views of billing read from a request, and how they send people on."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.limits import Limit
from accounts.models import User
from billing.access import is_selling

View = Callable[..., HttpResponse]

# Each of them asks Stripe, and somebody waits for it.
ASKING = Limit("billing", 30, 60)


def member(request: HttpRequest) -> User:
    return cast("User", request.user)


def members_only(stands_on: str) -> Callable[[View], View]:
    """Send guests to sign-in, and from there to the page of that name, which the form stands on."""

    def decorate(view: View) -> View:
        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            return redirect_to_login(reverse(stands_on))

        return handle

    return decorate


def where_seats_are_sold(view: View) -> View:
    """There is no such page where nothing is sold."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_selling():
            raise Http404(_("Nothing is sold here."))
        return view(request, *args, **kwargs)

    return handle


def not_too_often(view: View) -> View:
    """Answer 429 to a person who asks Stripe more often than anybody would by hand."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = ASKING.spend(str(member(request).pk))
        if wait is None:
            return view(request, *args, **kwargs)
        answer = render(request, "429.html", {"retry_after": wait}, status=429)
        answer["Retry-After"] = str(wait)
        return answer

    return handle


def see_other(address: str) -> HttpResponse:
    """Send the browser on after a success."""
    return HttpResponseRedirect(address, status=303)
