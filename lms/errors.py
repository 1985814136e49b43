"""What is answered when something is refused before a view can speak."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that does not come from our own page, or comes too late."""
    if request.path.startswith("/api/"):
        detail = "This request lacks the CSRF token of its session."
        return JsonResponse({"error": {"code": "csrf_failed", "detail": detail}}, status=403)
    return render(request, "403_csrf.html", status=403)
