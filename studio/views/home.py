"""The first page of the authors' desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.access import staff_only
from studio.pages.home import home_page


@require_safe
@staff_only
def home(request: HttpRequest) -> HttpResponse:
    """Courses with their quizzes, drafts too: attempts, pass rate, reports that wait."""
    page = home_page(request.GET.get("page", "1")[:6])
    return render(request, "studio/home.html", {"page": page, "nav": "studio"})
