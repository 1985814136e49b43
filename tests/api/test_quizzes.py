"""Taking a quiz through the API."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from uuid6 import uuid7

from accounts.limits import Limit
from activity.models import Event
from api.root import schema
from assessments.models import Accommodation, Answer, Attempt, Bank, Option, Question, Quiz
from courses.models import Course, Lesson
from enrollments.actions import leave
from enrollments.models import Enrollment
from gamification.models import XPTransaction
from progress.models import LessonProgress
from tests.api.conftest import code_of
from tests.assessments.builders import ask, make_quiz, right_answer, rows, wrong_answer
from tests.gamification.board_people import make_multiplier


@pytest.fixture
def quiz(lessons) -> Quiz:
    return make_quiz(lessons[0].module)


def at(thing, rest: str = "") -> str:
    """The address of a quiz, or of an attempt by its key."""
    key = thing.pk if isinstance(thing, Quiz) else thing
    return f"/api/{'quizzes' if isinstance(thing, Quiz) else 'attempts'}/{key}{rest}"


def start(me, quiz, **body) -> dict:
    response = me.post(at(quiz, "/attempts"), body)
    assert response.status_code in (200, 201), response.content
    return response.json()


def body_of(given) -> dict:
    return {
        "questionId": str(given.question),
        "optionIds": [str(key) for key in given.chosen],
        "text": given.text,
        "version": given.version,
    }


def answer_all(me, key, how=right_answer) -> None:
    for row in rows(Attempt.objects.get(pk=key)):
        assert me.post(at(key, "/answers"), body_of(how(row))).status_code == 200


def take(me, quiz, how=right_answer, **body) -> dict:
    """Start, answer everything and hand in."""
    key = start(me, quiz, **body)["id"]
    answer_all(me, key, how)
    response = me.post(at(key, "/submission"), {})
    assert response.status_code == 200, response.content
    return response.json()


def run_out(key, seconds=6) -> None:
    moment = now() - timedelta(seconds=seconds)
    Attempt.objects.filter(pk=key).update(deadline=moment)


# Before ----------------------------------------------------------------------------------------


def test_a_quiz_tells_its_rules_and_that_one_can_begin(ada, quiz, program):
    body = program(ada).get(at(quiz)).json()
    body.pop("server_time")
    assert body == {
        "id": str(quiz.pk),
        "lesson_id": str(quiz.lesson_id),
        "course_id": "python-basics",
        "title": "Check yourself",
        "question_count": 6,
        "pass_percent": 70,
        "time_limit_seconds": None,
        "max_attempts": None,
        "wait_minutes": 0,
        "layout": "ONE",
        "shuffle": False,
        "review": "LAST",
        "passed": False,
        "best": None,
        "attempts": [],
        "attempts_left": None,
        "open_attempt_id": None,
        "opens_at": None,
        "may_start": True,
        "why_not": None,
        "may_practise": True,
    }


def test_a_quiz_tells_what_one_has_done_in_it(ada, bob, lessons, course, program):
    quiz = make_quiz(lessons[0].module, max_attempts=3)
    Enrollment.objects.create(user=bob, course=course)
    take(program(bob), quiz)
    me = program(ada)
    take(me, quiz, wrong_answer)
    passed = take(me, quiz)
    last = start(me, quiz)
    body = me.get(at(quiz)).json()
    assert [one["number"] for one in body["attempts"]] == [3, 2, 1]
    assert [one["percent"] for one in body["attempts"]] == [None, 100, 0]
    assert [one["status"] for one in body["attempts"]] == ["OPEN", "SUBMITTED", "SUBMITTED"]
    assert (body["best"]["id"], body["passed"]) == (passed["id"], True)
    assert (body["attempts_left"], body["open_attempt_id"]) == (0, last["id"])
    assert (body["may_start"], body["why_not"], body["may_practise"]) == (True, None, False)


def test_a_quiz_tells_why_none_can_begin(ada, lessons, program):
    me, module = program(ada), lessons[0].module
    used = make_quiz(module, "used", max_attempts=1)
    soon = make_quiz(module, "soon", wait=60)
    empty = make_quiz(module, "empty", questions=False)
    for quiz in (used, soon):
        take(me, quiz)
    for quiz, code in (
        (used, "no_attempts_left"),
        (soon, "too_soon"),
        (empty, "nothing_to_ask"),
    ):
        body = me.get(at(quiz)).json()
        assert (body["may_start"], body["why_not"]["code"]) == (False, code)
        response = me.post(at(quiz, "/attempts"), {})
        assert (response.status_code, code_of(response)) == (409, code)
        assert response.json()["error"]["detail"] == body["why_not"]["detail"]
        if code == "too_soon":
            assert response.json()["error"]["fields"] == {"opens_at": [body["opens_at"]]}
            assert body["opens_at"].endswith("Z")


def test_banks_are_counted_by_what_they_give(ada, lessons, program):
    quiz = make_quiz(lessons[0].module, questions=False)
    for name, pick, number in (("a", 2, 5), ("b", 4, 3)):
        bank = Bank.objects.create(quiz=quiz, name=name, pick=pick)
        for place in range(number):
            ask(quiz, "TEXT", f"{name}{place}", accept=["x"], bank=bank)
    ask(quiz, "TEXT", "Gone", accept=["x"], deleted_at=now())
    me = program(ada)
    assert me.get(at(quiz)).json()["question_count"] == 5 == len(start(me, quiz)["questions"])


@pytest.mark.parametrize(
    ("extra", "seconds"), [(None, 420), (125, 525), (150, 630), (200, 840), (0, None)]
)
def test_the_time_is_the_time_that_one_has(ada, lessons, program, extra, seconds):
    quiz = make_quiz(lessons[0].module, time_limit=7)
    if extra is not None:
        Accommodation.objects.create(user=ada, extra_time=extra)
    me = program(ada)
    assert me.get(at(quiz)).json()["time_limit_seconds"] == seconds
    assert (start(me, quiz)["deadline"] is None) == (seconds is None)


# Doors -----------------------------------------------------------------------------------------


def test_quizzes_are_for_those_in_the_course(bob, quiz, course, program, stranger):
    assert stranger.get(at(quiz)).status_code == 401
    me = program(bob)
    for response in (me.get(at(quiz)), me.post(at(quiz, "/attempts"), {})):
        assert (response.status_code, code_of(response)) == (403, "not_enrolled")
    Course.objects.update(required_plan=Course.Plan.PRO)
    Enrollment.objects.create(user=bob, course=course)
    for response in (me.get(at(quiz)), me.post(at(quiz, "/attempts"), {})):
        assert (response.status_code, code_of(response)) == (403, "plan_required")
    assert not Attempt.objects.exists()


def test_hidden_quizzes_and_none_look_the_same(ada, quiz, program):
    me = program(ada)
    Lesson.objects.filter(pk=quiz.lesson_id).update(status="DRAFT")
    for rest in ("", "/attempts"):
        hidden, missing = (
            me.post(f"/api/quizzes/{key}{rest}", {}) if rest else me.get(f"/api/quizzes/{key}")
            for key in (quiz.pk, uuid7())
        )
        assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)
        assert code_of(hidden) == "not_found"


def test_anothers_attempt_and_none_look_the_same(ada, bob, course, quiz, program):
    Enrollment.objects.create(user=bob, course=course)
    theirs, me = take(program(bob), quiz)["id"], program(ada)
    body = {"questionId": str(uuid7()), "version": 0}
    for method, rest, sent in (
        ("GET", "", None),
        ("GET", "/review", None),
        ("POST", "/answers", body),
        ("POST", "/submission", {}),
    ):
        told = [me.send(method, at(key, rest), sent) for key in (theirs, uuid7())]
        assert {response.status_code for response in told} == {404}
        assert told[0].content == told[1].content


def test_who_left_keeps_what_they_did_but_is_shown_no_answers(ada, course, quiz, program):
    me = program(ada)
    key = take(me, quiz)["id"]
    assert me.get(at(key, "/review")).status_code == 200
    leave(ada, course)
    assert me.get(at(key)).json()["percent"] == 100
    response = me.get(at(key, "/review"))
    assert (response.status_code, code_of(response)) == (403, "not_enrolled")


def test_answers_are_stored_nowhere_on_the_way(ada, quiz, program):
    me = program(ada)
    key = start(me, quiz)["id"]
    for path in (at(quiz), at(key), at(key, "/review")):
        assert me.get(path)["Cache-Control"] == "no-store, private"


# During ----------------------------------------------------------------------------------------


def test_starting_is_new_once(ada, quiz, program):
    me = program(ada)
    first = me.post(at(quiz, "/attempts"), {"practice": False})
    again = me.post(at(quiz, "/attempts"), {})
    assert (first.status_code, again.status_code) == (201, 200)
    told = [{**one.json(), "server_time": ""} for one in (first, again)]
    assert told[0] == told[1]
    assert Attempt.objects.count() == 1


def test_an_attempt_shows_what_is_asked(ada, quiz, program):
    me = program(ada)
    key = start(me, quiz)["id"]
    body = me.get(at(key)).json()
    drawn = rows(Attempt.objects.get(pk=key))
    assert [one["id"] for one in body["questions"]] == [str(row.question_id) for row in drawn]
    first = body["questions"][0]
    options = first.pop("options")
    assert [option["id"] for option in options] == [str(one) for one in drawn[0].option_order]
    assert {(one["text"], one["text_html"]) for one in options} == {
        (text, f"<p>{text}</p>") for text in ("3", "3.5", "4")
    }
    assert all(set(one) == {"id", "text", "text_html"} for one in options)
    assert first == {
        "id": str(drawn[0].question_id),
        "position": 1,
        "kind": "SINGLE",
        "prompt": "What does `7 // 2` give?",
        "prompt_html": "<p>What does `7 // 2` give?</p>",
        "answer": {
            "question_id": str(drawn[0].question_id),
            "option_ids": [],
            "text": "",
            "flagged": False,
            "version": 0,
            "saved_at": None,
        },
    }
    body.pop("questions")
    assert body.pop("server_time") >= body.pop("started_at")
    assert body == {
        "id": key,
        "quiz_id": str(quiz.pk),
        "number": 1,
        "practice": False,
        "status": "OPEN",
        "deadline": None,
        "closed_at": None,
        "late": False,
        "percent": None,
        "passed": None,
        "score": None,
        "out_of": None,
    }


def test_the_authors_source_is_not_told(ada, quiz, program):
    """What is hidden in it, a comment say, may be the answer."""
    question = quiz.questions.first()
    question.prompt, question.prompt_html = "2 &lt; 3? <!-- yes -->", "<p>2 &lt; 3?</p>"
    question.save()
    told = start(program(ada), quiz)
    assert told["questions"][0]["prompt"] == "2 < 3?"
    assert "yes" not in json.dumps(told)


def test_saving_an_answer_counts_its_version(ada, quiz, program):
    me = program(ada)
    attempt = start(me, quiz)
    question = attempt["questions"][1]
    chosen = [option["id"] for option in question["options"]][:2]
    body = {"questionId": question["id"], "optionIds": chosen[::-1] * 2, "version": 0}
    response = me.post(at(attempt["id"], "/answers"), {**body, "flagged": True})
    assert response.status_code == 200
    saved = response.json()
    assert saved.pop("saved_at").endswith("Z")
    assert saved == {
        "question_id": question["id"], "option_ids": chosen, "text": "", "flagged": True,
        "version": 1,
    }  # fmt: skip
    # The same once more is no change, whatever version it names.
    assert me.post(at(attempt["id"], "/answers"), {**body, "flagged": True}).json()["version"] == 1
    again = {**body, "optionIds": [], "version": 1}
    assert me.post(at(attempt["id"], "/answers"), again).json()["option_ids"] == []
    stands = me.get(at(attempt["id"])).json()["questions"][1]["answer"]
    assert (stands["version"], stands["option_ids"], stands["flagged"]) == (2, [], False)


def test_a_stale_answer_is_told_what_stands(ada, quiz, program):
    me = program(ada)
    attempt = start(me, quiz)
    body = {"questionId": attempt["questions"][2]["id"], "text": " for ", "version": 0}
    stands = me.post(at(attempt["id"], "/answers"), body).json()
    response = me.post(at(attempt["id"], "/answers"), {**body, "text": "while"})
    assert (response.status_code, code_of(response)) == (409, "stale_answer")
    assert response.json()["answer"] == stands
    assert stands["text"] == "for"


@pytest.mark.parametrize(
    ("place", "change", "field", "sentence"),
    [
        (0, {"optionIds": [0, 1]}, "optionIds", "Choose one option."),
        (0, {"optionIds": ["01a1fc71-66a6-7005-9cba-c883d79d55c7"]}, "optionIds",
         "Unknown option."),
        (2, {"text": "x" * 501}, "text", "Invalid text. Write at most 500 characters."),
        (2, {"text": "\x07"}, "text", "Invalid text."),
        (2, {"text": "\0"}, "text", "Invalid text."),
        (3, {"text": "many"}, "text", "Enter a number, such as 3.5."),
        (2, {"questionId": "01a1fc71-66a6-7005-9cba-c883d79d55c7"}, "questionId",
         "Unknown question."),
        (0, {"optionIds": ["x", "y"]}, "optionIds", "This must be a UUID."),
        (0, {"optionIds": "x"}, "optionIds", "This must be a list."),
        (2, {"flagged": 1}, "flagged", "This must be true or false."),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_told(ada, quiz, program, place, change, field, sentence):
    me = program(ada)
    attempt = start(me, quiz)
    question = attempt["questions"][place]
    if change.get("optionIds") == [0, 1]:
        change = {"optionIds": [option["id"] for option in question["options"]][:2]}
    body = {"questionId": question["id"], "version": 0, **change}
    response = me.post(at(attempt["id"], "/answers"), body)
    assert (response.status_code, code_of(response)) == (422, "invalid_fields")
    assert response.json()["error"]["fields"] == {field: [sentence]}
    assert not Answer.objects.exclude(version=0).exists()


def test_an_essay_of_the_longest_kind_is_taken(ada, quiz, program):
    me = program(ada)
    attempt = start(me, quiz)
    body = {"questionId": attempt["questions"][5]["id"], "text": "ж" * 10_000, "version": 0}
    assert me.post(at(attempt["id"], "/answers"), body).status_code == 200
    response = me.post(at(attempt["id"], "/answers"), {**body, "text": "x" * 2**20})
    assert (response.status_code, code_of(response)) == (413, "too_large")
    assert me.post(at(quiz, "/attempts"), b"{}".ljust(16_385)).status_code == 413


def test_saving_is_counted_apart_from_everything_else(
    ada, quiz, program, monkeypatch, slow_seconds
):
    me = program(ada)
    attempt = start(me, quiz)
    monkeypatch.setattr("api.door.PERSON", Limit("api-person", 1))
    body = {"questionId": attempt["questions"][2]["id"], "text": "for", "version": 0}
    statuses = [me.post(at(attempt["id"], "/answers"), body).status_code for _ in range(51)]
    assert statuses == [200] * 50 + [429]
    assert me.get("/api/me").status_code == 429


# The clock -------------------------------------------------------------------------------------


def test_within_the_grace_it_is_late_but_counts(ada, lessons, program):
    quiz, me = make_quiz(lessons[0].module, time_limit=5), program(ada)
    key = start(me, quiz)["id"]
    run_out(key, seconds=2)
    answer_all(me, key)
    body = me.post(at(key, "/submission"), {}).json()
    assert (body["status"], body["late"], body["percent"]) == ("SUBMITTED", True, 100)


def test_past_the_grace_what_was_saved_counts(ada, lessons, program):
    quiz, me = make_quiz(lessons[0].module, time_limit=5), program(ada)
    key = start(me, quiz)["id"]
    answer_all(me, key)
    run_out(key)
    row = rows(Attempt.objects.get(pk=key))[2]
    late = {"questionId": str(row.question_id), "text": "while", "version": 1}
    response = me.post(at(key, "/answers"), late)
    assert (response.status_code, code_of(response)) == (409, "time_over")
    body = me.post(at(key, "/submission"), {}).json()
    assert (body["status"], body["percent"], body["xp_awarded"]) == ("EXPIRED", 100, 20)
    response = me.post(at(key, "/submission"), {})
    assert (response.status_code, code_of(response)) == (409, "already_submitted")


@pytest.mark.parametrize("look", ["attempt", "quiz", "review", "start"])
def test_what_has_run_out_is_closed_when_it_is_looked_at(ada, lessons, program, look):
    quiz, me = make_quiz(lessons[0].module, time_limit=5, max_attempts=1), program(ada)
    key = start(me, quiz)["id"]
    run_out(key)
    if look == "start":
        assert code_of(me.post(at(quiz, "/attempts"), {})) == "no_attempts_left"
    else:
        paths = {"attempt": at(key), "quiz": at(quiz), "review": at(key, "/review")}
        assert me.get(paths[look]).status_code == 200
    assert Attempt.objects.get().status == Attempt.Status.EXPIRED


# After -----------------------------------------------------------------------------------------


def test_passing_completes_the_lesson_and_pays_once(ada, quiz, program):
    me = program(ada)
    first = take(me, quiz)
    assert (first["percent"], first["passed"], first["xp_awarded"]) == (100, True, 20)
    assert (first["score"], first["out_of"], first["status"]) == (5.0, 5.0, "SUBMITTED")
    assert take(me, quiz)["xp_awarded"] == 0
    assert LessonProgress.objects.filter(user=ada, lesson=quiz.lesson).count() == 1
    assert XPTransaction.objects.count() == 1
    assert Event.objects.filter(kind="QUIZ_PASSED").count() == 1


def test_double_points_are_told_as_they_were_paid(ada, root, quiz, program):
    make_multiplier(root, "2")
    assert take(program(ada), quiz)["xp_awarded"] == 40


def test_failing_completes_nothing(ada, quiz, program):
    body = take(program(ada), quiz, wrong_answer)
    assert (body["percent"], body["passed"], body["xp_awarded"]) == (0, False, 0)
    assert not LessonProgress.objects.exists()


def test_practice_does_not_count_and_waits_where_attempts_are_few(ada, lessons, program):
    me = program(ada)
    free = make_quiz(lessons[0].module, "free", time_limit=5)
    practice = start(me, free, practice=True)
    assert (practice["practice"], practice["deadline"]) == (True, None)
    answer_all(me, practice["id"])
    body = me.post(at(practice["id"], "/submission"), {}).json()
    assert (body["percent"], body["xp_awarded"]) == (100, 0)
    assert not LessonProgress.objects.exists()
    few = make_quiz(lessons[0].module, "few", max_attempts=1)
    response = me.post(at(few, "/attempts"), {"practice": True})
    assert (response.status_code, code_of(response)) == (409, "no_practice")
    take(me, few)
    assert me.post(at(few, "/attempts"), {"practice": True}).status_code == 201


def test_a_quiz_is_not_done_by_hand(ada, quiz, program):
    me = program(ada)
    path = f"/api/lessons/{quiz.lesson_id}/completion"
    award = {
        "userId": ada.email, "courseId": "python-basics", "lessonId": "check", "xpAmount": 20,
    }  # fmt: skip

    def told():
        responses = (me.put(path), me.delete(path), me.post("/api/xp/award", award))
        return [(one.status_code, code_of(one)) for one in responses if one.status_code != 200]

    assert told() == [(409, "not_passed")] * 3
    take(me, quiz, wrong_answer)
    assert told() == [(409, "not_passed")] * 3
    assert not LessonProgress.objects.exists()
    take(me, quiz)
    assert told() == [(409, "not_passed"), (409, "already_completed")]
    assert XPTransaction.objects.count() == 1


def test_a_review_tells_what_was_right_and_why(ada, lessons, program):
    quiz, me = make_quiz(lessons[0].module, review="EACH"), program(ada)
    key = start(me, quiz)["id"]
    response = me.get(at(key, "/review"))
    assert (response.status_code, code_of(response)) == (409, "still_open")
    answer_all(me, key, wrong_answer)
    me.post(at(key, "/submission"), {})
    body = me.get(at(key, "/review")).json()
    single, multi, text, number, _, essay = body["questions"]
    assert {one["text"]: (one["correct"], one["chosen"]) for one in single["options"]} == {
        "3": (True, False), "3.5": (False, True), "4": (False, False),
    }  # fmt: skip
    assert [one["text"] for one in multi["options"] if one["correct"]] != []
    assert {one["feedback_html"] for one in single["options"]} == {
        "", "<p>Not 3.5.</p>", "<p>Not 4.</p>",
    }  # fmt: skip
    assert (text["accepted"], text["text"], text["mark"]) == (["for"], "while", 0.0)
    assert (number["accepted"], number["tolerance"]) == (["3.14"], "0.01")
    assert (essay["model_answer_html"], essay["points"]) == ("<p>They are read.</p>", 0.0)
    assert {one["explanation_html"] for one in body["questions"]} == {"<p>Because.</p>"}
    assert (body["percent"], body["id"]) == (0, key)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"review": "NEVER"}, "Answers to this quiz are not shown."),
        ({"max_attempts": 2}, "Answers are shown after your last attempt."),
        ({}, "Answers are shown after your last attempt. Here that is once you have passed."),
    ],
)
def test_a_review_waits_until_answers_are_shown(ada, lessons, program, rules, sentence):
    quiz, me = make_quiz(lessons[0].module, **rules), program(ada)
    key = take(me, quiz, wrong_answer)["id"]
    response = me.get(at(key, "/review"))
    assert (response.status_code, code_of(response)) == (403, "answers_hidden")
    assert response.json()["error"]["detail"] == sentence
    take(me, quiz)
    shown = me.get(at(key, "/review")).status_code
    assert shown == (403 if rules.get("review") == "NEVER" else 200)


# The key ---------------------------------------------------------------------------------------

MARKERS = (
    "s3cret", "correct", "accept", "tolerance", "feedback", "explanation", "model_answer",
    '"points"', '"mark"', "rationale",
)  # fmt: skip


@pytest.fixture
def locked(lessons) -> Quiz:
    """A quiz whose key can be recognised wherever it stands."""
    quiz = make_quiz(lessons[0].module, questions=False, max_attempts=3)
    ask(quiz, "SINGLE", "One?", right=["a"], wrong=["b"])
    ask(quiz, "MULTI", "Some?", right=["a", "b"], wrong=["c"])
    ask(quiz, "TEXT", "Word?", accept=["s3cret-word"])
    ask(quiz, "NUMERIC", "Number?", accept=["271828"], tolerance="1%")
    ask(quiz, "OPEN", "Why?", model_answer="s3cret-model", points=0)
    Question.objects.update(explanation="s3cret-why", explanation_html="<p>s3cret-why</p>")
    Option.objects.update(feedback="s3cret-feedback", feedback_html="<p>s3cret-feedback</p>")
    return quiz


def every_answer(me, quiz) -> list:
    """All that can be read, by the schema: an address that comes later is in it."""
    keys = [*Attempt.objects.values_list("pk", flat=True)] or [uuid7()]
    course = quiz.lesson.course
    found = []
    for path, methods in schema()["paths"].items():
        if "get" not in methods:
            continue
        about = path.replace("{quiz_id}", str(quiz.pk)).replace("{course_id}", course.slug)
        # Of these there is none; what they hide has a test of its own.
        about = re.sub("{(assignment|submission)_id}", str(uuid7()), about)
        assert "{" not in about.replace("{attempt_id}", "")
        found += [me.get(about.replace("{attempt_id}", str(key))) for key in keys]
    return found


def check_no_key(responses) -> None:
    for response in responses:
        text = response.content.decode()
        assert response.status_code in (200, 201, 403, 404, 409)
        assert not [one for one in (*MARKERS, "271828") if one in text], text


def test_the_key_is_in_no_answer_before_it_is_shown(ada, locked, program, monkeypatch):
    monkeypatch.setattr(Limit, "spend", lambda limit, who: None)
    me = program(ada)
    check_no_key(every_answer(me, locked))
    begun = me.post(at(locked, "/attempts"), {})
    key = begun.json()["id"]
    check_no_key([begun, *every_answer(me, locked)])
    for number, row in enumerate(rows(Attempt.objects.get(pk=key))):
        bodies = [
            body_of(wrong_answer(row)),
            {**body_of(wrong_answer(row)), "optionIds": [], "text": "x", "version": 9},
            {**body_of(wrong_answer(row)), "optionIds": [str(uuid7())], "text": "\x07"},
        ]
        answers = [me.post(at(key, "/answers"), body) for body in bodies]
        for one in answers:
            assert not [marker for marker in MARKERS if marker in one.content.decode()], number
    check_no_key(every_answer(me, locked))
    handed_in = [me.post(at(key, "/submission"), {}) for _ in range(2)]
    check_no_key([*handed_in, *every_answer(me, locked)])
    again = me.post(at(locked, "/attempts"), {})
    check_no_key([again, *every_answer(me, locked)])
    me.post(at(again.json()["id"], "/submission"), {})
    take(me, locked)
    # The markers are worth something: now that answers are shown, they are found.
    shown = me.get(at(key, "/review")).content.decode()
    assert all(one in shown for one in ("s3cret-why", "s3cret-word", "s3cret-feedback", "271828"))
    check_no_key([me.get(at(key)), me.get(at(locked)), me.get("/api/courses/python-basics")])


def test_the_key_is_not_read_for_what_is_open(ada, locked, program):
    me = program(ada)
    key = start(me, locked)["id"]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert me.get(at(key)).status_code == 200
        assert me.get(at(locked)).status_code == 200
    said = " ".join(query["sql"] for query in queries)
    assert "prompt_html" in said
    for column in ("is_correct", '"accept"', "explanation", "model_answer", "feedback"):
        assert column not in said


# Costs and links -------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 20])
def test_costs_do_not_grow_with_the_questions(
    ada, lessons, program, more, django_assert_num_queries
):
    quiz = make_quiz(lessons[0].module, max_attempts=1, time_limit=30)
    for place in range(more):
        ask(quiz, "SINGLE", f"{place}?", right=["a"], wrong=["b"])
    me = program(ada)
    me.get("/api/me")
    with django_assert_num_queries(COSTS["look"]):
        me.get(at(quiz))
    with django_assert_num_queries(COSTS["start"]):
        key = me.post(at(quiz, "/attempts"), {}).json()["id"]
    with django_assert_num_queries(COSTS["read"]):
        me.get(at(key))
    body = body_of(right_answer(rows(Attempt.objects.get(pk=key))[0]))
    with django_assert_num_queries(COSTS["save"]):
        assert me.post(at(key, "/answers"), body).status_code == 200
    with django_assert_num_queries(COSTS["finish"]):
        assert me.post(at(key, "/submission"), {}).status_code == 200
    with django_assert_num_queries(COSTS["review"]):
        assert me.get(at(key, "/review")).status_code == 200


COSTS = {"look": 7, "start": 20, "read": 5, "save": 7, "finish": 10, "review": 7}


def test_a_passing_attempt_costs_few_queries(ada, quiz, program, django_assert_max_num_queries):
    me = program(ada)
    key = start(me, quiz)["id"]
    answer_all(me, key)
    with django_assert_max_num_queries(20):
        assert me.post(at(key, "/submission"), {}).json()["xp_awarded"] == 20


def test_the_outline_names_the_quiz_of_a_lesson(lessons, quiz, stranger, django_assert_num_queries):
    make_quiz(lessons[2].module, "another")
    with django_assert_num_queries(3):
        body = stranger.get("/api/courses/python-basics").json()
    found = {
        lesson["slug"]: lesson["quiz_id"] for module in body["modules"]
        for lesson in module["lessons"] if lesson["quiz_id"]
    }  # fmt: skip
    assert found == {one.lesson.slug: str(one.pk) for one in Quiz.objects.all()}


def test_a_prompt_is_plain_text_without_the_labels_of_the_page(ada, lessons, program):
    code = '<figure class="code"><figcaption>Python</figcaption><pre>1</pre></figure>'
    html = f"<p>What prints?</p>\n{code}"
    quiz = make_quiz(lessons[0].module)
    quiz.questions.update(prompt_html=html)
    me = program(ada)
    prompts = {one["prompt"] for one in start(me, quiz)["questions"]}
    assert prompts == {"What prints?\n1"}
