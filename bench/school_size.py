"""The dashboard of one learner in a school of a hundred and in one of a hundred thousand."""

import time
from collections.abc import Iterator
from statistics import median

from accounts.models import User
from bench.figures import Figure
from bench.stage import Stage
from bench.web import Browser, Server
from studio.scale import School

SMALL, LARGE, COURSES = 100, 100_000, 20
ROUNDS, REQUESTS = 10, 60
SOMEBODY = "learner-97@scale.invalid"  # far in one course, in both schools alike


def run(stage: Stage) -> Iterator[Figure]:
    sizes = {"small": SMALL, "large": stage.scaled(LARGE, 1000)}
    cookies = {}
    for name, users in sizes.items():
        stage.school(name, School(users, COURSES))
        cookies[name] = stage.cookies(User.objects.get(email=SOMEBODY))
    with Server(stage, "small") as small, Server(stage, "large") as large:
        servers = {"small": small, "large": large}
        browsers = {name: Browser(servers[name], cookies[name]) for name in servers}
        for path in ("/classroom/", "/progress/"):
            least = compare(browsers, path, stage)
            yield Figure(
                f"{path} among {sizes['large']:,} learners", 1000 * least["large"], "ms",
                f"among {SMALL}", 1000 * least["small"], "<= 1.3",
            )  # fmt: skip


def compare(browsers: dict[str, Browser], path: str, stage: Stage) -> dict[str, float]:
    """Seconds a request by the wall clock, so that the database counts: the least median."""
    least = dict.fromkeys(browsers, 1e9)
    for number in range(1 + stage.scaled(ROUNDS, 2)):
        for name in sorted(browsers, reverse=bool(number % 2)):
            times = [timed(browsers[name], path) for _ in range(stage.scaled(REQUESTS, 10))]
            if number:  # the first round fills caches
                least[name] = min(least[name], median(times))
    return least


def timed(browser: Browser, path: str) -> float:
    began = time.perf_counter()
    browser.get(path)
    return time.perf_counter() - began
