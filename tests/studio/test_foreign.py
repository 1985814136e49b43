"""What all readers of foreign formats keep to: ids of their own, limits, texts that can be kept."""

import json

import pytest

from studio.importing.files import Source
from studio.importing.foreign import MAX_LESSONS, MAX_MODULES, ForeignCourse, Part
from studio.importing.foreign_questions import Choice, Found, question_of
from studio.importing.formats import read_source
from studio.importing.html_text import MAX_HTML, markdown_of
from studio.importing.names import CUT, Keys
from studio.importing.refusal import Finding, ImportRefused
from tests.studio.test_bad_sources import source


def course():
    return ForeignCourse(source({"a.txt": "a"}), "tea", "Tea")


def test_an_id_is_counted_up_until_nobody_has_it():
    keys = Keys()
    assert [keys.free(one) for one in ("a", "a-2", "a", "a", "a-2")] == [
        "a", "a-2", "a-3", "a-4", "a-2-2",
    ]  # fmt: skip


def test_options_and_questions_of_like_ids_all_stay():
    choices = [Choice(one, one == "x", key=key) for one, key in zip("xyz", ("a", "A", "a-2"))]  # noqa: B905
    node = question_of(course(), Found("SINGLE", "Which?", choices=choices))
    assert [one.key for one in node.options] == ["a", "a-2", "a-2-2"]
    text = "\n\n".join(
        f"// [id:{key}]\n{key} {at}{{=b}}" for at, key in enumerate(("a", "a", "a-2"))
    )
    (quiz,) = read_source(source({"check.gift": text, "other.gift": ""})).lessons
    assert len({one.key for one in quiz.quiz.questions}) == 3


def test_modules_and_lessons_have_limits_in_words():
    made = course()
    for number in range(MAX_MODULES):
        module = made.module("m", f"Module {number}")
    with pytest.raises(ImportRefused, match="at most 200 modules"):
        made.module("m", "One more")
    for _ in range(MAX_LESSONS):
        made.page(module, Part("tea", "Tea", "tea.md", "Hot."))
    with pytest.raises(ImportRefused, match="at most 2,000 lessons"):
        made.page(module, Part("tea", "Tea", "tea.md", "Hot."))
    with pytest.raises(ImportRefused) as refused:
        made.finish()
    assert len(refused.value.findings) == 2
    assert made.lessons[-1].key == "tea-2000"


def test_nothing_that_cannot_be_kept_is_left_in_a_tree():
    made = course()
    made.title = "A\0 \ud800B"
    made.summary = made.description = made.licence = "a\0b\ud800"
    made.authors = ["A\0da"]
    made.skip("p\0", "r\ud800", "file", "o\0")
    made.warn("w\0", "p\ud800")
    made.warn_of(ImportRefused([Finding("m\0", "p\ud800", 3, "c")]))
    made.page(made.module("m", "M\0"), Part("a", "T\0", "a.md", "x\0\ud800"))
    tree = made.finish()
    shown = repr((tree.values, tree.skipped, tree.warnings, tree.modules))
    assert "\\x00" not in shown
    assert "\\ud800" not in shown
    assert tree.values["description"] == "ab"
    assert (tree.warnings[-1].line, tree.warnings[-1].code) == (3, "c")


@pytest.mark.parametrize(
    "files",
    [
        {"book.toml": '[book]\ntitle = "a\\u0000b"\ndescription = "\\u0000"\n',
         "src/SUMMARY.md": "- [A](a.md)\n", "src/a.md": "A"},
        {"course-info.yaml": 'title: T\nsummary: "\\ud800\\0"\ncontent: [l]\n',
         "l/lesson-info.yaml": "content: [t]\n", "l/t/task-info.yaml": "type: theory\n",
         "l/t/task.md": "T"},
        {"config.yaml": 'title: "a\\0b"\n', "episodes/01-a.md": "---\ntitle: A\n---\nA"},
        {"a/canonical-data.json": json.dumps({"cases": [
            {"property": "f", "input": {"a": 1}, "expected": 1, "description": "d"}]}),
         "a/metadata.toml": 'title = "T\\u0000"\nblurb = "\\u0000b"\nsource = "\\u0000"\n',
         "b/README.md": "b"},
    ],
)  # fmt: skip
def test_files_of_every_kind_may_hold_nul(files):
    tree = read_source(source(files))
    shown = json.dumps([tree.values, [one.values for one in tree.lessons]], default=str)
    assert "\\u0000" not in shown
    assert "\\ud800" not in shown


def test_a_text_that_was_cut_is_told():
    html = "<p>" + "<b></b>" * (MAX_HTML // 14) + "tea " * 100_000
    text = markdown_of(f"{html}")
    assert text.endswith(CUT)
    made = course()
    lesson = made.page(made.module("m", "M"), Part("a", "A", "a.html", text))
    assert CUT not in lesson.values["content"]
    assert [(one.code, one.path) for one in made.warnings] == [("length", "a.html")]
    node = question_of(made, Found("TEXT", f"Tea?{CUT}", accept=["yes"], path="q.xml", line=4))
    assert node.values["prompt"] == "Tea?"
    assert (made.warnings[-1].path, made.warnings[-1].line) == ("q.xml", 4)
    assert not markdown_of("<p>tea</p>").endswith(CUT)


def test_a_folder_of_exercism_may_have_any_name():
    cases = json.dumps({"cases": [{"property": "f", "input": {"a": 1}, "expected": 1}]})
    files = source({"two_fer/canonical-data.json": cases, "b": ""}).files
    named = {name: read_source(Source(name, files)) for name in ("my_own problems", "§")}
    assert [one.slug for one in named.values()] == ["my-own-problems", "exercism"]
    assert named["my_own problems"].values["title"] == "My own problems"
    assert [one.key for one in named["§"].lessons] == ["two_fer"]
