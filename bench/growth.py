"""Every page of a learner, and what learners change, among 1,000 people, 100,000 and a million."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from statistics import median

from django.db import connection

from bench.figures import Figure
from bench.growth_changes import Deed, changes
from bench.growth_person import REAL_COURSE, Somebody, settle_in
from bench.growth_rows import NOBODY, add_rows
from bench.growth_sizes import say_tables, size_of
from bench.learner_pages import FOR_GUESTS, LEADING_ON, PAGES
from bench.stage import Stage
from bench.statements import HEADER
from bench.web import Browser, Server
from courses.models import Course
from gamification.seasons import end_seasons
from studio import scale
from studio.scale import School

SIZES = (1_000, 100_000, 1_000_000)
COURSES, LESSONS = 3, 12
# Others use the machine as well: what seems to have grown is measured again.
ROUNDS, REQUESTS, TRIES = 8, 6, 3
GROWING, ALLOWED = "growing", 30  # GB
ENV = {"BENCH_STATEMENTS": "1", "TRUSTED_PROXY_COUNT": "1"}


@dataclass
class Took:
    """Milliseconds of a request in one school: the least of the rounds' medians.

    `statements` is what of it was spent on SQL, and `number` how many statements there were.
    """

    wall: float = 1e9
    statements: float = 1e9
    number: int = 0
    times: list[tuple[float, float]] = field(default_factory=list)

    def note(self, wall: float, said: str) -> None:
        number, spent = said.split()
        self.number = int(number)
        self.times.append((1000 * wall, 1000 * float(spent)))

    def end_round(self, *, counts: bool) -> None:
        if counts:
            self.wall = min(self.wall, median(wall for wall, _ in self.times))
            self.statements = min(self.statements, median(spent for _, spent in self.times))
        self.times.clear()


def run(stage: Stage) -> Iterator[Figure]:
    sizes = {f"of_{size}": stage.scaled(size, 20) for size in SIZES}
    person = yield from grow(stage, sizes)
    with ExitStack() as stack:
        deeds = {name: deeds_in(stage, stack, name, person) for name in sizes}
        worst, which = 0.0, ""
        for deed in next(iter(deeds.values())):
            took = {name: Took() for name in sizes}
            for _ in range(stage.scaled(TRIES)):
                compare(stage, took, {name: deeds[name][deed] for name in sizes})
                found = list(figures(deed, took, sizes))
                if all(figure.met is not False for figure in found):
                    break
            for figure in found:
                yield figure
                if figure.met is not None and figure.ratio > worst:
                    worst, which = figure.ratio, figure.name
        yield Figure(f"the worst of them, {which}", worst, "times", "as much", 1, "<= 1.3")


def grow(stage: Stage, sizes: Mapping[str, int]) -> Iterator[Figure]:
    """One school that grows; the smaller ones are copies of what it was."""
    first, last = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    stage.school(GROWING, School(sizes[first], COURSES, LESSONS))
    person, after = settle_in(), NOBODY
    course = Course.objects.get(slug=REAL_COURSE)
    began = time.monotonic()
    for name, size in sizes.items():
        stage.databases.use(GROWING)
        stage.say(f"growing to {size:,} people")
        scale.seed(School(size, COURSES, LESSONS))
        after = add_rows(course, after)
        connection.close()
        stage.databases.copy(GROWING, name)
        stage.databases.use(name)
        end_seasons()
        connection.close()
        stage.databases.settle(name)
        stage.say(f"{size:,} people after {time.monotonic() - began:.0f} s")
    stage.databases.drop(GROWING)
    say_tables(stage)
    yield Figure(
        f"disk of {sizes[last]:,} people", size_of() / 1e9, "GB", "allowed", ALLOWED, "<= 1"
    )
    return person


def deeds_in(stage: Stage, stack: ExitStack, name: str, person: Somebody) -> dict[str, Deed]:
    """What is done in one school, by what it is called: the site on it, and two browsers."""
    stage.databases.use(name)
    cookies = stage.cookies(person.user)
    server = stack.enter_context(Server(stage, name, env={**ENV, "BENCH_CACHE": name}))
    mine, guest = Browser(server, cookies), Browser(server)
    pages: dict[str, Deed] = {}
    for deed, path in PAGES.items():
        browser = guest if deed in FOR_GUESTS else mine
        status = 302 if deed in LEADING_ON else 200
        pages[deed] = partial(browser.get, path.format_map(person.things), status)
    return {**pages, **changes(person, mine, guest, count(1))}


def compare(stage: Stage, took: dict[str, Took], everywhere: dict[str, Deed]) -> None:
    """In turns, and each round in the other order; the first round fills caches."""
    for number in range(1 + stage.scaled(ROUNDS)):
        for name in sorted(everywhere, reverse=bool(number % 2)):
            for _ in range(stage.scaled(REQUESTS)):
                began = time.perf_counter()
                answer = everywhere[name]()
                took[name].note(time.perf_counter() - began, answer.headers[HEADER])
            took[name].end_round(counts=number > 0)


def figures(deed: str, took: dict[str, Took], sizes: Mapping[str, int]) -> Iterator[Figure]:
    """The middle of the curve and its end, against its beginning."""
    small, *larger = sizes
    bound = took[small]
    for name in larger:
        one = took[name]
        among, least = f"{deed} among {sizes[name]:,}", f"among {sizes[small]:,}"
        yield Figure(among, one.wall, "ms", least, bound.wall, "<= 1.3")
    yield Figure(f"{among}, {one.number} statements", one.statements, "ms", least, bound.statements)
