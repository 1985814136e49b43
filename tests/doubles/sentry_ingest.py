"""Where errors are sent: takes whatever a client of Sentry's posts, and keeps it."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli

# By what the site has: its client takes Brotli where it can.
OPENED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


class Ingest:
    """What came, byte by byte and as events."""

    def __init__(self) -> None:
        self.dsn = ""
        self.raw = b""
        self.events: list[dict[str, Any]] = []

    def take(self, path: str, body: bytes) -> None:
        self.raw += path.encode() + body
        lines = body.splitlines()
        for head, item in zip(lines[1::2], lines[2::2], strict=False):
            assert json.loads(head)["type"] == "event"
            self.events.append(json.loads(item))


@contextmanager
def serving() -> Iterator[Ingest]:
    ingest = Ingest()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ingest.take(self.path, OPENED[self.headers.get("Content-Encoding")](body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        ingest.dsn = f"http://public@127.0.0.1:{server.server_port}/1"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield ingest
        finally:
            server.shutdown()
