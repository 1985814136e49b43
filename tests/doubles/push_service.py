"""A push service of our own on the loopback, and browsers that it serves.

It takes a message only if the token is signed by the key that the browser was given, for this very
service and for a time that is not over; and each browser opens what was sealed for it. `says` is
what it answers: a status with headers, or one of SILENT, GONE.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from notifications.web_push import CURVE, decode, derive, encode, point

SILENT, GONE, DRIP = "silent", "gone", "drip"


@dataclass
class Browser:
    """One that was added: its secrets, and what it was shown."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = b"sixteen bytes it"
    shown: list[dict[str, Any]] = field(default_factory=list)

    @property
    def given(self) -> dict[str, str]:
        """What it tells the site of itself."""
        p256dh = encode(point(self.key.public_key()))
        return {"endpoint": self.endpoint, "p256dh": p256dh, "auth": encode(self.auth)}

    def open(self, body: bytes) -> bytes:
        """Undo what RFC 8291 describes, from the other end."""
        salt, length, size = body[:16], body[20], int.from_bytes(body[16:20])
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, body[21 : 21 + length])
        assert len(body) <= size
        info = b"WebPush: info\x00" + point(self.key.public_key()) + body[21 : 21 + length]
        shared = derive(self.key.exchange(ec.ECDH(), theirs), self.auth, info, 32)
        key = derive(shared, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = derive(shared, salt, b"Content-Encoding: nonce\x00", 12)
        plain = AESGCM(key).decrypt(nonce, body[21 + length :], None)
        assert plain.endswith(b"\x02")
        return plain[:-1]


class PushService:
    """What it says, what it was asked, and whom it serves."""

    def __init__(self) -> None:
        self.says: Any = (201, {})
        self.origin = self.public_key = ""
        self.browsers: dict[str, Browser] = {}
        self.asked: list[dict[str, str]] = []
        self.arrived: list[str] = []
        self.ended, self.lock = threading.Event(), threading.Lock()

    def browser(self, name: str = "one") -> Browser:
        endpoint = f"{self.origin}/push/{name}"
        return self.browsers.setdefault(f"/push/{name}", Browser(endpoint))

    def refusal(self, headers: Any) -> str:
        """Why RFC 8030 and 8292 forbid to take this; nothing if they do not."""
        scheme, _, fields = headers.get("Authorization", "").partition(" ")
        said = dict(one.strip().split("=", 1) for one in fields.split(","))
        if scheme != "vapid" or said.get("k") != self.public_key:
            return "another key"
        signer = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(said["k"]))
        try:
            # Looked at below, by the clock of the test.
            options = {"verify_exp": False, "require": ["exp", "aud", "sub"]}
            claims = jwt.decode(
                said["t"], signer, algorithms=["ES256"], audience=self.origin, options=options
            )
        except jwt.InvalidTokenError as fault:
            return str(fault)
        moment = datetime.now(UTC).timestamp()
        if not moment < claims["exp"] <= moment + 24 * 3600:
            return "not of this day"
        if not claims["sub"].startswith(("mailto:", "https://")):
            return "nobody to write to"
        if headers.get("Content-Encoding") != "aes128gcm" or not headers.get("TTL", "").isdigit():
            return "not a message"
        return ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        service = self.server.service
        body = self.rfile.read(int(self.headers["Content-Length"]))
        refusal = service.refusal(self.headers)
        with service.lock:
            service.asked.append(dict(self.headers))
            says = service.says
            if not refusal and says != GONE and (says in (SILENT, DRIP) or says[0] < 300):
                service.arrived.append(self.path)
                browser = service.browsers[self.path]
                browser.shown.append(json.loads(browser.open(body)))
        if says == SILENT:
            service.ended.wait(30)
        elif says == DRIP:
            self.drip(service)
        if says in (SILENT, DRIP, GONE):
            self.close_connection = True
        else:
            self.answer(*((403, {}) if refusal else says), refusal)

    def drip(self, service: PushService) -> None:
        """A byte now and then, each within any time-out of one read."""
        try:
            while not service.ended.wait(0.05):
                self.wfile.write(b"H")
        except OSError:
            return

    def answer(self, status: int, headers: dict[str, str], text: str = "") -> None:
        body = (text or headers.get("body", "")).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            if name != "body":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: tests read what was asked."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    service: PushService

    def handle_error(self, *_: object) -> None:
        """Those who ask go away: some tests are about that."""


@contextmanager
def serving(public_key: str) -> Iterator[PushService]:
    """A service at a free port, for browsers that were given this key."""
    server = Server(("127.0.0.1", 0), Handler)
    server.service = service = PushService()
    service.public_key = public_key
    service.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
