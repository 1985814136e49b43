"""Serves the school from this checkout and watches over it: `make run`, `make dev`."""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tools import children
from tools.children import Child, Failed, Register, Signals, Stopped
from tools.memory import ROOT, VAR, Lock, is_free
from tools.places import open_home
from tools.servers import (
    IN_USE,
    LOGS,
    Servers,
    file_mail,
    local_settings,
    read_local_env,
    running_elsewhere,
    start_kept,
    write_local_env,
)

START_SECONDS = 90
MANAGE = [sys.executable, "manage.py"]
WORKERS = ("worker", "grader", "trials", "drafter")
CORES = str(os.cpu_count() or 1)
# A child that ends by itself is started again after a pause that doubles each time. A web server
# that cannot stay up ends everything; without a worker the site is still worth looking at.
LONGEST_PAUSE = 32.0  # seconds

BANNER = """
Waymark is up.

  Site      {site}/
  API       {site}/api/docs
  Admin     {site}/admin/
  Mail      {site}/demo/mail/   (what this demo school would have sent)

  Sign in   student@example.com, reviewer@example.com or admin@example.com
  Password  waymark-demo

  Logs are in var/log/. Ctrl-C stops everything.
"""
BANNER_OF_A_SCHOOL = """
Waymark is up.

  Site      {site}/
  Admin     {site}/admin/
{mail}  {link}
  Logs are in var/log/. Ctrl-C stops everything.
"""

# The first learner's code is looked for in vain anywhere else.
NO_MAIL_LEAVES = """\
  Mail      var/mail/   (files: none leaves this machine; the newest has the code)
"""


def say(text: str) -> None:
    # The terminal may be gone; that must not keep the servers from being stopped.
    with contextlib.suppress(OSError):
        print(text, flush=True)


class Site:
    """Everything that one `make run` starts, and the order in which it stops."""

    def __init__(self, signals: Signals, port: int, *, debug: bool) -> None:
        self.signals = signals
        self.port = port
        self.debug = debug
        self.servers = Servers()
        self.env: dict[str, str] = {}
        self.children: dict[str, Child] = {}
        self.pauses: dict[str, float] = {}
        self.due: dict[str, float] = {}
        self.lock = Lock(VAR / "site.lock")
        self.servers_lock = Lock(IN_USE)
        self.register = Register(VAR / "site.pids")
        self.servers_register = Register(VAR / "servers.pids")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # ---- up -------------------------------------------------------------------------------------

    def claim(self) -> None:
        """One site for each checkout, on a port that nobody else has."""
        if not self.lock.take():
            where = read_local_env().get("SITE_URL", "")
            raise Failed(f"This checkout is served already, at {where}/. Stop that one first.")
        self.register.end_leftovers()
        if not is_free(self.port):
            raise Failed(
                f"Port {self.port} is taken by another program. "
                f"Stop that one, or choose another: make run PORT={self.port + 1}"
            )

    def start_servers(self) -> None:
        if self.servers_lock.take():
            self.servers_register.end_leftovers()
            say("Starting PostgreSQL and Valkey …")
            self.servers = start_kept(self.signals)
            self.servers_register.write(self.servers.running)
        else:
            say("Using the PostgreSQL and Valkey that run already …")
            self.servers = running_elsewhere(self.signals)

    def configure(self) -> None:
        settings = local_settings(self.servers, self.port)
        write_local_env(settings)
        for folder in ("mail", "media"):
            (VAR / folder).mkdir(parents=True, exist_ok=True)
        # The person's own environment goes before what was chosen here.
        self.env = {**settings, **os.environ, "DEBUG": "1" if self.debug else "0"}
        self.env |= {"PYTHONUNBUFFERED": "1", "PORT": str(self.port)}

    def prepare(self) -> None:
        """Bring database and static files up to date; load the demo school into a new database."""
        say("Migrating …")
        self.run_job("migrate", "--noinput")
        if not self.debug:
            if not (VAR / "static").exists():
                (VAR / "static.stamp").unlink(missing_ok=True)
            once(VAR / "static.stamp", fingerprint_of_static_files(), self.collect_static)
        if not (VAR / "sandbox").exists():
            (VAR / "sandbox.stamp").unlink(missing_ok=True)
        # Beside the demo: it takes one core, and about as long.
        compiling = self.compile_guests()
        if self.is_demo:
            once(VAR / "demo-loaded", self.identity_of_database(), self.load_demo)
        if compiling:
            self.finish_compiling(compiling)

    def compile_guests(self) -> Child | None:
        """Begin what would hold up the first submission; None if it is done for these versions."""
        stamp = VAR / "sandbox.stamp"
        if stamp.exists() and stamp.read_text() == fingerprint_of_guests():
            return None
        say("Preparing the sandbox …")
        return self.begin_job("sandbox_prepare")

    def finish_compiling(self, job: Child) -> None:
        """A school whose code waits is better than none."""
        try:
            self.finish_job(job)
        except Failed as failure:
            say(f"Code cannot be run yet, so it will wait. {failure}")
        else:
            (VAR / "sandbox.stamp").write_text(fingerprint_of_guests())

    def collect_static(self) -> None:
        say("Collecting static files …")
        self.run_job("collectstatic", "--noinput")

    def load_demo(self) -> None:
        say("Loading the demo school …")
        self.run_job("load_demo")

    @property
    def is_demo(self) -> bool:
        return self.env["DEMO_SCHOOL"].strip().lower() in {"1", "true", "yes", "on", "y", "t", "ok"}

    def banner(self) -> str:
        """What is shown once all is up; a school without an owner gets the link that makes one."""
        if self.is_demo:
            return BANNER.format(site=self.address)
        # Not a job: those leave their words in a log.
        asked = [*MANAGE, "setup_link", "--if-needed"]
        told = subprocess.run(
            asked, check=False, cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        return BANNER_OF_A_SCHOOL.format(
            site=self.address, mail=words_of_mail(self.env["EMAIL_URL"]), link=told.stdout
        )

    def identity_of_database(self) -> str:
        """Changes when the database is another one: by its address, or by when ours was made."""
        if given := os.environ.get("DATABASE_URL"):
            return hashlib.sha256(given.encode()).hexdigest()
        birth = os.stat(open_home(VAR) / "postgres" / "PG_VERSION").st_mtime_ns
        return f"ours, made at {birth}"

    def run_job(self, *arguments: str) -> None:
        self.finish_job(self.begin_job(*arguments))

    def begin_job(self, *arguments: str) -> Child:
        log = LOGS / f"{arguments[0]}.log"
        return children.start(
            arguments[0], [*MANAGE, *arguments], log=log, env=self.env, cwd=ROOT, patience=5
        )

    def finish_job(self, job: Child) -> None:
        try:
            while job.runs():
                self.signals.pause(0.05)
        finally:
            job.stop()
        if job.process.returncode:
            raise Failed(f"`manage.py {job.name}` failed:\n{job.last_lines(25)}")

    def start_children(self) -> None:
        for name in self.commands():
            self.start_child(name)
        say("Waiting for the site to answer …")
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if not self.children["web"].runs():
                last = self.children["web"].last_lines()
                raise Failed(f"The web server ended during its start. Its last words:\n{last}")
            if time.monotonic() > deadline:
                raise Failed(f"The site did not answer within {START_SECONDS} s; see var/log/.")
            self.signals.pause(0.1)

    def commands(self) -> dict[str, list[str]]:
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "lms", "--quiet"]
        runserver = [*MANAGE, "runserver", f"127.0.0.1:{self.port}"]
        bind = ["--bind", f"127.0.0.1:{self.port}"]
        gunicorn = [python, "-m", "gunicorn", *bind, "--no-control-socket", "lms.wsgi:application"]
        worker = ["worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        schedule = ["--schedule", str(VAR / "beat-schedule"), "--pidfile="]
        asking = ["-P", "threads", *queue("model", "4"), "-n", "drafter@%h"]
        drafter = {"drafter": [*celery, *worker, *asking]} if self.asks_a_model() else {}
        return {
            "web": runserver if self.debug else gunicorn,
            "worker": [
                *celery,
                *worker,
                *queue("default,mail,messages,payments", "1"),
                "-n",
                "worker@%h",
            ],
            # Learners' code gets what the pages leave over, and trials of it what that leaves over.
            "grader": [*polite("5"), *celery, *worker, *queue("code", CORES), "-n", "grader@%h"],
            "trials": [
                *polite("19"),
                *celery,
                *worker,
                *queue("trials,looks", "1"),
                "-n",
                "trials@%h",
            ],
            **drafter,
            "beat": [*celery, "beat", *schedule, "--loglevel", "INFO"],
        }

    def asks_a_model(self) -> bool:
        """Whether there is a model to draft feedback; its worker waits and computes nothing."""
        return any(self.env.get(name) for name in ("AI_BASE_URL", "AI_BASE_URL_FILE"))

    def start_child(self, name: str) -> None:
        # What the reloading server says belongs on the developer's screen.
        log = None if self.debug and name == "web" else LOGS / f"{name}.log"
        counters = fresh_folder(VAR / "metrics") if name == "web" and not self.debug else {}
        self.children[name] = children.start(
            name,
            self.commands()[name],
            log=log,
            env=self.env | counters,
            cwd=ROOT,
            # Without its broker a worker would wait for it for ever.
            orphan_signal=signal.SIGKILL if name in WORKERS else None,
            patience=20,
        )
        self.register.write(list(self.children.values()))

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            return True  # it does answer; what it says is in its log
        except OSError:
            return False

    # ---- on and down ----------------------------------------------------------------------------

    def watch(self) -> None:
        while True:
            self.signals.pause(0.2)
            self.servers.check()
            for name, child in list(self.children.items()):
                if not child.runs():
                    self.revive(name, child)
            children.bury_orphans([*self.children.values(), *self.servers.running])

    def revive(self, name: str, child: Child) -> None:
        """Called again and again for a child that is down, until its pause is over."""
        now = time.monotonic()
        if name not in self.due:
            pause = self.pauses[name] = min(self.pauses.get(name, 0.5) * 2, LONGEST_PAUSE)
            if name == "web" and pause >= LONGEST_PAUSE:
                raise Failed(f"The web server keeps ending. Its last words:\n{child.last_lines()}")
            say(f"The {name} ended by itself; it is started again in {pause:.0f} s. Last words:")
            say(child.last_lines(5))
            child.stop()
            self.due[name] = now + pause
        elif now >= self.due[name]:
            del self.due[name]
            self.start_child(name)

    def stop(self) -> None:
        for name in ("web", "beat", *WORKERS):
            if name in self.children:
                self.children[name].stop()
        self.servers.stop()
        children.end_orphans()
        if self.children:
            self.register.write([])
        if self.servers.running:
            self.servers_register.write([])


def fresh_folder(folder: Path) -> dict[str, str]:
    """Where the web server's workers count, emptied of what a killed one left behind."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def words_of_mail(url: str) -> str:
    """Where the files of mail are; empty where mail leaves by a server, or stands in a log."""
    return NO_MAIL_LEAVES if url == file_mail(VAR / "mail") else ""


def polite(nice: str) -> list[str]:
    return ["nice", "-n", nice]


def queue(names: str, processes: str) -> list[str]:
    return ["-Q", names, "--concurrency", processes]


def once(stamp: Path, state: str, work: Callable[[], None]) -> None:
    """Do the work unless it was done for this very state."""
    if stamp.exists() and stamp.read_text() == state:
        return
    stamp.unlink(missing_ok=True)
    work()
    stamp.write_text(state)


def fingerprint_of_static_files() -> str:
    """Names, sizes and times of ours; of the packages', the lock that brought them."""
    digest = hashlib.sha256()
    for folder in sorted([ROOT / "static", *ROOT.glob("[a-z]*/static")]):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and VAR not in path.parents:
                facts = path.stat()
                digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    for path in (ROOT / "requirements" / "production.txt", ROOT / "lms" / "settings.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def fingerprint_of_guests() -> str:
    """Changes with what is compiled and with what compiles it: both are pinned in the lock."""
    digest = hashlib.sha256((ROOT / "requirements" / "production.txt").read_bytes())
    digest.update(sys.version.encode())
    return digest.hexdigest()


def serve(signals: Signals, port: int, *, debug: bool) -> int:
    site = Site(signals, port, debug=debug)
    try:
        site.claim()
        site.start_servers()
        site.configure()
        site.prepare()
        site.start_children()
        say(site.banner())
        site.watch()
    except Stopped:
        say("\nStopping …")
    except Failed as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    finally:
        site.stop()
    say("Everything is stopped.")
    return 0


def main(arguments: list[str]) -> int:
    if arguments not in (["run"], ["dev"]):
        print("usage: python -m tools.serve run | dev", file=sys.stderr)
        return 2
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        print(f"PORT must be a number from 1 to 65535, not {port!r}.", file=sys.stderr)
        return 1
    signals = Signals()
    children.end_with_make()
    children.adopt_orphans()
    return serve(signals, int(port), debug=arguments == ["dev"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
