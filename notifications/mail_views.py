"""Leaving a topic from a mail: without signing in, and without a cookie."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import unsubscribing

TEMPLATE = "notifications/unsubscribe.html"


# The link itself is the proof: mail programs send it for their people, with nothing else in hand.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or do it. Looking changes nothing: programs look at links before people do."""
    try:
        leaving = unsubscribing.read(token)
    except unsubscribing.BadLink as bad:
        is_old = isinstance(bad, unsubscribing.OldLink)
        return render(request, TEMPLATE, {"is_old": is_old}, status=410 if is_old else 404)
    if request.method == "POST":
        unsubscribing.unsubscribe(leaving)
    is_done = leaving.is_done or request.method == "POST"
    context = {"topic": leaving.topic, "hint": leaving.hint, "is_done": is_done}
    return render(request, TEMPLATE, context)
