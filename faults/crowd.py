"""Bounded load on 127.0.0.1 that writes down every operation: what was asked, what was answered."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from bench.stage import CSRF

PATIENCE = 30.0  # seconds that a visitor waits for an answer
LONGEST = 45.0  # seconds after which every load ends by itself


@dataclass(frozen=True)
class Operation:
    """`status` 0: no answer, so it may have been done or not. `about` is what it was about."""

    who: str
    what: str
    about: tuple[Any, ...]
    began: float
    ended: float
    status: int
    again: bool = False

    @property
    def took(self) -> float:
        return self.ended - self.began

    @property
    def failed(self) -> bool:
        return self.status == 0 or self.status >= 500

    @property
    def done(self) -> bool:
        return 200 <= self.status < 400


@dataclass
class Visitor:
    """Somebody signed in. One connection is kept alive, or a new one made for each request."""

    port: int
    who: str = ""
    cookies: str = ""
    address: str = "127.0.0.1"
    seed: int = 0
    log: list[Operation] = field(default_factory=list)
    patience: float = PATIENCE
    keep: bool = True
    body: bytes = b""
    headers: Any = None

    def __post_init__(self) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        self.chance = random.Random(self.seed)

    def go_to(self, port: int) -> None:
        """Ask another server from now on."""
        if port != self.port:
            self.link.close()
            self.port, self.link.port = port, port

    def get(self, path: str, what: str = "page", about: tuple[Any, ...] = ()) -> Operation:
        """A page; one that got no answer is asked for once more, as browsers do."""
        first = self.ask("GET", path, what, about)
        return first if first.status else self.ask("GET", path, what, about, again=True)

    def post(
        self, path: str, what: str, about: tuple[Any, ...] = (), **fields: object
    ) -> Operation:
        return self.ask("POST", path, what, about, urlencode(fields).encode())

    def upload(self, path: str, what: str, name: str, data: bytes, **fields: str) -> Operation:
        """A form with one file in it."""
        mark = uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.png"'
        parts += [f"{head}\r\nContent-Type: image/png\r\n\r\n".encode(), data]
        body = b"".join([*parts, f"\r\n--{mark}--\r\n".encode()])
        return self.ask("POST", path, what, (), body, f"multipart/form-data; boundary={mark}")

    def ask(
        self,
        method: str,
        path: str,
        what: str,
        about: tuple[Any, ...] = (),
        body: bytes | None = None,
        kind: str = "application/x-www-form-urlencoded",
        *,
        again: bool = False,
        **more: str,
    ) -> Operation:
        headers = {"Cookie": self.cookies, "X-Forwarded-For": self.address, **more}
        if not self.keep:
            self.link.close()
            headers["Connection"] = "close"
        if body is not None:
            headers |= {"X-CSRFToken": CSRF, "Content-Type": kind}
        began = time.monotonic()
        try:
            self.link.request(method, path, body, headers)
            answer = self.link.getresponse()
            self.body, self.headers, status = answer.read(), answer.headers, answer.status
        except (OSError, http.client.HTTPException):
            self.link.close()
            status = 0
        done = Operation(self.who, what, about, began, time.monotonic(), status, again)
        self.log.append(done)
        return done


type Deed = Callable[[Visitor], object]


class Crowd:
    """Visitors at work in threads until the block ends: each does its deed, thinks, and again."""

    def __init__(self, visitors: Sequence[Visitor], deed: Deed, pause: float = 0.4) -> None:
        self.visitors = visitors
        self.deed = deed
        self.pause = pause
        self.over = threading.Event()
        self.errors: list[BaseException] = []

    def __enter__(self) -> Self:
        self.threads = [threading.Thread(target=self.work, args=(one,)) for one in self.visitors]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()
        if self.errors and error is None:
            raise self.errors[0]

    def work(self, visitor: Visitor) -> None:
        limit = time.monotonic() + LONGEST
        try:
            while not self.over.is_set() and time.monotonic() < limit:
                self.deed(visitor)
                self.over.wait(self.pause * visitor.chance.uniform(0.5, 1.5))
        except Exception as error:  # raised again where somebody sees it
            self.errors.append(error)

    @property
    def log(self) -> list[Operation]:
        return sorted((op for one in self.visitors for op in one.log), key=lambda op: op.began)


def at_once[T](deeds: Iterable[Callable[[], T]]) -> list[T]:
    """Do all of it at the same moment, each in a thread of its own; return what they return."""
    wanted = list(deeds)
    gate = threading.Barrier(len(wanted))
    done: list[T] = []

    def work(deed: Callable[[], T]) -> None:
        gate.wait()
        done.append(deed())

    threads = [threading.Thread(target=work, args=(deed,)) for deed in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def percentile(values: Iterable[float], share: int) -> float:
    """The value that so many of a hundred do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else 0.0
