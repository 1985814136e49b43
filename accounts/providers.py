"""Talking to sign-in providers: briefly, in small answers, and never anywhere else."""

import time
from typing import Any

import requests
from allauth.core import context
from urllib3.exceptions import HTTPError

BUDGET_SECONDS = 8.0
ONE_CALL_SECONDS = 4.0
MAX_BYTES = 1024 * 1024


class ProviderUnavailable(requests.RequestException):
    """The provider does not answer, or not in a way that can be understood."""


class BriefSession(requests.Session):
    """All calls of one page together take eight seconds at most, each answer a mebibyte.

    The time-out of `requests` starts anew with each byte that trickles in; this one does not. No
    redirect is followed: the providers' endpoints answer themselves.
    """

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        deadline = deadline_of_the_page()
        left = deadline - time.monotonic()
        if left <= 0:
            raise ProviderUnavailable("no time left")
        kwargs |= {
            "timeout": min(left, ONE_CALL_SECONDS),
            "stream": True,
            "allow_redirects": False,
        }
        response = super().request(method, url, *args, **kwargs)
        with response:
            body = read_within(response, deadline)
        strange = response.status_code >= 500 or response.is_redirect
        if strange or not looks_like_data(response, body):
            raise ProviderUnavailable(f"{url} answered {response.status_code}")
        response._content = body
        return response


def deadline_of_the_page() -> float:
    """Return the end of the budget; it begins with the first call made for this request."""
    page = context.request
    deadline: float | None = getattr(page, "provider_deadline", None)
    if deadline is None:
        deadline = time.monotonic() + BUDGET_SECONDS
        if page is not None:
            page.provider_deadline = deadline
    return deadline


def read_within(response: requests.Response, deadline: float) -> bytes:
    body = bytearray()
    # `read1` gives what has arrived; `iter_content` would wait for a full piece.
    try:
        while piece := response.raw.read1(16 * 1024, decode_content=True):
            body += piece
            if len(body) > MAX_BYTES or time.monotonic() > deadline:
                raise ProviderUnavailable("too much or too slow")
    except HTTPError as error:
        raise ProviderUnavailable(str(error)) from error
    return bytes(body)


def looks_like_data(response: requests.Response, body: bytes) -> bool:
    """Tell JSON and form data from an error page. A missing type would be a KeyError in allauth."""
    kind = response.headers.get("content-type", "").split(";")[0]
    return kind in {"application/json", "application/x-www-form-urlencoded", "text/plain"} and (
        not body.lstrip().startswith(b"<")
    )
