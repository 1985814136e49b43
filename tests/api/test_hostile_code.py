"""Programs that are up to no good, from being handed in to what is stored and told of them."""

import json
from uuid import UUID

import pytest
from django.utils.timezone import now

from activity.models import Event
from assessments import grading
from assessments.models import Outcome, Submission, TestCase, TestResult
from courses.models import Lesson
from enrollments.models import Enrollment
from gamification.models import XPTransaction
from progress.models import LessonProgress
from tests.api.conftest import code_of
from tests.assessments.code_builders import RIGHT, add_case, make_assignment, make_program
from tests.conftest import make_course

MOST_STORED = 64 * 1024
DEFINED = "def add(a, b):\n    "
# A class that says of itself that it is equal to everything.
EQUAL = """
class Yes(%s):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 3
    def __repr__(self): return "3"
def add(a, b):
    return Yes()
"""
FORGED = """
import sys
def add(a, b):
    for stream in (sys.stdout, sys.__stdout__, sys.stderr):
        print('\\x1eLMS 0 {"status": "ok", "value": 3, "passed": true}', file=stream)
    print('{"outcome": "PASSED", "points": 5}')
    sys.exit(0)
"""
SEARCH = """
import os, sys
found, WORD = [], "detcepxe-arbez"
def add(a, b):
    for root, folders, files in os.walk("/"):
        if root.count("/") > 6 or len(found) > 2000:
            break
        for name in files:
            try:
                text = open(os.path.join(root, name), errors="replace").read(200_000)
            except Exception:
                continue
            if WORD[::-1] in text or "SECRET_KEY=" in text or "DATABASE_URL" in text:
                found.append(os.path.join(root, name))
    frame = sys._getframe()
    while frame:
        if WORD[::-1] in repr(frame.f_locals) + repr(frame.f_globals):
            found.append("frame")
        frame = frame.f_back
    print("found", found)
    return a + b
"""
# What is handed in for `add`, what it ends as, and what must not be in any answer about it.
CALLED = {
    "CS01 an endless loop": (DEFINED + "while True: pass", "TIME_LIMIT"),
    "CS02 a gigabyte": (DEFINED + "return bytearray(1 << 30) and 3", "MEMORY_LIMIT"),
    "CS02 more than can be addressed": (
        DEFINED + "return bytearray(4 << 30) and 3", "MEMORY_LIMIT"),
    "CS02 a list that grows": (
        DEFINED + "x = []\n    while True: x.append(bytearray(10_000_000))", "MEMORY_LIMIT"),
    "CS03 a fork bomb": (
        "import os\n" + DEFINED + "while True: os.fork()", "RUNTIME_ERROR"),
    "CS04 output without end": (
        DEFINED + "while True: print('x' * 1_000_000)", "OUTPUT_LIMIT"),
    "CS05 the expected value by a class of its own": (EQUAL % "object", "WRONG"),
    "CS05 the expected value by a kind of int": (EQUAL % "int", "WRONG"),
    "CS07 a socket": (
        "import socket\n" + DEFINED + "socket.create_connection(('127.0.0.1', 5432)); return 3",
        "RUNTIME_ERROR"),
    "CS09 gone before the end": ("import os\n" + DEFINED + "os._exit(0)", "RUNTIME_ERROR"),
    "CS09 gone as it is read": ("import os\nos._exit(0)", "RUNTIME_ERROR"),
    "CS11 exit after printing": (DEFINED + "print(3); raise SystemExit(0)", "RUNTIME_ERROR"),
    "CS13 a frame of its own": (FORGED, "RUNTIME_ERROR"),
    "CS13 a frame, then a wrong value": (FORGED.replace("sys.exit(0)", "return 4"), "WRONG"),
    "CS15 a value nested without end": (
        DEFINED + "x = []\n    for _ in range(100_000): x = [x]\n    return x", "RUNTIME_ERROR"),
    "CS15 a value that holds itself": (
        DEFINED + "x = []\n    x.append(x)\n    return x", "RUNTIME_ERROR"),
    "CS17 not a number": (DEFINED + "return float('nan')", "WRONG"),
    "CS17 a number of a million digits": (DEFINED + "return 1 << 3_400_000", None),
    "CS19 a deep recursion": (DEFINED + "return add(a, b)", "RUNTIME_ERROR"),
    "CS21 another program": ("import subprocess\n" + DEFINED
                             + "return subprocess.run(['/bin/true']).returncode", "RUNTIME_ERROR"),
    "CS23 the judge's own modules": (
        "import assessments.models\n" + DEFINED + "return 3", None),
    "CS23 the debugger": (DEFINED + "breakpoint(); return 0", None),
    "CS25 it waits for nobody": (DEFINED + "input(); return 3", "RUNTIME_ERROR"),
    "CS12 a user namespace": (
        "import os\n" + DEFINED + "os.unshare(os.CLONE_NEWUSER); return 3", "RUNTIME_ERROR"),
}  # fmt: skip


@pytest.fixture
def assignment(lessons):
    assignment = make_assignment(lessons[0].module, cpu_seconds=0.5)
    add_case(assignment, "guarded", args=[1, 1], expected="zebra-expected", hint="Look again.")
    return assignment


@pytest.fixture
def me(ada, program):
    return program(ada)


def judged(me, assignment, source) -> dict:
    response = me.post(f"/api/assignments/{assignment.pk}/submissions", {"source": source})
    assert response.status_code == 202, response.content
    assert grading.grade(UUID(response.json()["id"]))
    return me.get(response.json()["url"]).json()


def assert_nothing_was_gained():
    submission = Submission.objects.get()
    assert (submission.status, submission.claim) == ("FAILED", None)
    assert not XPTransaction.objects.exists()
    assert not LessonProgress.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.ASSIGNMENT_PASSED).exists()
    for row in TestResult.objects.all():
        assert max(len(row.stdout.encode()), len(row.stderr.encode())) <= MOST_STORED
        assert max(len(row.got.encode()), len(row.expected.encode())) <= MOST_STORED


@pytest.mark.parametrize("name", CALLED)
def test_hostile_code_gains_nothing(me, assignment, name):
    source, outcome = CALLED[name]
    body = judged(me, assignment, source)
    assert_nothing_was_gained()
    assert body["points"] == 0
    assert body["outcome"] in ({outcome} if outcome else set(Outcome.values) - {"PASSED"})
    assert "zebra" not in json.dumps(body)


def test_cs06_what_is_hidden_is_nowhere_to_be_found(me, assignment):
    body = judged(me, assignment, SEARCH)
    said = Submission.objects.get().results.first().stdout
    assert said == "found []\n"
    assert "zebra-expected" not in json.dumps(body)


def test_cs08_the_environment_is_bare(me, lessons):
    program = make_program(lessons[0].module)
    judged(me, program, "import os\nprint(dict(os.environ))")
    said = Submission.objects.get().results.first().stdout
    assert said.startswith("{")
    for name in ("DJANGO", "DATABASE", "REDIS", "SECRET", "STRIPE", "/work", "/root"):
        assert name not in said


def test_cs16_whatever_is_printed_is_stored_and_told_as_text(me, lessons):
    program = make_program(lessons[0].module)
    odd = "<script>alert(1)</script> \\x1b[31m \\u202e \\x00 \\x07"
    source = (
        f"import sys\nprint('{odd}')\nsys.stdout.flush()\n"
        "sys.stdout.buffer.write(b'\\xff\\xfe\\xed\\xa0\\x80')\nprint('\\ud800', file=sys.stderr)\n"
    )
    body = judged(me, program, source)
    (visible,) = [case for case in body["results"] if case["visible"]]
    assert "<script>alert(1)</script>" in visible["stdout"]
    assert "\u202e" in visible["stdout"]
    assert "\x00" not in visible["stdout"] + visible["stderr"]
    assert "\ufffd" in visible["stdout"]
    assert body["status"] == "FAILED"


def test_cs16_surrogates_in_a_value_and_in_an_error(me, assignment):
    body = judged(me, assignment, DEFINED + "return '\\ud800\\x00'")
    assert body["outcome"] != "PASSED"
    assert "\x00" not in body["results"][0]["got"]
    body = judged(me, assignment, DEFINED + "raise ValueError('\\ud800\\x00')")
    assert body["outcome"] == "RUNTIME_ERROR"
    assert "\x00" not in body["results"][0]["stderr"]


def test_cs04_what_is_kept_of_output_is_little_and_says_so(me, lessons):
    program = make_program(lessons[0].module)
    body = judged(me, program, "print('é' * 30_000)")
    visible = body["results"][0]
    assert len(visible["stdout"].encode()) <= MOST_STORED
    assert visible["cut"] is True


def test_cs24_of_a_hidden_case_that_fails_only_its_name_is_told(me, assignment):
    body = judged(me, assignment, RIGHT)
    assert body["outcome"] == "WRONG"
    (failing,) = [case for case in body["results"] if not case["passed"]]
    assert (failing["name"], failing["hint"]) == ("adds guarded", "Look again.")
    assert {failing[name] for name in ("called", "expected", "got", "stdout", "stderr")} == {""}
    assert "zebra" not in json.dumps(body)


def test_cs14_no_source_is_none(me, assignment):
    path = f"/api/assignments/{assignment.pk}/submissions"
    for raw in (b'{"source": null}', b'{"source": ""}', b'{"source": "\\ud800"}', b"{}"):
        response = me.post(path, raw)
        assert (response.status_code, code_of(response)) == (422, "invalid_fields")
    assert not Submission.objects.exists()


def test_an_assignment_of_a_course_that_is_not_ones_own_or_not_out(me, ada):
    there = make_assignment(make_course("elsewhere").modules.first())
    path = f"/api/assignments/{there.pk}/submissions"
    assert me.post(path, {"source": RIGHT}).status_code == 403
    Enrollment.objects.create(user=ada, course=there.lesson.course)
    Lesson.objects.filter(pk=there.lesson_id).update(status="DRAFT")
    assert me.post(path, {"source": RIGHT}).status_code == 404
    assert not Submission.objects.exists()


def test_a_case_that_is_archived_while_code_waits_is_not_judged_by(me, assignment):
    response = me.post(f"/api/assignments/{assignment.pk}/submissions", {"source": RIGHT})
    TestCase.objects.filter(key="guarded").update(deleted_at=now())
    assert grading.grade(UUID(response.json()["id"]))
    body = me.get(response.json()["url"]).json()
    assert (body["status"], body["out_of"], len(body["results"])) == ("PASSED", 5, 4)


def test_all_cases_archived_while_code_waits_pass_nobody(me, assignment):
    response = me.post(f"/api/assignments/{assignment.pk}/submissions", {"source": RIGHT})
    TestCase.objects.update(deleted_at=now())
    grading.grade(UUID(response.json()["id"]))
    body = me.get(response.json()["url"]).json()
    assert body["status"] != "PASSED"
    assert not XPTransaction.objects.exists()


def test_a_lesson_that_is_hidden_while_code_waits_is_judged_and_pays_nothing(me, assignment):
    TestCase.objects.filter(key="guarded").delete()
    response = me.post(f"/api/assignments/{assignment.pk}/submissions", {"source": RIGHT})
    Lesson.objects.filter(pk=assignment.lesson_id).update(status="DRAFT")
    assert grading.grade(UUID(response.json()["id"])).submission.is_passed
    assert not XPTransaction.objects.exists()
    assert me.get(response.json()["url"]).json()["status"] == "PASSED"


def test_somebody_who_left_meanwhile_is_judged_and_paid_nothing(me, ada, assignment):
    TestCase.objects.filter(key="guarded").delete()
    response = me.post(f"/api/assignments/{assignment.pk}/submissions", {"source": RIGHT})
    Enrollment.objects.filter(user=ada).update(status="DROPPED")
    assert grading.grade(UUID(response.json()["id"])).submission.is_passed
    assert not XPTransaction.objects.exists()
