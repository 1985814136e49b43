"""The mail of a demo school, for a newcomer who has to find a code."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.demo_mail import newest_mail


@require_safe
@never_cache
def mail(request: HttpRequest) -> HttpResponse:
    """Every mail that was sent, newest first. There is no such page outside a demo school."""
    if not settings.DEMO_SCHOOL:
        raise Http404
    return render(request, "demo/mail.html", {"mail": newest_mail()})
