"""Runs one command beside a PostgreSQL and a Valkey that are gone when it ends."""

import argparse
import os
import secrets
import signal
import sys
import time
from pathlib import Path

from tools import browser, children
from tools.children import Child, Failed, Signals, Stopped
from tools.memory import ROOT
from tools.servers import Servers, file_mail, postgres_programs, throwaway

# What a developer may have exported for real use must not reach a test.
REAL_WORLD = ("STRIPE_", "AI_", "GOOGLE_CLIENT_", "GITHUB_CLIENT_", "SENTRY_", "AWS_", "S3_")
PATIENCE = 5.0  # seconds for the command to end after a signal; its databases go anyway


def environment(servers: Servers, folder: Path) -> dict[str, str]:
    """Everything that `settings.py` wants, so that nothing of var/local.env shines through."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(REAL_WORLD)}
    # A command that starts hundreds of Pythons lets each of them read what one has compiled. It
    # lies apart, so whoever wants no bytecode beside the sources still has none.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {
        "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "bytecode"),
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DEBUG": "0",
        "DEMO_SCHOOL": "0",
        "EMAIL_URL": file_mail(folder / "mail"),
        "MEDIA_ROOT": str(folder / "media"),
        "POSTGRES_BIN": postgres_programs(),
    }


def run(command: list[str], env: dict[str, str], signals: Signals) -> int:
    """Run in the foreground, in this process group: a debugger in a test can use the terminal."""
    child = children.start(command[0], command, env=env, cwd=ROOT, own_group=False)
    try:
        while child.runs():
            signals.pause(0.05)
    except Stopped:
        interrupt(child)
        raise
    return child.process.returncode


def interrupt(child: Child) -> None:
    """As Ctrl-C does, because pytest cleans up after that and not after TERM."""
    child.process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + PATIENCE
    while child.runs() and time.monotonic() < deadline:
        time.sleep(0.05)
    child.patience = 2
    child.stop()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.with_servers", description=__doc__)
    parser.add_argument("--careless", action="store_true", help="quick servers that keep nothing")
    parser.add_argument("--browser", action="store_true", help="find or install a Chromium first")
    parser.add_argument("command", nargs="+")
    chosen = parser.parse_args(arguments)
    signals = Signals()
    children.end_with_make()
    children.adopt_orphans()
    try:
        found = browser.find_or_install() if chosen.browser else {}
        with throwaway(signals, careless=chosen.careless) as (servers, folder):
            try:
                code = run(chosen.command, environment(servers, folder) | found, signals)
            finally:
                children.end_orphans(spare=servers.running)
    except Stopped:
        return 128 + (signals.received or 0)
    except Failed as problem:
        print(problem, file=sys.stderr)
        return 1
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
