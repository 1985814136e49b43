"""Child processes that never outlive the one that started them."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

LOG_LIMIT = 5_000_000  # bytes; a longer log is moved to `.old` at the next start


class Stopped(Exception):
    """Someone asked this process to end: Ctrl-C, TERM or HUP."""


class Failed(Exception):
    """A sentence for the person at the terminal; the exit code becomes 1."""


class Signals:
    """Turns signals into a flag, so that a start is never torn apart between two lines."""

    def __init__(self) -> None:
        self.received: int | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # What a caller chose to ignore (nohup) stays ignored.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._note)

    def _note(self, number: int, _: FrameType | None) -> None:
        self.received = self.received or number

    def check(self) -> None:
        if self.received is not None:
            raise Stopped

    def pause(self, seconds: float) -> None:
        """Sleep, but not past a signal."""
        self.check()
        time.sleep(seconds)
        self.check()


@dataclass(frozen=True)
class Account:
    """The system user that a server runs as, when this process is root."""

    uid: int
    gid: int


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path | None = None
    stop_signal: int = signal.SIGTERM
    patience: float = 10.0  # seconds between the stop signal and KILL
    own_group: bool = True
    started: str = field(default="")

    def runs(self) -> bool:
        return self.process.poll() is None

    def last_lines(self, count: int = 15) -> str:
        if self.log is None or not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 20_000))
            lines = file.read().decode(errors="replace").splitlines()
        return "\n".join("    " + line[:300] for line in lines[-count:])

    def stop(self) -> None:
        """Ask, wait, then force; whoever is left of its group goes with it."""
        if self.runs():
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.own_group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def start(  # noqa: PLR0913
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    stop_signal: int = signal.SIGTERM,
    orphan_signal: int | None = None,
    patience: float = 10.0,
    own_group: bool = True,
) -> Child:
    """Start a child; without a log it shares this terminal.

    Its own process group keeps a Ctrl-C at the terminal from reaching it before its turn to stop.
    """
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(open_log(log)) if log else None
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL if own_group else None,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env=env,
            cwd=cwd,
            process_group=0 if own_group else None,
            preexec_fn=end_with_parent(orphan_signal or stop_signal),  # noqa: PLW1509 - we have no threads
            **as_account(account),
        )
    return Child(
        name, process, log, stop_signal, patience, own_group, started=birth_of(process.pid) or ""
    )


def as_account(account: Account | None) -> dict[str, Any]:
    """The arguments of subprocess that give up root for good: no group of ours stays behind."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "umask": 0o077}


def open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name(path.name + ".old"))
    return path.open("ab")


def end_with_parent(number: int) -> Callable[[], None] | None:
    """Let the kernel stop the child when this process is killed with no chance to say goodbye."""
    if not LINUX:
        return None  # elsewhere the next start cleans up; see `Register`
    parent = os.getpid()

    def before_exec() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # the parent was gone before the line above
            os._exit(1)

    return before_exec


def end_with_make() -> None:
    """Started by make, this process ends when make is killed."""
    if LINUX and os.environ.get("MAKELEVEL"):
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


# ---- grandchildren that lost their parent -------------------------------------------------------


def adopt_orphans() -> None:
    """Make the kernel hand us whatever our children leave behind, so that it can be ended."""
    if LINUX:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def bury_orphans(ours: Sequence[Child]) -> None:
    """Collect adopted processes that ended; those of our own children are left to their `Popen`."""
    known = {child.process.pid for child in ours}
    while LINUX:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in known:
            return
        os.waitpid(ended.si_pid, 0)


def end_orphans(patience: float = 3.0, spare: Sequence[Child] = ()) -> None:
    """End every process that has us as its parent, except those to be stopped in their turn."""
    deadline = time.monotonic() + patience
    spared = {child.process.pid for child in spare}
    while pids := adopted() - spared:
        number = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
        for pid in pids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        time.sleep(0.05)
        for pid in pids:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > deadline + patience:
            return


def adopted() -> set[int]:
    found: set[int] = set()
    if not LINUX:
        return found
    me = str(os.getpid())
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = fields_of(int(entry.name))
            if fields and fields[1] == me:
                found.add(int(entry.name))
    return found


# ---- what an earlier start left behind ----------------------------------------------------------


def fields_of(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent, … , start time at index 19."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def birth_of(pid: int) -> str | None:
    """When this process began, as a text to compare: numbers of processes are used again."""
    if LINUX:
        fields = fields_of(pid)
        if not fields or fields[0] in "ZX":
            return None
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {fields[19]}"
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return answer.stdout.strip() or None


class Register:
    """Remembers on disk what runs, so that the next start can end what a `kill -9` left."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, children: Sequence[Child]) -> None:
        rows = [
            {"pid": c.process.pid, "started": c.started, "signal": int(c.stop_signal)}
            for c in children
        ]
        self.path.write_text(json.dumps(rows))

    def end_leftovers(self, patience: float = 15.0) -> None:
        """Only ever touches a process that is the very one noted down. Call it under the lock."""
        try:
            rows = json.loads(self.path.read_text()) or []
        except (OSError, ValueError):
            return
        deadline = time.monotonic() + patience
        for row in rows:
            while row["started"] and birth_of(row["pid"]) == row["started"]:
                late = time.monotonic() > deadline
                with contextlib.suppress(ProcessLookupError):
                    os.kill(row["pid"], signal.SIGKILL if late else row["signal"])
                time.sleep(0.1)
        self.path.unlink(missing_ok=True)
