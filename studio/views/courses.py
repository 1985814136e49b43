"""All courses, for those who write them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.access import staff_only
from studio.answers import is_htmx
from studio.pages.courses import courses_page


@require_safe
@staff_only
def courses(request: HttpRequest) -> HttpResponse:
    """Every course, drafts too. htmx asks for what a search found alone."""
    page = courses_page(request.GET.get("q", ""), request.GET.get("page", "1")[:6])
    part = "#results" if is_htmx(request) else ""
    return render(request, f"studio/courses.html{part}", {"page": page, "nav": "studio"})
