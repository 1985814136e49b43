"""Exercism's canonical data: what becomes of every problem and every case."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Assignment, TestCase, Trial
from courses.models import Course, Lesson
from studio.importing.folder.course import CourseFolder
from studio.importing.formats import open_source, read_course
from studio.importing.refusal import ImportRefused
from tests.studio.test_bad_sources import packed
from tests.studio.test_import_folder import bring, told, write

DATA = Path(__file__).parents[3] / "shared/data/courses"
PROBLEMS = DATA / "exercism-problem-specifications"
needs_data = pytest.mark.skipif(not PROBLEMS.is_dir(), reason=f"There is no {PROBLEMS}.")
pytestmark = pytest.mark.django_db
UUID = "0000000{}-0000-4000-8000-000000000000"


def case(number, **fields):
    usual = {"description": f"case {number}", "property": "doIt", "input": {"aValue": number},
             "expected": number}  # fmt: skip
    return {"uuid": UUID.format(number), **usual, **fields}


def problem(*cases, slug="do-it", **files):
    data = json.dumps({"exercise": slug, "cases": list(cases)})
    texts = {"description.md": "# Description\n\nDo it.\n", **files}
    return {f"{slug}/canonical-data.json": data} | {
        f"{slug}/{name}": text for name, text in texts.items()
    }


def course_of(tmp_path, *problems):
    root = tmp_path / "own-problems"
    for files in problems:
        write(root, files)
    # With a second problem the folder is not taken for the one folder around everything.
    write(root, problem(case(9), slug="other"))
    return read_course(root)


def node_of(course, key="do-it"):
    return next((lesson for lesson in course.lessons if lesson.key == key), None)


def reasons(course):
    return {skipped.path: skipped.reason for skipped in course.skipped}


@needs_data
def test_every_problem_and_case_is_accounted_for():
    expected = json.loads((DATA / "EXPECTED.json").read_text())["open/exercism"]
    report = bring(PROBLEMS)
    lines = [(line.action, line.kind, line.key) for line in report.lines]
    taken = [key for action, kind, key in lines if (action, kind) == ("created", "case")]
    left = {line.key: line.detail for line in report.lines
            if (line.action, line.kind) == ("skipped", "case")}  # fmt: skip
    superseded = [key for key, reason in left.items() if reason.startswith("superseded by ")]
    assert len(superseded) == expected["superseded"] == 13
    assert len(taken) + len(left) == expected["live_cases_all"] + expected["superseded"]
    live = [*taken, *(key for key in left if key not in superseded)]
    per_problem = expected["per_problem"]
    counted = {slug: sum(key.startswith(f"{slug}/") for key in live) for slug in per_problem}
    assert counted == per_problem
    easy = set(per_problem) - set(expected["needs_care"])
    assert len(easy) == expected["naive_mappable"] == 12
    assert sum(key.split("/")[0] in easy for key in taken) == expected["live_cases_naive"] == 150
    cases = TestCase.objects.filter(assignment__lesson__key__in=easy)
    assert cases.filter(raises=TestCase.ANY).count() == expected["errors_naive"] == 9
    lessons = [key for action, kind, key in lines if kind == "lesson"]
    assert len(lessons) == expected["problems"] == 15


@needs_data
def test_what_needs_care_is_imported_as_far_as_it_can_run():
    course = read_course(PROBLEMS)
    told = reasons(course)
    two_fer, list_ops = node_of(course, "two-fer"), node_of(course, "list-ops")
    assert [one.values["args"] for one in two_fer.assignment.cases] == [[], ["Alice"], ["Bob"]]
    assert two_fer.assignment.rules["starter"] == "def two_fer(name=None):\n    pass\n"
    assert len(list_ops.assignment.cases) == 12
    assert list(told.values()).count("a function is part of its input") == 10
    assert node_of(course, "etl") is None
    assert told["etl"] == "no case of it can be run here"
    numbers = "its input has numbers as keys, which JSON has not"
    assert list(told.values()).count(numbers) == 4


@needs_data
def test_a_second_import_changes_nothing_and_a_dry_run_says_the_same():
    foreseen = bring(PROBLEMS, dry_run=True)
    assert not Course.objects.exists()
    report = bring(PROBLEMS)
    assert told(foreseen) == told(report)
    again = bring(PROBLEMS)
    assert again.changes == 0
    assert again.source_nodes == report.source_nodes


@needs_data
def test_problems_without_a_solution_are_drafts_in_a_draft():
    report = bring(PROBLEMS, publish=True)
    course = Course.objects.get(slug="exercism-problem-specifications")
    assert not course.is_published
    assert set(course.lessons.values_list("status", flat=True)) == {"DRAFT"}
    needs = [str(one) for one in report.warnings if one.code == "unfinished"]
    assert len(needs) == 14
    assert needs[0].endswith("it needs a solution, on the site or beside it as solution.py.")
    assert Trial.objects.count() == 14


@needs_data
def test_texts_lose_their_first_heading_and_notes_become_callouts():
    course = read_course(PROBLEMS)
    leap, isogram = node_of(course, "leap"), node_of(course, "isogram")
    assert (leap.values["title"], leap.source) == ("Leap", "leap/instructions.md")
    assert leap.values["summary"] == "Determine whether a given year is a leap year."
    assert leap.values["content"].startswith("A leap year (in the Gregorian calendar) occurs:")
    assert "\n> [!NOTE]\n> For a delightful," in leap.values["content"]
    assert "\n\n## Instructions\n\nYour task is to" in leap.values["content"]
    assert "Source: [CodeRanch Cattle Drive, Assignment 3](<https://" in leap.values["content"]
    assert "~~~~" not in leap.values["content"]
    assert isogram.values["content"].startswith("Determine if a word or phrase is an isogram.")
    assert course.values["licence"] == "MIT"


@needs_data
def test_a_repository_an_archive_and_a_single_problem_are_read_alike(tmp_path):
    wanted = [case.key for case in node_of(read_course(PROBLEMS), "hamming").assignment.cases]
    shutil.copytree(PROBLEMS / "hamming", tmp_path / "repo/exercises/hamming")
    shutil.copytree(PROBLEMS / "leap", tmp_path / "repo/exercises/leap")
    write(tmp_path / "repo", {"README.md": "Problems."})
    repository = read_course(tmp_path / "repo")
    assert [lesson.key for lesson in repository.lessons] == ["hamming", "leap"]
    assert reasons(repository)["README.md"] == "it belongs to no problem, or is not read"
    files = {path.name: path.read_bytes() for path in (PROBLEMS / "hamming").iterdir()}
    archive = tmp_path / "one.zip"
    archive.write_bytes(packed(*((f"hamming/{name}", data) for name, data in files.items())))
    for course in (repository, read_course(archive), read_course(PROBLEMS / "hamming")):
        assert [case.key for case in node_of(course, "hamming").assignment.cases] == wanted


def test_names_order_and_groups_become_calls(tmp_path):
    group = {"description": "in  a group", "cases": [
        case(1, input={"firstValue": 1, "second value": 2, "in": 3}),
        case(2, property="otherThing", input={}, scenarios=["unicode"]),
        case(3, input={"in": 30, "firstValue": 10, "second value": 20}),
    ]}  # fmt: skip
    node = node_of(course_of(tmp_path, problem(group)))
    first, other, third = node.assignment.cases
    assert node.assignment.rules["function"] == "do_it"
    assert node.assignment.rules["compare"] == "value"
    assert node.assignment.rules["starter"] == (
        "def do_it(first_value, second_value, in_):\n    pass\n\n\ndef other_thing():\n    pass\n"
    )
    assert (first.key, first.values["name"]) == (UUID.format(1), "in a group: case 1")
    assert (first.values["function"], first.values["args"]) == ("", [1, 2, 3])
    assert (other.values["function"], other.values["args"]) == ("other_thing", [])
    assert other.values["name"] == "in a group: case 2 [unicode]"
    assert third.values["args"] == [10, 20, 30]


def test_the_first_cases_of_each_function_are_visible_and_the_rest_has_hints(tmp_path):
    cases = [case(n) for n in range(1, 6)]
    cases += [case(n, expected={"error": "no"}) for n in (6, 7)]
    node = node_of(course_of(tmp_path, problem(*cases)))
    assert [one.values["is_visible"] for one in node.assignment.cases] == [
        True, True, True, False, False, True, False,
    ]  # fmt: skip
    hidden = [one.values for one in node.assignment.cases if not one.values["is_visible"]]
    assert [one["hint"] for one in hidden] == [
        "What should do_it give back for this: case 4?",
        "What should do_it give back for this: case 5?",
        "An error is to be raised here, and nothing given back.",
    ]
    assert [one["raises"] for one in hidden] == ["", "", TestCase.ANY]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"input": [1]}, "its input has no names"),
     ({"input": {"f": "(x, y) -> x + y"}}, "a function is part of its input"),
     ({"input": {"a": [{"1": 2}]}}, "its input has numbers as keys, which JSON has not"),
     ({"property": "1st"}, "it names no function"),
     ({"input": {"other": 1}}, "do_it has other parameters in the cases before"),
     ({"scenarios": ["random"]}, "one call cannot show what is random"),
     ({"input": {"aValue": "\x00"}}, "A text cannot hold NUL or half a character."),
     ({"expected": float("inf")}, "Infinity and what is no number cannot be written in JSON."),
     ({"reimplements": UUID.format(1)}, None)],
)  # fmt: skip
def test_cases_that_no_call_can_show_are_left_out_with_a_reason(tmp_path, fields, reason):
    course = course_of(tmp_path, problem(case(1), case(2, **fields)))
    keys = [one.key for one in node_of(course).assignment.cases]
    if reason is None:
        assert keys == [UUID.format(2)]
        reason, key = f"superseded by {UUID.format(2)}", UUID.format(1)
    else:
        assert keys == [UUID.format(1)]
        key = UUID.format(2)
    assert reasons(course)[f"do-it/{key}"] == reason


def test_a_case_that_expects_nothing_to_be_said_is_left_out(tmp_path):
    silent = case(2)
    del silent["expected"]
    course = course_of(tmp_path, problem(case(1), silent))
    assert reasons(course)[f"do-it/{UUID.format(2)}"] == "it does not say what is expected"


def test_big_integers_stay_exact(tmp_path):
    big = 2**200 + 1
    files = problem(case(1, input={"n": big}, expected=[big, 1.5], scenarios=["big-integer"]))
    course_of(tmp_path, files)
    bring(tmp_path / "own-problems")
    row = TestCase.objects.get(assignment__lesson__key="do-it")
    assert (row.args, row.expected) == ([big], [big, 1.5])
    assert type(row.args[0]) is int


@pytest.mark.parametrize("name", ["solution.py", ".meta/example.py"])
def test_a_solution_beside_the_problem_publishes_it(tmp_path, name):
    solution = "def do_it(a_value):\n    return a_value\n"
    course_of(tmp_path, problem(case(1), **{name: solution}))
    report = bring(tmp_path / "own-problems", publish=True)
    assert Lesson.objects.get(key="do-it").status == "PUBLISHED"
    assert Assignment.objects.get(lesson__key="do-it").solution == solution
    assert Lesson.objects.get(key="other").status == "DRAFT"
    assert Course.objects.get().is_published
    assert [one.path for one in report.warnings if one.code == "unfinished"] == [
        "other/description.md"
    ]


def test_deprecated_problems_are_left_out(tmp_path):
    course = course_of(tmp_path, problem(case(1), **{".deprecated": ""}))
    assert node_of(course) is None
    assert reasons(course)[f"do-it/{UUID.format(1)}"] == "the problem is deprecated"


@pytest.mark.parametrize(
    ("data", "message"),
    [("{", "do-it/canonical-data.json:1: This is not valid JSON"),
     ("[]", "do-it/canonical-data.json: This is no canonical data: there are no cases."),
     ('{"cases": [],\n"cases": []}', 'json:2: The name "cases" stands twice in an object.'),
     ('{"cases":\n' + '[{"cases": ' * 5000 + "[]" + "}]" * 5000 + "}",
      "do-it/canonical-data.json:2: The values are nested more than 100 deep."),
     ('{"cases": ["' + "[" * 200 + '",\n"1' + "0" * 5000 + '",\n1' + "0" * 5000 + "]}",
      "do-it/canonical-data.json:3: A whole number has more than 4,000 digits."),
     (json.dumps({"cases": [case(1), case(1)]}), f'The case "{UUID.format(1)}" appears twice.')],
)  # fmt: skip
def test_broken_data_is_refused_by_name(tmp_path, data, message):
    files = problem(case(1)) | {"do-it/canonical-data.json": data}
    with pytest.raises(ImportRefused) as refusal:
        course_of(tmp_path, files)
    assert message in str(refusal.value)


def test_broken_metadata_and_solutions_are_refused_by_name(tmp_path):
    files = problem(case(1), **{"metadata.toml": "title = "})
    with pytest.raises(ImportRefused, match=r"do-it/metadata\.toml: This is not valid TOML"):
        course_of(tmp_path, files)
    for text in ("a = " + "[" * 9_000, "a = 1" + "0" * 9_000):
        files = problem(case(1), **{"metadata.toml": text})
        with pytest.raises(ImportRefused, match=r"toml: A number in it is too long, or its"):
            course_of(tmp_path, files)
    files = problem(case(1), **{"metadata.toml": "", "solution.py": "#" * 70_000})
    with pytest.raises(ImportRefused, match=r"do-it/solution\.py: Source must be UTF-8"):
        course_of(tmp_path, files)


def test_the_command_knows_the_format_and_takes_an_id_and_a_title(tmp_path):
    course_of(tmp_path, problem(case(1)))
    out = StringIO()
    path = str(tmp_path / "own-problems")
    call_command("import_course", path, id="gym", title="The gym", stdout=out)
    course = Course.objects.get()
    assert (course.slug, course.title, course.language.slug) == ("gym", "The gym", "python")
    assert f"+ case do-it/{UUID.format(1)}" in out.getvalue()
    with pytest.raises(CommandError, match='The id "New" is not allowed'):
        call_command("import_course", path, id="New")


def test_a_course_folder_says_itself_what_it_is_called(tmp_path):
    write(tmp_path / "tea", {"course.yaml": "format: 1\nid: tea\ntitle: Tea\n"})
    with pytest.raises(CommandError, match=r"A course\.yaml says what its course is called"):
        call_command("import_course", str(tmp_path / "tea"), id="coffee")


def test_a_folder_with_a_course_yaml_is_no_exercism(tmp_path):
    files = problem(case(1)) | {"course.yaml": "format: 1\nid: tea\ntitle: Tea\n"}
    root = write(tmp_path / "tea", files)
    assert read_course(root).slug == "tea"
    assert CourseFolder(open_source(root)).read().slug == "tea"
