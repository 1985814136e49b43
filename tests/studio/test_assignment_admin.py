"""Writing assignments in the admin: code to the letter, cases in JSON, nothing lost."""

import re

import pytest

from assessments import grading, submissions
from assessments.models import Assignment, Run, Submission, TestCase, Trial
from assessments.trials import latest
from courses.models import Lesson
from studio.admin.assignment_forms import HintsField, ValueField
from tests.assessments.code_builders import (
    RIGHT,
    STARTER,
    WRONG,
    add_case,
    make_assignment,
    make_lesson_for,
    make_program,
)
from tests.studio.test_admin import do, inline

pytestmark = pytest.mark.django_db
CASES = "/admin/assessments/assignment"


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def row_of(case, **fields):
    """What the page sends for a case of a function that nobody touched."""
    page = ValueField(empty=None)
    row = {
        "id": str(case.pk), "name": case.name, "points": str(case.points), "hint": case.hint,
        "position": str(case.position), "function": case.function, "raises": case.raises,
        "args": ValueField(empty=[]).prepare_value(case.args),
        "kwargs": ValueField(empty={}).prepare_value(case.kwargs),
        "expected": page.prepare_value(case.expected), **fields,
    }  # fmt: skip
    flags = {"is_visible": case.is_visible, "archived": bool(case.deleted_at)}
    return {**row, **{name: "on" for name, on in flags.items() if on and name not in fields}}


def send(desk, assignment, *rows, **fields):
    """Save the form as a browser would: with its own line ends."""
    known = list(assignment.cases.in_order())
    rows = rows or [row_of(case) for case in known]
    initial = sum(bool(row.get("id")) for row in rows)
    form = {
        "language": assignment.language, "function": assignment.function,
        "starter": assignment.starter, "solution": assignment.solution,
        "hints": HintsField().prepare_value(assignment.hints), "compare": assignment.compare,
        "tolerance": "1e-06", "pass_percent": "100", "cpu_seconds": "2.0", "memory": "128",
        **fields, **inline("cases", *rows, initial=initial),
    }  # fmt: skip
    form = {k: v.replace("\n", "\r\n") if isinstance(v, str) else v for k, v in form.items()}
    return desk.post(f"{CASES}/{assignment.pk}/change/", form, follow=True)


def stands(assignment):
    return {
        **{name: getattr(assignment, name) for name in ("starter", "solution", "hints")},
        "cases": [case.compared for case in assignment.cases.in_order()],
    }


def text(answer):
    return answer.content.decode()


def test_every_page_opens_for_an_admin_and_for_nobody_else(desk, as_, ada, assignment):
    submission = submissions.submit(ada, assignment, RIGHT, graded=True)
    grading.grade(submission.pk)
    Run.objects.create(user=ada, lesson=assignment.lesson, language="python", source="1")
    names = ["assignment", "submission", "testresult", "run", "draft", "trial", "rejudging",
             "runnercheck", "submissionanalysis", "helprequest"]  # fmt: skip
    pages = [f"/admin/assessments/{name}/" for name in names]
    pages += [
        f"{CASES}/{assignment.pk}/change/",
        f"/admin/assessments/submission/{submission.pk}/change/",
        f"/admin/courses/lesson/{assignment.lesson_id}/change/",
    ]
    for page in pages:
        answer = desk.get(page)
        assert answer.status_code == 200, page
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", text(answer)), page
        assert as_(ada).get(page).status_code == 302, page


def test_records_are_not_written_by_hand(desk, ada, assignment):
    submission = submissions.submit(ada, assignment, RIGHT, graded=True)
    page = f"/admin/assessments/submission/{submission.pk}"
    assert desk.get("/admin/assessments/submission/add/").status_code == 403
    assert desk.post(f"{page}/change/", {"percent": "100"}).status_code == 403
    assert desk.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert desk.post(f"{CASES}/{assignment.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Submission.objects.get().percent is None


def test_a_lesson_of_the_kind_becomes_an_assignment(desk, lessons):
    desk.post("/admin/courses/lesson/add/", {
        "module": str(lessons[0].module_id), "title": "Sum up", "slug": "sum-up",
        "kind": "ASSIGNMENT", "summary": "", "content": "Write it.", "minutes": "10",
        "xp_reward": "30", "status": "DRAFT", "is_required": "on", "video_url": "", "captions": "",
        "poster": "", "widget": "", "widget_height": "",
    })  # fmt: skip
    lesson = Lesson.objects.get(slug="sum-up")
    assert lesson.completion == Lesson.Completion.BY_PASSING
    assert f"{CASES}/{lesson.assignment.pk}/change/" in text(
        desk.get(f"/admin/courses/lesson/{lesson.pk}/change/")
    )


def test_what_nobody_could_pass_is_not_published(desk, lessons):
    lesson = make_lesson_for(lessons[0].module, "empty", status="DRAFT")
    Assignment.objects.create(lesson=lesson)
    page = text(do(desk, "lesson", lesson, "publish"))
    assert "no reference solution" in page
    lesson.refresh_from_db()
    assert lesson.status == "DRAFT"


def test_a_course_with_an_unfair_assignment_stays_a_draft(desk, course, assignment):
    course.status = course.Status.DRAFT
    course.save()
    Assignment.objects.update(solution="")
    assert "no reference solution" in text(do(desk, "course", course, "publish"))
    course.refresh_from_db()
    assert not course.is_published


def test_saving_what_was_not_touched_changes_nothing(desk, lessons, assignment):
    Assignment.objects.update(
        starter="\n  def f():\n    ...\n\n", solution=RIGHT, hints=["One.", "Two,\n\nwith *two*."]
    )
    add_case(assignment, "odd", args=[[], 1.0, True, "ü"], kwargs={"b": None}, expected=[])
    add_case(assignment, "raises", args=["1"], raises="TypeError")
    assignment.refresh_from_db()
    before = stands(assignment)
    page = desk.get(f"{CASES}/{assignment.pk}/change/")
    assert page.status_code == 200
    send(desk, assignment)
    assignment.refresh_from_db()
    assert stands(assignment) == before
    assert assignment.revision == 1
    assert not Trial.objects.exists()


def test_line_ends_of_an_input_stay_as_they_were_written(desk, lessons):
    program = make_program(lessons[0].module)
    case = program.cases.first()
    TestCase.objects.filter(pk=case.pk).update(stdin="one\r\ntwo\rthree\n")
    rows = [
        {"id": str(one.pk), "name": one.name, "points": "1", "hint": one.hint, "position": "0",
         "stdin": one.stdin.replace("\r\n", "\n").replace("\r", "\n"),
         "expected_stdout": one.expected_stdout, "is_visible": "on"}
        for one in program.cases.in_order()
    ]  # fmt: skip
    send(desk, program, *rows)
    case.refresh_from_db()
    assert case.stdin == "one\r\ntwo\rthree\n"
    assert program.cases.visible().count() == 2


def test_the_order_of_names_stays_as_it_was_written(desk, assignment):
    case = assignment.cases.first()
    TestCase.objects.filter(pk=case.pk).update(args=[{"b": 1, "a": 2}, 2])
    rows = [row_of(one) for one in assignment.cases.in_order()]
    assert rows[0]["args"] == '[{"b": 1, "a": 2}, 2]'
    send(desk, assignment, *rows)
    case.refresh_from_db()
    assert list(case.args[0]) == ["b", "a"]
    rows[0]["args"] = '[{"a": 2, "b": 1}, 2]'
    send(desk, assignment, *rows)
    case.refresh_from_db()
    assert list(case.args[0]) == ["a", "b"]
    assignment.refresh_from_db()
    assert assignment.revision == 2


def test_a_change_raises_the_revision_once_and_asks_for_one_trial(desk, assignment):
    rows = [row_of(case) for case in assignment.cases.in_order()]
    rows[0]["expected"] = "4"
    send(desk, assignment, *rows, solution="def add(a, b):\n    return b + a\n")
    assignment.refresh_from_db()
    assert assignment.revision == 2
    assert assignment.solution == "def add(a, b):\n    return b + a\n"
    assert assignment.cases.first().expected == 4
    assert [trial.revision for trial in Trial.objects.all()] == [2]
    assert latest(assignment).status == "PENDING"


def test_hints_and_names_are_no_matter_of_verdicts(desk, assignment):
    rows = [row_of(case) for case in assignment.cases.in_order()]
    rows[0] |= {"name": "Small numbers", "hint": "Count."}
    send(desk, assignment, *rows, hints="First.\n---\nSecond\nline.")
    assignment.refresh_from_db()
    assert assignment.hints == ["First.", "Second\nline."]
    assert assignment.cases.first().name == "Small numbers"
    assert assignment.revision == 1


def test_who_was_judged_by_others_is_told_with_the_way_to_judge_again(desk, ada, assignment):
    submission = submissions.submit(ada, assignment, WRONG, graded=True)
    grading.grade(submission.pk)
    page = text(send(desk, assignment, starter="def add(a, b):\n    pass\n"))
    assert "1 submission was judged by other cases or rules" in page
    assert f"/studio/assignments/{assignment.pk}/rejudge/" in page


def test_a_case_is_archived_and_its_results_stay(desk, ada, assignment):
    submission = submissions.submit(ada, assignment, RIGHT, graded=True)
    grading.grade(submission.pk)
    rows = [row_of(case) for case in assignment.cases.in_order()]
    rows[3]["archived"] = "on"
    send(desk, assignment, *rows)
    assert assignment.cases.live().count() == 3
    assert submission.results.count() == 4
    send(desk, assignment, *[row_of(case, archived="") for case in assignment.cases.in_order()])
    assert assignment.cases.live().count() == 4


def test_the_last_case_of_a_published_assignment_is_not_archived(desk, assignment):
    rows = [row_of(case, archived="on") for case in assignment.cases.in_order()]
    page = text(send(desk, assignment, *rows))
    assert "keep a case, or make its lesson a draft first" in page
    assert assignment.cases.live().count() == 4
    Lesson.objects.filter(pk=assignment.lesson_id).update(status="DRAFT")
    send(desk, assignment, *rows)
    assert assignment.cases.live().count() == 0


def test_a_row_of_the_page_cannot_delete_a_case(desk, assignment):
    rows = [row_of(case, DELETE="on") for case in assignment.cases.in_order()]
    send(desk, assignment, *rows)
    assert assignment.cases.live().count() == 4


def test_new_cases_come_last_and_keep_a_key(desk, assignment):
    rows = [row_of(case) for case in assignment.cases.in_order()]
    new = {"id": "", "name": "floats", "points": "1", "args": "[0.5, 0.5]", "expected": "1.0"}
    send(desk, assignment, *rows, {**new, "hint": "", "position": "0"})
    case = assignment.cases.last()
    assert (case.name, case.args, case.position) == ("floats", [0.5, 0.5], 5)
    assert isinstance(case.expected, float)
    key = case.key
    assert key
    assert key not in {row["id"] for row in rows}
    send(desk, assignment, *[row_of(one) for one in assignment.cases.in_order()])
    assert assignment.cases.last().key == key


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("args", "[1,\n 2,,]", "Line 2, column 4: expecting value."),
        ("args", "[True]", "JSON writes true, false and null."),
        ("args", "['a']", "Texts stand between double quotes."),
        ("args", "1", "Arguments are a list of values."),
        ("args", "[NaN]", "NaN cannot be written in JSON."),
        ("args", "[" + "1" * 5000 + "]", "A whole number has at most 4,000 digits."),
        ("args", "[" * 100_000, "too deeply"),
        ("args", '["\\u0000"]', "A text cannot hold NUL"),
        ("kwargs", '{"a": 1, "a": 2}', "A name stands twice in an object."),
        ("kwargs", "[]", "Named arguments are values by their names."),
        ("expected", "{", "Line 1, column 2"),
        ("raises", "ValueError", "A case expects a value or an error, not both."),
        ("points", "0", "Enter 1 or more."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(desk, assignment, name, value, words):
    before = stands(assignment)
    rows = [row_of(case) for case in assignment.cases.in_order()]
    rows[0][name] = value
    page = text(send(desk, assignment, *rows))
    assert words in page
    assert "Please correct the error" in page
    assert stands(assignment) == before


def test_a_value_that_cannot_be_read_is_shown_again_as_it_was_typed(desk, assignment):
    rows = [row_of(case) for case in assignment.cases.in_order()]
    rows[0]["args"] = "[1, <oops>"
    assert "[1, &lt;oops&gt;" in text(send(desk, assignment, *rows))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"function": "not a name"}, "This is no name of a function."),
        ({"language": "java"}, "In Java only programs are run"),
        ({"compare": "tokens"}, "What a function gives back is compared by one of"),
        ({"function": ""}, "A program has none: it reads its input and prints."),
        ({"hints": "\n---\n".join("h" * 11)}, "At most 10 hints."),
        ({"solution": "x" * (64 * 1024 + 1)}, "longer than"),
        ({"pass_percent": "0"}, "Enter 1 or more."),
    ],
)
def test_rules_are_judged_in_words(desk, assignment, fields, words):
    rows = [row_of(case) for case in assignment.cases.in_order()]
    assert words in text(send(desk, assignment, *rows, **fields))
    assignment.refresh_from_db()
    assert (assignment.revision, assignment.starter) == (1, STARTER)


def test_a_new_assignment_offers_both_kinds_of_cases(desk, lessons):
    lesson = make_lesson_for(lessons[0].module, "fresh")
    fresh = Assignment.objects.create(lesson=lesson)
    page = text(desk.get(f"{CASES}/{fresh.pk}/change/"))
    assert "cases-0-args" in page
    assert "cases-0-stdin" in page
    send(
        desk, fresh,
        {"id": "", "name": "twice", "points": "1", "hint": "", "position": "0",
         "args": "[2]", "kwargs": "", "expected": "4", "raises": "", "function": "",
         "stdin": "", "expected_stdout": "", "is_visible": "on"},
        function="twice", compare="exact", solution="def twice(a):\n    return 2 * a\n",
    )  # fmt: skip
    fresh.refresh_from_db()
    assert (fresh.function, fresh.cases.get().args) == ("twice", [2])
    assert "cases-0-stdin" not in text(desk.get(f"{CASES}/{fresh.pk}/change/"))
