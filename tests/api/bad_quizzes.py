"""Requests about quizzes that must change nothing more than they may, by row."""

import json
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils.timezone import now

from assessments.attempts import finish_attempt, start_attempt
from assessments.models import Attempt, Option, Quiz
from enrollments.models import Enrollment
from tests.api.conftest import Program
from tests.api.world import Request, World, row
from tests.assessments.builders import make_quiz, rows


def quiz_of(world: World, **rules: Any) -> Quiz:
    return make_quiz(world.lessons[0].module, **rules)


def saving(me: Program, attempt: Attempt, place: int, **changes: Any) -> Request:
    """Answer the question in this place."""
    question = rows(attempt)[place].question_id
    body = {"questionId": str(question), "version": 0, **changes}
    return partial(me.post, f"/api/attempts/{attempt.pk}/answers", body)


@row("QZ02")
def started_again(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    quiz = quiz_of(world)
    start_attempt(world.ada, quiz)
    return [partial(me.post, f"/api/quizzes/{quiz.pk}/attempts", {})] * 3


@row("QZ04")
def attempt_of_another(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    quiz = quiz_of(world)
    Enrollment.objects.create(user=world.bob, course=world.course)
    attempt, _ = start_attempt(world.bob, quiz)
    finished, _ = start_attempt(world.bob, quiz, practice=True)
    finish_attempt(finished)
    for one in (attempt, finished):
        path = f"/api/attempts/{one.pk}"
        body = {"questionId": str(rows(one)[2].question_id), "text": "for", "version": 0}
        yield partial(me.get, path)
        yield partial(me.get, f"{path}/review")
        yield partial(me.post, f"{path}/answers", body)
        yield partial(me.post, f"{path}/submission", {})


@row("QZ06")
def options_from_elsewhere(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    attempt, _ = start_attempt(world.ada, quiz_of(world))
    other = quiz_of(world, slug="other")
    own = rows(attempt)
    strange = [own[1].option_order[0], other.questions.first().options.first().pk, other.pk]
    added = Option.objects.create(question=own[0].question, text="Added since")
    for key in (*strange, added.pk):
        yield saving(me, attempt, 0, optionIds=[str(key)])
        yield saving(me, attempt, 1, optionIds=[str(own[0].option_order[0]), str(key)])


@row("QZ08")
def too_many_options(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    attempt, _ = start_attempt(world.ada, quiz_of(world))
    keys = [str(key) for key in rows(attempt)[0].option_order]
    found = (keys[:2], keys, keys * 300, keys * 333 + [keys[0]], keys * 400)
    return [saving(me, attempt, 0, optionIds=some) for some in found]


@row("QZ10")
def texts_that_are_none(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    attempt, _ = start_attempt(world.ada, quiz_of(world))
    texts = ("\0", "for\0", "\ud800", "\x07", "\x7f", "x" * 501, "x" * 10_001)
    for text in texts:
        yield saving(me, attempt, 2, text=text)
    for text in ("three", "1/0", "NaN", "inf", "0x10", "1e9999", "9" * 61):
        yield saving(me, attempt, 3, text=text)


@row("QZ11")
def fields_of_other_types(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    attempt, _ = start_attempt(world.ada, quiz_of(world))
    key = str(rows(attempt)[0].option_order[0])
    changes: list[dict[str, Any]] = [
        {"optionIds": key}, {"optionIds": {key: True}}, {"optionIds": [None]},
        {"optionIds": [[key]]}, {"optionIds": [1]}, {"optionIds": [f"{{{key}}}"]},
        {"optionIds": ["urn:uuid:" + key]}, {"optionIds": None}, {"text": 7}, {"text": None},
        {"flagged": 1}, {"flagged": "true"}, {"version": "0"}, {"version": 0.0},
        {"version": -1}, {"version": 2**31}, {"version": True}, {"version": None},
        {"questionId": key}, {"questionId": "1"}, {"questionId": None}, {"mark": 1},
        {"userId": "ada@example.org"}, {"is_correct": True},
    ]  # fmt: skip
    for change in changes:
        yield saving(me, attempt, 0, **change)
    for body in ({"practice": "no"}, {"practice": 0}, {"practice": None}, {"number": 1}):
        yield partial(me.post, f"/api/quizzes/{attempt.quiz_id}/attempts", body)
    yield partial(me.post, f"/api/attempts/{attempt.pk}/submission", {"percent": 100})


@row("QZ16")
def stale_version(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    attempt, _ = start_attempt(world.ada, quiz_of(world))
    assert saving(me, attempt, 2, text="for")().status_code == 200
    return [saving(me, attempt, 2, text="while", version=number) for number in (0, 2, 2**31 - 1)]


@row("QZ18")
def handed_in_again(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    attempt, _ = start_attempt(world.ada, quiz_of(world))
    finish_attempt(attempt)
    return [
        partial(me.post, f"/api/attempts/{attempt.pk}/submission", {}),
        saving(me, attempt, 2, text="for"),
    ]


@row("QZ19")
def after_the_grace(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    attempt, _ = start_attempt(world.ada, quiz_of(world, time_limit=5))
    Attempt.objects.filter(pk=attempt.pk).update(deadline=now() - timedelta(seconds=6))
    return [saving(me, attempt, 2, text="for")] * 2


@row("QZ22")
def review_too_early(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    for number, rules in enumerate(({}, {"max_attempts": 2}, {"review": "NEVER"})):
        attempt, _ = start_attempt(world.ada, quiz_of(world, slug=f"check-{number}", **rules))
        finish_attempt(attempt)
        yield partial(me.get, f"/api/attempts/{attempt.pk}/review")


@row("QZ26")
def saved_without_end(world: World) -> Iterable[Request]:
    me = world.program(world.ada)
    attempt, _ = start_attempt(world.ada, quiz_of(world))
    body = {"questionId": str(rows(attempt)[2].question_id), "text": "for", "version": 0}
    send = partial(me.post, f"/api/attempts/{attempt.pk}/answers", body)
    assert {send().status_code for _ in range(50)} == {200}
    raw = json.dumps({**body, "text": "while", "version": 1}).encode()
    return [send, partial(me.post, f"/api/attempts/{attempt.pk}/answers", raw)]
