"""Archives and YAML made to do harm: refused in one sentence, in bounded time and space."""

import io
import json
import os
import random
import re
import struct
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from courses.models import Course, Lesson
from studio.importing.apply import import_course
from studio.importing.archive import open_archive
from studio.importing.files import Source, SourceFile
from studio.importing.folder.course import CourseFolder
from studio.importing.folder.lesson_file import doubts_about, title_from, title_of_name
from studio.importing.formats import read_course, read_source
from studio.importing.refusal import Finding, ImportRefused
from studio.importing.report import Action, Report
from studio.importing.strict_yaml import load

COURSE = "format: 1\nid: tea\ntitle: Tea\nsummary: How to make tea.\n"


def packed(*files: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def with_info(name: str, **fields: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo(name)
        for field, value in fields.items():
            setattr(info, field, value)
        archive.writestr(info, "target")
    return stream.getvalue()


def source(files: dict[str, str]) -> Source:
    """A source in memory."""

    def file(path: str, text: str) -> SourceFile:
        data = text.encode("utf-8", "surrogatepass")
        return SourceFile(path, len(data), lambda: data)

    return Source("tea", {path: file(path, text) for path, text in files.items()})


def refusal_of(files: dict[str, str]) -> str:
    with pytest.raises(ImportRefused) as refusal:
        CourseFolder(source({"course.yaml": COURSE, **files})).read()
    return str(refusal.value)


@pytest.mark.parametrize(
    "name",
    ["/abs.md", "../evil.md", "a/../../b.md", "C:\\x.md", "a\\..\\..\\b.md", "a//b.md",
     "./a.md", "a/./b", "nul\x01.md", "a" * 300, "/".join("abcdefghijklmnop"), "..", "x/..",
     "a\u202egnp.md", "a\u2066.md", "a\u200f.md", "a\u061c.md", "a\x85.md", "a\u2028b.md"],
)  # fmt: skip
def test_names_that_could_leave_the_course_are_refused(name):
    raw = name.encode()
    data = packed(("course.yaml", COURSE), ("p" * len(raw), "x")).replace(b"p" * len(raw), raw)
    with pytest.raises(ImportRefused, match="Entry name not allowed"):
        open_archive(data, "tea")


ODD = ["01-a/what?.md", "01-a/C: x.md", "01-a/<b>.png", '01-a/"c"|*.txt']


def test_names_that_not_every_system_can_have_are_left_out_and_told(tmp_path):
    files = {"tea/course.yaml": COURSE, "tea/01-a/01-x.md": "Text"}
    odd = [(f"tea/{name}", "x") for name in ODD]
    tree = read_source(open_archive(packed(*files.items(), *odd), "tea"))
    assert [one.path for one in tree.skipped] == sorted(ODD)
    assert "its name holds one of" in tree.skipped[0].reason
    (tmp_path / "01-a").mkdir()
    (tmp_path / "course.yaml").write_text(COURSE)
    (tmp_path / "01-a/01-x.md").write_text("Text")
    (tmp_path / ODD[0]).write_text("x")
    assert [one.path for one in read_course(tmp_path).skipped] == [ODD[0]]


def test_an_odd_name_around_everything_is_no_matter():
    files = {"My: tea/course.yaml": COURSE, "My: tea/01-a/01-x.md": "Text"}
    tree = read_source(open_archive(packed(*files.items()), "tea"))
    assert (tree.slug, tree.skipped) == ("tea", [])


def test_the_longest_name_is_told_in_the_form_that_is_kept():
    grows = "\u0958" * 130
    with pytest.raises(ImportRefused, match="Entry name not allowed"):
        open_archive(packed(("course.yaml", COURSE), (f"{grows}.md", "x")), "tea")
    shrinks = "e\u0301" * 130
    data = packed(("course.yaml", COURSE), (f"{shrinks}.md", "x"))
    assert f"{'é' * 130}.md" in open_archive(data, "tea").files


def test_a_folder_around_everything_does_not_count_for_the_longest_name():
    name = "/".join(["0123456789abcdefghi"] * 12)
    assert len(name) == 239
    data = packed(("t" * 80 + "/course.yaml", COURSE), (f"{'t' * 80}/{name}", "x"))
    assert name in open_archive(data, "tea").files
    with pytest.raises(ImportRefused, match="Entry name not allowed"):
        open_archive(packed(("course.yaml", COURSE), (f"{name}/x", "x")), "tea")


def test_a_file_whose_name_is_no_text_is_refused(tmp_path):
    (tmp_path / "course.yaml").write_text(COURSE)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("x")
    with pytest.raises(ImportRefused, match=r'Entry name not allowed: "caf\?\.md"'):
        read_course(tmp_path)


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7 ...", b"PK\x03\x04", b"\xff\xd8\xff\xe0JPEG" + packed(("a", "b")),
     packed(("a", "b"))[:-5], packed(("a", "b")) + b"x", b"PK\x05\x06",
     b"PK\x05\x06" + b"\xff" * 18],
)  # fmt: skip
def test_what_is_no_zip_file_is_refused(data):
    with pytest.raises(ImportRefused, match=r"This is no .zip file|More than"):
        open_archive(data, "x")


def test_links_in_archives_and_folders_are_refused(tmp_path):
    with pytest.raises(ImportRefused, match="Links are not allowed"):
        open_archive(with_info("link.md", external_attr=0o120777 << 16, create_system=3), "x")
    (tmp_path / "course.yaml").write_text(COURSE)
    (tmp_path / "passwd.md").symlink_to("/etc/passwd")
    with pytest.raises(ImportRefused, match=r"passwd.md: Links are not allowed"):
        read_course(tmp_path)
    (tmp_path / "passwd.md").unlink()
    (tmp_path / "etc").symlink_to("/etc")
    with pytest.raises(ImportRefused, match="Links are not allowed"):
        read_course(tmp_path)


def test_encrypted_archives_are_refused():
    data = bytearray(packed(("a.md", "b")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ImportRefused, match="Encrypted"):
        open_archive(bytes(data), "x")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("course.yaml", "course.yaml"), "same name"),
        (("A.md", "a.md"), "same name"),
        (("caf\u00e9.md", "cafe\u0301.md"), "same name"),
        (("inner.zip",), "Archives inside"),
        (("x/inner.tar.gz",), "Archives inside"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_twins_and_archives_in_archives_are_refused(names, said):
    with pytest.raises(ImportRefused, match=said):
        open_archive(packed(*((name, "x") for name in names)), "x")


def test_an_archive_that_unpacks_to_too_much_is_refused():
    with pytest.raises(ImportRefused, match=r"too densely|larger than"):
        open_archive(packed(("a.md", b"\0" * 15_000_000)), "x")
    with pytest.raises(ImportRefused, match="larger than 20 MiB"):
        open_archive(packed(("a.md", b"\0" * 21 * 1024 * 1024)), "x")
    with pytest.raises(ImportRefused, match="larger than 64 MiB"):
        open_archive(b"PK\x03\x04" + b"\0" * 65 * 1024 * 1024, "x")


def test_too_many_entries_are_refused():
    with pytest.raises(ImportRefused, match="More than 5,000"):
        open_archive(packed(*((f"{n}.md", "") for n in range(5_001)), method=0), "x")


def test_a_header_that_lies_about_the_size_is_found_out():
    data = bytearray(packed(("course.yaml", "x" * 50_000)))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 1_000)
    archive = open_archive(bytes(data), "x")
    with pytest.raises(ImportRefused, match="damaged"):
        archive.files["course.yaml"].read()


def test_a_flipped_bit_is_found_out():
    data = bytearray(packed(("course.yaml", "x" * 500), method=zipfile.ZIP_STORED))
    data[60] ^= 1
    with pytest.raises(ImportRefused, match="damaged"):
        open_archive(bytes(data), "x").files["course.yaml"].read()


def test_entries_that_overlap_are_refused():
    data = bytearray(packed(("a.md", "x" * 50), ("b.md", "y" * 50), method=0))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    data[second + 46 : second + 50] = b"a.md"
    with pytest.raises(ImportRefused, match="overlap"):
        open_archive(bytes(data), "x")


def test_random_damage_never_raises_anything_else():
    chance = random.Random(7)
    good = packed(("course.yaml", COURSE), ("01-a/01-b.md", "# Hi\n\nText " * 50))
    for _ in range(400):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(ImportRefused):
            CourseFolder(open_archive(bytes(data), "x")).read()


@pytest.mark.django_db
def test_a_zip_with_a_top_folder_is_the_same_course(tmp_path):
    files = {
        "course.yaml": COURSE,
        "01-a/01-b.md": "# Hi\n\nText",
        "__MACOSX/._x": "",
        ".DS_Store": "",
    }
    for top in ("", "tea-main/"):
        path = tmp_path / f"x{len(top)}.zip"
        path.write_bytes(packed(*((f"{top}{name}", text) for name, text in files.items())))
        report = import_course(read_course(path))
        assert report.source_nodes == 3
    assert report.changes == 0


@pytest.mark.django_db
def test_a_large_archive_is_imported_in_seconds(tmp_path):
    chance = random.Random(3)
    noise = ((f"assets/{n}.mp4", chance.randbytes(500_000)) for n in range(10))
    text = "## Heading\n\n```python\nprint(1)\n```\n\nSome *text* with `code`.\n\n" * 20
    lessons = ((f"01-m/{n:02}-l{n}.md", f"---\ntitle: L{n}\n---\n{text}") for n in range(20))
    path = tmp_path / "big.zip"
    path.write_bytes(packed(("course.yaml", COURSE), *noise, *lessons))
    assert path.stat().st_size > 5_000_000
    start = time.perf_counter()
    import_course(read_course(path))
    assert time.perf_counter() - start < 5
    assert Lesson.objects.count() == 20


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: !!python/object/apply:os.system [x]", r"course.yaml:1: The tag .* is not allowed"),
        ("id: x\ntitle: !!python/object/apply:os.system [x]", "course.yaml:2: The tag"),
        ("a: &a [*a]", "Aliases are not allowed"),
        ("a: &a 1\nb: *a", "course.yaml:1: Aliases are not allowed"),
        ("a: 1\nb: 2\na: 3", 'course.yaml:3: The field "a" stands here twice'),
        ("a: " + "[" * 2_000, "nested too deeply|cannot be read"),
        ("{" * 2_000, "nested too deeply|cannot be read|must be a word|not valid"),
        (
            "title: Loops: for",
            'course.yaml:1: A text with a colon needs quotes: title: "Loops: for"',
        ),
        ("a: [1, 2", "course.yaml:.*not valid YAML"),
        ("- a\n- b", "Fields are expected here"),
        ("just text", "Fields are expected here"),
        ("a: 1\n---\nb: 2", "Only one document"),
        ("? [a]\n: b", "must be a word"),
        ("a: " + "x" * 70_000, "longer than 64 KiB"),
        ("a: [" + "1," * 6_000 + "]", "More than 5,000 values"),
        ("\ta: 1", "not valid YAML"),
        ("%YAML 9.9\n---\na: 1", "not valid YAML|cannot be read"),
        ("a: \x07", "cannot be read|not valid"),
    ],
)
def test_yaml_that_is_hostile_or_wrong_is_refused_with_its_line(text, said):
    with pytest.raises(ImportRefused, match=said):
        load(text, "course.yaml")


def test_yaml_values_stay_as_they_were_written():
    text = "id: 007\nversion: 1.10\nlanguage: no\nat: 12:30\nday: 2026-13-45\nn: .nan\ny: yes\n"
    values = {name: value.text for name, value in load(text, "").items.items()}
    assert values == {
        "id": "007", "version": "1.10", "language": "no", "at": "12:30", "day": "2026-13-45",
        "n": ".nan", "y": "yes",
    }  # fmt: skip
    assert load("", "").items == {}
    assert load("# nothing\n", "").items == {}


def test_yaml_bombs_are_refused_at_once():
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    start = time.perf_counter()
    with pytest.raises(ImportRefused, match="Aliases"):
        load(bomb, "")
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("minutes: ten", '01-a/x.md:2: "minutes" must be a whole number'),
        ("minutes: '10'", "must be a whole number"),
        ("minutes: 0", "must be from 1 to 600"),
        ("minutes: 010", "must be a whole number"),
        ("xp: 5000", "must be from 1 to 1000"),
        ("draft: yes", '"draft" must be true or false'),
        ("type: article2", '"type" must be one of article, video, code, interactive'),
        ("title: [a]", '"title" must be a text'),
        ("title: " + "x" * 121, "121 of at most 120"),
        ("drfat: true", 'Unknown field "drfat". Is it "draft"?'),
        ("id: Ümlaut", '"id" is not allowed'),
        ("id: \u0430dmin", '"id" is not allowed'),
        ("id: " + "x" * 300, "300 of at most 200"),
        ("title: \"a\\0b\"", "control character"),
        ('title: "\\uD800"', "control character|cannot be read|not valid"),
        ("type: video", 'A video needs a "url"'),
        ("type: video\nurl: http://169.254.169.254/x", "Use an address of a YouTube"),
        ("type: video\nurl: https://evil.example/x", "Use an address of a YouTube"),
        ("type: video\nurl: https://youtube.com@evil.example/x", "Use an address of a YouTube"),
        ("type: video\nurl: ../../etc/passwd", 'Unknown reference "../../etc/passwd"'),
        ("type: video\nurl: javascript:alert(1)", "Use an address of a YouTube"),
        ("url: https://youtu.be/x", "Only a lesson of type video"),
        ("type: interactive", 'needs a "widget"'),
        ("type: interactive\nwidget: gone.html", 'Unknown reference "gone.html"'),
    ],
)  # fmt: skip
def test_fields_of_lessons_are_typed(front, said):
    answer = refusal_of({"01-a/x.md": f"---\n{front}\n---\nText"})
    assert any(words in answer for words in said.split("|"))


QUIZ_FAULTS = [
    ("", "", '1: A quiz needs "questions".'),
    ("passs: 60", "", '2: Unknown field "passs". Is it "pass"?'),
    ("preview: true", "", '2: Unknown field "preview".'),
    ("pass: 0", "", '2: "pass" must be from 1 to 100.'),
    ("pass: 70%", "", '2: "pass" must be a whole number.'),
    ("time_limit: 0", "", '2: "time_limit" must be from 1 to 600.'),
    ("layout: two", "", '2: "layout" must be one of one, all.'),
    ("review: always", "", '2: "review" must be one of each, last, never.'),
    ("questions: all", "", '2: "questions" must be a list of at most 200.'),
    ("questions: [a]", "", '2: Each of "questions" has fields, such as "id: …".'),
    ("banks: [a]", "", '2: "banks" must hold fields of its own'),
    ("banks: {b: 1}", "type: text\naccept: x", '2: No question has "bank: b".'),
    ("banks: {b: 2}", "type: text\naccept: x\nbank: b",
     '2: 2 are to be drawn from the bank "b", which has 1.'),
    ("banks: {b: 0}", "type: text\naccept: x\nbank: b", '2: "b" must be from 1 to 200.'),
    ("", "type: text\naccept: x\nbank: b", '3: Unknown bank "b"'),
    ("", "type: txt\naccept: x", '5: "type" must be one of single, multi, text, numeric, open.'),
    ("", "accept: x", '3: "type" is missing: one of single'),
    ("", "type: text", '3: "accept": Write at least one accepted answer.'),
    ("", "type: text\naccept: []", '6: "accept": Write at least one accepted answer.'),
    ("", 'type: text\naccept: ""', '6: "accept" holds an empty text.'),
    ("", "type: text\naccept: {a: b}", '6: "accept" must be a list'),
    ("", "type: numeric\naccept: [1, two]", '6: "accept": “two” is not a number.'),
    ("", "type: numeric\naccept: 1\ntolerance: a bit", '7: "tolerance": Write the tolerance as'),
    ("", "type: numeric\naccept: 1\ntolerance: -1", '7: "tolerance": Write the tolerance as'),
    ("", "type: numeric\naccept: 1\nmatch_case: true",
     '7: A question of type numeric has no "match_case".'),
    ("", "type: single\naccept: x", '6: A question of type single has no "accept".'),
    ("", "type: text\naccept: x\noptions: [{text: A}]",
     '7: A question of type text has no "options".'),
    ("", "type: open", '3: "model_answer": Write a model answer,'),
    ("", "type: open\nmodel_answer: Yes.\npoints: 1", '7: "points": Open questions pay no points'),
    ("", "type: open\nmodel_answer: Yes.", '3: No question pays points'),
    ("", "type: text\naccept: x\npoints: 0", '3: No question pays points'),
    ("", "type: text\naccept: x\npoints: -1", '7: "points" must be a number from 0 to 100'),
    ("", "type: text\naccept: x\npoints: 101", '7: "points" must be a number from 0 to 100'),
    ("", "type: text\naccept: x\npoints: 1.005", '7: "points" must be a number from 0 to 100'),
    ("", "type: text\naccept: x\ntopics: [a, b, c, d, e, f]",
     '7: "topics" must be a list of at most 5 texts.'),
    ("", f"type: text\naccept: x\ntopics: [{'x' * 61}]", '7: "topics" has 61 of at most 60'),
    ("", "type: text\naccept: x\nlesson: gone", '7: Unknown reference "gone" in "lesson".'),
    ("", "type: text\naccept: x\nhint: y", '7: Unknown field "hint".'),
    ("", "type: text\naccept: x\nexplanation: " + "x" * 20_001, '7: "explanation" has 20,001 of'),
    ("", "type: single", '3: "options": Write at least two options.'),
    ("", "type: single\noptions: [{text: A, correct: true}]", '6: "options": Write at least two'),
    ("", "type: single\noptions: [{text: A}, {text: B}]",
     '6: "options": Mark exactly one option as correct; none is.'),
    ("", "type: single\noptions: [{text: A, correct: true}, {text: B, correct: true}]",
     '6: "options": Mark exactly one option as correct; 2 are.'),
    ("", "type: multi\noptions: [{text: A}, {text: B}]",
     '6: "options": Mark at least one option as correct.'),
    ("", "type: multi\noptions: [{text: A, correct: yes}, {text: B}]",
     '6: "correct" must be true or false.'),
    ("", "type: multi\noptions:\n- {id: a, text: A, correct: true}\n- {id: a, text: B}",
     '8: The option id "a" appears twice: in line 7 and here.'),
    ("", "type: multi\noptions:\n- {text: A, correct: true}\n- {text: A}",
     '8: The option id "o-559aead082" appears twice: in line 7 and here.'),
    ("", "type: multi\noptions:\n- {id: a, text: A, correct: true}\n- {id: b, text: A}",
     '7: "options": Two options say the same.'),
    ("", "type: text\naccept: a\ufffdb", '6: "accept": An accepted answer has characters that'),
    ("banks: {'': 1}", "type: text\naccept: x", '2: No question has "bank: ".'),
    ("", "type: multi\noptions:\n- {text: A, correct: true}\n- {feedback: B}",
     '8: "text" is missing.'),
    ("", "type: multi\noptions:\n- {text: A, correct: true}\n- {text: B, right: true}",
     '8: Unknown field "right".'),
    ("", "type: multi\noptions: [{text: A, correct: true}, {text: " + "x" * 2_001 + "}]",
     '6: "text" has 2,001 of at most 2,000 characters.'),
    ("", "type: multi\noptions: [" + "{text: A}, " * 21 + "]",
     '6: "options" must be a list of at most 20.'),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "question", "said"), QUIZ_FAULTS)
def test_every_fault_of_a_quiz_has_its_line(rules, question, said):
    lines = [f"title: Check{chr(10) if rules else ''}{rules}"]
    if question:
        below = question.replace("\n", "\n    ")
        lines += ["questions:", "  - id: one", "    prompt: Why?", f"    {below}"]
    answer = refusal_of({"01-a/x.quiz.yaml": "\n".join(lines)})
    assert f"01-a/x.quiz.yaml:{said}" in answer


def test_twin_questions_name_both_lines():
    one = "  - {id: same, type: text, prompt: P, accept: x}\n"
    said = refusal_of({"01-a/x.quiz.yaml": f"questions:\n{one}{one}"})
    assert said == ('01-a/x.quiz.yaml:3: The question id "same" appears twice: in line 2 and here.')


def test_a_prompt_must_say_something():
    said = refusal_of({"01-a/x.quiz.yaml": "questions:\n  - {id: a, type: text, accept: x}\n"})
    assert said == '01-a/x.quiz.yaml:2: "prompt" is missing.'


def test_a_draw_that_pays_nothing_is_refused():
    asked = "".join(
        f"  - {{id: q{n}, type: text, prompt: P, accept: x, bank: b, points: {n}}}\n"
        for n in range(2)
    )
    files = {"01-a/x.quiz.yaml": f"banks: {{b: 1}}\nquestions:\n{asked}"}
    assert "No question pays points, or none that is drawn for certain." in refusal_of(files)
    files = {"01-a/x.quiz.yaml": f"banks: {{b: 2}}\nquestions:\n{asked}"}
    assert CourseFolder(source({"course.yaml": COURSE, **files})).read().lessons[0].quiz


def test_too_many_questions_are_refused():
    asked = "  - {type: text, prompt: P, accept: x}\n" * 201
    said = refusal_of({"01-a/x.quiz.yaml": f"questions:\n{asked}"})
    assert '"questions" must be a list of at most 200.' in said


def test_quizzes_may_be_longer_than_other_fields_but_not_without_end():
    text = "x" * 19_000
    asked = "".join(f"  - {{id: q{n}, type: text, accept: x, prompt: {text}}}\n" for n in range(10))
    folder = source({"course.yaml": COURSE, "01-a/x.quiz.yaml": f"questions:\n{asked}"})
    assert len(CourseFolder(folder).read().lessons[0].quiz.questions) == 10
    said = refusal_of({"01-a/x.quiz.yaml": f"intro: {'x' * 1_100_000}"})
    assert "The text is longer than 1,048,576 bytes." in said
    said = refusal_of({"01-a/x.quiz.yaml": "a: [" + "1," * 60_000 + "]"})
    assert "More than 50,000 values." in said


def test_a_quiz_and_a_lesson_of_one_name_are_twins():
    files = {"01-a/01-x.quiz.yaml": "questions: [{id: a, type: text, prompt: P, accept: x}]"}
    assert 'The lesson id "a/x" appears twice' in refusal_of({**files, "01-a/02-x.md": "Text"})


@pytest.mark.parametrize(
    ("course", "said"),
    [
        ("title: T\nid: admin", 'The id "admin" is not allowed'),
        ("title: T\nid: api", "not allowed"),
        ("title: T\nid: a/b c", '"id" is not allowed: "a/b c"'),
        ("title: T\nid: tea\nlanguage: é/x", '"language" is not allowed: "\\xe9/x"'),
        ('title: T\nid: tea\n"a\\ud800": x', 'Unknown field "a\\ud800"'),
        ('title: T\nid: tea\n"\\0": x\n"\\0": y', 'The field "\\x00" stands here twice'),
        ("id: tea", 'course.yaml:1: "title" is missing'),
        ("id: tea\ntitle:", '"title" is empty'),
        ("id: tea\ntitle: T\nformat: 2", "Only format 1"),
        ("id: tea\ntitle: T\nmodules: [gone]", 'Unknown reference "gone" in "modules"'),
        ("id: tea\ntitle: T\nauthors: Ada", '"authors" must be a list'),
        ("id: tea\ntitle: T\ntags: [[a]]", "must be a list of texts"),
        ('id: tea\ntitle: "a\\nb"', '"title": Line breaks are not allowed.'),
        ('id: tea\ntitle: "a\\u202Eb"', '"title": This text holds characters'),
        ('id: tea\ntitle: T\ntags: [""]', '"tags" holds an empty text'),
        (f"id: tea\ntitle: T\ntags: [{'x' * 61}]", '"tags" has 61 of at most 60'),
        (f"id: tea\ntitle: T\nauthors: [{'a, ' * 21}]", '"authors" must be a list of at most 20'),
    ],
)
def test_fields_of_the_course_are_typed(course, said):
    assert said in refusal_of({"course.yaml": course})


def test_every_fault_is_told_at_once():
    said = refusal_of({"01-a/x.md": "---\nxp: 0\n---\n", "01-a/y.md": "---\nminutes: x\n---\n"})
    assert len(said.splitlines()) == 2


def test_twin_ids_name_both_files():
    same = "---\nid: same\n---\nText"
    said = refusal_of({"01-a/01-x.md": same, "02-b/01-y.md": same})
    assert said == '02-b/01-y.md: The lesson id "same" appears twice: in 01-a/01-x.md and here.'
    assert "appears twice" in refusal_of({"01-a/01-x.md": "x", "01-a/02-x.md": "y"})


def test_text_that_is_not_utf8_is_refused_by_name():
    files = source({"course.yaml": COURSE, "01-a/x.md": ""}).files
    files["01-a/x.md"] = SourceFile("01-a/x.md", 4, lambda: b"caf\xe9")
    with pytest.raises(ImportRefused, match=r"01-a/x.md:\d+: The text is not UTF-8"):
        CourseFolder(Source("tea", files)).read()


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"# A\r\n\r\nTea\xff\n", "01-a/x.md:3: The text is not UTF-8."),
     (b"# A\n\nTea\n\0", "01-a/x.md:4: The text holds a NUL character."),
     (b"---\ntitle: A\ntags: [a\n---\nTea.\n", "01-a/x.md:3: ")],
)  # fmt: skip
def test_a_text_that_cannot_be_read_is_refused_with_its_line(data, said):
    files = source({"course.yaml": COURSE, "01-a/x.md": ""}).files
    files["01-a/x.md"] = SourceFile("01-a/x.md", len(data), lambda: data)
    with pytest.raises(ImportRefused) as refusal:
        CourseFolder(Source("tea", files)).read()
    assert str(refusal.value).startswith(said)


def lesson_from(text: str):
    return (
        CourseFolder(source({"course.yaml": COURSE, "01-a/02-the-rest.md": text})).read().lessons[0]
    )


def test_a_text_that_opens_with_a_rule_keeps_it():
    node = lesson_from("---\nFirst words, no field\n\n---\nMore")
    assert node.values["content"] == "---\nFirst words, no field\n\n---\nMore"


def test_fields_are_found_behind_a_byte_order_mark_and_with_windows_line_ends():
    node = lesson_from("\ufeff---\r\ntitle: Cup\r\n---\r\nText\r\nMore\r\n")
    assert (node.title, node.values["content"], node.first_line) == ("Cup", "Text\nMore", 4)


def test_fields_without_an_end_are_refused():
    assert 'a line of "---" is missing' in refusal_of({"01-a/x.md": "---\ntitle: A\nText"})


def test_the_title_is_the_field_or_the_first_heading_or_the_name():
    assert lesson_from("Text\n\n#### Deep *heading*").title == "Deep *heading*"
    assert lesson_from("Under\n=====").title == "Under"
    assert lesson_from("Text").title == "The rest"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# a\u202eb\x07", "ab"),
        ("# C#", "C#"),
        ("# Cups ##  ", "Cups"),
        ("# ##\n\n## Next", "Next"),
        ("Below\n---  ", "Below"),
        ("# \u202e", "The rest"),
    ],
)
def test_a_title_is_a_line_that_can_be_read_again(text, title):
    assert lesson_from(text).title == title


def test_titles_from_names_are_lines():
    assert title_of_name("a\u202eb-c\u200b") == "Ab c"
    folder = CourseFolder(source({"course.yaml": COURSE, "01-\u202ea/x.md": "Text"}))
    assert folder.read().modules[0].title == "A"


LONG = 200_000


@pytest.mark.parametrize(
    "text",
    ["# " + " " * LONG, "# a" + " #" * (LONG // 2), "# " + "#" * LONG + "a",
     "a\n" + "=" * LONG + "x", "{{" + " " * LONG, "{{" * (LONG // 2), "{{#" + " " * LONG + "x",
     "# a" + " " * LONG + "b"],
)  # fmt: skip
def test_a_hostile_line_takes_no_time(text):
    began = time.process_time()
    title_from(text, "a/b.md")
    doubts_about(text, "a/b.md", 1)
    assert time.process_time() - began < 1


def test_a_hostile_colon_takes_no_time():
    began = time.process_time()
    with pytest.raises(ImportRefused):
        load("a: b: c" + " " * 60_000 + "x:\ty", "course.yaml")
    assert time.process_time() - began < 1


def test_what_is_told_can_be_kept_and_shown():
    finding = Finding("a\0b\ud800", "c\udcff")
    assert finding.to_json()["message"] == "a\ufffdb\ufffd"
    report = Report("tea", dry_run=True)
    report.add(Action.SKIPPED, "file", "a\0", "b\ud800", path="c\0", original="\0d")
    assert not re.search("[\0\ud800-\udfff]", json.dumps(report.to_json(), ensure_ascii=False))
    assert "\\u0000" not in json.dumps(report.to_json())


def test_doubtful_markdown_is_warned_about():
    folder = CourseFolder(
        source({"course.yaml": COURSE, "01-a/x.md": "Hi\n\n```py\nx\n{{#include y}}"})
    )
    assert [str(one) for one in folder.read().warnings] == [
        "01-a/x.md:3: This block of code has no end."
    ]
    assert lesson_from("{{#include x}}")


@pytest.mark.django_db
def test_pictures_with_programs_are_refused(tmp_path):
    for bad in (
        "<svg><script>x</script></svg>",
        "<svg onload='x'/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    ):
        tree = CourseFolder(
            source({"course.yaml": COURSE, "01-a/x.md": "Hi", "assets/a.svg": bad})
        ).read()
        with pytest.raises(ImportRefused, match=r"assets/a.svg: A picture with a program"):
            import_course(tree)
    assert not Course.objects.exists()
