"""How each row of the table about quizzes is asked: one builder a row, named by its number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
from django.db import OperationalError
from django.test import Client

from accounts.models import User
from assessments.attempts import close_overdue, finish_attempt, start_attempt
from assessments.clock import read_clock
from assessments.models import Answer, Attempt, Quiz
from courses.models import Course, Lesson
from enrollments.models import Enrollment
from tests.assessments.builders import ask, make_quiz, rows
from tests.classroom.quiz_pages import filled, run_out

FORM = "application/x-www-form-urlencoded"
STATES = ("stranger", "DROPPED", "PAUSED", "plan")


@dataclass
class World:
    """ada with an open attempt, bob beside her in the course, and how each of them asks."""

    ada: User
    bob: User
    quiz: Quiz
    attempt: Attempt
    as_: Callable[[User], Client]

    @property
    def mine(self) -> Client:
        return self.as_(self.ada)

    def address(self, part: str = "") -> str:
        return f"/attempts/{self.attempt.pk}/{part}"

    def asked(self, kind: str) -> Answer:
        return next(row for row in rows(self.attempt) if row.question.kind == kind)

    def save(self, data: dict[str, Any], *, go: str = "next", **headers: str) -> Any:
        body = urlencode({**data, "go": go}, doseq=True)
        return self.mine.post(self.address("answers/"), body, FORM, headers=headers)

    def say(self, kind: str, value: Any, *, go: str = "next", **more: Any) -> Any:
        key = self.asked(kind).question_id
        return self.save({"q": key, f"a-{key}": value, f"v-{key}": 0, **more}, go=go)

    def finish(self) -> Any:
        return self.mine.post(self.address("submission/"))

    def close_the_door(self, state: str) -> None:
        Course.objects.update(required_plan="PRO" if state == "plan" else "FREE")
        places = Enrollment.objects.filter(user=self.ada)
        places.update(status=state if state.isupper() else "ACTIVE")
        if state == "stranger":
            places.delete()
        elif not places.exists():
            Enrollment.objects.create(user=self.ada, course=self.quiz.lesson.course)
            self.close_the_door(state)


Answers = Iterator[Any]
BUILDERS: dict[str, Callable[[World], Answers]] = {}


def row(number: str) -> Callable[[Callable[[World], Answers]], Callable[[World], Answers]]:
    def keep(builder: Callable[[World], Answers]) -> Callable[[World], Answers]:
        BUILDERS[number] = builder
        return builder

    return keep


@row("QZ01")
def pages_of_an_open_attempt(world: World) -> Answers:
    parts = ["", "summary/", *[f"questions/{number}/" for number in range(1, 7)]]
    for layout in Quiz.Layout.values:
        Quiz.objects.update(layout=layout)
        for part in parts:
            yield world.mine.get(world.address(part))


@row("QZ02")
def started_again(world: World) -> Answers:
    for _ in range(3):
        answer = world.mine.post(f"/quizzes/{world.quiz.pk}/attempts/")
        assert answer["Location"] == world.address()
        yield answer


@row("QZ03")
def one_too_many(world: World) -> Answers:
    Quiz.objects.update(max_attempts=1)
    finish_attempt(world.attempt)
    for _ in range(2):
        yield world.mine.post(f"/quizzes/{world.quiz.pk}/attempts/")
    assert Attempt.objects.count() == 1


@row("QZ04")
def anothers_attempt(world: World) -> Answers:
    his = world.as_(world.bob)
    data = {"q": str(world.asked("TEXT").question_id), "a-x": "for"}
    for part in ("", "summary/", "clock/", "questions/1/"):
        yield his.get(world.address(part))
    for part in ("answers/", "submission/", "self-checks/"):
        yield his.post(world.address(part), {**data, "verdict": "YES"})


@row("QZ05")
def question_of_another_quiz(world: World) -> Answers:
    other = make_quiz(world.quiz.lesson.module, "other").questions.first()
    assert other
    for key in (other.pk, uuid4(), "x", "", "\x00", "' OR 1=1 --", "1" * 5000):
        yield world.save({"q": key, f"a-{key}": "for"})


@row("QZ06")
def option_of_another_question(world: World) -> Answers:
    other = make_quiz(world.quiz.lesson.module, "other").questions.first()
    assert other
    option = other.options.first()
    assert option
    own = world.asked("MULTI").option_order[0]
    for key in (own, option.pk, uuid4(), "x", "\x00", "%", "1" * 5000):
        yield world.say("SINGLE", key)
        if key != own:
            yield world.say("MULTI", [own, key])


@row("QZ07")
def question_that_was_not_asked(world: World) -> Answers:
    later = ask(world.quiz, "TEXT", "Added since", accept=["for"])
    yield world.save({"q": later.pk, f"a-{later.pk}": "for"})


@row("QZ08")
def too_many_options(world: World) -> Answers:
    shown = world.asked("SINGLE").option_order
    for chosen in (shown[:2], shown, [shown[0]] * 2, [uuid4() for _ in range(1000)]):
        yield world.say("SINGLE", chosen)


@row("QZ09")
def what_a_saving_is_answered(world: World) -> Answers:
    for answer in rows(world.attempt):
        for right in (True, False):
            if answer.question.kind in ("TEXT", "NUMERIC", "OPEN"):
                continue
            answer.refresh_from_db()
            data = {"q": answer.question_id, **filled(answer, right=right)}
            data[f"v-{answer.question_id}"] = answer.version
            yield world.save(data, **{"HX-Request": "true"})


@row("QZ10")
def no_text(world: World) -> Answers:
    for text in ("a\x00b", b"\xed\xa0\x80", "\x1b[2J", "x" * 2**20, "x" * 501):
        yield world.say("TEXT", text)
        yield world.say("OPEN", text if len(text) != 501 else "x" * 10_001)


@row("QZ11")
def odd_fields(world: World) -> Answers:
    key = world.asked("TEXT").question_id
    choice = world.asked("SINGLE").question_id
    for data in (
        {}, {"q": key}, {"q": [key, key], f"v-{key}": ["0", "x"]}, {"q": choice, "a-": "for"},
        {f"a-{key}": "for"}, {"score": "5", "status": "SUBMITTED", "user": world.bob.pk},
        {"q": choice, f"a-{choice}": "", "text": "for"}, {"deadline": "2099-01-01", "mark": "1"},
    ):  # fmt: skip
        yield world.save(data)


@row("QZ12")
def within_the_grace(world: World) -> Answers:
    world.say("TEXT", "for")
    run_out(world.attempt, 2)
    yield world.finish()
    done = Attempt.objects.get()
    assert (done.status, done.is_late, done.score) == ("SUBMITTED", True, 1)


@row("QZ13")
def after_the_grace(world: World) -> Answers:
    world.say("TEXT", "for")
    run_out(world.attempt, 6)
    yield world.say("NUMERIC", "3.14", go="finish")
    done = Attempt.objects.get()
    assert (done.status, done.is_late, done.score) == ("EXPIRED", False, 1)


@row("QZ14")
def end_of_summer_time(world: World) -> Answers:
    for moment in ("2030-10-27T01:30:00+00:00", "2030-03-31T01:00:00+00:00"):
        Attempt.objects.update(deadline=moment)
        for zone in ("Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia"):
            User.objects.update(timezone=zone)
            answer = world.mine.get(world.address())
            assert f'datetime="{moment}"' in answer.content.decode()
            yield answer
    Attempt.objects.update(deadline=None)


@row("QZ15")
def a_wrong_clock(world: World) -> Answers:
    run_out(world.attempt, -60)
    for date in ("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "x"):
        answer = world.mine.get(world.address("clock/"), headers={"Date": date})
        left = float(answer.content.decode().partition('data-left="')[2].partition('"')[0])
        assert 50 < left <= 60
        yield answer
    Attempt.objects.update(deadline=None)


@row("QZ16")
def a_stale_tab(world: World) -> Answers:
    world.say("TEXT", "newer", tab="b", step="1")
    for _ in range(2):
        yield world.say("TEXT", "older", tab="a", step="9")
    assert world.asked("TEXT").text == "newer"


@row("QZ17")
def handed_in_twice(world: World) -> Answers:
    assert world.finish().status_code == 303
    for _ in range(3):
        yield world.finish()


@row("QZ18")
def form_posted_again(world: World) -> Answers:
    world.finish()
    before = Attempt.objects.values().get()
    for go in ("next", "finish", "summary"):
        yield world.say("TEXT", "for", go=go)
    assert Attempt.objects.values().get() == before


@row("QZ19")
def saved_after_the_clock(world: World) -> Answers:
    run_out(world.attempt)
    assert close_overdue() == 1
    for go in ("next", "finish"):
        yield world.say("TEXT", "for", go=go)
    assert world.asked("TEXT").text == ""


@row("QZ20")
def abandoned(world: World) -> Answers:
    world.say("TEXT", "for")
    run_out(world.attempt, 24 * 3600)
    yield world.mine.get(world.address())
    done = Attempt.objects.get()
    assert (done.status, done.score) == ("EXPIRED", 1)
    assert close_overdue() == 0


@row("QZ21")
def anothers_review(world: World) -> Answers:
    Quiz.objects.update(review="EACH")
    finish_attempt(world.attempt)
    yield world.as_(world.bob).get(world.address("review/"))
    theirs = start_attempt(world.bob, world.quiz)[0]
    finish_attempt(theirs)
    yield world.as_(world.bob).get(world.address("review/"))


@row("QZ22")
def review_before_release(world: World) -> Answers:
    Quiz.objects.update(max_attempts=2)
    yield world.mine.get(world.address("review/"))
    finish_attempt(world.attempt)
    yield world.mine.get(world.address("review/"))


@row("QZ23")
def begun_behind_a_closed_door(world: World) -> Answers:
    Answer.objects.all().delete()
    Attempt.objects.all().delete()
    for state in STATES:
        world.close_the_door(state)
        yield world.mine.post(f"/quizzes/{world.quiz.pk}/attempts/")
        yield world.mine.get(f"/quizzes/{world.quiz.pk}/")
    assert not Attempt.objects.exists()


@row("QZ24")
def headers(world: World) -> Answers:
    for part in ("", "summary/", "clock/"):
        answer = world.mine.get(world.address(part))
        answer.text_after = answer["Cache-Control"]
        yield answer


@row("QZ25")
def open_behind_a_closed_door(world: World) -> Answers:
    for state in STATES:
        world.close_the_door(state)
        for part in ("", "questions/1/", "summary/", "clock/", "review/"):
            yield world.mine.get(world.address(part))
        yield world.finish()
        Attempt.objects.update(deadline=read_clock())
        yield world.say("TEXT", "for", go="finish")
        Attempt.objects.update(deadline=None)
        Answer.objects.update(text="", version=0)


@row("QZ26")
def two_hundred_savings(world: World) -> Answers:
    browser, key = world.mine, world.asked("TEXT").question_id
    for number in range(200):
        data = {"q": key, f"a-{key}": str(number), f"v-{key}": number}
        answer = browser.post(world.address("answers/"), data)
        if number >= 50:
            assert int(answer["Retry-After"]) <= 600
            yield answer
    assert world.asked("TEXT").text == "49"


@row("QZ27")
def senseless_versions(world: World) -> Answers:
    key = world.asked("TEXT").question_id
    world.say("TEXT", "newer", tab="b", step="7")
    for version in ("-1", "99999999999999999999", "1e9", "x", "", "１", "\x00", "0x1"):
        yield world.say("TEXT", "older", tab="b", step=version, **{f"v-{key}": version})
    assert world.asked("TEXT").text == "newer"
    for place in ("0", "99999999999999999999"):
        assert world.mine.get(world.address(f"questions/{place}/")).status_code == 302
    for place in ("-1", "x", "１"):
        assert world.mine.get(world.address(f"questions/{place}/")).status_code in (302, 404)


@row("QZ28")
def hidden_quizzes(world: World) -> Answers:
    finish_attempt(world.attempt)
    lesson = Lesson.objects.filter(pk=world.quiz.lesson_id)
    course = Course.objects.filter(pk=world.quiz.lesson.course_id)
    for rows_, hidden, shown in (
        (lesson, {"status": "DRAFT"}, {"status": "PUBLISHED"}),
        (lesson, {"deleted_at": "2026-01-01T00:00Z"}, {"deleted_at": None}),
        (course, {"status": "ARCHIVED"}, {"status": "PUBLISHED"}),
    ):
        rows_.update(**hidden)
        yield world.mine.get(f"/quizzes/{world.quiz.pk}/")
        yield world.mine.post(f"/quizzes/{world.quiz.pk}/attempts/")
        rows_.update(**shown)
    for key in (uuid4(), "x", "1", world.attempt.pk):
        yield world.mine.post(f"/quizzes/{key}/attempts/")
    assert Attempt.objects.count() == 1


@row("QZ29")
def without_token(world: World) -> Answers:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.ada)
    yield browser.post(f"/quizzes/{world.quiz.pk}/attempts/")
    for part in ("answers/", "submission/", "self-checks/"):
        yield browser.post(world.address(part), {"go": "finish"})


@row("RV05")
def judged_wrongly(world: World) -> Answers:
    data = {"question": str(world.asked("OPEN").question_id), "verdict": "YES"}
    yield world.mine.post(world.address("self-checks/"), data)
    finish_attempt(world.attempt)
    for wrong in ({"verdict": "BEST"}, {"verdict": "\x00"}, {"question": "x"},
                  {"question": str(world.asked("TEXT").question_id)}):  # fmt: skip
        yield world.mine.post(world.address("self-checks/"), {**data, **wrong})
    assert not Answer.objects.exclude(self_check="").exists()


MARKUP = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) "
    '<svg onload=alert(1)> "><b>bold</b> {{ 7|add:7 }} {% now "Y" %}'
)


@row("RV06")
def report_with_markup(world: World) -> Answers:
    Quiz.objects.update(review="EACH")
    key = world.asked("TEXT").question_id
    sent = world.mine.post(f"/questions/{key}/reports/", {"text": MARKUP})
    assert sent.status_code == 303
    report = world.ada.question_reports.get()
    assert report.text == MARKUP
    finish_attempt(world.attempt)
    report.reply, report.status, report.replied_at = MARKUP, "DECLINED", report.created_at
    report.save()
    answer = world.mine.get(world.address("review/"))
    page = answer.content.decode()
    for part in ("<script>alert", "<img src=x", "<svg onload", "<b>bold", 'javascript:alert(1)"'):
        assert part not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7|add:7 }}" in page
    answer.text_after = "not as markup"
    yield answer


@row("RV07")
def no_report(world: World) -> Answers:
    key = world.asked("TEXT").question_id
    for text in ("", "    ", "bad", "x" * 1001, "a long word \x00", "a long word \x08"):
        yield world.mine.post(f"/questions/{key}/reports/", {"text": text})
    assert not world.ada.question_reports.exists()


def broken_by(kind: type[psycopg.Error], function: str) -> Any:
    """Let the database break the last step of a change."""
    error = OperationalError("could not be put in a row")
    error.__cause__ = kind("could not be put in a row")
    return patch(function, side_effect=error)


@row("CC04")
def deadlocks(world: World) -> Answers:
    before = (Attempt.objects.values().get(), list(Answer.objects.order_by("pk").values()))
    errors = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
    for kind in errors:
        with broken_by(kind, "assessments.answering.Answer.objects.bulk_update"):
            yield world.say("TEXT", "for")
        # The attempt is scored and closed by then, and all of it is undone.
        with broken_by(kind, "assessments.attempts.record"):
            yield world.finish()
        with broken_by(kind, "assessments.attempts.Answer.objects.bulk_create"):
            yield world.mine.post(f"/quizzes/{world.quiz.pk}/attempts/", {"practice": "1"})
    now = (Attempt.objects.values().get(), list(Answer.objects.order_by("pk").values()))
    assert now == before
