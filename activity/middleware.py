"""Counting whole pages that somebody gets to see."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from activity.analytics.looking import note_page

Handler = Callable[[HttpRequest], HttpResponse]


def count_pages(get_response: Handler) -> Handler:
    """Note the page once it is made. Parts, files, refusals and redirects are no pages."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        is_seen = request.method == "GET" and response.status_code == 200
        if is_page and is_seen and not request.headers.get("HX-Request"):
            note_page(request)
        return response

    return handle
