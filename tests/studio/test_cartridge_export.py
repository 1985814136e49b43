"""A course as a Common Cartridge: what stands in it, and what our own reader gets back."""

from functools import cache
from pathlib import Path

import pytest

from studio.exporting.cartridge import write_cartridge
from studio.exporting.written import zip_of
from studio.importing.archive import open_archive
from studio.importing.formats import read_course, read_source
from studio.importing.strict_xml import attribute, descendants, parse_xml, text_of_element
from tests.studio.test_import_folder import COURSE, bring, write

DEMO = Path(__file__).parents[2] / "demo"
COURSES = sorted(path.name for path in DEMO.iterdir() if path.is_dir())
VIDEO = "---\ntype: video\nurl: https://youtu.be/dQw4w9WgXcQ\n---\n"
QUIZ = """title: Check
questions:
  - id: one
    type: numeric
    prompt: How `many`?
    accept: ["1000", "-2.5"]
    tolerance: "1%"
  - {id: two, type: text, prompt: Name?, accept: [a<b, "1"], match_case: true, points: 2.5}
"""
ASKED = ("kind", "accept", "tolerance", "match_case", "points", "shuffle")


@cache
def demo(name):
    """A course of the demo, what it goes out as, and what comes back."""
    course = read_course(DEMO / name)
    written = write_cartridge(course)
    return course, written, back(written)


def back(written, slug="back"):
    return read_source(open_archive(zip_of(written.files, ""), "x"), slug, "")


def outline(course):
    return [
        (module.title, [lesson.title for lesson in module.lessons]) for module in course.modules
    ]


def questions(course):
    return [
        (
            one.key,
            {name: one.values[name] for name in ASKED},
            [(option.key, option.values["is_correct"]) for option in one.options],
        )
        for lesson in course.lessons
        if lesson.quiz
        for one in lesson.quiz.questions
    ]


def texts(course):
    return [
        " ".join(text.split())
        for lesson in course.lessons
        if lesson.quiz
        for one in lesson.quiz.questions
        for text, _ in one.texts
    ]


@pytest.mark.parametrize("name", COURSES)
def test_what_our_reader_gets_back_is_the_same_course(name):
    course, _, again = demo(name)
    assert again.values["title"] == course.values["title"]
    assert outline(again) == outline(course)
    assert questions(again) == questions(course)
    assert texts(again) == texts(course)
    assert {path.removeprefix("web_resources/") for path in again.assets} == set(course.assets)
    assert again.skipped == []
    assert [str(one) for one in again.warnings] == []


@pytest.mark.parametrize("name", COURSES)
def test_a_course_that_came_back_goes_out_as_it_came_in(name):
    once = demo(name)[2]
    twice = back(write_cartridge(once))
    assert [one.values["title"] for one in twice.lessons] == [one.title for one in once.lessons]
    assert questions(twice) == questions(once)


def test_the_same_course_gives_the_same_bytes():
    first, second = demo(COURSES[0])[1], write_cartridge(read_course(DEMO / COURSES[0]))
    assert first.files == second.files
    assert zip_of(first.files, "") == zip_of(second.files, "")


def test_every_file_is_in_the_manifest_and_every_leaf_has_its_resource():
    written = demo(COURSES[0])[1]
    root = parse_xml(written.files["imsmanifest.xml"], "imsmanifest.xml")
    named = {attribute(one, "href") for one in descendants(root, "file")}
    assert named == set(written.files) - {"imsmanifest.xml"}
    keys = {attribute(one, "identifier") for one in descendants(root, "resource")}
    leaves = [attribute(one, "identifierref") for one in descendants(root, "item")]
    assert {ref for ref in leaves if ref} <= keys
    everything = [
        attribute(one, "identifier") for one in root.iter() if attribute(one, "identifier")
    ]
    assert len(everything) == len(set(everything))
    assert text_of_element(next(descendants(root, "schemaversion"))) == "1.1.0"


@pytest.fixture
def course(tmp_path):
    files = {
        "course.yaml": COURSE,
        "01-a/01-read.md": '---\ntitle: Read & "write"\n---\n\n## Head\n\n[Next](02-watch.md) '
        "![A](../assets/a.png)\n\n{{quiz: 04-check}}\n",
        "01-a/02-watch.md": VIDEO,
        "01-a/03-both.md": VIDEO + "\nSee **it**.\n",
        "01-a/04-check.quiz.yaml": QUIZ,
        "assets/a.png": b"png",
    }
    write(tmp_path / "course", files)
    return read_course(tmp_path / "course")


def test_pages_are_html_with_links_inside_the_cartridge(course):
    page = next(
        data.decode() for path, data in write_cartridge(course).files.items() if "read" in path
    )
    assert "<title>Read &amp; &quot;write&quot;</title>" in page
    assert 'href="aread' not in page
    assert '<img src="../web_resources/assets/a.png"' in page
    assert 'class="anchor"' not in page
    assert "a-check.qti.xml" in page


def test_a_video_is_a_link_and_one_with_a_text_a_page(course):
    again = back(write_cartridge(course))
    watch, both = again.lessons[1:3]
    assert [one.values["kind"] for one in (watch, both)] == ["VIDEO", "VIDEO"]
    assert both.values["content"] == "See **it**."
    assert any(path.endswith("watch.link.xml") for path in write_cartridge(course).files)


def test_a_text_comes_back_to_the_letter_with_links_to_lessons(course):
    [text] = [one.values["content"] for one in back(write_cartridge(course)).lessons[:1]]
    assert text.startswith("## Head\n\n[Next](02-")
    assert "![A](../web_resources/assets/a.png)" in text
    assert text.endswith(".quiz.yaml)")


def test_what_the_format_cannot_hold_is_named(course):
    lost = [str(one) for one in write_cartridge(course).lost]
    assert any("no place for" in one and "minutes, XP" in one for one in lost)
    assert any("the tolerance" in one for one in lost)
    assert any("code, cases" in one.message for one in demo("python-basics")[1].lost)


@pytest.mark.django_db
def test_a_cartridge_is_imported_and_a_second_time_changes_nothing(tmp_path):
    path = tmp_path / "git-for-all.imscc"
    path.write_bytes(zip_of(demo("git-for-one")[1].files, ""))
    first, second = bring(path), bring(path)
    assert first.counts["skipped"] == 0
    assert first.counts["created"] == first.source_nodes
    assert second.changes == 0
    assert first.warnings == []
