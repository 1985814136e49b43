"""A folder that was exported says what it was exported from: an import tells edits by it."""

import hashlib
import shutil

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from assessments.models import Bank, Question, TestCase
from courses.actions import delete_lesson, delete_module
from courses.models import Asset, Course, Lesson
from studio.exporting.folder import write_folder
from studio.exporting.reading_back import read_back
from studio.exporting.saving import save_folder
from studio.exporting.tree_of import tree_of
from studio.importing.apply import import_course
from studio.importing.formats import read_course
from studio.importing.refusal import ImportRefused
from tests.assessments.builders import ask, make_quiz
from tests.assessments.code_builders import make_assignment
from tests.conftest import make_course, make_lesson
from tests.studio.test_export_folder import TEA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def place(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def tea():
    """A course with something of everything that was written on the site."""
    course = make_course("tea", lessons=2)
    quiz = make_quiz(course.modules.get(key="start"))
    bank = Bank.objects.create(quiz=quiz, name="some", pick=1)
    ask(quiz, "TEXT", "What is it?", accept=["tea"], bank=bank)
    make_assignment(course.modules.get(key="on"))
    TestCase.objects.filter(key="large").update(hint="Think big.")
    add_file(course, "assets/notes.txt", b"Notes.")
    return course


def add_file(course, path, data):
    name = default_storage.save(path, ContentFile(data))
    digest = hashlib.sha256(data).hexdigest()
    values = {"sha256": digest, "size": len(data), "file": name}
    return Asset.objects.update_or_create(course=course, path=path, defaults=values)[0]


def written():
    return write_folder(tree_of(Course.objects.with_language().get(slug="tea")))


def out(place):
    shutil.rmtree(place, ignore_errors=True)
    save_folder(written().files, place, "tea")
    return place


def bring(place, **options):
    return import_course(read_course(place), **options)


def told(report):
    return [str(line) for line in report.lines if line.action != "unchanged"]


def change(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def file_of(place, key):
    source = next(one.source for one in read_course(place).lessons if one.key == key)
    return place / source


def edit(key, **values):
    Lesson.objects.filter(key=key).update(**values)


def test_what_was_exported_and_not_touched_is_no_change(tea, place):
    assert told(bring(out(place))) == []
    assert told(bring(place)) == []


CHANGES = {
    "course": ("course.yaml", "Learn it.", "Learn it!", "~ course tea (summary)"),
    "module": ("*-start/module.yaml", "Start", "Begin", "~ module start (title)"),
    "lesson": ("*/*-lesson-1.md", "Some *text*.", "Some *words*.", "~ lesson lesson-1 (content)"),
    "quiz": ("*/*.quiz.yaml", "title: Check yourself", "title: Check", "~ lesson check (title)"),
    "file": ("assets/notes.txt", "Notes.", "Notes!", "~ file assets/notes.txt"),
    "assignment": ("*/*/tests.yaml", "adds small", "adds few", "~ lesson adding (cases)"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_one_word_changed_is_one_update_and_no_conflict(tea, place, name):
    pattern, before, after, line = CHANGES[name]
    (path,) = out(place).glob(pattern)
    change(path, before, after)
    report = bring(place)
    lines = [line] if name != "assignment" else [line, "~ case adding/small (name)"]
    assert told(report) == lines
    assert told(bring(place)) == []


def test_one_word_of_a_question_is_one_update(tea, place):
    change(file_of(out(place), "check"), "What is it?", "What is that?")
    key = Question.objects.get(prompt="What is it?").key
    assert told(bring(place)) == [f"~ question check/{key} (prompt)"]


def test_only_what_was_edited_after_the_export_is_a_conflict(tea, place):
    out(place)
    for key in ("lesson-1", "lesson-2"):
        change(file_of(place, key), "Some *text*.", "Some *words*.")
    change(place / "course.yaml", "Learn it.", "Learn it!")
    edit("lesson-1", summary="Of the site.")
    Course.objects.update(summary="Of the site.")
    assert told(bring(place)) == [
        "! course tea (written on the site: summary)",
        "! lesson lesson-1 (written on the site: content, summary)",
        "~ lesson lesson-2 (content)",
    ]
    assert Lesson.objects.get(key="lesson-1").content == "Some *text*."


def test_a_course_of_the_same_name_that_was_not_exported_is_refused(tea, place):
    out(place)
    tea.lessons.all().delete()
    tea.modules.all().delete()
    Course.objects.update(summary="Another.")
    with pytest.raises(ImportRefused, match="was written on the site"):
        bring(place)


@pytest.fixture
def brought(tmp_path):
    """A course that came from a folder, and was edited on the site."""
    for name, text in TEA.items():
        path = tmp_path / "tea" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    bring(tmp_path / "tea")
    edit("boil", summary="Of the site.")
    Question.objects.filter(key="q2").update(prompt="What was it?")
    TestCase.objects.filter(key="two").update(name="Both")
    return tmp_path / "tea"


def test_what_was_edited_before_the_export_is_no_conflict(brought, place):
    out(place)
    change(place / "01-water/01-boil.md", "See !", "Look at !")
    change(place / "02-leaves/01-check.quiz.yaml", "What was it?", "What will it be?")
    assert told(bring(place)) == [
        "~ lesson boil (content)",
        "~ question check/q2 (prompt)",
    ]
    assert Lesson.objects.get(key="boil").summary == "Of the site."


def test_the_older_folder_is_no_base_for_what_was_edited_since(brought, place):
    out(place)
    change(brought / "01-water/01-boil.md", "See !", "Look at !")
    assert told(bring(brought))[0] == "! lesson boil (edited on the site since the last import: " \
        "content, summary)"  # fmt: skip


def test_what_the_site_put_back_after_the_import_is_not_overwritten(tea, place):
    change(file_of(out(place), "lesson-1"), "Some *text*.", "Some *words*.")
    change(place / "assets/notes.txt", "Notes.", "Notes!")
    bring(place)
    edit("lesson-1", content="Some *text*.")
    add_file(tea, "assets/notes.txt", b"Notes.")
    assert told(bring(place)) == [
        "! file assets/notes.txt (changed on the site since the last import)",
        "! lesson lesson-1 (edited on the site since the last import: content)",
    ]


def test_a_node_may_be_changed_again_and_again(tea, place):
    out(place)
    for before, after in (("text", "words"), ("words", "letters"), ("letters", "text")):
        change(file_of(place, "lesson-1"), f"Some *{before}*.", f"Some *{after}*.")
        change(place / "assets/notes.txt", "Notes", "Notes and")
        lines = ["~ file assets/notes.txt", "~ lesson lesson-1 (content)"]
        assert told(bring(place)) == lines


def test_an_old_export_is_a_folder_like_any_other_after_a_newer_one(tea, place, tmp_path):
    old = out(tmp_path / "old")
    edit("lesson-1", content="Newer.")
    own = make_lesson(tea.modules.get(key="on"), "newer", position=9)
    change(file_of(out(place), "lesson-1"), "Newer.", "Newest.")
    bring(place)
    edit("lesson-2", content="Of the site.")
    assert told(bring(old)) == [
        "~ lesson lesson-1 (content)",
        "- lesson newer",
    ]
    assert Lesson.objects.get(key="lesson-2").content == "Of the site."
    own.refresh_from_db()
    assert own.deleted_at


def test_what_was_taken_out_of_the_folder_is_archived(tea, place):
    out(place)
    for key in ("lesson-1", "adding"):
        path = file_of(place, key)
        shutil.rmtree(path.parent) if key == "adding" else path.unlink()
    (place / "assets/notes.txt").unlink()
    assert told(bring(place)) == [
        "- lesson lesson-1",
        "- lesson adding",
        "- file assets/notes.txt",
    ]
    assert told(bring(place)) == []


def test_a_module_and_a_question_that_were_taken_out_are_archived(tea, place):
    (folder,) = out(place).glob("*-on")
    shutil.rmtree(folder)
    path = file_of(place, "check")
    text = path.read_text()
    key = Question.objects.get(prompt__startswith="Which word").key
    start = text.index(f"  - id: {key}")
    end = text.index("\n  - id: ", start + 1) + 1
    path.write_text(text[:start] + text[end:])
    assert sorted(told(bring(place))) == [
        "- lesson adding",
        "- lesson extra",
        "- lesson lesson-2",
        "- module on",
        f"- question check/{key}",
    ]


def test_what_was_written_or_edited_after_the_export_stays(tea, place):
    out(place)
    make_lesson(tea.modules.get(key="on"), "since", position=99)
    add_file(tea, "assets/since.txt", b"Since.")
    add_file(tea, "assets/notes.txt", b"Other notes.")
    edit("lesson-1", content="Of the site.")
    ask(Lesson.objects.get(key="check").quiz, "TEXT", "Since?", accept=["yes"])
    for key in ("lesson-1", "check"):
        file_of(place, key).unlink()
    (place / "assets/notes.txt").unlink()
    report = bring(place)
    assert told(report) == []
    (message,) = [one.message for one in report.warnings if one.code == "conflict"]
    assert message == "The lesson check vanished but was edited on the site: it stays."
    assert (
        Lesson.objects.filter(deleted_at=None, key__in=["since", "lesson-1", "check"]).count() == 3
    )
    assert tea.assets.count() == 2


def test_the_same_content_by_another_id_is_not_what_was_exported(tea, place):
    out(place)
    twin = make_lesson(tea.modules.get(key="start"), "twin", position=50)
    edit("twin", title="Lesson-1")
    assert told(bring(place)) == []
    twin.refresh_from_db()
    assert twin.deleted_at is None


def test_line_ends_of_browsers_are_no_edits(tea, place):
    edit("lesson-1", content="One.\r\n\r\nTwo.\r\n")
    files = written().files
    assert told(bring(out(place))) == []
    change(file_of(place, "lesson-1"), "Two.", "Three.")
    assert told(bring(place)) == ["~ lesson lesson-1 (content)"]
    edit("lesson-1", content="One.\n\nTwo.")
    assert written().files == files


def test_a_bank_without_questions_is_no_edit(tea, place):
    quiz = Lesson.objects.get(key="check").quiz
    Bank.objects.create(quiz=quiz, name="empty", pick=1)
    report = bring(out(place))
    assert told(report) == []
    assert "kept" not in {one.code for one in report.warnings}
    change(file_of(place, "check"), "title: Check yourself", "title: Check")
    assert told(bring(place)) == ["~ lesson check (title)"]
    assert quiz.banks.filter(name="empty").exists()


@pytest.mark.parametrize("delete", ["lesson", "module"])
def test_a_lesson_to_study_that_was_deleted_is_no_edit(tea, place, delete):
    studied = Lesson.objects.get(key="lesson-2")
    question = Question.objects.get(prompt="What is it?")
    Question.objects.filter(pk=question.pk).update(taught_in=studied)
    if delete == "lesson":
        delete_lesson(studied)
    else:
        delete_module(studied.module)
    assert written().lost == []
    assert told(bring(out(place))) == []
    assert told(bring(place)) == []
    change(file_of(place, "check"), "What is it?", "What is that?")
    assert told(bring(place)) == [f"~ question check/{question.key} (prompt)"]
    assert told(bring(place)) == []


def test_a_lesson_to_study_that_does_not_come_in_is_no_edit(brought):
    (brought / "01-water/04-cool.md").write_text("---\nid: cool\ntitle: Cool\n---\nWait.\n")
    quiz = brought / "02-leaves/01-check.quiz.yaml"
    change(quiz, "prompt: Why?,", "prompt: Why?, lesson: cool,")
    Lesson.objects.filter(key="check").first().course.modules.filter(key="water").update(
        deleted_at=now()
    )
    bring(brought)
    again = [one for one in told(bring(brought)) if "check" in one]
    assert again == ["! question check/q2 (edited on the site since the last import: prompt)"]


def test_the_marks_are_the_same_bytes_and_speak_of_nothing_else(tea, place):
    first = written().files["exported.yaml"]
    assert written().files["exported.yaml"] == first
    lines = first.decode().splitlines()
    assert lines[0].startswith("# ")
    marks = lines[lines.index("exported:") + 1 :]
    assert marks == sorted(set(marks))
    assert all(len(one) == len('  - "0123456789abcdef"') for one in marks)
    everything = read_course(out(place))
    assert len(everything.exported) == len(marks)
    assert everything.skipped == everything.warnings == []
    forget_everything()
    bring(place)
    assert written().files["exported.yaml"] == first


def forget_everything():
    Lesson.objects.all().delete()
    Course.objects.all().delete()


TITLE = {"course.yaml": b"id: tea\ntitle: Tea\n"}


@pytest.mark.parametrize(
    "data",
    [b"exported: [a]\n", b"<<<<<<< HEAD\n", b"\xff", b'  - "0123456789abcdeg"\n', b"- [\n", b"\0"],
)
def test_marks_that_cannot_be_read_are_a_warning(data):
    good = b'exported:\n  - "0123456789abcdef"\n'
    assert read_back({**TITLE, "exported.yaml": good}, "x").exported == {"0123456789abcdef"}
    tree = read_back({**TITLE, "exported.yaml": data + good}, "x")
    assert tree.exported == frozenset()
    assert [(one.path, one.code) for one in tree.warnings] == [("exported.yaml", "exported")]
    assert tree.skipped == []
    assert tree.assets == {}


def test_marks_with_line_ends_of_windows_and_none_at_all():
    data = b'\xef\xbb\xbf# Words.\r\nexported:\r\n- "0123456789abcdef"\r\n\r\n'
    assert len(read_back({**TITLE, "exported.yaml": data}, "x").exported) == 1
    for tree in (read_back(TITLE, "x"), read_back({**TITLE, "exported.yaml": b""}, "x")):
        assert tree.exported == frozenset()
        assert tree.warnings == []


def test_what_the_folder_did_not_touch_stays_as_the_site_has_it(tea, place):
    add_file(tea, "assets/more.txt", b"More.")
    out(place)
    edit("lesson-1", content="Of the site.")
    edit("check", title="Of the site")
    edit("adding", title="Of the site")
    question = Question.objects.get(prompt="What is it?")
    Question.objects.filter(pk=question.pk).update(prompt="What of it?")
    TestCase.objects.filter(key="large").update(name="of the site")
    Course.objects.update(summary="Of the site.")
    add_file(tea, "assets/notes.txt", b"Of the site.")
    change(file_of(place, "lesson-2"), "Some *text*.", "Some *words*.")
    report = bring(place)
    assert told(report) == ["~ lesson lesson-2 (content)"]
    kept = "edited on the site, kept"
    assert [one.key for one in report.lines if one.detail == kept] == [
        "tea", "assets/notes.txt", "lesson-1", "check", "adding", f"check/{question.key}",
        "adding/large",
    ]  # fmt: skip
    assert told(bring(place)) == []
    change(file_of(place, "lesson-1"), "Some *text*.", "Some *words*.")
    assert told(bring(place)) == ["! lesson lesson-1 (written on the site: content)"]
    overwritten = [one.partition(" (")[0] for one in told(bring(place, overwrite=True))]
    assert overwritten == [
        "~ course tea", "~ file assets/notes.txt", "~ lesson lesson-1", "~ lesson check",
        "~ lesson adding", f"~ question check/{question.key}", "~ case adding/large",
    ]  # fmt: skip


def order():
    modules = [module.key for module in Course.objects.get().modules.order_by("position", "id")]
    lessons = [one.key for one in Lesson.objects.in_outline_order()]
    asked = [one.key for one in Question.objects.in_order()]
    return modules, lessons, asked


def reverse(rows):
    for position, row in enumerate(reversed(list(rows)), start=1):
        type(row).objects.filter(pk=row.pk).update(position=position)


def test_an_order_that_the_folder_did_not_touch_is_that_of_the_site(tea, place):
    out(place)
    start, on = tea.modules.order_by("position", "id")
    reverse(start.lessons.order_by("position", "id"))
    reverse(Question.objects.in_order())
    reverse([start, on])
    edit("lesson-2", module=start, position=99)
    before = order()
    report = bring(place)
    assert (told(report), order()) == ([], before)
    assert not [one for one in report.warnings if one.code == "order"]
    assert bring(place, overwrite=True).counts["moved"] > 3
    assert order() != before


def test_where_both_have_another_order_it_is_that_of_the_folder(tea, place):
    path = file_of(out(place), "lesson-2")
    path.rename(path.with_name("99-lesson-2.md"))
    report = bring(place, dry_run=True)
    assert report.counts["moved"] == 1
    assert not [one for one in report.warnings if one.code == "order"]
    edit("extra", position=0)
    report = bring(place)
    assert report.changes == report.counts["moved"] == 1
    assert [one.message for one in report.warnings if one.code == "order"] == [
        "The lessons of on had another order on the site than at the export: they get that of "
        "the folder."
    ]
    keys = [one.key for one in Lesson.objects.in_outline_order() if one.module.key == "on"]
    assert keys[-1] == "lesson-2"
    assert told(bring(place)) == []


def test_a_picture_stays_while_something_that_is_live_shows_it(tea, place):
    names = ("own", "asked", "told", "film", "lost", "elsewhere")
    for name in names:
        add_file(tea, f"assets/{name} 1.txt", name.encode())
    out(place)
    edit("lesson-1", content="See [this](<assets/own 1.txt>), not `assets/lost 1.txt`.")
    Question.objects.filter(prompt="What is it?").update(explanation="[A](assets/asked%201.txt)")
    Course.objects.update(description="[It](/courses/tea/files/assets/elsewhere%201.txt) and "
                          "[that](<ASSETS/told 1.txt>).")  # fmt: skip
    edit("lesson-2", captions="/courses/tea/files/assets/film%201.txt")
    for name in names:
        (place / f"assets/{name} 1.txt").unlink()
    report = bring(place)
    assert told(report) == ["- file assets/lost 1.txt"]
    assert [str(one) for one in report.warnings if one.code == "kept"] == [
        f"assets/{name} 1.txt: The file assets/{name} 1.txt vanished but {what} refers to it: it "
        "stays."
        for name, what in [
            ("asked", "the lesson check"), ("elsewhere", "the course's description"),
            ("film", "the lesson lesson-2"), ("own", "the lesson lesson-1"),
            ("told", "the course's description"),
        ]
    ]  # fmt: skip
    edit("lesson-1", content="Nothing.")
    assert told(bring(place)) == ["- file assets/own 1.txt"]
