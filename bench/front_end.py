"""A first lesson with an empty cache: bytes, requests, layout shifts, refusals by the CSP."""

import os
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from accounts.models import User
from bench.figures import Figure
from bench.stage import Stage
from bench.web import Server
from courses.models import Course
from enrollments.actions import enroll
from tools import browser as chromium

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
]  # fmt: skip
SIZES = {"wide": (1280, 800), "phone": (390, 844)}
WATCH = """
    window.shifts = 0; window.refused = [];
    new PerformanceObserver(list => {
      for (const entry of list.getEntries())
        if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({type: "layout-shift", buffered: true});
    document.addEventListener("securitypolicyviolation",
      event => window.refused.push(event.violatedDirective + " " + event.blockedURI));
"""


def run(stage: Stage) -> Iterator[Figure]:
    path = os.environ.get("CHROMIUM_PATH") or chromium.find()
    if path is None:
        stage.say("no Chromium here: left out")
        return
    course, cookies = make_school(stage)
    home = f"/classroom/courses/{course.slug}/"
    lesson = course.outline().lessons[0].slug
    pages = ["/", "/courses/", f"/courses/{course.slug}/", "/classroom/", home]
    pages.append(f"{home}lessons/{lesson}/")
    with Server(stage, "front_end", 2) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)

        def context(size: str = "wide") -> BrowserContext:
            width, height = SIZES[size]
            fresh = browser.new_context(viewport={"width": width, "height": height})
            given = (pair.split("=", 1) for pair in cookies.split("; "))
            fresh.add_cookies(
                [{"name": name, "value": value, "url": server.address} for name, value in given]
            )
            fresh.add_init_script(WATCH)
            return fresh

        yield from first_view(context().new_page(), server.address + pages[-1])
        yield from steadiness([context(size).new_page() for size in SIZES], server.address, pages)
        browser.close()


def make_school(stage: Stage) -> tuple[Course, str]:
    """The demo course, because its lessons are real ones, and one learner in it."""
    stage.databases.empty("front_end")
    stage.databases.use("front_end")
    stage.databases.manage("front_end", "import_course", "demo/python-basics", "--publish")
    course = Course.objects.get()
    person: User = stage.learner()
    enroll(person, course)
    return course, stage.cookies(person)


def first_view(page: Page, address: str) -> Iterator[Figure]:
    """What comes over the wire, headers included, until nothing more is asked for."""
    sizes: dict[str, float] = {}
    names: dict[str, str] = {}
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")

    def asked(event: Any) -> None:
        names[event["requestId"]] = event["request"]["url"]

    def came(event: Any) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    link.on("Network.requestWillBeSent", asked)
    link.on("Network.loadingFinished", came)
    page.goto(address, wait_until="networkidle")
    wire = {key: size for key, size in sizes.items() if not names[key].startswith("data:")}
    for key, size in sorted(wire.items(), key=lambda item: -item[1]):
        print(f"    {size / 1000:6.1f} kB  {names[key].rpartition('/')[2] or names[key]}")
    total = sum(wire.values()) / 1000
    yield Figure("first lesson view, bytes", total, "kB", "allowance", 75, "<= 1")
    yield Figure("first lesson view, requests", len(wire), "", "allowance", 9, "<= 1")


def steadiness(pages: list[Page], address: str, paths: list[str]) -> Iterator[Figure]:
    """The worst shift of any page on any screen, and everything the CSP refused."""
    worst, refused = 0.0, []
    for page in pages:
        for path in paths:
            page.goto(address + path, wait_until="networkidle")
            page.wait_for_timeout(300)
            worst = max(worst, page.evaluate("window.shifts"))
            refused += page.evaluate("window.refused")
    yield Figure("worst layout shift (CLS)", worst, "", "a good page's", 0.1, "<= 0")
    yield Figure("refused by the CSP", len(refused), "", "allowance", 1, "<= 0")
    for line in refused:
        print(f"    refused: {line}")
