"""HTTP around it: who may ask, the same request twice, and what can go wrong on the way."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.doubles.stripe_endpoint import api, pages
from tests.doubles.stripe_endpoint.forms import read_form
from tests.doubles.stripe_endpoint.shapes import API_VERSION

if TYPE_CHECKING:
    from tests.doubles.stripe_endpoint import StripeEndpoint


@dataclass(frozen=True)
class Request:
    """One request that reached the API."""

    method: str
    path: str
    params: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    # The port it came from: one for each connection.
    port: int = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One piece for head and body, sent at once: else each answer waits for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        self.handle_request()

    def do_POST(self) -> None:
        self.handle_request()

    def do_DELETE(self) -> None:
        self.handle_request()

    def handle_request(self) -> None:
        world, parts = self.server.double, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        try:
            if world.away:
                return self.cut()
            time.sleep(world.slow)
            if parts.path.startswith("/v1/"):
                self.serve_api(parts.path, read_form(parts.query) | read_form(body))
            else:
                pages.serve(self, world, parts.path, read_form(body))
        except OSError:
            self.close_connection = True

    def serve_api(self, path: str, params: dict[str, Any]) -> None:
        world = self.server.double
        key = self.headers.get("Idempotency-Key", "")
        with world.lock:
            world.requests.append(Request(self.command, path, params, key, self.client_address[1]))
            fault = world.next_fault()
            if fault is None or getattr(fault, "is_after", False):
                status, content = self.decide(path, params, key)
        if fault is not None:
            fault(self)
        else:
            self.answer(status, content)

    def decide(self, path: str, params: dict[str, Any], key: str) -> tuple[int, Any]:
        """The status and body, the same again for a key that was used."""
        world, asked = self.server.double, [self.command, path, params]
        try:
            self.check()
            if key in world.kept:
                before, status, content = world.kept[key]
                if before != asked:
                    words = "A key for idempotent requests goes with the same parameters only."
                    raise api.Refusal(400, "idempotency_error", words)
                return status, content
            content = api.answer(world, self.command, path, params)
        except api.Refusal as refusal:
            return refusal.status, refusal.body
        except KeyError as missing:
            words = f"Missing or unknown: {missing}."
            return 400, api.Refusal(400, "parameter_missing", words).body
        if key:
            world.kept[key] = (asked, 200, content)
        return 200, content

    def check(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.server.double.key}":
            raise api.Refusal(401, "", "Invalid API Key provided.")
        if self.headers.get("Stripe-Version") != API_VERSION:
            raise api.Refusal(400, "", "This double speaks another version.")

    def answer(self, status: int, content: object, **headers: str) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send(status, body, "application/json", **headers)

    def send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        sent = {"Content-Type": kind, "Content-Length": str(len(body)), "Request-Id": "req_1"}
        for name, value in {**sent, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """The connection ends without a word."""
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Nothing: tests read what was asked."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    double: "StripeEndpoint"

    def handle_error(self, *_: object) -> None:
        """Clients that go away are what some tests are about."""


def start(double: "StripeEndpoint", port: int = 0) -> tuple[Server, threading.Thread]:
    server = Server(("127.0.0.1", port), Handler)
    server.double = double
    double.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    return server, thread


Fault = Callable[[Handler], None]
