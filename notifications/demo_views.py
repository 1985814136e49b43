"""The mail of a demo school, for a newcomer who has to find a code."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from notifications.demo_mail import newest_mail


@require_safe
@never_cache
def mail(request: HttpRequest) -> HttpResponse:
    """Every mail that was sent, newest first. There is no such page outside a demo school."""
    if not settings.DEMO_SCHOOL:
        raise Http404
    return render(request, "demo/mail.html", {"mail": newest_mail()})


# What stands in a mail runs nothing and loads nothing, whoever wrote it.
OF_A_MAIL = {"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "sandbox": ""}


@require_safe
@never_cache
@csp_override(OF_A_MAIL)
def mail_page(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part of one mail, as a mail program would show it."""
    found = [one for one in newest_mail() if one.key == key] if settings.DEMO_SCHOOL else []
    if not found or not found[0].page:
        raise Http404
    return HttpResponse(found[0].page)
