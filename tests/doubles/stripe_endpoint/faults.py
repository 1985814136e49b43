"""What goes wrong between two machines. Each is given the handler of one request.

`is_after` marks those by which Stripe did what was asked, and only its answer is lost.
"""

import time
from typing import Any

from tests.doubles.stripe_endpoint.server import Fault, Handler


def status(code: int, message: str = "It broke.", **headers: str) -> Fault:
    error = {"error": {"message": message, "type": "api_error", "code": ""}}
    return lambda handler: handler.answer(code, error, **headers)


def says(content: object) -> Fault:
    """An answer 200 of any content, JSON or not."""
    return lambda handler: handler.answer(200, content)


def gone(handler: Handler) -> None:
    handler.cut()


def lost(handler: Handler) -> None:
    """Stripe did it, and the answer never came."""
    handler.cut()


lost.is_after = True  # type: ignore[attr-defined]


def half(handler: Handler) -> None:
    """The connection ends in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"object": "list", "data": [')
    handler.wfile.flush()
    handler.cut()


# Longer than anybody waits here for an answer.
SLOW_SECONDS = 30.0


def drip(handler: Handler) -> None:
    """A byte now and then, each well within any time-out of one read."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    pause = 0.05
    for _ in range(int(SLOW_SECONDS / pause)):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(pause)
    handler.server.double.slow_answers_ended += 1
    handler.cut()


def hang(handler: Handler) -> None:
    """Nothing, and the connection ends after a long time."""
    time.sleep(SLOW_SECONDS)
    handler.server.double.slow_answers_ended += 1
    handler.cut()


def huge(handler: Handler) -> None:
    handler.answer(200, {"object": "list", "data": [], "more": "x" * 20_000_000})


def elsewhere(handler: Handler) -> None:
    handler.answer(307, b"{}", Location=f"http://{handler.headers['Host']}/v1/stolen")


def holding(secret: str, **more: Any) -> Fault:
    """A refusal that says aloud what it should not."""
    said = f"Invalid API Key provided: {secret}"
    error = {"error": {"message": said, "param": secret, "code": secret, "type": secret, **more}}
    return lambda handler: handler.answer(401, error, Request_Id=secret)
