"""Books of mdBook: chapters, includes, quizzes. Nothing is lost without a word."""

import time

import pytest

from courses.models import Lesson
from studio.importing.formats import open_source, read_source
from studio.importing.mdbook.includes import Lines
from studio.importing.mdbook.summary import read_summary
from studio.importing.mdbook.text import page_of
from studio.importing.prose import fenced, in_prose
from studio.importing.refusal import ImportRefused
from tests.studio.test_bad_sources import source
from tests.studio.test_import_folder import bring, write

SUMMARY = """# Summary

[Preface](preface.md)

# Basics

- [Starting](start/README.md)
  - [Installing `tea`](start/install.md)
    - [On Mars](start/mars.md)
  - [Not yet]()
- [Alone](alone.md)
- [Alone too](./two.md)

# More

- [Third](<third one.md>) (?)
- [Missing](gone.md)

---

[Thanks](thanks.md)
some stray words
"""
PAGES = {
    "src/preface.md": "# Preface\n\nRead on: [install](start/install.html), [start](start/).",
    "src/start/README.md": "Begin at [two](../two.md#part).",
    "src/start/install.md": "Install.",
    "src/start/mars.md": "There is no air.",
    "src/alone.md": "Alone",
    "src/two.md": "Two ![pot](img/pot.svg)",
    "src/third one.md": "Three",
    "src/thanks.md": "Thanks",
}
BOOK = """[book]
title = "How to make tea"
description = "All of it."
authors = ["Ada <ada@example.org>", "Bob"]
[rust]
edition = "2021"
[output.html.code.hidelines]
python = "~"
"""


def book(**files):
    usual = {"book.toml": BOOK, "src/SUMMARY.md": SUMMARY, **PAGES}
    return read_source(source(usual | files))


def page(text, **files):
    """The text of a book's only page."""
    course = read_source(source({"SUMMARY.md": "- [Page](page.md)", "page.md": text, **files}))
    return course.lessons[0].values["content"], course


def reasons(course):
    return {skipped.path: skipped.reason for skipped in course.skipped}


def said(course):
    return [str(one) for one in course.warnings]


def test_modules_and_lessons_stand_in_the_order_of_the_summary():
    course = book()
    assert [
        (module.title, [lesson.title for lesson in module.lessons]) for module in course.modules
    ] == [
        ("Introduction", ["Preface"]),
        ("Starting", ["Starting", "Installing tea", "On Mars"]),
        ("Basics", ["Alone", "Alone too"]),
        ("More", ["Third"]),
        ("Appendices", ["Thanks"]),
    ]
    assert [lesson.key for lesson in course.lessons][:4] == [
        "preface", "start", "start-install", "start-mars",
    ]  # fmt: skip
    assert reasons(course) == {
        "src/SUMMARY.md:10 Not yet": "a draft: it has no file yet",
        "src/SUMMARY.md:17 gone.md": "there is no such file",
    }
    assert said(course) == [
        'src/SUMMARY.md:22: This line names no chapter and is left out: "some stray words".'
    ]


def test_the_book_says_what_the_course_is_called():
    course = book(LICENSE="MIT License\n", **{"LICENSE-APACHE": "Apache License\nVersion 2.0"})
    assert course.values["title"] == "How to make tea"
    assert course.values["summary"] == "All of it."
    assert course.values["authors"] == ["Ada", "Bob"]
    assert course.values["licence"] == "MIT or Apache-2.0"
    assert course.language == "rust"


def test_links_between_chapters_hold_by_the_names_of_the_built_book_as_well():
    course = book(**{"src/img/pot.svg": "<svg/>"})
    preface, start, two = (course.lessons[at] for at in (0, 1, 5))
    assert preface.values["content"] == (
        "Read on: [install](../02-start/02-start-install.md), [start](../02-start/01-start.md)."
    )
    assert start.values["content"] == "Begin at [two](../03-basics/02-two.md#part)."
    assert two.values["content"] == "Two ![pot](../src/img/pot.svg)"
    assert list(course.assets) == ["src/img/pot.svg"]


def test_a_chapter_named_twice_is_read_once_and_files_without_place_are_told():
    course = read_source(
        source(
            {
                "src/SUMMARY.md": "- [One](one.md)\n- [Again](one.md)\n",
                "src/one.md": "---\ntitle: x\n---\nOne.",
                "src/lost.md": "Lost.",
                "src/x.exe": "",
                "src/bad.svg": "<svg><script/></svg>",
                "theme/book.js": "",
            }
        )
    )
    assert [(one.title, one.values["content"], one.first_line) for one in course.lessons] == [
        ("One", "One.", 4)
    ]
    assert [module.title for module in course.modules] == ["Chapters"]
    assert reasons(course) == {
        "src/SUMMARY.md:2 src/one.md": "the summary names it a second time",
        "src/lost.md": "SUMMARY.md does not name it",
        "src/x.exe": "it is no part of the book",
        "src/bad.svg": "it is a picture with a program inside",
        "theme/book.js": "it is no part of the book",
    }


def test_a_book_without_a_summary_or_with_a_broken_book_toml_is_refused():
    with pytest.raises(ImportRefused, match=r"src/SUMMARY\.md: SUMMARY\.md is missing"):
        read_source(source({"book.toml": BOOK}))
    with pytest.raises(ImportRefused, match=r"book\.toml: This is not valid TOML"):
        book(**{"book.toml": "[book"})


def test_includes_bring_files_ranges_and_anchors():
    code = "a\n// ANCHOR: mid\nb\n// ANCHOR: in\nc\n// ANCHOR_END: in\nd\n// ANCHOR_END: mid\ne\n"
    text = "|".join(
        f"{{{{#include code/x.rs{place}}}}}"
        for place in ("", ":1", ":1:3", ":7:", "::1", ":mid", ":in")
    )
    content, course = page(text, **{"code/x.rs": code})
    assert content.split("|") == ["a\nb\nc\nd\ne", "a", "a\nb", "d\ne", "a", "b\nc\nd", "c"]
    assert course.skipped == []


def test_includes_that_cannot_be_resolved_stay_and_are_told_with_their_line():
    text = (
        "One\n{{#include ../../etc/passwd}}\n{{#include gone.rs}}\n{{#include x.rs:nope}}\n"
        "\\{{#include x.rs}}\n{{#if x}}\n{{#title Another}}"
    )
    content, course = page(text, **{"x.rs": "x"})
    assert "{{#include ../../etc/passwd}}" in content
    assert "\n{{#include x.rs}}\n{{#if x}}" in content
    assert "Another" not in content
    assert said(course) == [
        'page.md:2: The include "../../etc/passwd" is not resolved: it leads out of the book.',
        'page.md:3: The include "gone.rs" is not resolved: there is no such file.',
        'page.md:4: The include "x.rs:nope" is not resolved: there is no anchor "nope".',
    ]


def test_files_that_include_each_other_end_somewhere():
    start = time.monotonic()
    content, course = page(
        "{{#include a.md}}",
        **{"a.md": "{{#include b.md}}\n" * 50, "b.md": "{{#include a.md}}\n" * 50},
    )
    assert time.monotonic() - start < 5
    assert len(content) < 2_000_000
    assert "the page would become too long" in " ".join(said(course))


def test_code_of_the_playground_and_hidden_lines():
    rust = (
        "# use std;\nfn main() {\n    # hidden();\n    shown();\n#\n    ## comment\n#[test]\n#!x\n}"
    )
    content, _ = page("{{#playground x.rs editable}}", **{"x.rs": rust})
    assert content == ("```rust\nfn main() {\n    shown();\n    # comment\n#[test]\n#!x\n}\n```")
    assert page_of("```rust,ignore,editable\n# a\nb\n```", "") == "```rust\nb\n```"
    assert page_of("```python\n# a\n~b\n```", "", {"python": "~"}) == "```python\n# a\n```"
    assert page_of("```sh,hidelines=!!\n!!a\nb\n```", "") == "```sh\nb\n```"
    assert page_of("```\n# a\n```", "") == "```\n# a\n```"


def test_the_heading_that_repeats_the_title_goes_and_others_stay():
    assert page_of("# The `Tea`\n\nText", "The Tea") == "Text"
    assert page_of('<!-- old -->\n<a id="x"></a>\n## Tea {#tea}\n\nText', "Tea").endswith("Text")
    assert "Tea" not in page_of("Tea\n===\n\nText", "Tea")
    assert page_of("# Coffee {#c}\n\nText", "Tea") == "# Coffee\n\nText"


def test_listings_keep_their_file_and_caption():
    text = (
        '<Listing number="1-1" file-name="main.rs" caption="Uses `Vec<T>`">\n\n```rust\nx\n```\n\n'
        "</Listing>\n"
    )
    assert page_of(text, "") == (
        "Filename: main.rs\n\n\n```rust\nx\n```\n\n\nListing 1-1: Uses `Vec<T>`"
    )


QUIZ = '''
[multipart]
"both" = "Of tea:"
[[questions]]
id = "0-1"
type = "MultipleChoice"
multipart = "both"
prompt.prompt = "What is hot?"
prompt.distractors = ["Ice", "Snow"]
prompt.sortAnswers = true
answer.answer = "Tea"
context = "It is *boiled*."
[[questions]]
id = "0-2"
type = "MultipleChoice"
prompt.prompt = "Which two?"
prompt.distractors = ["a"]
answer.answer = ["b", "c"]
[[questions]]
id = "0-3"
type = "ShortAnswer"
prompt.prompt = "Which keyword?"
answer.answer = "let"
answer.alternatives = ["`let`"]
[[questions]]
id = "0-4"
type = "Tracing"
prompt.program = """
fn main() { }
"""
answer.doesCompile = true
answer.stdout = "5\\n6"
[[questions]]
id = "0-5"
type = "Tracing"
prompt.program = "fn main("
answer.doesCompile = false
answer.lineNumber = 1
[[questions]]
id = "0-6"
type = "Informative"
prompt.prompt = "Read this."
[[questions]]
id = "0-7"
type = "Tracing"
prompt.program = "fn main() {}"
answer.doesCompile = true
answer.stdout = ""
'''


def test_quizzes_stand_behind_their_page_with_a_link_in_its_place():
    content, course = page(
        "Before\n\n{{#quiz quizzes/one.toml}}\n\nAfter {{#quiz gone.toml}}",
        **{"quizzes/one.toml": QUIZ},
    )
    assert content == "Before\n\n{{quiz: 02-quiz-one}}\n\nAfter"
    quiz = course.lessons[1]
    assert quiz.title == "Quiz: Page"
    assert quiz.source.endswith("/02-quiz-one.quiz.yaml")
    assert [(one.key, one.values["kind"]) for one in quiz.quiz.questions] == [
        ("0-1", "SINGLE"), ("0-2", "MULTI"), ("0-3", "TEXT"), ("0-4", "TEXT"), ("0-5", "TEXT"),
    ]  # fmt: skip
    first, second, third, fourth, fifth = quiz.quiz.questions
    assert first.values["prompt"] == "Of tea:\n\nWhat is hot?"
    assert first.values["explanation"] == "It is *boiled*."
    assert [(o.values["text"], o.values["is_correct"]) for o in first.options] == [
        ("Ice", False), ("Snow", False), ("Tea", True),
    ]  # fmt: skip
    assert not first.values["shuffle"]
    assert second.values["shuffle"]
    assert third.values["accept"] == ["let", "`let`"]
    assert fourth.values["accept"] == ["5 6"]
    assert fourth.values["prompt"].startswith("```rust\nfn main() { }\n```\n\nWhat does")
    assert "error" in fifth.values["accept"]
    assert reasons(course) == {
        "quizzes/one.toml 0-6": 'questions of the type "Informative" are not supported',
        "quizzes/one.toml 0-7": "Write at least one accepted answer.",
    }
    assert "Read this." in course.skipped[0].original
    assert said(course) == ['page.md: There is no quiz "gone.toml".']


@pytest.mark.django_db
def test_a_book_comes_in_with_its_quizzes_and_a_second_time_nothing_changes(tmp_path):
    write(
        tmp_path / "a_book",
        {
            "book.toml": BOOK,
            "src/SUMMARY.md": "- [Page](page.md)\n  - [Next](next.md)\n",
            "src/page.md": "Read [on](next.html).\n\n{{#quiz ../quizzes/one.toml}}",
            "src/next.md": "![A pot](pot.svg)",
            "src/pot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "quizzes/one.toml": QUIZ,
        },
    )
    report = bring(tmp_path / "a_book")
    assert [str(one) for one in report.warnings] == []
    assert report.counts["created"] == report.source_nodes - 2
    html = Lesson.objects.get(key="page").content_html
    assert "quiz-link" in html
    assert 'href="/classroom/courses/a-book/lessons/' in html
    assert bring(tmp_path / "a_book").changes == 0


def test_a_broken_quiz_is_told_and_costs_nothing_else():
    content, course = page("Text\n\n{{#quiz one.toml}}", **{"one.toml": "[[questions"})
    assert content == "Text"
    (skipped,) = course.skipped
    assert (skipped.kind, skipped.original) == ("quiz", "[[questions")
    assert skipped.reason.startswith("This is not valid TOML")


def test_comments_rules_and_deep_lists_of_a_summary():
    text = (
        "<!-- [no](no.md)\n-->\n* [a](a.md)\n\t* [b](b.md)\n\t\t* [c](c.md)\n\t* [d](d.md)\n***\n"
    )
    (top,) = read_summary(text).chapters
    assert [one.path for one in top.all_below] == ["b.md", "c.md", "d.md"]


def test_prose_is_told_from_code():
    text = "a\n> ```\n> a\n> ```\na\n~~~ x\na\n```\na\n~~~\na\n```py\na"
    assert in_prose(text, lambda prose: prose.replace("a", "b")) == (
        "b\n> ```\n> a\n> ```\nb\n~~~ x\na\n```\na\n~~~\nb\n```py\na"
    )
    assert fenced("```\nx\n```", "md", 'a"b').startswith('````md title="ab"\n```')


def test_an_anchor_without_an_end_reaches_to_the_last_line():
    assert Lines.of("a\nANCHOR: x\nb\nc").part("x") == ["b", "c"]


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "- [a](" + "(" * 100_000, "{{#include " * 50_000,
             "<Listing a=" * 50_000, "`[" * 100_000, ("> " * 50 + "```\n") * 2_000]
)  # fmt: skip
def test_hostile_texts_are_read_at_once(text):
    start = time.monotonic()
    read_summary(text)
    page(text)
    assert time.monotonic() - start < 5


def test_a_tar_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "course.tar.gz").write_bytes(b"")
    with pytest.raises(ImportRefused, match=r"course\.tar\.gz is no \.zip: unpack it, and pack"):
        open_source(tmp_path / "course.tar.gz")
