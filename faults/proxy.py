"""A wire on 127.0.0.1 between the site and a server, which can be slowed down, cut and blocked."""

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Self

SIZE = 65536


class Wire:
    """Passes everything on. `delay` seconds go before each piece; `blocked` pieces go nowhere."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.delay = 0.0
        self.blocked = threading.Event()
        self.links: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self.server = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self.server.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.close()
        self.cut()

    def listen(self) -> None:
        while True:
            try:
                near, _ = self.server.accept()
                far = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                if self.server.fileno() < 0:
                    return
                with contextlib.suppress(UnboundLocalError):
                    near.close()
                continue
            far.settimeout(None)
            self.links |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(SIZE):
                time.sleep(self.delay)
                while self.blocked.is_set():
                    time.sleep(0.05)
                sink.sendall(piece)
        self.end(source, sink)

    def end(self, *links: socket.socket) -> None:
        for link in links:
            self.links.discard(link)
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()

    def cut(self) -> int:
        """Hang up on everybody; return how many connections there were."""
        links = list(self.links)
        self.end(*links)
        return len(links) // 2
