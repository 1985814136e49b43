"""What a person's account changes about every request."""

import time
from collections.abc import Callable
from zoneinfo import ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

Handler = Callable[[HttpRequest], HttpResponse]


def time_zone_of_the_person(get_response: Handler) -> Handler:
    """Show times in the person's own zone."""

    def handle(request: HttpRequest) -> HttpResponse:
        user = request.user
        try:
            zone = user.zone if user.is_authenticated else timezone.get_default_timezone()
        except ZoneInfoNotFoundError:
            zone = timezone.get_default_timezone()
        with timezone.override(zone):
            return get_response(request)

    return handle


def staff_sessions(get_response: Handler) -> Handler:
    """End a staff session after half an hour of quiet and after eight hours in any case."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.is_staff:
            now = int(time.time())
            began = request.session.setdefault("staff_since", now)
            seen = request.session.get("staff_seen", now)
            if now - seen > settings.STAFF_IDLE_SECONDS or now - began > settings.STAFF_SESSION_SECONDS:
                logout(request)
            elif now - seen > 60 or "staff_seen" not in request.session:
                request.session["staff_seen"] = now
        return get_response(request)

    return handle
