"""What a person's account changes about every request."""

import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import has_second_factor, may_work_as_staff
from accounts.adapters import sign_in_failed
from accounts.models import User
from accounts.school import school

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)

DAY = 24 * 3600
STAFF_AREAS = ("/admin/", "/studio/", "/impersonation/")
MFA_IN_A_REAL_SCHOOL = _("This is a demo school. A real one asks staff for a second factor here.")
MFA_NEEDED = _("Staff pages need a second factor. Set up an authenticator app first.")


def circumstances(get_response: Handler) -> Handler:
    """Let the audit log know who asks, from where."""

    def handle(request: HttpRequest) -> HttpResponse:
        token = audit.REQUEST.set(request)
        try:
            return get_response(request)
        finally:
            audit.REQUEST.reset(token)

    return handle


def time_zone_of_the_person(get_response: Handler) -> Handler:
    """Show times in the person's own zone, and guests the school's.

    Probes speak of no times, and answer while the database does not.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path in settings.PROBES:
            return get_response(request)
        user = request.user
        zone = user.zone if user.is_authenticated else school().zone
        with timezone.override(zone):
            return get_response(request)

    return handle


def language_of_the_person(get_response: Handler) -> Handler:
    """Speak the person's own language; of visitors the cookie and the browser say theirs.

    The API speaks to programs: to each the same.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        language = ""
        if request.path.startswith("/api/"):
            language = settings.LANGUAGE_CODE
        elif isinstance(request.user, User):
            language = request.user.language
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return get_response(request)

    return handle


def staff_sessions(get_response: Handler) -> Handler:
    """End a staff session after half an hour of quiet and after eight hours in any case."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.is_staff:
            now = int(time.time())
            began = request.session.setdefault("staff_since", now)
            seen = request.session.get("staff_seen", now)
            idle = now - seen > settings.STAFF_IDLE_SECONDS
            if idle or now - began > settings.STAFF_SESSION_SECONDS:
                logout(request)
            elif is_stamped_anew(request, now - seen):
                request.session["staff_seen"] = now
        return get_response(request)

    return handle


def is_stamped_anew(request: HttpRequest, quiet: int) -> bool:
    """Once a minute is enough. What a page asks by itself, unasked, is no sign of a person."""
    if "staff_seen" not in request.session:
        return True
    return quiet > 60 and "X-Unasked" not in request.headers


def learner_sessions(get_response: Handler) -> Handler:
    """Prolong a session that is in use once a day, and end it a month after sign-in.

    `accounts.receivers` stamps a session at sign-in; one without a stamp just runs out.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        signed_in_at = request.session.get("signed_in_at")
        if signed_in_at is not None:
            now = int(time.time())
            if now - signed_in_at > settings.SESSION_ABSOLUTE_SECONDS:
                logout(request)
            elif now - request.session.get("seen_at", signed_in_at) > DAY:
                request.session["seen_at"] = now
        return get_response(request)

    return handle


def mfa_for_staff(get_response: Handler) -> Handler:
    """Let staff into their areas with a second factor only.

    Learning pages stay open to them, and so does a demo school, whose passwords everybody knows
    anyway: it shows a notice instead (docs/decisions/0004-mfa-for-staff.md).
    """

    def handle(request: HttpRequest) -> HttpResponse:
        user = request.user
        at_the_gate = request.path.startswith(STAFF_AREAS) and user.is_authenticated
        if not (at_the_gate and user.is_staff):
            return get_response(request)
        if not may_work_as_staff(user):
            messages.warning(request, MFA_NEEDED)
            return redirect("mfa_activate_totp")
        if settings.DEMO_SCHOOL and not has_second_factor(user):
            remind_once(request)
        return get_response(request)

    return handle


def remind_once(request: HttpRequest) -> None:
    """Say in a demo school what a real one would ask; once in a session is enough."""
    if not request.session.get("second_factor_reminder"):
        request.session["second_factor_reminder"] = True
        messages.info(request, MFA_IN_A_REAL_SCHOOL)


def leave_nothing_behind(get_response: Handler) -> Handler:
    """Tell the browser to forget what it stored when somebody signs out.

    Not "cache": Chromium takes seconds to clear it, and no page of a person is stored there. Not
    "cookies": signing out has ended the session, and the word would take the parting message and
    the cookies of every neighbour under the same domain with it.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        was_known = request.method == "POST" and request.user.is_authenticated
        response = get_response(request)
        if was_known and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"storage"'
        return response

    return handle


def say_when_to_come_back(get_response: Handler) -> Handler:
    """Add to allauth's 429 how long to wait: the limits that answer so count within a minute."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.setdefault("Retry-After", "60")
        return response

    return handle


class ProviderTrouble:
    """Answer nonsense from a sign-in provider with a page, not with an error of ours."""

    SHAPE_ERRORS = (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        DataError,
        ImproperlyConfigured,  # what allauth says of an id that is too long
    )

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        by_provider = match is not None and (match.url_name or "").endswith("_callback")
        if not (by_provider and isinstance(error, self.SHAPE_ERRORS)):
            return None
        logger.exception("A sign-in provider sent what cannot be read", exc_info=error)
        return sign_in_failed(request)
