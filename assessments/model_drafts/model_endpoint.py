"""Speaks HTTP with a language model: one request, bounded in time and size.

Whatever goes wrong is one of the failures of `model_failures`, and none of them says the key.
"""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import requests
import urllib3
from django.conf import settings
from requests.adapters import HTTPAdapter

from assessments.model_drafts.draft_schema import NotJson, read_json
from assessments.model_drafts.model_failures import (
    Away,
    Busy,
    Fault,
    NoAnswer,
    NoSchemas,
    Refused,
    TimedOut,
    TooLong,
    Unreadable,
    Usage,
)

CONNECT_SECONDS = 5.0
MAX_ANSWER = 256 * 1024
CHUNK = 16 * 1024
MAX_TOKENS = 2_500
TEMPERATURE = 0.2
# More than any model is given or gives: a number that means nothing.
MOST_TOKENS = 10_000_000
# A key that is shorter would be found in every other word.
SHORTEST_KEY = 8

Messages = Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The words of a model, and what they cost."""

    content: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model at one address. Nothing is kept between requests, so threads may share it."""

    url: str
    model: str
    seconds: float
    key: str = field(repr=False, default="")

    def ask(self, request: dict[str, Any]) -> Answer:
        """Send a request for a completion. Raises NoAnswer, after `seconds` at the latest."""
        body = json.dumps(request, ensure_ascii=False).encode("utf-8", "replace")
        try:
            status, headers, content = self._post(body)
        except (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError):
            raise TimedOut("The endpoint did not answer in time.") from None
        except (requests.ConnectionError, urllib3.exceptions.HTTPError, OSError) as error:
            raise Away(f"The endpoint cannot be reached ({type(error).__name__}).") from None
        except (requests.RequestException, ValueError) as error:
            raise Unreadable(f"No answer of HTTP came ({type(error).__name__}).") from None
        if status != HTTPStatus.OK:
            raise failure_of(status, headers, content, "response_format" in request)
        return read_answer(content)

    def _post(self, body: bytes) -> tuple[int, Any, str]:
        deadline = time.monotonic() + self.seconds
        with requests.Session() as session, watched(session, self.seconds) as late:
            # No proxies, no .netrc: the address in the settings is the one that is meant.
            session.trust_env = False
            try:
                with session.post(
                    f"{self.url}/chat/completions",
                    data=body,
                    headers=self._headers(),
                    timeout=(min(CONNECT_SECONDS, self.seconds), self.seconds),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    content = content_of(response, deadline)
                    return response.status_code, response.headers, self._without_key(content)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
                if late.is_set():
                    raise TimedOut("The endpoint did not finish in time.") from None
                raise

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        return headers | ({"Authorization": f"Bearer {self.key}"} if self.key else {})

    def _without_key(self, content: bytes) -> str:
        """Some endpoints say the key they were given when they do not like it."""
        text = content.decode("utf-8", "replace")
        return written(self.key).sub("[key]", text) if len(self.key) >= SHORTEST_KEY else text


def written(key: str) -> re.Pattern[str]:
    """The key however JSON writes it, also in a JSON text that is a string of another one."""
    # Each layer doubles the strokes before a sign. Without a bound, pages of them take for ever.
    signs = (rf"(?:\\{{0,7}}{re.escape(one)}|\\{{1,7}}u(?i:{ord(one):04x}))" for one in key)
    return re.compile("".join(signs))


def endpoint() -> Endpoint:
    """The one in the settings."""
    return Endpoint(
        settings.AI_BASE_URL, settings.AI_MODEL, settings.AI_SECONDS, settings.AI_API_KEY
    )


def request_for(messages: Messages, schema: dict[str, Any] | None) -> dict[str, Any]:
    """The whole request, ready to be kept: it holds no secret."""
    request: dict[str, Any] = {
        "model": settings.AI_MODEL,
        "messages": list(messages),
        "max_tokens": MAX_TOKENS,
        "temperature": TEMPERATURE,
    }
    if schema is not None:
        named = {"name": "feedback", "strict": True, "schema": schema}
        request["response_format"] = {"type": "json_schema", "json_schema": named}
    return request


class _Watched(HTTPAdapter):
    """Knows the sockets it opens. A time-out bounds one read; only closing ends a slow stream."""

    def __init__(self) -> None:
        super().__init__()
        self.sockets: list[socket.socket] = []
        self.is_over = False

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        adapter = self

        class Connection(pool.ConnectionCls):  # type: ignore[misc]
            def connect(self) -> None:
                super().connect()
                adapter.sockets.append(self.sock)
                if adapter.is_over:
                    adapter.cut()

        pool.ConnectionCls = Connection
        return pool

    def cut(self) -> None:
        """End what is open, and what is only just being opened."""
        self.is_over = True
        for one in self.sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


@contextmanager
def watched(session: requests.Session, seconds: float) -> Iterator[threading.Event]:
    """Cut the session's connections when the time is over; the event says that it was."""
    adapter, late = _Watched(), threading.Event()
    session.mount("http://", adapter)
    session.mount("https://", adapter)

    def end() -> None:
        late.set()
        adapter.cut()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def content_of(response: requests.Response, deadline: float) -> bytes:
    content = bytearray()
    while chunk := response.raw.read1(CHUNK):
        content += chunk
        if len(content) > MAX_ANSWER:
            raise TooLong(f"The answer is longer than {MAX_ANSWER // 1024} kB.")
        if time.monotonic() > deadline:
            raise TimedOut("The endpoint did not finish in time.")
    if time.monotonic() > deadline:
        raise TimedOut("The endpoint did not finish in time.")
    return bytes(content)


def failure_of(status: int, headers: Any, content: str, had_schema: bool) -> NoAnswer:
    """What an answer means that is not 200. A redirect is a fault: the key goes nowhere else."""
    said = f"The endpoint answered {status}: {complaint_in(content)}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Busy(said, wait_in(headers.get("Retry-After", "")))
    is_about_it = "response_format" in content or "json_schema" in content
    if had_schema and status in (400, 422) and is_about_it:
        return NoSchemas(said)
    return Fault(said, status)


def complaint_in(content: str) -> str:
    """What the endpoint says is wrong, in a line."""
    try:
        answer = read_json(content)
    except NotJson:
        return "no JSON."
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    text = error.get("message") if isinstance(error, dict) else error
    return " ".join(str(text or "no message.").split())[:300]


def wait_in(header: str) -> float | None:
    """The seconds that Retry-After asks for, as a number or as a date; None: it says nothing."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def read_answer(content: str) -> Answer:
    """Take the words out of a completion. Raises Refused, TooLong, Unreadable."""
    try:
        completion = read_json(content)
        choice = completion["choices"][0]
        message = choice["message"]
        said, refusal = message.get("content"), message.get("refusal")
    except (NotJson, LookupError, TypeError, AttributeError):
        raise Unreadable("The answer is no completion.", content) from None
    usage = usage_in(completion.get("usage"))
    if refusal or choice.get("finish_reason") == "content_filter":
        raise Refused("The model refused.", str(refusal or said or ""), usage)
    if not isinstance(said, str):
        raise Unreadable("The completion has no words.", content, usage)
    if choice.get("finish_reason") == "length":
        raise TooLong("The answer was cut off.", said, usage)
    return Answer(said, usage)


def usage_in(told: object) -> Usage:
    if not isinstance(told, dict):
        return Usage()
    return Usage(tokens_in(told.get("prompt_tokens")), tokens_in(told.get("completion_tokens")))


def tokens_in(told: object) -> int | None:
    """A number of tokens, if it is one."""
    return told if type(told) is int and 0 <= told <= MOST_TOKENS else None
