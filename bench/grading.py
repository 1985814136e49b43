"""Submitted code from the queue to its verdict, against the bare runner on the same processes."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min

from accounts.models import User
from assessments import tasks
from assessments.models import Assignment, Submission, TestCase, TestResult
from assessments.running import run_cases
from assessments.submissions import submit
from bench.figures import Figure
from bench.graders import Graders
from bench.stage import Stage
from bench.web import Browser, Server
from courses.models import Course, Lesson
from gamification.models import XPTransaction
from studio.scale import School, people

QUEUED, ROUNDS, MANY, WARMING, PAGES = 200, 15, 1_000, 50, 60
LONGEST = 900.0  # seconds for all that is queued
SOURCES = {
    "python": "def add(a, b):\n    return a + b\n",
    "javascript": "function add(a, b) {\n  return a + b;\n}\n",
}
# Milliseconds over the bare run that nobody notices.
ADDED = {"python": 1000, "javascript": 500}
TITLES = {"python": "Python", "javascript": "JavaScript"}


@dataclass
class Desk:
    """What is handed in here: an assignment of each language, and who hands in."""

    stage: Stage
    assignments: dict[str, Assignment]
    learners: Sequence[User]


def run(stage: Stage) -> Iterator[Figure]:
    queued = stage.scaled(QUEUED, 12)
    stage.school("grading", School(max(queued, 40), 1))
    assignments = {language: make_assignment(language) for language in SOURCES}
    desk = Desk(stage, assignments, list(people().order_by("pk")))
    for language in SOURCES:
        yield from first_verdicts(desk, language)
    processes = os.cpu_count() or 1
    # One half before and one after: the machine may be busier at one time than at the other.
    bare = bare_seconds(desk, queued // 2, processes)
    rates = {number: rate(desk, queued, number) for number in sorted({1, processes})}
    bare += bare_seconds(desk, queued // 2, processes)
    check()
    yield Figure(
        f"{queued} queued, graded by {processes} processes", rates[processes], "/s",
        "bare runner calls", 2 * (queued // 2) / bare, ">= 0.8",
    )  # fmt: skip
    yield Figure(
        f"{processes} processes on {os.cpu_count()} cores", rates[processes], "/s",
        "one process", rates[1], ">= 1.2",
    )  # fmt: skip
    yield from pages(desk, queued, processes)
    yield from memory(desk, stage.scaled(MANY, 12), stage.scaled(WARMING, 4))


def make_assignment(language: str) -> Assignment:
    """Three cases of a function, in a lesson of its own."""
    course = Course.objects.get()
    place = {"course": course, "module": course.modules.get(position=1)}
    lesson = Lesson.objects.create(
        **place, title=f"Add in {language}", slug=f"add-{language}", key=f"add-{language}",
        position=9_000 + len(language), kind=Lesson.Kind.ASSIGNMENT,
        completion=Lesson.Completion.BY_PASSING, status=Lesson.Status.PUBLISHED, xp_reward=30,
    )  # fmt: skip
    assignment = Assignment.objects.create(
        lesson=lesson, language=language, function="add", compare="value"
    )
    TestCase.objects.bulk_create(
        TestCase(
            assignment=assignment, key=str(number), name=str(number), position=number,
            is_visible=number == 1, args=[number, 1], expected=number + 1,
        )
        for number in range(1, 4)
    )  # fmt: skip
    return assignment


def run_bare(assignment: Assignment) -> None:
    cases = list(assignment.cases.live().in_order())
    result = run_cases(assignment, SOURCES[assignment.language], cases)
    if result.is_our_fault:
        raise RuntimeError(result.engine_message)


def first_verdicts(desk: Desk, language: str) -> Iterator[Figure]:
    """From handing in to the verdict with a worker that waits for it, in turns with a bare run."""
    assignment = desk.assignments[language]
    whole, bare, waited = list[float](), list[float](), list[float]()
    with Graders(desk.stage, "grading", 1) as graders:
        for number in range(1 + desk.stage.scaled(ROUNDS, 3)):
            user = desk.learners[number]
            began = time.perf_counter()
            key = submit(user, assignment, SOURCES[language], graded=True).pk
            rows = Submission.objects.filter(pk=key)
            graders.wait(lambda rows=rows: not rows.open().exists(), 120, 0.005)  # type: ignore[misc]
            took = time.perf_counter() - began
            began = time.perf_counter()
            run_bare(assignment)
            if number:  # the first waits for the worker to start
                whole.append(took)
                bare.append(time.perf_counter() - began)
                waited.append(rows.get().waited or 0.0)
    added = max(0.0, median(a - b for a, b in zip(whole, bare, strict=True)))
    name = TITLES[language]
    yield Figure(
        f"first verdict of three {name} cases", 1000 * median(whole), "ms",
        "bare runner", 1000 * median(bare),
    )  # fmt: skip
    yield Figure(
        f"added to it by queue and database, {name}", 1000 * added, "ms",
        "what may be added", ADDED[language], "<= 1",
    )  # fmt: skip
    yield Figure(
        f"waited in the queue, {name}", 1000 * median(waited), "ms",
        "bare runner", 1000 * median(bare),
    )  # fmt: skip


def bare_seconds(desk: Desk, number: int, processes: int) -> float:
    """What so many runs take without queue and database, so many at a time."""
    desk.stage.say(f"running {number} bare")
    assignment = desk.assignments["python"]
    cases = list(assignment.cases.live().in_order())
    source = SOURCES["python"]
    began = time.monotonic()
    with ThreadPoolExecutor(processes) as threads:
        list(threads.map(lambda _: run_cases(assignment, source, cases), range(number)))
    return time.monotonic() - began


def queue(desk: Desk, language: str, number: int) -> list[UUID]:
    """Put so many into the queue, each of another learner as far as there are; their keys."""
    assignment, everybody = desk.assignments[language], len(desk.learners)
    before = Submission.objects.filter(assignment=assignment).count()
    rows = Submission.objects.bulk_create(
        Submission(
            user=desk.learners[place % everybody], assignment=assignment, is_graded=True,
            number=1_000 + before + place, source=SOURCES[language],
        )
        for place in range(number)
    )  # fmt: skip
    for row in rows:
        tasks.grade_submission.delay(str(row.pk))
    return [row.pk for row in rows]


def rate(desk: Desk, number: int, processes: int) -> float:
    """Verdicts a second, from the first that is taken up to the last that is written."""
    desk.stage.say(f"grading {number} with {processes} processes")
    rows = Submission.objects.filter(pk__in=queue(desk, "python", number))
    with Graders(desk.stage, "grading", processes) as graders:
        graders.wait(lambda: not rows.open().exists(), LONGEST)
    span = rows.aggregate(began=Min("started_at"), ended=Max("finished_at"))
    return number / (span["ended"] - span["began"]).total_seconds()


def check() -> None:
    """Each was judged once, is right, and paid its learner once."""
    rows = Submission.objects.all()
    passed = rows.filter(status="PASSED", percent=100).count()
    results = TestResult.objects.count()
    pairs = rows.order_by().values("user", "assignment").distinct().count()
    paid = XPTransaction.objects.filter(amount=30).count()
    if (passed, results, paid) != (rows.count(), 3 * rows.count(), pairs):
        raise RuntimeError(f"{rows.count()} handed in, {passed} passed, {paid} of {pairs} paid")


def pages(desk: Desk, number: int, processes: int) -> Iterator[Figure]:
    """A learner's dashboard while nothing is graded, and while everything is."""
    cookies = desk.stage.cookies(desk.learners[7])
    asked = desk.stage.scaled(PAGES, 10)
    with Server(desk.stage, "grading") as server:
        browser = Browser(server, cookies)
        times(browser, 10)
        idle = times(browser, asked)
        queue(desk, "python", number)
        open_rows = Submission.objects.open()
        with Graders(desk.stage, "grading", processes, nice=10) as graders:
            graders.wait(lambda: open_rows.count() < number, 120)
            busy = times(browser, asked)
            graders.wait(lambda: not open_rows.exists(), LONGEST)
    yield Figure(
        f"dashboard while {processes} processes grade, median", 1000 * median(busy), "ms",
        "while none does", 1000 * median(idle), "<= 2",
    )  # fmt: skip


def times(browser: Browser, number: int) -> list[float]:
    found = list[float]()
    for _ in range(number):
        began = time.perf_counter()
        browser.get("/classroom/")
        found.append(time.perf_counter() - began)
    return found


def memory(desk: Desk, number: int, warming: int) -> Iterator[Figure]:
    """What one grader holds after many, against what it held after the first of them."""
    desk.stage.say(f"grading {number} with one process, for its memory")
    queue(desk, "javascript", number)
    rows = Submission.objects.open()
    with Graders(desk.stage, "grading", 1) as graders:
        graders.wait(lambda: rows.count() <= number - warming, LONGEST)
        early = graders.megabytes()
        graders.wait(lambda: not rows.exists(), LONGEST)
        late = graders.megabytes()
    connection.close()
    yield Figure(
        f"a grader's memory after {number:,}", late, "MB", f"after {warming}", early, "<= 1.1"
    )
