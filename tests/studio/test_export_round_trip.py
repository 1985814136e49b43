"""Out and in again: the same bytes, nothing lost, nobody's data among them."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.attempts import start_attempt
from assessments.models import Attempt, Question, TestCase
from courses.models import Course, Lesson, Module, ProgrammingLanguage
from enrollments.actions import enroll
from studio.exporting.folder import write_folder
from studio.exporting.formats import WRITERS, export
from studio.exporting.saving import save_folder
from studio.exporting.tree_of import tree_of
from studio.importing.apply import import_course
from studio.importing.archive import open_archive
from studio.importing.formats import read_course, read_source
from tests.assessments.builders import ask
from tests.conftest import make_course, make_lesson, make_person
from tests.studio.test_export_folder import TEA

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[2] / "demo"
COURSES = ["git-for-one", "python-basics"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def bring(path, **options):
    return import_course(read_course(path), **options)


def written(slug):
    return write_folder(tree_of(Course.objects.with_language().get(slug=slug)))


def out(slug, place):
    files = written(slug).files
    shutil.rmtree(place, ignore_errors=True)
    save_folder(files, place, slug)
    return files


def told(report):
    return [str(line) for line in report.lines if line.action != "unchanged"]


def forget_everything():
    Lesson.objects.all().delete()
    Course.objects.all().delete()


@pytest.fixture
def tea(tmp_path):
    """A course of every kind of lesson, imported, and where it goes."""
    for name, text in TEA.items():
        place = tmp_path / "tea" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    bring(tmp_path / "tea")
    return Course.objects.get(slug="tea"), tmp_path / "out"


@pytest.mark.parametrize("slug", COURSES)
def test_a_course_goes_through_an_empty_school_to_the_byte(slug, tmp_path):
    bring(DEMO / slug)
    first = export(Course.objects.get(slug=slug), WRITERS["zip"])
    assert first.lost == []
    files = out(slug, tmp_path / "out")
    forget_everything()
    report = bring(tmp_path / "out")
    assert set(report.counts) - {name for name, count in report.counts.items() if not count} == {
        "created"
    }
    second = export(Course.objects.get(slug=slug), WRITERS["zip"])
    assert second.data == first.data
    assert bring(tmp_path / "out").changes == 0
    again = import_course(read_source(open_archive(first.data, "x")))
    assert again.changes == 0
    assert written(slug).files == files


def test_what_is_in_the_folder_already_is_no_change_to_the_site(tea):
    course, place = tea
    out(course.slug, place)
    report = bring(place)
    assert report.changes == 0
    assert report.counts["conflict"] == 0
    assert bring(place.parent / "tea").changes == 0


def test_an_export_takes_as_many_queries_for_much_as_for_little(tea, django_assert_max_num_queries):
    course, _ = tea
    course = Course.objects.with_language().get(pk=course.pk)
    with django_assert_max_num_queries(7):
        write_folder(tree_of(course))
    kept = course.modules.order_by("position").first()
    course.modules.exclude(pk=kept.pk).delete()
    with django_assert_max_num_queries(7):
        write_folder(tree_of(course))


def test_what_was_written_on_the_site_survives(tea):
    course, place = tea
    module = course.modules.order_by("position")[1]
    lesson = make_lesson(
        module, "on-the-site", title='Yes: "no"', position=99, is_preview=True,
    )  # fmt: skip
    Lesson.objects.filter(pk=lesson.pk).update(
        content="See ![a picture](assets/x.svg).\n\n---\n- [ ] done"
    )
    quiz = course.lessons.filter(kind="QUIZ").order_by("id").first().quiz
    question = ask(
        quiz, "SINGLE", "007\n\n  is what?", right=["`no`"], wrong=["12:30"], position=50
    )
    assignment = course.lessons.filter(kind="ASSIGNMENT").exclude(
        assignment__function=""
    ).first().assignment  # fmt: skip
    value = {"b": [10**30, -0.0, None], "a": "é: \u2028 #"}
    case = TestCase.objects.create(
        assignment=assignment, key="k2b3c4", name="007: of the site", args=[value], expected=value,
        is_visible=True, position=99,
    )  # fmt: skip
    before = out(course.slug, place)
    report = bring(place)
    assert told(report) == []
    forget_everything()
    bring(place)
    lesson = Lesson.objects.get(key=lesson.key)
    assert (lesson.title, lesson.is_preview, lesson.module.key) == ('Yes: "no"', True, module.key)
    assert lesson.content == "See ![a picture](assets/x.svg).\n\n---\n- [ ] done"
    again = Question.objects.get(key=question.key)
    assert again.prompt == "007\n\n  is what?"
    assert [one.text for one in again.options.all()] == ["`no`", "12:30"]
    found = TestCase.objects.get(key=case.key)
    assert repr((found.name, found.args, found.expected)) == repr((case.name, [value], value))
    assert written(course.slug).files == before


def test_one_character_is_one_update(tea):
    course, place = tea
    out(course.slug, place)
    lesson = course.lessons.filter(kind="ARTICLE", source__endswith=".md").first()
    path = place / lesson.source
    path.write_text(f"{path.read_text().rstrip()}!\n")
    assert told(bring(place)) == [f"~ lesson {lesson.key} (content)"]


def test_one_renamed_file_is_one_move(tea):
    course, place = tea
    out(course.slug, place)
    module = course.modules.order_by("position").first()
    lesson = module.lessons.order_by("position").first()
    (place / lesson.source).rename(place / module.source / "99-renamed.md")
    assert told(bring(place)) == [f"> lesson {lesson.key} (moved)"]


def test_one_removed_quiz_is_one_archived_and_keeps_its_attempts(tea):
    course, place = tea
    out(course.slug, place)
    lesson = course.lessons.filter(kind="QUIZ").first()
    ada = make_person("ada@learn.example", "Ada Byron")
    attempt = attempt_of(ada, lesson)
    (place / lesson.source).unlink()
    report = bring(place)
    assert told(report) == [f"- lesson {lesson.key}"]
    assert Attempt.objects.filter(pk=attempt.pk).exists()
    assert lesson.source not in written(course.slug).files


def attempt_of(person, lesson):
    enroll(person, lesson.course)
    return start_attempt(person, lesson.quiz)[0]


def test_lessons_that_moved_on_the_site_are_numbered_anew_and_keep_their_ids(tea):
    course, place = tea
    first, second = course.modules.order_by("position")[:2]
    moved = second.lessons.order_by("position").first()
    Lesson.objects.filter(pk=moved.pk).update(module=first, position=0)
    Module.objects.filter(pk=second.pk).update(position=0)
    out(course.slug, place)
    names = sorted(one.name for one in place.iterdir() if one.is_dir())
    plain = second.source.partition("-")[2]
    assert names[0] == f"01-{plain}"
    report = bring(place)
    assert {line.action.value for line in report.lines} == {"unchanged"}
    files = written(course.slug).files
    forget_everything()
    bring(place)
    assert Lesson.objects.get(key=moved.key).module.key == first.key
    assert written(course.slug).files == files


def test_an_export_holds_nobody(tea):
    course, _ = tea
    ada = make_person("ada.planted@learn.example", "Ada Planted")
    ada.set_password("planted-word")
    ada.save()
    lesson = course.lessons.filter(kind="QUIZ").first()
    attempt_of(ada, lesson)
    Course.objects.filter(pk=course.pk).update(authors=["Grace", "Ada <ada.planted@learn.example>"])
    done = written(course.slug)
    everything = b"".join(done.files.values()).lower()
    for planted in ("planted", "learn.example", str(ada.pk), "$argon2", ada.name):
        assert planted.lower().encode() not in everything
    assert "authors: [Grace]" in done.files["course.yaml"].decode()
    archive = export(Course.objects.get(pk=course.pk), WRITERS["zip"])
    assert [one.code for one in archive.lost] == ["lost"]
    assert "e-mail" in archive.lost[0].message


def test_what_the_folder_does_not_hold_is_told():
    other = make_course("other")
    course = make_course("tea", required_plan="PRO", prerequisite=other, status="ARCHIVED")
    module = Module.objects.create(course=course, title="A", slug="a", syllabus="Much.")
    make_lesson(module, "lesson")
    messages = [one.message for one in export(course, WRITERS["zip"]).lost]
    for words in ("plan", "comes before", "archived", "syllabus"):
        assert any(words in message for message in messages), words


def test_the_plan_of_a_language_is_told_as_well():
    language = ProgrammingLanguage.objects.create(name="Go", slug="go", required_plan="PRO")
    course = make_course("tea", language=language)
    messages = [one.message for one in export(course, WRITERS["zip"]).lost]
    assert [one for one in messages if "all courses in Go need (Pro)" in one]


def test_a_file_that_is_missing_is_told(tea):
    course, _ = tea
    asset = course.assets.first()
    asset.source_file.storage.delete(asset.source_file.name)
    lost = written(course.slug).lost
    assert f"{asset.path}: The file is missing in the storage." in [str(one) for one in lost]


def command(*args, **options):
    try:
        call_command("export_course", *args, **options)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, ""


def test_the_command_writes_a_folder_or_an_archive(tea, tmp_path, capsys):
    course, place = tea
    assert command(course.slug, place) == (0, "")
    assert "files in" in capsys.readouterr().out
    assert command(course.slug, place)[0] == 1
    assert command(course.slug, tmp_path / "a.zip") == (0, "")
    assert command(course.slug, tmp_path / "a.zip")[0] == 1
    assert command(course.slug, tmp_path / "b.ZIP") == (0, "")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.ZIP").read_bytes()
    assert bring(tmp_path / "a.zip").changes == 0
    assert command("nowhere", tmp_path / "c")[0] == 1
    assert command(course.slug, tmp_path / "none" / "c")[0] == 1
    there = {one.name for one in tmp_path.iterdir()}
    assert there == {"a.zip", "b.ZIP", "media", "out", "tea"}


def test_every_format_is_the_same_bytes_twice_and_named_by_its_ending(tea, tmp_path):
    course, _ = tea
    for name, writer in WRITERS.items():
        first, second = (export(Course.objects.get(pk=course.pk), writer) for _ in range(2))
        assert (first.data, first.name) == (second.data, f"tea{writer.ending}")
        assert command(course.slug, tmp_path / first.name) == (0, "")
        assert (tmp_path / first.name).read_bytes() == first.data
        assert command(course.slug, tmp_path / name, format=name) == (0, "")
        assert (tmp_path / name).read_bytes() == first.data


def test_overwriting_writes_what_changed_and_leaves_what_is_no_part_of_the_course(tea):
    course, place = tea
    files = out(course.slug, place)
    (place / "README.md").write_text("Mine.")
    (place / ".git").mkdir()
    (place / ".git" / "HEAD").write_text("ref")
    (place / "99-old").mkdir()
    (place / "99-old" / "01-gone.md").write_text("Gone.")
    untouched = place / "course.yaml"
    before = untouched.stat().st_mtime_ns
    lesson = course.lessons.exclude(source="").filter(kind="ARTICLE").first()
    Lesson.objects.filter(pk=lesson.pk).update(summary="Another one.")
    assert command(course.slug, place, overwrite=True) == (0, "")
    assert "summary: Another one." in (place / lesson.source).read_text()
    assert untouched.stat().st_mtime_ns == before
    assert not (place / "99-old").exists()
    there = {one.relative_to(place).as_posix() for one in place.rglob("*") if one.is_file()}
    assert there == {*files, "README.md", ".git/HEAD"}


def test_overwriting_touches_no_other_folder(tea, tmp_path):
    course, _ = tea
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("Years of work.")
    assert "no course" in command(course.slug, other, overwrite=True)[1]
    (other / "course.yaml").write_text("title: Another\nid: another\n")
    assert "another course" in command(course.slug, other, overwrite=True)[1]
    assert sorted(one.name for one in other.iterdir()) == ["course.yaml", "thesis.txt"]


def test_a_course_one_folder_further_down_is_not_written_twice(tea, tmp_path):
    course, _ = tea
    around = tmp_path / "around"
    around.mkdir()
    out(course.slug, around / "tea")
    before = sorted(around.rglob("*"))
    assert "one folder further down" in command(course.slug, around, overwrite=True)[1]
    assert sorted(around.rglob("*")) == before


def test_a_folder_that_cannot_be_written_keeps_what_it_has(tea, monkeypatch):
    course, place = tea
    out(course.slug, place)
    (place / "99-old").mkdir()
    (place / "99-old" / "01-gone.md").write_text("Gone.")
    Course.objects.update(summary="Another one.")
    for lesson in course.lessons.filter(kind="ARTICLE"):
        Lesson.objects.filter(pk=lesson.pk).update(summary="Another one.")
    before = {one: one.read_bytes() for one in place.rglob("*") if one.is_file()}
    really, calls = Path.write_bytes, []

    def full(path, data):
        calls.append(path)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return really(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert "No space left" in command(course.slug, place, overwrite=True)[1]
    monkeypatch.undo()
    assert {one: one.read_bytes() for one in place.rglob("*") if one.is_file()} == before
    assert command(course.slug, place, overwrite=True) == (0, "")
    assert not (place / "99-old").exists()


def test_a_file_and_a_folder_may_change_places(tmp_path):
    course = b"id: tea\ntitle: Tea\n"
    save_folder(
        {"course.yaml": course, "a.png": b"1", "b.png/c.png": b"2"}, tmp_path / "tea", "tea"
    )
    files = {"course.yaml": course, "a.png/c.png": b"3", "b.png": b"4"}
    save_folder(files, tmp_path / "tea", "tea", overwrite=True)
    there = [one for one in (tmp_path / "tea").rglob("*") if one.is_file()]
    read = {one.relative_to(tmp_path / "tea").as_posix(): one.read_bytes() for one in there}
    assert read == files


def test_no_link_is_followed(tea, tmp_path):
    course, place = tea
    out(course.slug, place)
    target = tmp_path / "elsewhere"
    target.mkdir()
    folder = place / "assets"
    shutil.rmtree(folder)
    folder.symlink_to(target)
    assert "Links are not allowed" in command(course.slug, place, overwrite=True)[1]
    assert list(target.iterdir()) == []
    (tmp_path / "link").symlink_to(target)
    assert "no folder" in command(course.slug, tmp_path / "link")[1]
    (tmp_path / "link.zip").symlink_to(tmp_path / "not-there.zip")
    assert command(course.slug, tmp_path / "link.zip")[0] == 1
    assert not (tmp_path / "not-there.zip").exists()
