"""What is wrong with an assignment's files: said with file and line, all of it, before anything."""

import re
from pathlib import Path

import pytest

from courses.models import Course
from studio.importing.folder.course import CourseFolder
from studio.importing.refusal import ImportRefused
from tests.studio.test_bad_sources import source
from tests.studio.test_import_folder import COURSE, lesson

HERE = "01-water/02-sum/"
RULES = "id: sum\ntitle: Sum\nlanguage: python\nfunction: add\n"
PROGRAM = "id: echo\ntitle: Echo\nlanguage: python\n"
CASE = "cases:\n  - id: one\n    name: adds\n    visible: true\n"
CALL = f"{CASE}    args: [1, 2]\n    expect: 3\n"


def read(files, rules=RULES, tests=CALL):
    usual = {
        "assignment.yaml": rules,
        "description.md": "Add.",
        "solution.py": "def add(a, b):\n    return a + b\n",
        "tests.yaml": tests,
    }
    inside = {
        f"{HERE}{name}": text for name, text in {**usual, **files}.items() if text is not None
    }
    course = {"course.yaml": COURSE, "01-water/01-boil.md": lesson("Boil", id="boil"), **inside}
    return CourseFolder(source(course)).read()


def faults(files=None, **usual):
    with pytest.raises(ImportRefused) as refusal:
        read(files or {}, **usual)
    return [str(finding).removeprefix(HERE) for finding in refusal.value.findings]


def doubts(files=None, **usual):
    return [str(one).removeprefix(HERE) for one in read(files or {}, **usual).warnings]


def test_an_assignment_without_faults_has_no_doubts_either():
    assert doubts() == []


def test_the_example_of_the_manual_can_be_imported():
    manual = (Path(__file__).parents[2] / "docs/authoring.md").read_text()
    section = manual[manual.index("## An assignment") : manual.index("## Markdown\n")]
    rules, tests = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    course = read({}, rules=rules, tests=tests)
    assert course.warnings == []
    assert [case.key for case in course.lessons[1].assignment.cases] == ["fifteen", "nothing"]


@pytest.mark.parametrize(
    ("rules", "message"),
    [("languge: python", '4: Unknown field "languge". Is it "language"?'),
     ("language: cobol", '4: "language" must be one of python, javascript, java.'),
     ("languages: [python, javascript]", "4: An assignment has one language."),
     ("language: python\nlanguages: [python]", "5: An assignment has one language."),
     ("languages: []", '4: "language" is missing'),
     ("", '1: "language" is missing: one of python, javascript, java.'),
     ("language: python\nfunction: 2add", '5: "function": This is no name of a function.'),
     ("language: java\nfunction: add", '5: "function": In Java only programs are run'),
     ("language: python\nfunction: add\ncompare: tokens",
      '6: "compare": What a function gives back is compared by one of exact, value, approx,'),
     ("language: python\ncompare: value",
      '5: "compare": What a program prints is compared by one of tokens, exact, trim, approx,'),
     ("language: python\nfunction: add\ncompare: fuzzy", '6: "compare" must be one of exact,'),
     ("language: python\nfunction: add\ntolerance: 0.1", '6: A "tolerance" goes with'),
     ("language: python\nfunction: add\ncompare: approx\ntolerance: -1",
      '7: "tolerance" must be a number from 0 to 1e+06.'),
     ("language: python\nfunction: add\ncompare: approx\ntolerance: .nan", '7: "tolerance" must'),
     ("language: python\nfunction: add\npass: 0", '6: "pass" must be from 1 to 100.'),
     ("language: python\nfunction: add\nlimits: {seconds: 60}",
      '6: "seconds" must be a number from 0.1 to 20.'),
     ("language: python\nfunction: add\nlimits: {memory: 2000}", '6: "memory" must be from 32'),
     ("language: python\nfunction: add\nlimits: {second: 1}", '6: Unknown field "second".'),
     ("language: python\nfunction: add\nlimits: 2", '6: "limits" must hold fields of its own'),
     ("language: python\nfunction: add\nhints: Think.", '6: "hints" must be a list of at most 10'),
     ("language: python\nfunction: add\nxp: 0", '6: "xp" must be from 1 to 1000.')],
)  # fmt: skip
def test_rules_are_refused_with_their_line(rules, message):
    found = faults(rules=f"id: sum\ntitle: Sum\nminutes: 5\n{rules}\n")
    assert any(one.startswith(f"assignment.yaml:{message}") for one in found), found


@pytest.mark.parametrize(
    ("fields", "message"),
    [("args: [1]", '2: "expect" is missing: what the function is to give back, or "raises".'),
     ("expect: 3\n    raises: true", '6: A case has "expect" or "raises", not both.'),
     ("raises: false", '5: "raises" must be true, or the name of an error'),
     ("raises: [ValueError]", '5: "raises" must be true, or the name of an error'),
     ("raises: no error", '5: "raises" must be true, or the name of an error'),
     ("args: 3\n    expect: 3", '5: "args" must be a list of values: [1, 2].'),
     ("args: {a: 3}\n    expect: 3", '5: "args" must be a list of values: [1, 2].'),
     ("kwargs: [1]\n    expect: 3", '5: "kwargs" must hold names and values.'),
     ("stdin: x\n    expect: 3", '5: A case of a function has no "stdin".'),
     ("expect_exit: 0\n    expect: 3", '5: "expect_exit" is not supported: a program always'),
     ("call: a b\n    expect: 3", '5: "call": This is no name of a function.'),
     ("expected: 3", '5: Unknown field "expected". Is it "expect"?'),
     ("points: 0\n    expect: 3", '5: "points" must be from 1 to 100.'),
     ("expect: 2024-01-31", '5: "expect": JSON has no dates. Quote it: "2024-01-31".'),
     ("expect: 12:30", '5: "expect": "12:30" is no number of JSON. Quote it if it is a text.'),
     ("expect: 007", '5: "expect": "007" is no number of JSON.'),
     ("expect: 1_000", '5: "expect": "1_000" is no number of JSON.'),
     ("expect: 0x1F", '5: "expect": "0x1F" is no number of JSON.'),
     ("expect: +1", '5: "expect": "+1" is no number of JSON.'),
     ("expect: .5", '5: "expect": ".5" is no number of JSON.'),
     ("expect: 1.10.2", '5: "expect": "1.10.2" is no number of JSON.'),
     ("expect: .nan", '5: "expect": ".nan" could mean a truth, nothing or a text.'),
     ("expect: -Infinity", '5: "expect": "-Infinity" could mean'),
     ("expect: no", '5: "expect": "no" could mean a truth, nothing or a text.'),
     ("expect: None", '5: "expect": "None" could mean a truth, nothing or a text.'),
     ("expect: 1e400", '5: "expect": Infinity and what is no number cannot be written in JSON.'),
     (f"expect: 1{'0' * 4000}", '5: "expect": A whole number has at most 4,000 digits.'),
     (f"expect: 1{'0' * 5000}", '5: "expect": A whole number has at most 4,000 digits.'),
     ('expect: "a\\0b"', '5: "expect": A text cannot hold NUL or half a character.'),
     ('expect: "a\\ud800b"', '5: "expect": A text cannot hold NUL or half a character.'),
     ("expect: {1: a}", '5: "expect": names are texts in JSON. Quote it: "1".'),
     ("expect: {true: a}", '5: "expect": names are texts in JSON. Quote it: "true".'),
     (f"expect: \"{'x' * 66_000}\"", '5: "expect": This value has more than 65,536 characters.'),
     (f"expect: {'[' * 21}1{']' * 21}", "5: The values are nested too deeply."),
     ("args:\n      - 1\n      - [2, 2020-02-02]\n    expect: 3", '7: "args": JSON has no dates.'),
     ("name: again\n    expect: 3", '5: The field "name" stands here twice.')],
)  # fmt: skip
def test_cases_of_functions_are_refused_with_their_line(fields, message):
    found = faults(tests=f"{CASE}    {fields}\n")
    assert any(one.startswith(f"tests.yaml:{message}") for one in found), found


@pytest.mark.parametrize(
    ("rules", "fields", "message"),
    [("", "stdin: x", '2: "expect_stdout" is missing: what the program is to print.'),
     ("", "args: [x]\n    expect_stdout: x", '5: "args" is not supported: a program reads its'),
     ("", "expect_exit: 1\n    expect_stdout: x", '5: "expect_exit" is not supported'),
     ("", "expect: x\n    expect_stdout: x", '5: A case of a program has no "expect".'),
     ("", "stdin: [1]\n    expect_stdout: x", '5: "stdin" must be a text.'),
     ("", 'stdin: "\\0"\n    expect_stdout: x', '5: "stdin" holds NUL or half a character.'),
     ("", f"stdin: {'x' * 66_000}\n    expect_stdout: x", '5: "stdin" has 66,000 of at most'),
     ("compare: pattern\n", "expect_stdout: '(a+)+'",
      '5: "expect_stdout": A group must not be repeated'),
     ("compare: pattern\n", "expect_stdout: '['", '5: "expect_stdout": This is no pattern')],
)  # fmt: skip
def test_cases_of_programs_are_refused_with_their_line(rules, fields, message):
    found = faults(rules=PROGRAM + rules, tests=f"{CASE}    {fields}\n")
    assert any(one.startswith(f"tests.yaml:{message}") for one in found), found


@pytest.mark.parametrize(
    ("files", "message"),
    [({"solution.py": None}, "assignment.yaml:1: The assignment has no reference solution"),
     ({"solution.py": "\n"}, "assignment.yaml:1: The assignment has no reference solution"),
     ({"solution.py": "#" * 65_537}, "solution.py: Source must be UTF-8 text of at most 64 KB."),
     ({"starter.py": "#" * 300_000}, "starter.py: The text is longer than 262,144 bytes."),
     ({"starter.py": "a\0b"}, "starter.py:1: The text holds a NUL character."),
     ({"starter.js": "x"}, "starter.js: The language is python, but this file is of another."),
     ({"description.md": None}, "assignment.yaml:1: description.md is missing"),
     ({"description.md": " \n"}, "description.md:1: The task has no text."),
     ({"tests.yaml": None}, "assignment.yaml:1: The assignment has no case"),
     ({"tests.yaml": "cases: []"}, "assignment.yaml:1: The assignment has no case"),
     ({"tests.yaml": "- id: x"}, 'tests.yaml:1: Fields are expected here, such as "title: …".'),
     ({"tests.yaml": "case: 1"}, 'tests.yaml:1: Unknown field "case". Is it "cases"?'),
     ({"tests.yaml": "cases: [&a {id: x}]"}, "tests.yaml:1: Aliases are not allowed."),
     ({"tests.yaml": "cases:\n" + "  - {name: x, expect: 1}\n" * 101},
      'tests.yaml:2: "cases" must be a list of at most 100.'),
     ({"tests.yaml": CALL + CALL.removeprefix("cases:\n")},
      'tests.yaml:7: The case id "one" appears twice: in line 2 and here.'),
     ({"tests.yaml": CALL.replace("id: one", "id: One")},
      'tests.yaml:2: "id" is not allowed: "One". Use small letters, digits, hyphens.'),
     ({"tests.yaml": CALL.replace("id: one", "id: 1.10")},
      'tests.yaml:2: "id" is not allowed: "1.10".'),
     ({"tests/sample/1.in": "x", "tests/sample/1.ans": "x"},
      "tests/sample/1.in: Files with input and output are for programs: a function is called.")],
)  # fmt: skip
def test_files_are_refused_by_name(files, message):
    found = faults(files)
    assert any(one.startswith(message) for one in found), found


@pytest.mark.parametrize(
    ("files", "message"),
    [({"tests/sample/1.in": "x"}, "tests/sample/1.in: 1.ans is missing beside it."),
     ({"tests/secret/1.ans": "x"}, "tests/secret/1.ans: 1.in is missing beside it."),
     ({"tests/secret/1.ans": "x" * 65_537, "tests/secret/1.in": "x"},
      "tests/secret/1.ans: The text is longer than 65,536 bytes."),
     ({"tests/sample/A.in": "1", "tests/sample/A.ans": "1", "tests/sample/a .in": "2",
       "tests/sample/a .ans": "2"}, 'tests/sample/a .in: The case id "sample-a" appears twice')],
)  # fmt: skip
def test_pairs_of_files_are_refused_by_name(files, message):
    found = faults(files, rules=PROGRAM, tests=None)
    assert any(one.startswith(message) for one in found), found


@pytest.mark.django_db
def test_all_faults_are_said_at_once_and_nothing_is_imported():
    found = faults(
        {"description.md": None, "solution.py": None},
        rules=f"{RULES}pass: 101\nxpp: 1\n",
        tests=f"{CASE}    expect: no\n  - id: two\n    name: x\n",
    )
    assert len(found) == 6
    assert not Course.objects.exists()


def test_an_id_of_digits_stays_as_it_is_written():
    (node,) = [one for one in read({}, tests=CALL.replace("one", "007")).lessons if one.assignment]
    assert [case.key for case in node.assignment.cases] == ["007"]


def test_a_case_without_an_id_gets_one_with_a_warning():
    tests = (
        "cases:\n  - name: Adds, both!\n    visible: true\n    args: [1, 2]\n    expect: 3\n"
        "  - visible: true\n    args: [2, 2]\n    expect: 4\n"
    )
    course = read({}, tests=tests)
    (node,) = [one for one in course.lessons if one.assignment]
    first, second = node.assignment.cases
    assert (first.key, first.values["name"]) == ("adds-both", "Adds, both!")
    assert second.key.startswith("c-")
    assert second.values["name"] == "Case 2"
    assert [str(one).removeprefix(HERE) for one in course.warnings] == [
        'tests.yaml:2: The case has no id and gets "adds-both": edited, it could be another.',
        f'tests.yaml:6: The case has no id and gets "{second.key}": edited, it could be another.',
    ]


def test_what_is_hardly_meant_is_a_warning():
    tests = CALL.replace("    visible: true\n", "")
    assert doubts(tests=tests) == [
        "tests.yaml: All cases are hidden: learners cannot see what goes in, nor try their code.",
        'tests.yaml:2: The hidden case "one" has no hint: who fails it learns nothing.',
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [("null", None), ("~", None), ("", None), ("true", True), ("12", 12), ("-3", -3), ("0", 0),
     ("1.0", 1.0), ("-0.0", -0.0), ("1e3", 1000.0), ("1e300", 1e300), ('"12"', "12"),
     ("robot", "robot"),
     ("'no'", "no"), ("[1, [true, {}]]", [1, [True, {}]]),
     ('{"1": a, b: null}', {"1": "a", "b": None}),
     ('"a\\tb\\u00e9"', "a\tb\u00e9"), ("12345678901234567890123", 12345678901234567890123)],
)  # fmt: skip
def test_values_are_those_of_json(written, value):
    (node,) = [
        one for one in read({}, tests=f"{CASE}    expect: {written}\n").lessons if one.assignment
    ]
    found = node.assignment.cases[0].values["expected"]
    assert (found, type(found)) == (value, type(value))
    assert str(found) == str(value)
