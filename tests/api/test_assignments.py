"""Solving an assignment through the API."""

import json
from uuid import UUID

import pytest
from django.core import mail
from uuid6 import uuid7

from accounts.limits import Limit
from api.root import schema
from assessments import grading
from assessments.models import Run, Submission, TestCase
from assessments.submissions import submit
from courses.models import Course, Lesson
from enrollments.models import Enrollment
from tests.api.conftest import code_of
from tests.assessments.code_builders import (
    RIGHT,
    STARTER,
    WRONG,
    add_case,
    make_assignment,
    make_program,
)

REFUSED = "Source must be UTF-8 text of at most 64 KB."
# What only a hidden case holds: none of it may leave.
MARKS = ("zebra-in", "zebra-out", "zebra-said", "8128", "zebra-solution")


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def guarded(lessons):
    """A program that fails its hidden case and prints what it was given."""
    program = make_program(lessons[0].module, "guarded", solution="print('zebra-solution')")
    add_case(
        program, "guarded", stdin="zebra-in 8128\n", expected_stdout="zebra-out\n", hint="Be polite"
    )
    return program


def at(thing, rest="") -> str:
    """The address of an assignment, or of a submission by its key."""
    is_code = isinstance(thing, str | UUID)
    return (
        f"/api/{'submissions' if is_code else 'assignments'}/{thing if is_code else thing.pk}{rest}"
    )


def hand_in(me, assignment, source, rest="/submissions") -> dict:
    response = me.post(at(assignment, rest), {"source": source})
    assert response.status_code == 202, response.content
    return response.json()


def judged(me, assignment, source, rest="/submissions") -> dict:
    key = hand_in(me, assignment, source, rest)["id"]
    assert grading.grade(UUID(key))
    return me.get(at(key)).json()


# Before ----------------------------------------------------------------------------------------


def test_an_assignment_tells_its_task_and_its_visible_cases_whole(ada, assignment, program):
    body = program(ada).get(at(assignment)).json()
    visible = body.pop("visible_cases")
    assert body == {
        "id": str(assignment.pk),
        "lesson_id": str(assignment.lesson_id),
        "course_id": "python-basics",
        "title": "Adding",
        "instructions_html": "<p>Some <em>text</em>.</p>",
        "language": "python",
        "function": "add",
        "starter": STARTER,
        "compare": "exact",
        "tolerance": 1e-6,
        "pass_percent": 100,
        "cpu_seconds": 2.0,
        "memory_mb": 128,
        "hidden_cases": [
            {"name": "adds negative", "points": 1},
            {"name": "adds large", "points": 2},
        ],
        "passed": False,
        "best_percent": None,
    }
    assert [case["name"] for case in visible] == ["adds small", "adds zero"]
    assert visible[0] == {
        "name": "adds small", "points": 1, "function": "add", "args": [1, 2], "kwargs": {},
        "expected": 3, "raises": "", "stdin": "", "expected_stdout": "",
    }  # fmt: skip


def test_the_outline_names_the_assignment(ada, assignment, program):
    modules = program(ada).get("/api/courses/python-basics").json()["modules"]
    named = {x["assignment_id"] for module in modules for x in module["lessons"]}
    assert named == {None, str(assignment.pk)}


def test_archived_cases_are_not_told(ada, assignment, program):
    for case in (assignment.cases.first(), assignment.cases.last()):
        TestCase.objects.filter(pk=case.pk).update(deleted_at="2026-01-01T00:00Z")
    body = program(ada).get(at(assignment)).json()
    assert [case["name"] for case in body["visible_cases"]] == ["adds zero"]
    assert [case["name"] for case in body["hidden_cases"]] == ["adds negative"]


# Handing in ------------------------------------------------------------------------------------


def test_what_is_handed_in_waits_and_is_then_judged(ada, assignment, program):
    me = program(ada)
    waiting = hand_in(me, assignment, RIGHT)
    assert waiting["url"] == at(waiting["id"])
    told = ("status", "position", "number", "graded", "outcome", "percent", "results")
    assert [waiting[name] for name in told] == ["PENDING", 0, 1, True, None, None, []]
    assert waiting["created_at"].endswith("Z")
    assert grading.grade(UUID(waiting["id"]))
    done = me.get(waiting["url"]).json()
    told = ("status", "position", "outcome", "points", "out_of", "percent", "source")
    assert [done[name] for name in told] == ["PASSED", None, "PASSED", 5, 5, 100, RIGHT]
    assert all(case["passed"] for case in done["results"])
    body = me.get(at(assignment)).json()
    assert (body["passed"], body["best_percent"]) == (True, 100)


def test_of_hidden_cases_name_end_and_hint_are_told(ada, assignment, program):
    results = judged(program(ada), assignment, WRONG)["results"]
    assert results[0] == {
        "name": "adds small", "visible": True, "passed": False, "outcome": "WRONG", "points": 0,
        "out_of": 1, "hint": "", "called": "add(1, 2)", "expected": "3", "got": "-1", "where": "",
        "stdout": "", "stderr": "", "cut": False,
    }  # fmt: skip
    assert results[2] == {
        "name": "adds negative", "visible": False, "passed": False, "outcome": "WRONG",
        "points": 0, "out_of": 1, "hint": "Think below zero.", "called": "", "expected": "",
        "got": "", "where": "", "stdout": "", "stderr": "", "cut": False,
    }  # fmt: skip


def test_whoever_is_judged_at_once_is_told_all_of_it(ada, assignment, program, monkeypatch):
    """A worker may be quicker than the answer."""

    def submit_and_judge(*args, **kwargs):
        submission = submit(*args, **kwargs)
        assert grading.grade(submission.pk)
        return submission

    monkeypatch.setattr("api.assignments.submit", submit_and_judge)
    body = hand_in(program(ada), assignment, RIGHT)
    told = ("status", "position", "outcome", "points", "percent")
    assert [body[name] for name in told] == ["PASSED", None, "PASSED", 5, 100]
    assert len(body["results"]) == 4
    assert body["finished_at"]


@pytest.mark.parametrize("state", ["DROPPED", "PAUSED", "plan"])
def test_behind_a_closed_door_ones_own_code_and_its_verdict_stay(ada, assignment, program, state):
    me = program(ada)
    before = judged(me, assignment, "def add(a, b):\n    return a -\n")
    assert before["compile_output"]
    assert len(before["results"]) == 4
    if state == "plan":
        Course.objects.update(required_plan=Course.Plan.PRO)
    else:
        Enrollment.objects.update(status=state)
    after = me.get(before["url"]).json()
    assert after == {**before, "results": [], "compile_output": ""}
    assert (after["status"], after["percent"]) == ("FAILED", 0)


def test_a_run_has_no_number_and_no_hidden_case(ada, assignment, program):
    me = program(ada)
    run = judged(me, assignment, RIGHT, "/runs")
    assert (run["graded"], run["number"], run["status"]) == (False, None, "PASSED")
    assert [case["visible"] for case in run["results"]] == [True, True]
    assert me.get(at(assignment, "/submissions")).json() == {"items": [], "count": 0}
    assert me.get(at(assignment)).json()["passed"] is False


def test_submissions_are_listed_the_newest_first(ada, bob, course, assignment, program):
    Enrollment.objects.create(user=bob, course=course)
    me = program(ada)
    judged(me, assignment, WRONG)
    judged(me, assignment, RIGHT)
    judged(program(bob), assignment, RIGHT)
    body = me.get(at(assignment, "/submissions")).json()
    assert body["count"] == 2
    assert [(one["number"], one["percent"]) for one in body["items"]] == [(2, 100), (1, 20)]
    assert not {"source", "results"} & set(body["items"][0])


def test_a_long_history_is_cut(ada, assignment, program):
    Submission.objects.bulk_create(
        Submission(user=ada, assignment=assignment, is_graded=True, number=number, source="x")
        for number in range(1, 61)
    )
    body = program(ada).get(at(assignment, "/submissions")).json()
    assert (len(body["items"]), body["count"]) == (50, 60)
    assert body["items"][0]["number"] == 60


def test_those_in_front_are_counted(ada, bob, course, lessons, assignment, program):
    Enrollment.objects.create(user=bob, course=course)
    hand_in(program(bob), assignment, RIGHT)
    Run.objects.create(user=bob, lesson=lessons[0], language="python", source="print(1)")
    me = program(ada)
    hand_in(me, assignment, RIGHT)
    second = hand_in(me, assignment, RIGHT)
    assert second["position"] == 3
    Submission.objects.filter(user=bob).update(status="ERROR", finished_at="2026-01-01T00:00Z")
    assert me.get(second["url"]).json()["position"] == 2


def test_what_our_side_did_not_manage_is_called_so_and_no_more(ada, assignment, program):
    me = program(ada)
    key = hand_in(me, assignment, RIGHT)["id"]
    Submission.objects.update(
        status="ERROR", finished_at="2026-01-01T00:00Z", fault="secret host is down"
    )
    response = me.get(at(key))
    assert response.json()["status"] == "ERROR"
    assert b"secret host" not in response.content


# Refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["/submissions", "/runs"])
@pytest.mark.parametrize(
    "source",
    ["", " \n\t", "x" * (64 * 1024 + 1), "x" * 1024 * 1024, "é" * 33_000, "a\0b", "\ud800"],
)
def test_source_is_text_of_some_length(ada, assignment, program, source, rest):
    response = program(ada).post(at(assignment, rest), {"source": source})
    assert (response.status_code, code_of(response)) == (422, "invalid_fields")
    error = response.json()["error"]
    assert (error["detail"], error["fields"]) == (REFUSED, {"source": [REFUSED]})
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"source": None}, 422), ({"source": 7}, 422), ({"source": ["x"]}, 422), ({}, 422),
        ({"source": "x", "userId": "bob@example.org"}, 422), (b'{"source": "\xff"}', 400),
        ({"source": "x", "number": 9}, 422), (b'{"source": "x"', 400), ([], 400),
        (b'{"source": "' + b"x" * 2_200_000 + b'"}', 413),
    ],
)  # fmt: skip
def test_other_bodies_are_refused(ada, assignment, program, body, status):
    for rest in ("/submissions", "/runs"):
        response = program(ada).post(at(assignment, rest), body)
        assert response.status_code == status
        code_of(response)
    assert not Submission.objects.exists()


def test_the_largest_source_comes_through_however_it_is_written(ada, assignment, program):
    source = "#" + "\x01" * (64 * 1024 - 1)
    raw = b'{"source": "#' + rb"\u0001" * (64 * 1024 - 1) + b'"}'
    response = program(ada).post(at(assignment, "/submissions"), raw)
    assert response.status_code == 202
    assert Submission.objects.get().source == source


def test_assignments_are_for_those_in_the_course(bob, course, assignment, program, stranger):
    assert stranger.get(at(assignment)).status_code == 401
    me = program(bob)

    def answers():
        yield me.get(at(assignment))
        yield me.get(at(assignment, "/submissions"))
        yield me.post(at(assignment, "/submissions"), {"source": RIGHT})
        yield me.post(at(assignment, "/runs"), {"source": RIGHT})

    for response in answers():
        assert (response.status_code, code_of(response)) == (403, "not_enrolled")
    Course.objects.update(required_plan=Course.Plan.PRO)
    Enrollment.objects.create(user=bob, course=course)
    for response in answers():
        assert (response.status_code, code_of(response)) == (403, "plan_required")
    assert not Submission.objects.exists()


@pytest.mark.parametrize("hide", ["lesson", "course"])
def test_hidden_assignments_and_none_look_the_same(ada, assignment, program, hide):
    rows = Lesson.objects.filter(pk=assignment.lesson_id) if hide == "lesson" else Course.objects
    rows.update(status="DRAFT")
    me, body = program(ada), {"source": RIGHT}
    for method, rest, sent in (
        ("GET", "", None), ("GET", "/submissions", None), ("POST", "/submissions", body),
        ("POST", "/runs", body),
    ):  # fmt: skip
        told = [
            me.send(method, f"/api/assignments/{key}{rest}", sent)
            for key in (assignment.pk, uuid7())
        ]
        assert told[0].content == told[1].content
        assert (told[0].status_code, code_of(told[0])) == (404, "not_found")
    assert not Submission.objects.exists()


def test_anothers_submission_and_none_look_the_same(ada, bob, course, assignment, program):
    Enrollment.objects.create(user=bob, course=course)
    theirs, me = judged(program(bob), assignment, RIGHT)["id"], program(ada)
    told = [me.get(at(key)) for key in (theirs, uuid7())]
    assert told[0].content == told[1].content
    assert (told[0].status_code, code_of(told[0])) == (404, "not_found")


def test_without_cases_there_is_nothing_to_run(ada, assignment, program):
    assignment.cases.all().delete()
    for rest in ("/submissions", "/runs"):
        response = program(ada).post(at(assignment, rest), {"source": RIGHT})
        assert (response.status_code, code_of(response)) == (409, "nothing_to_run")


def test_a_third_waits_and_an_eleventh_too(ada, assignment, program):
    me = program(ada)
    for rest in ("/submissions", "/runs"):
        hand_in(me, assignment, RIGHT, rest)
    third = me.post(at(assignment, "/submissions"), {"source": RIGHT})
    assert (third.status_code, code_of(third)) == (429, "rate_limited")
    assert 1 <= int(third["Retry-After"]) <= 60
    for _ in range(8):
        Submission.objects.all().delete()
        hand_in(me, assignment, RIGHT)
    Submission.objects.all().delete()
    eleventh = me.post(at(assignment, "/submissions"), {"source": RIGHT})
    assert (eleventh.status_code, code_of(eleventh)) == (429, "rate_limited")
    assert 1 <= int(eleventh["Retry-After"]) <= 60
    assert not Submission.objects.exists()


def everything(me, assignment, key) -> list:
    """All that can be read, by the schema: an address that comes later is in it."""
    names = {"assignment_id": assignment.pk, "submission_id": key, "course_id": "python-basics"}
    others = {"quiz_id": uuid7(), "attempt_id": uuid7()}
    paths = [path for path, methods in schema()["paths"].items() if "get" in methods]
    return [me.get(path.format(**names, **others)).json() for path in paths]


def test_no_answer_holds_what_is_hidden(ada, guarded, program, monkeypatch):
    """Also where the code prints all that it is given, and dies of it."""
    monkeypatch.setattr(Limit, "spend", lambda limit, who: None)
    me = program(ada)
    answers = [hand_in(me, guarded, "print(input())", rest) for rest in ("/submissions", "/runs")]
    for answer in answers:
        assert grading.grade(UUID(answer["id"]))
    loud = "import sys\nx = input()\nprint(x, 'zebra-said'[:0])\nprint(x, file=sys.stderr)\n1 / 0\n"
    answers.append(judged(me, guarded, loud))
    assert "zebra-in" in Submission.objects.get(pk=answers[-1]["id"]).results.last().stdout
    for answer in list(answers):
        answers += everything(me, guarded, answer["id"])
    text = json.dumps(answers) + "".join(str(one.message().as_string()) for one in mail.outbox)
    assert "Be polite" in text
    text = text.replace(json.dumps(loud)[1:-1], "")
    assert [mark for mark in MARKS if mark in text] == []
