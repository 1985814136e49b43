"""Speaks HTTP with a Piston server: bounded in time and size, and patient with its bad moments."""

import json
import time
from typing import Any

import requests
import urllib3

ATTEMPTS = 3
PAUSE_SECONDS = 0.3
CONNECT_SECONDS = 3.0
# The server reads no larger body, and says so with a stack trace.
MAX_REQUEST = 100_000
MAX_ANSWER = 8 * 1024 * 1024
CHUNK = 64 * 1024


class PistonFailed(Exception):
    """The server gave no answer that could be used. The message is for staff."""


class _Again(PistonFailed):
    """As above, but it may have been a bad moment."""


class Client:
    """One server. Nothing is kept between requests, so threads may share it."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        self.headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if token:
            self.headers["Authorization"] = token

    def get(self, path: str, seconds: float) -> Any:
        return self._patiently("GET", path, None, seconds)

    def post(self, path: str, content: dict[str, Any], seconds: float) -> Any:
        """Send JSON and return the answer's. Raises PistonFailed, after `seconds` at the latest."""
        body = json.dumps(content, ensure_ascii=False).encode()
        if len(body) > MAX_REQUEST:
            raise PistonFailed(f"A request of {len(body)} bytes is more than Piston reads.")
        return self._patiently("POST", path, body, seconds)

    def _patiently(self, method: str, path: str, body: bytes | None, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._once(method, path, body, deadline)
            except _Again:
                pause = PAUSE_SECONDS * attempt
                if attempt == ATTEMPTS or time.monotonic() + pause >= deadline:
                    raise
                time.sleep(pause)
        raise PistonFailed("Piston was not asked.")

    def _once(self, method: str, path: str, body: bytes | None, deadline: float) -> Any:
        left = max(deadline - time.monotonic(), 0.01)
        try:
            with requests.Session() as session:
                # No proxies, no .netrc: the address in the settings is the one that is meant.
                session.trust_env = False
                with session.request(
                    method,
                    self.url + path,
                    data=body,
                    headers=self.headers,
                    timeout=(min(CONNECT_SECONDS, left), left),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    return _read(response.status_code, _content(response, deadline))
        except (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
            raise PistonFailed("Piston did not answer in time.") from error
        except (requests.ConnectionError, urllib3.exceptions.HTTPError) as error:
            raise _Again(f"Piston cannot be reached: {error}"[:300]) from error
        except (requests.RequestException, OSError, ValueError) as error:
            raise PistonFailed(f"Piston cannot be asked: {error}"[:300]) from error


def _content(response: requests.Response, deadline: float) -> bytes:
    """The body. A time-out bounds one read, so a server that drips is stopped here."""
    content = bytearray()
    while chunk := response.raw.read1(CHUNK):
        content += chunk
        if len(content) > MAX_ANSWER:
            raise PistonFailed("Piston's answer is too large.")
        if time.monotonic() > deadline:
            raise PistonFailed("Piston did not answer in time.")
    return bytes(content)


def _read(status: int, content: bytes) -> Any:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if status == requests.codes.ok and answer is not None:
        return answer
    said = f"Piston answered {status}: {_complaint(answer)}"
    if status >= requests.codes.internal_server_error:
        raise _Again(said)
    raise PistonFailed(said)


def _complaint(answer: object) -> str:
    """What the server says is wrong: a message or, from the depths, a stack trace's first line."""
    if not isinstance(answer, dict):
        return "no JSON."
    text = str(answer.get("message") or answer.get("stack") or "no message.")
    return text.partition("\n")[0][:300]
