"""Carries requests to Stripe: bounded in time, size and tries, and silent about what is secret.

Stripe's client builds the requests and reads the answers; it is given this instead of a carrier of
its own. So none of its exceptions is made, which hold whole bodies, and none of its own retries.
"""

import json
import math
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

import requests
import urllib3

from billing.errors import GatewayAway, GatewayRefused, GatewayTrouble

CONNECT_SECONDS = 5.0
TRIES = 3
FIRST_PAUSE = 0.5
# Longer than this nobody waits for Stripe to be ready again: that is what the sweep is for.
LONGEST_PAUSE = 5.0
MAX_ANSWER = 8 * 1024 * 1024
CHUNK = 64 * 1024

# A code such as resource_missing. What is longer or odder may be anything.
CODE = re.compile(r"[a-z][a-z_]{1,39}")
MENDS_ITSELF = frozenset({HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS})

Answer = tuple[bytes, int, Mapping[str, str]]

# The moment at which whoever waits for all of the requests together gives up.
END: ContextVar[float] = ContextVar("END", default=math.inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let whatever is asked in here come to an end in so many seconds, however many requests."""
    token = END.set(min(END.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        END.reset(token)


class Transport:
    """What Stripe's client takes for its carrier. Threads may share it."""

    name = "waymark"

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._threads = threading.local()

    def request_with_retries(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: str | None = None,
        max_network_retries: int | None = None,
        *,
        _usage: list[str] | None = None,
    ) -> Answer:
        """Try three times at most, and begin no try once `seconds` are over, or all time is.

        The same request twice does no harm: reading changes nothing, and whatever else is asked
        carries a key by which Stripe knows it again.
        """
        end = min(time.monotonic() + self.seconds, END.get())
        number = 0
        while True:
            number += 1
            status, given, body = self._try(method, url, headers, post_data)
            trouble = trouble_of(status, body)
            if trouble is None:
                # Headers are left out: the client warns of what some of them say.
                return body, status, {}
            pause = pause_before(number, status, given)
            is_late = time.monotonic() + (pause or 0) >= end
            if pause is None or number == TRIES or is_late:
                raise trouble
            time.sleep(pause)

    def _try(
        self, method: str, url: str, headers: Mapping[str, str], post_data: str | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request. Status 0 says that no answer came."""
        seconds = min(self.seconds, END.get() - time.monotonic())
        if seconds <= 0:
            return 0, {}, b""
        deadline = time.monotonic() + seconds
        try:
            with self._session().request(
                method,
                url,
                headers={**headers, "Accept-Encoding": "identity"},
                data=post_data,
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, response.headers, body_of(response, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            return 0, {}, b""

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = self._threads.session = requests.Session()
            # No proxies, no .netrc: the address in the settings is the one that is meant.
            session.trust_env = False
        return session


def body_of(response: requests.Response, deadline: float) -> bytes:
    """Read the answer. Raises OSError when it is too late or too long."""
    pieces, length = [], 0
    while piece := response.raw.read1(CHUNK, decode_content=False):
        pieces.append(piece)
        length += len(piece)
        if length > MAX_ANSWER or time.monotonic() > deadline:
            raise OSError
    return b"".join(pieces)


def trouble_of(status: int, body: bytes) -> GatewayTrouble | None:
    """What is wrong with an answer, in words that hold nothing of what it says."""
    if status == 0:
        return GatewayAway("Stripe did not answer.")
    content = content_of(body)
    if status == HTTPStatus.OK:
        return None if content else GatewayAway("Stripe's answer cannot be read.")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return GatewayRefused(f"Stripe does not let this key do that ({status}).")
    if status in MENDS_ITSELF or not 400 <= status < 500:
        return GatewayAway(f"Stripe is not ready ({status}).")
    code = code_of(content)
    return GatewayRefused(f"Stripe refuses ({code or status}).", code)


def content_of(body: bytes) -> dict[str, Any]:
    """The JSON object, or nothing."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def code_of(content: dict[str, Any]) -> str:
    """The code of an error; without one, its type."""
    error = content.get("error")
    told = [error.get("code"), error.get("type")] if isinstance(error, dict) else []
    return next((one for one in told if isinstance(one, str) and CODE.fullmatch(one)), "")


def pause_before(number: int, status: int, headers: Mapping[str, str]) -> float | None:
    """How long to wait before the next try. None: there is no sense in one."""
    wish = headers.get("Stripe-Should-Retry", "")
    may_mend = status == 0 or status in MENDS_ITSELF or status >= 500
    if wish == "false" or not (may_mend or wish == "true"):
        return None
    said = headers.get("Retry-After", "")
    pause = float(said) if said.isascii() and said.isdigit() else FIRST_PAUSE * 2 ** (number - 1)
    return pause if pause <= LONGEST_PAUSE else None
