"""A model endpoint of our own on the loopback: it speaks the real protocol, and fails as they do.

`says` is what it does, request by request; the last one goes on for ever. Each is a function that
is given the request's handler, and is one of those below or made by one.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOOD = {
    "text": "Your function gives a result for every pair. Look at the sign once more.",
    "overall": 70,
    "readability": 8,
    "efficiency": 9,
    "best_practices": 7,
    "decision": "changes",
    "remarks": [
        {"section": "strength", "line": 1, "text": "The parameters have short, clear names."},
        {"section": "weakness", "line": 2, "text": "Which operator adds two numbers?"},
        {"section": "suggestion", "line": None, "text": "Try it with two numbers below zero."},
    ],
}
QUIZ = {"text": "You know your values well.", "study": ["Read about loops again."]}
USAGE = {"prompt_tokens": 900, "completion_tokens": 120, "total_tokens": 1020}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        double = self.server.double
        with double.lock:
            double.requests.append(json.loads(body))
            double.seen.append((self.path, dict(self.headers)))
            says = double.says[min(len(double.requests), len(double.says)) - 1]
        try:
            says(self)
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        self.server.double.seen.append((self.path, dict(self.headers)))
        self.answer(200, {})

    @property
    def request_sent(self) -> dict:
        return self.server.double.requests[-1]

    def answer(self, status: int, content: object, **headers: str) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: tests read what was asked."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    double: "ModelEndpoint"

    def handle_error(self, *_: object) -> None:
        """Clients that go away are what some tests are about."""


class ModelEndpoint:
    """What it does next, and what it was asked so far."""

    def __init__(self) -> None:
        self.says: list[Callable[[Handler], None]] = [draft()]
        self.requests: list[dict] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.lock = threading.Lock()
        self.url = ""


@contextmanager
def serving() -> Iterator[ModelEndpoint]:
    """An endpoint at a free port."""
    server = Server(("127.0.0.1", 0), Handler)
    server.double = ModelEndpoint()
    server.double.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def completion(content: object, **changes: object) -> dict:
    """The envelope of an answer. `changes` are of its choice."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", **changes}
    return {
        "id": "completion-1", "object": "chat.completion", "created": 1, "model": "double-1",
        "choices": [choice], "usage": USAGE,
    }  # fmt: skip


def says(content: object, usage: object = USAGE, **changes: object) -> Callable[[Handler], None]:
    whole = {**completion(content, **changes), "usage": usage}
    return lambda handler: handler.answer(200, whole)


def draft(**changes: object) -> Callable[[Handler], None]:
    """A good draft of whatever was asked for: of code, or of a quiz."""

    def say(handler: Handler) -> None:
        is_quiz = "quiz" in handler.request_sent["messages"][0]["content"]
        handler.answer(200, completion({**(QUIZ if is_quiz else GOOD), **changes}))

    return say


def remark(text: str) -> Callable[[Handler], None]:
    """A draft of one remark."""
    return draft(remarks=[{"section": "weakness", "line": 1, "text": text}])


def status(code: int, message: str = "It broke.", **headers: str) -> Callable[[Handler], None]:
    error = {"error": {"message": message, "type": "error"}}
    return lambda handler: handler.answer(code, error, **headers)


def refusal(handler: Handler) -> None:
    message = {"role": "assistant", "content": None, "refusal": "I will not."}
    handler.answer(200, completion("", message=message))


def filtered(handler: Handler) -> None:
    handler.answer(200, completion("", finish_reason="content_filter"))


def cut_off(handler: Handler) -> None:
    handler.answer(200, completion('{"text": "It goes on', finish_reason="length"))


def hang(handler: Handler) -> None:
    time.sleep(3)


def drip(handler: Handler) -> None:
    """A byte now and then, each well within any time-out of one read."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(60):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def drip_headers(handler: Handler) -> None:
    """Not even the headers come to an end."""
    for number in range(60):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" if not number else b"X-More: 1\r\n")
        time.sleep(0.05)


def chunks(handler: Handler) -> None:
    """A good answer in pieces, as many servers send it."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    body = json.dumps(completion(GOOD)).encode()
    for start in range(0, len(body), 100):
        piece = body[start : start + 100]
        handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def huge(handler: Handler) -> None:
    handler.answer(200, completion("x" * 600_000))


def gone(handler: Handler) -> None:
    """The connection ends without a word."""
    handler.close_connection = True
    handler.connection.close()


def half(handler: Handler) -> None:
    """The connection ends in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def elsewhere(handler: Handler) -> None:
    handler.answer(307, b"", Location=f"http://{handler.headers['Host']}/stolen")


def no_schemas(handler: Handler) -> None:
    """An endpoint that is older than schemas."""
    if "response_format" in handler.request_sent:
        handler.answer(400, {"error": {"message": "Unknown field: response_format"}})
    else:
        handler.answer(200, completion(f"```json\n{json.dumps(GOOD)}\n```"))
