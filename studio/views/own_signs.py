"""What staff are told of somebody, shown to that person."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.settings_views import SECTIONS
from studio.pages.own_signs import own_signs_page


@require_safe
@login_required
def own_signs(request: HttpRequest) -> HttpResponse:
    """Of one course at a time; the others are a press away."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required let nobody else in
    page = own_signs_page(request.user, request.GET.get("course", ""))
    context = {"page": page, "sections": SECTIONS, "section": "privacy", "nav": "settings"}
    return render(request, "settings/signs.html", context)
