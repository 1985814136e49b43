"""The site's addresses, and two more: the page that others are compared with, and a clock."""

import time

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from lms.urls import handler500  # noqa: F401 - Django looks for it here
from lms.urls import urlpatterns as of_the_site


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """Session, person and frame, and nothing in it."""
    return render(request, "base.html")


def clock(request: HttpRequest) -> HttpResponse:
    """Nanoseconds of CPU, user and system, that this process has used."""
    return HttpResponse(str(time.process_time_ns()), content_type="text/plain")


urlpatterns = [*of_the_site, path("bench/bare", bare), path("bench/clock", clock)]
