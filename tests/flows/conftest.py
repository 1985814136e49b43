"""A real browser for the flows, watched: no fault of a script, no refusal of the CSP, no stranger.

One browser for all tests of a worker, a context (cookies, storage, size) of its own for each.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from accounts.models import User

CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (320, 720)
# Chromium says so in the console whenever an answer is 4xx or 5xx: what a page means is tested.
REFUSED = "Failed to load resource: the server responded with a status of"
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP refused ${event.violatedDirective}: ${event.blockedURI}`));
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file stays with one worker. All of them in one would take longer than everything else."""
    for item in items:
        if "tests/flows/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(f"browser-{item.path.stem}"))


# What a page polls or saves after seconds comes later still on a machine that is busy.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM if os.path.exists(CHROMIUM) else None, args=FLAGS
        )
        yield opened
        opened.close()


@dataclass
class Watch:
    """What went on behind the pages of one test."""

    home: str
    faults: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self.hear)
        context.on("weberror", self.catch)
        context.on("request", self.see)

    def hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED):
            where = message.location.get("url", "")
            self.faults.append(f"console: {message.text} ({where})")

    def catch(self, error: Any) -> None:
        # The browser gives up a fade from page to page whenever the next one is quicker.
        if "Transition was" not in str(error.error):
            self.faults.append(f"script: {error.error}")

    def see(self, request: Request) -> None:
        self.requests.append(request)
        if request.url.startswith(("data:", "blob:")):
            return
        if urlsplit(request.url).netloc != urlsplit(self.home).netloc:
            self.faults.append(f"asked another host: {request.url}")

    def posts(self) -> list[str]:
        return [urlsplit(x.url).path for x in self.requests if x.method == "POST"]


@pytest.fixture
def watch(live_server: Any) -> Iterator[Watch]:
    """Fails the test at its end if anything was amiss that is not `meant`."""
    seen = Watch(live_server.url)
    yield seen
    assert [x for x in seen.faults if not any(words in x for words in seen.meant)] == []


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: Any, watch: Watch) -> Iterator[OpenPage]:
    """`open_page(ada, size=PHONE, script=False)`: a window of its own, ada signed in."""
    contexts: list[BrowserContext] = []

    def open_window(
        user: User | None = None, *, size: tuple[int, int] = DESKTOP, script: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            reduced_motion="reduce",
            has_touch=size == PHONE,
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        if script:
            context.add_init_script(TELL_VIOLATIONS)
        watch.follow(context)
        if user:
            sign_in(context, user, live_server.url)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


def arrive(page: Page, address: str) -> None:
    """Wait for the page at the end of that address, with its scripts: keys mean nothing before."""
    expect(page).to_have_url(re.compile(f"{re.escape(address)}$"))
    page.wait_for_load_state()


def sign_in(context: BrowserContext, user: User, home: str) -> None:
    """Give the context a session of that person."""
    client = Client()
    client.force_login(user)
    assert BACKEND_SESSION_KEY in client.session
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": home}])
