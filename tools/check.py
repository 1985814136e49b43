"""Everything but the tests, one line each: `make check`."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

from tools.memory import ROOT

# Not by its script: the first line of a script cannot hold a path with a space.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as command; command()"
OUTSIDE = {".venv", "var", ".git", "node_modules"}


@dataclass
class Check:
    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)

    def passes(self) -> bool:
        begun = time.monotonic()
        answer = subprocess.run(
            self.command,
            check=False,
            cwd=ROOT,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        good = answer.returncode == 0
        seconds = time.monotonic() - begun
        print(f"{'ok  ' if good else 'FAIL'} {seconds:5.1f} s  {self.name}", flush=True)
        if not good:
            print("\n".join("      " + line for line in answer.stdout.splitlines()), flush=True)
        return good


def module(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def sources(folder: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / folder).glob("*.py"))


def templates() -> list[str]:
    pages = (path.relative_to(ROOT) for path in ROOT.rglob("templates/**/*.html"))
    return sorted(str(path) for path in pages if path.parts[0] not in OUTSIDE)


def checks() -> list[Check]:
    manage = [sys.executable, "manage.py"]
    # The settings of a production site, as far as they follow from its address.
    production = {
        "SITE_URL": "https://school.example",
        "ALLOWED_HOSTS": "school.example",
        "TRUSTED_PROXY_COUNT": "1",
        "EMAIL_URL": "smtp+tls://mail.example:587",
        "MEDIA_ROOT": tempfile.gettempdir(),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEBUG": "0",
        "DEMO_SCHOOL": "0",
    }
    djade = os.path.join(os.path.dirname(sys.executable), "djade")
    return [
        Check("format", module("ruff", "format", "--check", ".")),
        Check("lint", module("ruff", "check", ".")),
        Check("types", module("mypy")),
        Check("types of the tools", module("mypy", *sources("tools"))),
        Check("floors", [sys.executable, "-c", LINT_IMPORTS]),
        Check("dangerous code", module("tools.forbidden")),
        Check("keys in files and history", module("tools.leaks")),
        Check("words in every language", module("tools.messages", "check")),
        Check("templates", [djade, "--target-version", "6.1", "--check", *templates()]),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Check("locks of migrations", module("tools.migration_locks")),
        Check("settings", [*manage, "check", "--deploy", "--fail-level", "INFO"], production),
    ]


def main() -> int:
    failed = [check.name for check in checks() if not check.passes()]
    print(f"failed: {', '.join(failed)}" if failed else "every check is fine")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
