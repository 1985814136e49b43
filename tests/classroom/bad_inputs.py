"""How each row of the table is asked: one builder a row, named by its number."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any
from unittest.mock import patch

from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from courses.models import Course, Lesson
from enrollments import backfill
from enrollments.actions import leave
from enrollments.models import Enrollment
from gamification import ledger
from gamification.models import XPTransaction
from progress.actions import complete_lesson
from tests.conftest import make_course


@dataclass
class World:
    """The cast, and how each of them asks."""

    ada: User
    bob: User
    root: User
    course: Course
    lessons: list[Lesson]
    client: Client
    as_: Callable[[User], Client]

    def enrol(self, browser: Client, slug: str = "python-basics", **data: str) -> Any:
        return browser.post(f"/courses/{slug}/enrollment/", data or {"wanted": "1"}, follow=False)

    def mark(self, browser: Client, key: object, **data: object) -> Any:
        return browser.post(f"/lessons/{key}/completion/", data or {"done": "1"})


@dataclass
class Told:
    """What a command came to, in the shape of an answer."""

    status_code: object
    text: str


Answers = Iterator[Any]
BUILDERS: dict[str, Callable[[World], Answers]] = {}


def row(number: str) -> Callable[[Callable[[World], Answers]], Callable[[World], Answers]]:
    def keep(builder: Callable[[World], Answers]) -> Callable[[World], Answers]:
        BUILDERS[number] = builder
        return builder

    return keep


def run(*command: str) -> Told:
    """Run a command in this process; wrong usage is 2 as on a shell, where argparse says so."""
    out = StringIO()
    try:
        call_command(*command, stdout=out)
    except CommandError as error:
        usage = "Error: " in str(error)
        return Told(2 if usage else error.returncode, str(error))
    return Told(0, out.getvalue())


@row("EN01")
def guest_enrols(world: World) -> Answers:
    yield world.enrol(world.client)


@row("EN02")
def enrolment_by_get(world: World) -> Answers:
    yield world.as_(world.bob).get("/courses/python-basics/enrollment/")


@row("EN03")
def twice(world: World) -> Answers:
    browser = world.as_(world.ada)
    answer = world.enrol(browser)
    answer.text_after = browser.get(answer["Location"]).content.decode()
    yield answer


@row("EN04")
def closed_courses(world: World) -> Answers:
    make_course("draft", status="DRAFT")
    make_course("archived", status="ARCHIVED")
    make_course("deleted", deleted_at="2026-01-01T00:00Z")
    for slug in ("draft", "archived", "deleted"):
        yield world.enrol(world.as_(world.bob), slug)


@row("EN05")
def plan(world: World) -> Answers:
    make_course("pro", required_plan="PRO")
    yield world.enrol(world.as_(world.bob), "pro")


@row("EN06")
def prerequisite(world: World) -> Answers:
    make_course("second", prerequisite=world.course)
    yield world.enrol(world.as_(world.bob), "second")


@row("EN07")
def no_such_course(world: World) -> Answers:
    for slug in ("nope", "x" * 300, "a%2Fb", "..", "pyth%C3%B6n", "%00"):
        yield world.enrol(world.as_(world.bob), slug)


@row("EN08")
def stranger_leaves(world: World) -> Answers:
    browser = world.as_(world.bob)
    answer = world.enrol(browser, wanted="0")
    answer.text_after = browser.get(answer["Location"]).content.decode()
    yield answer


@row("EN09")
def farming_by_leaving(world: World) -> Answers:
    browser = world.as_(world.ada)
    for wanted in ("1", "0", "1"):
        yield world.enrol(browser, wanted=wanted)
        complete = world.mark(browser, world.lessons[0].pk)
        assert complete.status_code in (303, 403)
    assert XPTransaction.objects.count() == 1
    assert Enrollment.objects.filter(user=world.ada).count() == 1


@row("EN11")
def no_wanted_end(world: World) -> Answers:
    browser = world.as_(world.bob)
    for value in ("", "yes", "2", "-1", "１", "1 ", "true"):
        yield world.enrol(browser, wanted=value)
    yield world.enrol(browser, done="1")


@row("EN12")
def somebody_else(world: World) -> Answers:
    grace = User.objects.create_user("grace2@example.org", name="Grace")
    data = {"wanted": "1", "user": str(grace.pk), "user_id": str(grace.pk)}
    yield world.enrol(world.as_(world.bob), **data)
    assert list(Enrollment.objects.exclude(user=world.ada).values_list("user", flat=True)) == [
        world.bob.pk
    ]
    leave(world.bob, world.course)
    Enrollment.objects.filter(user=world.bob).delete()


@row("EN13")
def enrol_without_token(world: World) -> Answers:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.bob)
    yield world.enrol(browser)


@row("TG01")
def guest_marks(world: World) -> Answers:
    yield world.mark(world.client, world.lessons[0].pk)


@row("TG02")
def lesson_of_another_course(world: World) -> Answers:
    make_course("other", lessons=9)
    yield world.as_(world.ada).get("/classroom/courses/python-basics/lessons/lesson-9/")


@row("TG03")
def on_off_on(world: World) -> Answers:
    for done in ("1", "0", "1"):
        yield world.mark(world.as_(world.ada), world.lessons[0].pk, done=done)
    assert XPTransaction.objects.count() == 1


@row("TG05")
def mark_without_end(world: World) -> Answers:
    for data in (
        {"x": "1"},
        {"done": "on"},
        {"done": "１"},
        {"done": "[1]"},
        {"completed": "true"},
    ):
        yield world.mark(world.as_(world.ada), world.lessons[0].pk, **data)


@row("TG06")
def mark_by_hand(world: World) -> Answers:
    Lesson.objects.filter(pk=world.lessons[0].pk).update(completion="BY_PASSING", kind="QUIZ")
    for done in ("1", "0"):
        yield world.mark(world.as_(world.ada), world.lessons[0].pk, done=done)


@row("TG07")
def strangers_mark(world: World) -> Answers:
    yield world.mark(world.as_(world.bob), world.lessons[0].pk)
    Enrollment.objects.filter(user=world.ada).update(status="DROPPED")
    yield world.mark(world.as_(world.ada), world.lessons[0].pk)


@row("TG12")
def paused_mark(world: World) -> Answers:
    Enrollment.objects.filter(user=world.ada).update(status="PAUSED")
    yield world.mark(world.as_(world.ada), world.lessons[0].pk)


@row("TG08")
def undo_after_the_end(world: World) -> Answers:
    for lesson in world.lessons:
        complete_lesson(world.ada, lesson)
    browser = world.as_(world.ada)
    for done in ("0", "1", "0"):
        answer = world.mark(browser, world.lessons[0].pk, done=done)
        answer.text_after = browser.get(answer["Location"]).content.decode()
        if done == "0":
            yield answer
    assert world.ada.events.filter(kind="COURSE_COMPLETED").count() == 1
    assert world.ada.course_progress.get().completed_at is not None


@row("TG09")
def keys_of_nothing(world: World) -> Answers:
    for key in ("0", "x", "00000000-0000-7000-8000-000000000000", world.course.pk, "%00"):
        yield world.mark(world.as_(world.ada), key)


@row("TG10")
def deleted_meanwhile(world: World) -> Answers:
    complete_lesson(world.ada, world.lessons[0])
    Lesson.objects.filter(pk=world.lessons[0].pk).update(deleted_at="2026-01-01T00:00Z")
    for done in ("0", "1"):
        yield world.mark(world.as_(world.ada), world.lessons[0].pk, done=done)
    assert ledger.total_of(world.ada) == 10


@row("TG11")
def mark_without_token(world: World) -> Answers:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.ada)
    yield world.mark(browser, world.lessons[0].pk)


@row("MC01")
def backfill_of_nothing(world: World) -> Answers:
    make_course("draft", status="DRAFT")
    for slug in ("nope", "draft"):
        yield run("backfill_enrollments", "--course", slug)


@row("MC02")
def wrong_usage(world: World) -> Answers:
    for flag in ("--since=2026-13-45", "--batch-size=0", "--batch-size=x"):
        yield run("backfill_enrollments", flag)


@row("MC04")
def no_course(world: World) -> Answers:
    Course.objects.update(status="ARCHIVED")
    yield run("backfill_enrollments")
    assert run("verify_enrollments").status_code == 0


@row("MC06")
def lock_is_taken(world: World) -> Answers:
    with patch.object(backfill, "only_run", side_effect=backfill.BackfillActive):
        yield run("backfill_enrollments")


@row("MC08")
def dry_run(world: World) -> Answers:
    yield run("backfill_enrollments", "--dry-run")


@row("MC12")
def no_database(world: World) -> Answers:
    secret = "very-secret-word"
    address = f"postgres://someone:{secret}@127.0.0.1:1/nowhere"
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_enrollments"],
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert secret not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    yield Told(done.returncode, done.stderr)


@row("PG01")
def pages_nobody_has(world: World) -> Answers:
    browser = world.as_(world.ada)
    for number in ("0", "-1", "x", "1000000", "1.5", "９"):
        for address in ("/courses/", "/progress/history/", "/classroom/courses/"):
            yield browser.get(address, {"page": number})


@row("PG02")
def wild_searches(world: World) -> Answers:
    for text in ("x" * 5000, "'\";--", "& | ! ( ) :*", "%_\\", "<script>", "-" * 40, "🙂"):
        yield world.client.get("/courses/", {"q": text})


@row("PG04")
def wild_filters(world: World) -> Answers:
    for name in ("language", "difficulty"):
        for value in ("klingon", "' OR 1=1", "x" * 3000):
            yield world.client.get("/courses/", {name: value})


@row("PG06")
def wild_paths(world: World) -> Answers:
    for path in ("courses/%00/", "courses/%ED%A0%80/", "courses/../../etc/", "x" * 2000, ".env"):
        yield world.client.get(f"/{path}")


@row("HX02")
def part_without_session(world: World) -> Answers:
    yield world.client.post(
        f"/lessons/{world.lessons[0].pk}/completion/",
        {"done": "1"},
        headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example//x"},
    )


@row("HX04")
def wild_htmx_headers(world: World) -> Answers:
    for value in ("true", "x" * 5000, "%", "\\"):
        headers = {"HX-Request": value, "HX-Target": value, "HX-Current-URL": value}
        yield world.client.get("/courses/", headers=headers)


@row("XP20")
def taken_back_twice(world: World) -> Answers:
    complete_lesson(world.ada, world.lessons[0])
    entry = XPTransaction.objects.get()
    done = [ledger.reverse(entry, by=world.root, reason="Copied") for _ in range(2)]
    yield Told(f"{done[0]:d} then {done[1]:d}", "")
    assert ledger.total_of(world.ada) == 0


@row("HD05")
def another_host(world: World) -> Answers:
    for host in ("evil.example", "testserver@evil.example", "a" * 300):
        yield world.client.get("/", headers={"Host": host})


@row("HD06")
def hidden_methods(world: World) -> Answers:
    browser = world.as_(world.ada)
    address = f"/lessons/{world.lessons[0].pk}/completion/"
    yield browser.get(address, headers={"X-HTTP-Method-Override": "POST"})
    yield browser.get(address, {"_method": "POST", "done": "1"})


@row("HD10")
def unknown_methods(world: World) -> Answers:
    for method in ("TRACE", "FOO", "PROPFIND"):
        yield world.client.generic(method, "/courses/")
