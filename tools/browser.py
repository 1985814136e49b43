"""Finds a Chromium for the browser tests, or installs one."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find_or_install() -> dict[str, str]:
    """CHROMIUM_PATH for the tests; empty if there is none, and the browser tests then say so."""
    path = os.environ.get("CHROMIUM_PATH") or find() or install()
    if path:
        return {"CHROMIUM_PATH": path}
    print("No Chromium here, and none could be installed: browser tests will fail.", flush=True)
    return {}


def find() -> str | None:
    candidates = [*PLACES, *filter(None, map(shutil.which, NAMES))]
    return next((path for path in candidates if runs(path)), None)


def runs(path: str) -> bool:
    """Whether it starts: where Chromium comes as a snap, the command exists without it."""
    try:
        answer = subprocess.run([path, "--version"], check=False, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def install() -> str | None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing chromium with apt-get …", flush=True)
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        succeeds(["apt-get", "-qq", "update"], quietly)
        succeeds(
            ["apt-get", "-qq", "-y", "--no-install-recommends", "install", "chromium"], quietly
        )
        if path := find():
            return path
    if path := playwrights_own():
        return path
    print("Installing Playwright's Chromium …", flush=True)
    succeeds([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    return playwrights_own()


def succeeds(command: list[str], env: dict[str, str]) -> bool:
    answer = subprocess.run(command, check=False, env=env, capture_output=True, text=True)
    if answer.returncode:
        print(f"`{' '.join(command)}` failed:\n{answer.stdout}{answer.stderr}", flush=True)
    return answer.returncode == 0


def playwrights_own() -> str | None:
    answer = subprocess.run(
        [sys.executable, "-c", ASK_PLAYWRIGHT], check=False, capture_output=True, text=True
    )
    path = answer.stdout.strip()
    return path if path and runs(path) else None
