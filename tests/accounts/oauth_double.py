"""A sign-in provider on loopback: Google and GitHub as far as our pages talk to them."""

import base64
import hashlib
import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "waymark", "a secret between two"


class OAuthDouble:
    """Holds who would sign in and how to misbehave; `calls` lists what was asked."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}
        self.emails: list[dict[str, Any]] = []
        self.misbehave = ""
        self.calls: list[str] = []
        self.codes: dict[str, str] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        handler = type("Handler", (DoubleHandler,), {"double": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def be(self, uid: str, email: str | None, name: str, *, verified: bool = True) -> None:
        """From now on this person presses "allow" at both providers."""
        self.person = {"sub": uid, "id": uid, "name": name, "given_name": name, "login": "someone"}
        self.person["picture"] = self.person["avatar_url"] = f"{self.url}/picture.png"
        self.emails = []
        if email is not None:
            self.person |= {"email": email, "email_verified": verified}
            self.emails = [{"email": email, "primary": True, "verified": verified}]

    def allow(self, authorize_url: str) -> str:
        """Press "allow" on the page; return the address the browser is sent back to."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(authorize_url).query).items()}
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked["code_challenge"]
        query = urlencode({"code": code, "state": asked["state"]})
        return f"{urlsplit(asked['redirect_uri']).path}?{query}"

    def id_token(self) -> str:
        claims = {
            **self.person,
            "iss": "https://accounts.google.com",
            "aud": CLIENT_ID,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
        }
        pem = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return jwt.encode(claims, pem, algorithm="RS256", headers={"kid": "one"})


class DoubleHandler(BaseHTTPRequestHandler):
    double: OAuthDouble

    def do_POST(self) -> None:
        self.double.calls.append(self.path)
        length = int(self.headers.get("Content-Length", 0))
        asked = parse_qs(self.rfile.read(length).decode())
        if self.path == "/token":
            self.token({key: values[0] for key, values in asked.items()})

    def do_GET(self) -> None:
        self.double.calls.append(self.path)
        if self.path == "/user/emails":
            return self.answer(self.double.emails)
        return self.answer(self.double.person)

    def token(self, asked: dict[str, str]) -> None:
        if self.double.misbehave:
            return getattr(self, self.double.misbehave)()
        challenge = self.double.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if challenge != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
            return self.answer({"error": "invalid_grant"}, 400)
        return self.answer({"access_token": "t", "id_token": self.double.id_token()})

    def answer(self, data: Any, status: int = 200, kind: str = "application/json") -> None:
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # a reader that has had enough
            self.wfile.write(body)

    def server_error(self) -> None:
        self.answer(b"<h1>500</h1>", 500, "text/html")

    def html(self) -> None:
        self.answer(b"<!doctype html><h1>Hello</h1>", 200, "text/html")

    def no_type(self) -> None:
        self.answer(b"access_token=t", 200, "")

    def huge(self) -> None:
        self.answer(b'{"access_token": "' + b"a" * (10 * 1024 * 1024) + b'"}')

    def hang(self) -> None:
        time.sleep(12)

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        with suppress(OSError):
            for _ in range(30):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.5)

    def a_list(self) -> None:
        self.answer([1, 2, 3])

    def elsewhere(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"{self.double.url}/stolen")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass
