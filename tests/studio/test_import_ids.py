"""Missing ids, written into the files of a folder without touching anything else in them."""

import pytest
from django.core.management import CommandError, call_command
from ruamel.yaml import YAML

from studio.importing.folder.writing_ids import Named, with_ids, write_all, write_ids
from studio.importing.formats import read_course
from studio.importing.refusal import ImportRefused
from tests.studio.test_import_folder import COURSE, lesson, write

QUIZ = """# What everybody should know.
id: check
title: "Check: tea"
questions:
  # The first one.
  - type: single   # one of them
    prompt: |
      Which is a tea?

      Choose.
    options:
      - {text: Green, correct: true}
      - id: sugar
        text: Sugar
      -   text: "Salt: no"
          feedback: No.
  - id: leaf
    type: text
    prompt: What is steeped?
    accept: [leaf]
  -
    type: open
    prompt: Why?
    model_answer: It warms.
"""
SPEC = """id: sum
title: Sum
language: python
function: total
minutes: 5
"""
CASES = """cases:
  - name: true
    args: [[1, 2]]
    expect: 3
    visible: true
  - {name: 'two of them', args: [[2]], expect: 2, visible: true}
"""


@pytest.fixture
def folder(tmp_path):
    return write(
        tmp_path / "tea",
        {
            "course.yaml": COURSE,
            "01-water/01-boil.md": lesson(id="boil"),
            "01-water/02-check.quiz.yaml": QUIZ,
            "01-water/03-sum/assignment.yaml": SPEC,
            "01-water/03-sum/description.md": "Add them up.",
            "01-water/03-sum/solution.py": "def total(numbers):\n    return sum(numbers)\n",
            "01-water/03-sum/tests.yaml": CASES,
        },
    )


def keys(folder):
    tree = read_course(folder)
    found = []
    for one in tree.lessons:
        for question in one.quiz.questions if one.quiz else []:
            found += [question.key, *(option.key for option in question.options)]
        found += [case.key for case in one.assignment.cases] if one.assignment else []
    return found


def test_every_id_that_was_made_stands_in_its_file_afterwards(folder):
    before = keys(folder)
    assert sum(finding.code == "id" for finding in read_course(folder).warnings) == 4
    assert write_ids(folder) == {
        "01-water/02-check.quiz.yaml": 4, "01-water/03-sum/tests.yaml": 2,
    }  # fmt: skip
    assert keys(folder) == before
    assert [finding.code for finding in read_course(folder).warnings] == []
    assert write_ids(folder) == {}


def test_comments_and_layout_stay_as_they_are(folder):
    write_ids(folder)
    text = (folder / "01-water/02-check.quiz.yaml").read_text()
    first, green, _, salt, _, why = keys(folder)[:6]
    added = [f"  - id: {first}", f"          id: {salt}", f"    id: {why}"]
    assert "  # The first one.\n  - id: " in text
    assert "    type: single   # one of them\n" in text
    assert f"- {{id: {green}, text: Green, correct: true}}\n" in text
    assert f'      -   id: {salt}\n          text: "Salt: no"\n' in text
    assert f"  -\n    id: {why}\n    type: open\n" in text
    assert len(text.splitlines()) == len(QUIZ.splitlines()) + len(added)
    assert "  - id: 'true'\n    name: true\n" in (folder / "01-water/03-sum/tests.yaml").read_text()


def test_line_ends_and_the_byte_order_mark_stay(folder):
    file = folder / "01-water/02-check.quiz.yaml"
    file.write_bytes(("\ufeff" + QUIZ.replace("\n", "\r\n")).encode())
    before = keys(folder)
    write_ids(folder)
    data = file.read_bytes().decode()
    assert data.startswith("\ufeff# What")
    assert data.count("\r\n") == data.count("\n")
    assert keys(folder) == before


def test_what_has_its_ids_is_left_alone():
    text = "questions:\n  - id: a\n    prompt: x\n"
    assert with_ids(text, "questions", [Named("a")]) == (text, 0)
    assert with_ids("questions: []\n", "questions", []) == ("questions: []\n", 0)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("- id:\n    prompt: x", "- id: a\n    prompt: x"),
        ("- id: \n    prompt: x", "- id: a\n    prompt: x"),
        ("- id: ~\n    prompt: x", "- id: a\n    prompt: x"),
        ("- id:   # none yet\n    prompt: x", "- id: a   # none yet\n    prompt: x"),
        ("- prompt: x\n    id:", "- prompt: x\n    id: a"),
        ("- {id: , prompt: x}", "- {id: a, prompt: x}"),
        ("- {prompt: x, id: null}", "- {prompt: x, id: a}"),
    ],
)
def test_an_id_with_nothing_behind_it_is_missing(given, wanted):
    text, number = with_ids(f"questions:\n  {given}\n", "questions", [Named("a")])
    assert number == 1
    assert YAML(typ="safe").load(text) == YAML(typ="safe").load(f"questions:\n  {wanted}\n")
    assert with_ids(text, "questions", [Named("a")]) == (text, 0)


def test_nothing_is_written_where_one_file_cannot_be(tmp_path):
    good, folder = tmp_path / "a.quiz.yaml", tmp_path / "b.quiz.yaml"
    good.write_text("before")
    folder.mkdir()
    with pytest.raises(ImportRefused, match=r"Cannot write .*b\.quiz\.yaml: Is a directory"):
        write_all({good: b"after", folder: b"after"})
    assert good.read_text() == "before"


def test_the_command_says_how_many(folder, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("import_course", str(folder), "--write-ids", "--dry-run")
    assert end.value.code == 2
    assert "6 ids would be written into 2 files." in capsys.readouterr().out
    call_command("import_course", str(folder), "--write-ids")
    assert "6 ids written into 2 files." in capsys.readouterr().out
    call_command("import_course", str(folder), "--write-ids")
    assert "No id is missing." in capsys.readouterr().out


def test_only_folders_are_written_into(folder, tmp_path):
    for path in (folder / "course.yaml", tmp_path / "none.zip"):
        with pytest.raises(CommandError, match="into a folder"):
            call_command("import_course", str(path), "--write-ids")
    with pytest.raises(ImportRefused, match=r"with a course\.yaml"):
        write_ids(write(tmp_path / "other", {"a.md": "x"}))


def test_a_folder_with_one_folder_around_it_is_found(folder, tmp_path):
    around = tmp_path / "around"
    around.mkdir()
    folder.rename(around / "tea")
    assert sum(write_ids(around).values()) == 6
