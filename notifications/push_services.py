"""The services that carry push messages to browsers: which of them may be asked, and asking one.

A browser names an address, and we ask it: so it must be that of a service in the settings. No
redirect is followed, no proxy used, and both time and answer are bounded.
"""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.timezone import now
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from notifications.outbox import NotTaken, words

CONNECT_SECONDS = 5.0
SECONDS = 10.0
MOST_READ = 500
LONGEST_PAUSE = timedelta(days=1)
# One word of visible ASCII; a stroke to the left is read differently by different programs.
ADDRESS = re.compile(r"[!-\[\]-~]{1,1000}")


@dataclass(frozen=True)
class Answer:
    """What a service said. `until`: when it wants to be asked again, if it said so."""

    status: int
    name: str
    said: str
    until: datetime | None


def may_be_asked(endpoint: str) -> bool:
    """Whether this is an address of a service in the settings, and nothing more than that."""
    if not ADDRESS.fullmatch(endpoint) or "#" in endpoint:
        return False
    try:
        place = urlsplit(endpoint)
    except ValueError:
        return False
    return any(pattern.fullmatch(origin_of(place)) for pattern in services())


def services() -> Iterator[re.Pattern[str]]:
    """`https://push.example`, or `https://*.push.example` for whatever lies below it."""
    for origin in settings.PUSH_SERVICES:
        scheme, _, host = origin.partition("://*.")
        below = rf"{re.escape(scheme)}://(?:[a-z0-9-]+\.)+{re.escape(host)}"
        yield re.compile(below if host else re.escape(origin))


def origin_of(place: SplitResult) -> str:
    return f"{place.scheme}://{place.netloc}"


def post(endpoint: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Hand over one message. NotTaken: nobody was there; other faults: it may have been taken."""
    place = urlsplit(endpoint)
    connection = connection_to(place)
    with contextlib.closing(connection):
        try:
            connection.connect()
        except OSError as fault:
            raise NotTaken(f"No connection: {words(fault)}") from fault
        with cut_after(SECONDS, connection.sock):
            target = f"{place.path or '/'}{'?' * bool(place.query)}{place.query}"
            connection.request("POST", target, body, dict(headers))
            answer = connection.getresponse()
            said = b""
            # The status is what counts, and it is here.
            with contextlib.suppress(OSError, HTTPException):
                said = answer.read(MOST_READ)
    return Answer(
        answer.status,
        answer.headers.get("Location", ""),
        " ".join(said.decode("utf-8", "replace").split()),
        until_in(answer.headers.get("Retry-After", "")),
    )


def connection_to(place: SplitResult) -> HTTPConnection:
    if place.scheme == "https":
        trusted = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
        return HTTPSConnection(place.netloc, timeout=CONNECT_SECONDS, context=trusted)
    return HTTPConnection(place.netloc, timeout=CONNECT_SECONDS)


@contextlib.contextmanager
def cut_after(seconds: float, connected: socket.socket) -> Iterator[None]:
    """A time-out bounds one read; who sends a byte now and then is only ended by hanging up."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def until_in(header: str) -> datetime | None:
    """When `Retry-After` ends, as seconds or as a date; a day from now at the latest."""
    moment, text = now(), header.strip()
    if text.isascii() and text.isdigit():
        return moment + min(timedelta(seconds=int(text[:9])), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
        return max(moment, min(until, moment + LONGEST_PAUSE))
    except (ValueError, TypeError, OverflowError):
        return None
