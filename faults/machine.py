"""A PostgreSQL and a Valkey of our own, which may be killed, frozen and started again."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from redis import Redis

from tools.children import Child, Failed
from tools.memory import Memory
from tools.postgres import Cluster
from tools.valkey import Store


class Postgres:
    """Durable, as in production: what it has acknowledged outlives a crash."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Cluster(folder, Memory(folder / "servers.json"), throwaway=True)
        self.log = folder / "postgres.log"
        self.child: Child = self.cluster.start(self.log, time.sleep)

    @property
    def url(self) -> str:
        return self.cluster.url

    def crash(self) -> None:
        """End it at once, with nothing written down that was not written yet."""
        self.child.process.send_signal(signal.SIGQUIT)
        self.child.process.wait(20)

    def start(self) -> None:
        """Start it again at its old address; back when it takes connections."""
        self.child = self.cluster.launch(self.log)
        connection.close()  # ours ended with it
        if not self.cluster.is_up(self.child, time.sleep):
            raise Failed(f"PostgreSQL did not come back:\n{self.child.last_lines()}")

    def stop(self) -> None:
        self.child.stop()


class Valkey:
    """Keeps nothing on disk, so a restart loses everything it held."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder, Memory(folder / "servers.json"), throwaway=True)
        self.log = folder / "valkey.log"
        self.child: Child = self.store.start(self.log, time.sleep)

    @property
    def url(self) -> str:
        return self.store.url

    def crash(self) -> None:
        self.child.process.kill()
        self.child.process.wait()

    def start(self) -> None:
        self.child = self.store.launch(self.log)
        if not self.store.is_up(self.child, time.sleep):
            raise Failed(f"Valkey did not come back:\n{self.child.last_lines()}")

    def flush(self) -> None:
        """Forget everything: what is queued, what is cached."""
        with Redis.from_url(self.url) as link:
            link.flushall()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes calls and answers none."""
        self.child.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.child.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.child.stop()


def wait_until(so: Callable[[], object], seconds: float, pause: float = 0.1) -> bool:
    """Look until it is so; False if it was not within so many seconds."""
    limit = time.monotonic() + seconds
    while not so():
        if time.monotonic() > limit:
            return False
        time.sleep(pause)
    return True
