"""Importing assignments: what becomes of rules and cases, and what verdicts hang on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from assessments.models import Assignment, Submission, TestCase, Trial
from courses.models import Asset, Course, Lesson
from studio.importing.refusal import ImportRefused
from tests.conftest import make_person
from tests.studio.test_import_folder import COURSE, WRITES, bring, lesson, told, write

pytestmark = pytest.mark.django_db
SUM, ECHO = "01-water/02-sum", "01-water/03-echo"
SUM_FILES = {
    "assignment.yaml": """\
id: sum
title: Add them up
summary: One line.
language: python
function: add
minutes: 12
xp: 30
required: false
preview: true
compare: approx
tolerance: 0.001
pass: 80
limits: {seconds: 1.5, memory: 64}
hints:
  - |
    Think of **both**.

    Then of one.
  - Use `+`.
""",
    "description.md": "Add two numbers, as in [boiling](../01-boil.md).\n\n![It](sum.svg)\n",
    "sum.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "starter.py": "def add(a, b):\n    pass\n",
    "solution.py": "def add(a, b):\n    return a + b\n",
    "tests.yaml": """\
cases:
  - id: small
    name: adds small numbers
    visible: true
    args: [1, 2.5]
    expect: 3.5
  - id: named
    name: takes names
    points: 3
    hint: What are they called?
    call: add
    args: []
    kwargs: {a: 1, "b": [null, true, {"x": "y"}]}
    expect: null
  - id: huge
    name: adds huge numbers
    hint: How long may a number be?
    args: [1000000000000000000000000000001, -0.0]
    expect: 1000000000000000000000000000001
  - id: texts
    name: refuses texts
    hint: Is a text a number?
    args: ["no", "x"]
    raises: TypeError
  - id: any
    name: refuses nothing
    hint: What is nothing?
    args: [null, null]
    raises: true
""",
}
ECHO_FILES = {
    "assignment.yaml": "id: echo\ntitle: Echo\nlanguages: [python]\n",
    "description.md": "Print what you read.\n",
    "solution.py": "print(input())\n",
    "tests.yaml": """\
cases:
  - id: once
    name: prints it once
    visible: true
    stdin: " a \\n"
    expect_stdout: |
      a
""",
    "tests/sample/01.in": "x\n",
    "tests/sample/01.ans": "x\n",
    "tests/secret/big.in": "y\r\n",
    "tests/secret/big.ans": "y",
    "tests/secret/big.hint": "Read more\nthan one.\n",
}
PLACE = "An assignment is a folder inside a module, with its assignment.yaml."


def put(folder, place, files):
    return write(folder, {f"{place}/{name}": text for name, text in files.items()})


@pytest.fixture
def folder(tmp_path):
    root = write(
        tmp_path / "tea", {"course.yaml": COURSE, "01-water/01-boil.md": lesson("Boil", id="boil")}
    )
    put(root, SUM, SUM_FILES)
    return put(root, ECHO, ECHO_FILES)


def change(folder, name, before, after):
    place = folder / name
    text = place.read_text()
    assert before in text
    place.write_text(text.replace(before, after, 1))


def case(key):
    return TestCase.objects.get(key=key)


def assignment(key="sum"):
    return Assignment.objects.get(lesson__key=key)


def test_an_assignment_becomes_a_lesson_with_rules_and_cases(folder):
    report = bring(folder)
    assert report.warnings == []
    row = Lesson.objects.get(key="sum")
    assert (row.kind, row.completion, row.status) == ("ASSIGNMENT", "BY_PASSING", "PUBLISHED")
    assert (row.title, row.summary, row.minutes, row.xp_reward) == (
        "Add them up", "One line.", 12, 30,
    )  # fmt: skip
    assert (row.is_required, row.is_preview) == (False, True)
    assert row.source == f"{SUM}/description.md"
    assert "/classroom/courses/tea/lessons/boil/" in row.content_html
    assert "/courses/tea/files/01-water/02-sum/sum.svg" in row.content_html
    made = row.assignment
    assert (made.language, made.function, made.compare, made.tolerance) == (
        "python", "add", "approx", 0.001,
    )  # fmt: skip
    assert (made.pass_percent, made.cpu_seconds, made.memory, made.revision) == (80, 1.5, 64, 1)
    assert made.hints == ["Think of **both**.\n\nThen of one.", "Use `+`."]
    assert made.starter == SUM_FILES["starter.py"]
    assert made.solution == SUM_FILES["solution.py"]
    assert list(made.cases.values_list("key", flat=True)) == [
        "small", "named", "huge", "texts", "any",
    ]  # fmt: skip
    assert Course.objects.get().is_published


def test_cases_keep_their_values_by_type(folder):
    bring(folder)
    small, named, huge = case("small"), case("named"), case("huge")
    assert (small.is_visible, small.points, small.args, small.expected) == (True, 1, [1, 2.5], 3.5)
    assert [type(one) for one in small.args] == [int, float]
    assert (named.points, named.function, named.hint) == (3, "add", "What are they called?")
    assert named.kwargs == {"a": 1, "b": [None, True, {"x": "y"}]}
    assert (named.expected, named.raises) == (None, "")
    assert huge.expected == huge.args[0] == 10**30 + 1
    assert (case("texts").args, case("texts").raises) == (["no", "x"], "TypeError")
    assert case("any").raises == TestCase.ANY


def test_a_program_is_fed_from_a_list_and_from_pairs_of_files(folder):
    bring(folder)
    made = assignment("echo")
    assert (made.function, made.compare, made.starter) == ("", "tokens", "")
    once, sample, secret = made.cases.in_order()
    assert (once.stdin, once.expected_stdout) == (" a \n", "a\n")
    assert (sample.key, sample.name, sample.is_visible) == ("sample-01", "Sample 01", True)
    assert (sample.stdin, sample.expected_stdout) == ("x\n", "x\n")
    assert (secret.key, secret.is_visible, secret.hint) == (
        "secret-big", False, "Read more than one.",
    )  # fmt: skip
    assert (secret.stdin, secret.expected_stdout) == ("y\n", "y")


def test_every_case_is_told_and_a_second_import_writes_nothing(folder):
    report = bring(folder)
    assert "+ lesson sum" in told(report)
    assert "+ case sum/named" in told(report)
    assert sum(line.startswith("+ case") for line in told(report)) == 8
    with CaptureQueriesContext(connection) as queries:
        again = bring(folder)
    assert [q["sql"] for q in queries if q["sql"].lstrip().startswith(WRITES)] == []
    assert len(queries) <= 25
    assert (told(again), again.changes) == ([], 0)
    assert again.counts["unchanged"] == report.counts["created"]


def test_a_dry_run_says_the_same_and_changes_nothing(folder):
    foreseen = bring(folder, dry_run=True)
    assert not Course.objects.exists()
    assert not Trial.objects.exists()
    assert told(foreseen) == told(bring(folder))


def test_a_new_assignment_is_put_on_trial(folder):
    bring(folder)
    trials = Trial.objects.values_list("assignment__lesson__key", "revision", "status")
    assert sorted(trials) == [("echo", 1, "PENDING"), ("sum", 1, "PENDING")]


@pytest.mark.parametrize(
    ("name", "before", "after", "fields"),
    [("assignment.yaml", "pass: 80", "pass: 90", "pass_percent"),
     ("assignment.yaml", "compare: approx\ntolerance: 0.001", "compare: value",
      "compare, tolerance"),
     ("assignment.yaml", "seconds: 1.5", "seconds: 2", "cpu_seconds"),
     ("assignment.yaml", "function: add", "function: plus", "function"),
     ("starter.py", "pass", "...", "starter"),
     ("solution.py", "a + b", "b + a", "solution"),
     ("tests.yaml", "points: 3", "points: 2", "cases"),
     ("tests.yaml", "visible: true", "visible: false\n    hint: Small.", "cases"),
     ("tests.yaml", "raises: TypeError", "raises: ValueError", "cases"),
     ("tests.yaml", "args: [1, 2.5]", "args: [1.0, 2.5]", "cases"),
     ("tests.yaml", "args: [1, 2.5]", "args: [true, 2.5]", "cases"),
     ("tests.yaml", "expect: null", "expect: false", "cases")],
)  # fmt: skip
def test_a_change_that_verdicts_hang_on_makes_a_revision(folder, name, before, after, fields):
    bring(folder)
    change(folder, f"{SUM}/{name}", before, after)
    report = bring(folder)
    assert f"~ lesson sum ({fields})" in told(report)
    assert assignment().revision == 2
    assert assignment("echo").revision == 1
    assert Trial.objects.filter(assignment=assignment(), revision=2, status="PENDING").exists()
    assert told(bring(folder)) == []
    assert assignment().revision == 2


@pytest.mark.parametrize(
    ("name", "before", "after", "line"),
    [("assignment.yaml", "xp: 30", "xp: 31", "~ lesson sum (xp_reward)"),
     ("assignment.yaml", "Use `+`", "Use plus", "~ lesson sum (hints)"),
     ("description.md", "two", "2", "~ lesson sum (content)"),
     ("tests.yaml", "What is nothing", "Is it nothing", "~ case sum/any (hint)"),
     ("tests.yaml", "adds small numbers", "adds", "~ case sum/small (name)")],
)  # fmt: skip
def test_other_changes_make_none(folder, name, before, after, line):
    bring(folder)
    change(folder, f"{SUM}/{name}", before, after)
    assert line in told(bring(folder))
    assert assignment().revision == 1
    assert Trial.objects.count() == 2


def test_true_is_not_one_in_a_case_and_is_noticed(folder):
    bring(folder)
    change(folder, f"{SUM}/tests.yaml", "args: [1, 2.5]", "args: [true, 2.5]")
    assert "~ case sum/small (args)" in told(bring(folder))
    assert case("small").args[0] is True


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [('kwargs: {a: 1, "b": [null, true, {"x": "y"}]}',
      'kwargs: {"b": [null, true, {"x": "y"}], a: 1}', "kwargs"),
     ("args: [1, 2.5]", "args: [{b: 1, a: 2}, 2.5]", "args")],
)  # fmt: skip
def test_names_in_another_order_are_noticed_and_written(folder, before, after, field):
    change(folder, f"{SUM}/tests.yaml", "args: [1, 2.5]", "args: [{a: 2, b: 1}, 2.5]")
    before = before.replace("[1,", "[{a: 2, b: 1},")
    bring(folder)
    change(folder, f"{SUM}/tests.yaml", before, after)
    key = "named" if field == "kwargs" else "small"
    assert told(bring(folder)) == ["~ lesson sum (cases)", f"~ case sum/{key} ({field})"]
    if field == "kwargs":
        assert list(case("named").kwargs) == ["b", "a"]
    else:
        assert list(case("small").args[0]) == ["b", "a"]
    assert assignment().revision == 2
    assert told(bring(folder)) == []


def test_names_in_another_order_on_the_site_are_an_edit(folder):
    bring(folder)
    TestCase.objects.filter(key="named").update(kwargs={"b": [None, True, {"x": "y"}], "a": 1})
    assert told(bring(folder))[0].startswith("! lesson sum (edited on the site")
    assert list(case("named").kwargs) == ["b", "a"]
    assert "~ case sum/named (kwargs)" in told(bring(folder, overwrite=True))
    assert list(case("named").kwargs) == ["a", "b"]


def test_a_case_that_vanishes_is_archived_and_comes_back(folder):
    bring(folder)
    text = (folder / SUM / "tests.yaml").read_text()
    change(folder, f"{SUM}/tests.yaml", text[text.index("  - id: texts") :], "")
    report = told(bring(folder))
    assert "- case sum/texts" in report
    assert "- case sum/any" in report
    assert assignment().cases.live().count() == 3
    assert assignment().cases.count() == 5
    assert assignment().revision == 2
    (folder / SUM / "tests.yaml").write_text(text)
    assert "+ case sum/texts" in told(bring(folder))
    assert assignment().cases.live().count() == 5
    assert assignment().revision == 3


def test_cases_in_another_order_are_moved_and_judge_alike(folder):
    bring(folder)
    text = (folder / SUM / "tests.yaml").read_text()
    last = text[text.index("  - id: any") :]
    moved = text.replace(last, "").replace("cases:\n", f"cases:\n{last}")
    (folder / SUM / "tests.yaml").write_text(moved)
    assert "> case sum/any (moved)" in told(bring(folder))
    assert assignment().cases.in_order().first().key == "any"
    assert assignment().revision == 1


def test_what_was_edited_on_the_site_is_left_alone_as_a_whole(folder):
    bring(folder)
    TestCase.objects.filter(key="small").update(expected=4)
    report = bring(folder)
    assert told(report) == [
        "! lesson sum (edited on the site since the last import: cases)",
        "! case sum/small (the assignment was edited on the site since the last import)",
    ]
    assert case("small").expected == 4
    told_again = told(bring(folder, overwrite=True))
    assert "~ case sum/small (expected)" in told_again
    assert case("small").expected == 3.5
    assert told(bring(folder)) == []


def test_an_assignment_that_vanishes_is_archived_with_its_cases_and_comes_back(folder, tmp_path):
    bring(folder)
    (folder / SUM).rename(tmp_path / "away")
    assert "- lesson sum" in told(bring(folder))
    assert Lesson.objects.get(key="sum").deleted_at
    assert assignment().cases.live().count() == 5
    (tmp_path / "away").rename(folder / SUM)
    assert "+ lesson sum" in told(bring(folder))
    assert assignment().revision == 1


def test_a_lesson_cannot_become_an_assignment(folder):
    bring(folder)
    (folder / "01-water/01-boil.md").unlink()
    change(folder, f"{SUM}/assignment.yaml", "id: sum", "id: boil")
    with pytest.raises(ImportRefused, match='"boil" is a lesson on the site: give this assignment'):
        bring(folder)


def test_submissions_judged_by_other_cases_are_counted_and_kept(folder):
    bring(folder)
    learner = make_person("lea@example.org", "Lea")
    row = Submission.objects.create(
        user=learner, assignment=assignment(), is_graded=True, number=1, status="PASSED",
        percent=100, points=7, out_of=7, revision=1, finished_at=now(),
    )  # fmt: skip
    change(folder, f"{SUM}/tests.yaml", "expect: 3.5", "expect: 4.5")
    words = f"{SUM}/description.md: 1 submission was judged by other rules or cases"
    for dry_run in (True, False):
        report = bring(folder, dry_run=dry_run)
        warnings = [str(one) for one in report.warnings]
        assert len(warnings) == 1
        assert warnings[0].startswith(words)
        effects = {line.key: line.effect for line in report.lines if line.kind == "lesson"}
        assert effects["sum"] == "judged by earlier tests: 1"
    row.refresh_from_db()
    assert (row.percent, row.revision, row.status) == (100, 1, "PASSED")


def test_nothing_but_given_files_is_served_from_the_folder(folder):
    put(
        folder,
        SUM,
        {
            "solution2.py": "x", "data.csv": "1,2", "notes.json": "{}", "tests/extra.svg": "<svg/>",
            "more.md": "x",
        },
    )  # fmt: skip
    report = bring(folder)
    paths = set(Asset.objects.values_list("path", flat=True))
    assert paths == {f"{SUM}/sum.svg", f"{SUM}/data.csv"}
    reason = "only pictures, sounds, videos, .pdf and .csv are served from an assignment's folder"
    for name in ("solution2.py", "notes.json", "tests/extra.svg", "more.md"):
        assert f"/ file {SUM}/{name} ({reason})" in told(report)


@pytest.mark.parametrize(
    ("path", "message"),
    [("01-water/assignment.yaml", PLACE), ("assignment.yaml", PLACE),
     ("assets/x/assignment.yaml", PLACE), ("01-water/04-lost/Assignment.yaml", PLACE),
     ("01-water/04-lost/assignment.yml", PLACE),
     ("01-water/04-lost/tests.yaml", "There is no assignment.yaml beside these cases.")],
)  # fmt: skip
def test_an_assignment_in_the_wrong_place_is_refused_not_served(folder, path, message):
    write(folder, {path: "id: x\n"})
    with pytest.raises(ImportRefused) as refusal:
        bring(folder)
    assert f"{path}: {message}" in str(refusal.value)


def test_a_draft_may_lack_its_solution_and_its_cases(folder):
    change(folder, f"{SUM}/assignment.yaml", "id: sum", "id: sum\ndraft: true")
    (folder / SUM / "solution.py").unlink()
    (folder / SUM / "tests.yaml").write_text("cases: []\n")
    warnings = [str(one) for one in bring(folder).warnings]
    assert len(warnings) == 2
    assert f"{SUM}/assignment.yaml:1: The assignment has no reference solution" in warnings[0]
    assert Lesson.objects.get(key="sum").status == "DRAFT"


def test_an_assignment_that_cannot_be_judged_keeps_the_course_a_draft(folder):
    change(folder, "course.yaml", "format: 1", "format: 1\ndraft: true")
    bring(folder)
    assignment().cases.update(deleted_at=now())
    report = bring(folder, publish=True)
    assert not Course.objects.get().is_published
    assert "Not published: Add them up: The assignment has no case: nothing would be checked." in [
        str(one) for one in report.warnings
    ]
    assert bring(folder, publish=True, overwrite=True).changes
    assert Course.objects.get().is_published
