"""The choice of a language, open to everybody: the form stands at the foot of every page."""

from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
    """Where the form stood, as the browser says, so that no page has to write its own address."""
    said = urlsplit(request.headers.get("Referer", ""))
    place = urlunsplit(("", "", said.path, said.query, ""))
    is_ours = said.netloc == request.get_host() and url_has_allowed_host_and_scheme(place, None)
    return place if is_ours and place.startswith("/") else "/"
