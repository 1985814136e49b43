"""What a start remembers for the next one: ports, passwords, the secret key."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"


class Memory:
    """A small JSON file, mode 600, replaced whole so that a crash leaves the old or the new one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Any]:
        try:
            content = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def put(self, key: str, value: Any) -> None:
        write_privately(self.path, json.dumps({**self.read(), key: value}, indent=1))

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """The remembered value; the first time, a made one."""
        content = self.read()
        if key not in content:
            self.put(key, make())
        return self.read()[key]

    def password(self, key: str) -> str:
        return str(self.once(key, lambda: secrets.token_hex(24)))

    def port(self, key: str) -> int:
        """The port of last time if nobody took it since, else a free one, noted for next time."""
        number = int(self.read().get(key) or 0)
        if not number or not is_free(number):
            number = free_port()
            self.put(key, number)
        return number


def write_privately(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Lock:
    """Held by one process at a time. The kernel lets go of it when that process ends, however."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self) -> bool:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
