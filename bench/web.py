"""The site under gunicorn as in production, and a browser that keeps its connection."""

import gzip
import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from bench.stage import CSRF, Stage

START_SECONDS = 60
IDLE_SECONDS = 2  # before gunicorn, which waits for five, hangs up


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """gunicorn with the configuration that the project ships, on one of our databases."""

    def __init__(
        self,
        stage: Stage,
        database: str,
        workers: int = 1,
        *,
        env: dict[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        """`env` goes before everything else; without a `log` it shares this terminal."""
        stage.collect_static()
        self.port = free_port()
        self.log = log
        self.env = {
            **os.environ,
            "DATABASE_URL": stage.databases.url(database),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            **(env or {}),
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
        output = self.log.open("ab") if self.log else None
        self.process = subprocess.Popen(
            [*command, "--log-level", "warning"],
            env=self.env,
            start_new_session=True,
            stdout=output,
            stderr=output,
        )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("gunicorn did not start")
            time.sleep(0.1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def answers(self) -> bool:
        try:
            return Browser(self).get("/healthz").status == 200
        except OSError:
            return False


class Answer:
    def __init__(self, status: int, body: bytes, headers: http.client.HTTPMessage) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    @property
    def html(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Browser:
    """One connection, kept alive; cookies as given, and none are taken."""

    def __init__(self, server: Server, cookies: str = "") -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers = {"Cookie": cookies, "Accept-Encoding": "gzip, deflate, br"}
        self.used_at = 0.0

    def get(self, path: str, expect: int = 200) -> Answer:
        return self.ask("GET", path, expect)

    def post(self, path: str, expect: int, *, htmx: bool = False, **fields: object) -> Answer:
        headers = {"X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}
        if htmx:
            headers["HX-Request"] = "true"
        return self.ask("POST", path, expect, urlencode(fields), headers)

    def ask(
        self,
        method: str,
        path: str,
        expect: int,
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        if time.monotonic() - self.used_at > IDLE_SECONDS:
            self.link.close()  # the next request opens it again
        self.link.request(method, path, body, {**self.headers, **(headers or {})})
        found = self.link.getresponse()
        answer = Answer(found.status, found.read(), found.headers)
        self.used_at = time.monotonic()
        if answer.status != expect:
            raise RuntimeError(f"{method} {path}: {answer.status}, not {expect}")
        return answer

    def clock(self) -> float:
        """Seconds of CPU that the server's process has used so far."""
        return int(self.get("/bench/clock").body) / 1e9
