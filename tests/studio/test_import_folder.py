"""Importing folders: what becomes of every node, and what is never overwritten or lost."""

import os
import re
import time
import tracemalloc
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses.checks import ELSEWHERE, NO_WORDS
from courses.markdown import render
from courses.models import Asset, Course, Lesson, Module
from enrollments.models import Enrollment
from progress.actions import complete_lesson
from progress.models import CourseProgress, LessonProgress
from studio.course_files import keep
from studio.importing.apply import import_course
from studio.importing.archive import MAX_ARCHIVE
from studio.importing.assets import AssetImport
from studio.importing.files import SourceFile
from studio.importing.formats import read_course
from studio.importing.refusal import ImportRefused
from studio.importing.report import Report
from studio.importing.tree import Skipped
from studio.stored_files import forget_files
from tests.conftest import make_course, make_person

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[2] / "demo"
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def lesson(title: str = "A lesson", text: str = "Some text.", **fields: str) -> str:
    front = "".join(f"{name}: {value}\n" for name, value in {"title": title, **fields}.items())
    return f"---\n{front}---\n{text}\n"


COURSE = "format: 1\nid: tea\ntitle: Tea\nsummary: How to make tea.\nlanguage: kitchen\n"


@pytest.fixture
def folder(tmp_path):
    return write(
        tmp_path / "tea",
        {
            "course.yaml": COURSE,
            "assets/pot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "01-water/module.yaml": "id: water\ntitle: Water\nsummary: Hot.\n",
            "01-water/01-boil.md": lesson("Boil", "See ![a pot](../assets/pot.svg).", id="boil"),
            "01-water/02-cool.md": lesson("Cool", "After [boiling](01-boil.md).", id="cool"),
            "02-leaves/01-steep.md": lesson("Steep", id="steep"),
        },
    )


def bring(folder, **options):
    return import_course(read_course(folder), **options)


def told(report):
    return [str(line) for line in report.lines if line.action != "unchanged"]


def test_a_new_course_is_made_and_published_at_once(folder):
    report = bring(folder)
    course = Course.objects.get(slug="tea")
    assert course.is_published
    assert (course.lesson_count, course.required_count, course.minutes) == (3, 3, 15)
    assert course.language.slug == "kitchen"
    assert report.counts["created"] == report.source_nodes == 7
    assert [one.slug for one in course.outline().lessons] == ["boil", "cool", "steep"]
    assert [one.title for one in course.outline().modules] == ["Water", "Leaves"]


def test_links_become_addresses_of_the_site(folder):
    bring(folder)
    assert 'src="/courses/tea/files/assets/pot.svg"' in Lesson.objects.get(key="boil").content_html
    cool = Lesson.objects.get(key="cool")
    assert 'href="/classroom/courses/tea/lessons/boil/"' in cool.content_html
    assert cool.content == "After [boiling](01-boil.md)."


def test_a_second_import_writes_nothing(folder):
    bring(folder)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = bring(folder)
    assert report.changes == 0
    assert report.summary.startswith("No changes.")
    assert [q["sql"] for q in queries if q["sql"].lstrip().upper().startswith(WRITES)] == []
    assert len(queries) < 25


def test_a_dry_run_says_it_all_and_changes_nothing(folder, tmp_path):
    report = bring(folder, dry_run=True)
    assert report.counts["created"] == 7
    assert not Course.objects.exists()
    assert not Asset.objects.exists()
    assert not list((tmp_path / "media").rglob("*.svg"))
    assert told(bring(folder)) == told(report)


def test_a_lesson_that_moves_keeps_its_row_and_its_progress(folder):
    bring(folder)
    course = Course.objects.get()
    before = Lesson.objects.get(key="cool")
    learner = make_person("lea@example.org", "Lea")
    Enrollment.objects.create(user=learner, course=course)
    complete_lesson(learner, before)
    (folder / "01-water/02-cool.md").rename(folder / "02-leaves/00-cool-down.md")
    report = bring(folder)
    after = Lesson.objects.get(key="cool")
    assert (after.pk, after.slug) == (before.pk, "cool")
    assert after.module.title == "Leaves"
    assert "> lesson cool (moved to leaves)" in told(report)
    assert [one.slug for one in course.outline().lessons] == ["boil", "cool", "steep"]
    assert LessonProgress.objects.filter(user=learner, lesson=after).exists()


def test_only_what_moved_is_said_to_have_moved(folder):
    bring(folder)
    write(folder, {"01-water/00-kettle.md": lesson("Kettle", id="kettle")})
    assert told(bring(folder)) == ["+ lesson kettle"]
    (folder / "01-water/00-kettle.md").rename(folder / "01-water/09-kettle.md")
    assert told(bring(folder)) == ["> lesson kettle (moved)"]


def test_a_vanished_lesson_is_archived_and_comes_back_as_the_same_row(folder):
    bring(folder)
    row = Lesson.objects.get(key="cool")
    learner = make_person("lea@example.org", "Lea")
    Enrollment.objects.create(user=learner, course=row.course)
    complete_lesson(learner, row)
    text = (folder / "01-water/02-cool.md").read_text()
    (folder / "01-water/02-cool.md").unlink()
    assert told(bring(folder)) == ["- lesson cool (1 learner has done it)"]
    row.refresh_from_db()
    assert row.deleted_at
    assert LessonProgress.objects.filter(lesson=row).exists()
    mine = CourseProgress.objects.get(user=learner)
    assert (mine.done, mine.total) == (0, 2)
    (folder / "01-water/02-cool.md").write_text(text)
    assert told(bring(folder)) == ["+ lesson cool"]
    again = Lesson.objects.get(key="cool")
    assert (again.pk, again.slug, again.deleted_at) == (row.pk, "cool", None)
    mine.refresh_from_db()
    assert (mine.done, mine.total) == (1, 3)


def test_a_vanished_module_goes_with_its_lessons(folder):
    bring(folder)
    (folder / "02-leaves/01-steep.md").unlink()
    assert told(bring(folder)) == ["- lesson steep", "- module leaves"]
    assert Course.objects.get().lesson_count == 2


def test_changing_the_structure_recounts_once_and_raises_its_number(folder):
    bring(folder)
    before = Course.objects.get().structure_rev
    write(folder, {"02-leaves/02-pour.md": lesson("Pour", minutes="2")})
    bring(folder)
    course = Course.objects.get()
    assert course.structure_rev == before + 1
    assert (course.lesson_count, course.minutes) == (4, 17)
    assert Lesson.objects.get(key="leaves/pour").xp_reward == 5


def test_changed_text_is_rendered_again_and_leaves_the_structure_alone(folder):
    bring(folder)
    before = Course.objects.get().structure_rev
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", "Four *minutes*.", id="steep")})
    assert told(bring(folder)) == ["~ lesson steep (content)"]
    assert "<em>minutes</em>" in Lesson.objects.get(key="steep").content_html
    assert Course.objects.get().structure_rev == before


def test_what_was_edited_on_the_site_is_a_conflict_and_stays(folder):
    bring(folder)
    Lesson.objects.filter(key="steep").update(content="Edited here.")
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", "Edited there.", id="steep")})
    report = bring(folder)
    assert report.counts["conflict"] == 1
    assert "edited on the site since the last import: content" in told(report)[0]
    assert Lesson.objects.get(key="steep").content == "Edited here."
    assert told(bring(folder, overwrite=True)) == ["~ lesson steep (content)"]
    assert Lesson.objects.get(key="steep").content == "Edited there."
    assert bring(folder).changes == 0


def test_what_was_deleted_on_the_site_stays_deleted(folder):
    bring(folder)
    Lesson.objects.filter(key="steep").update(deleted_at="2026-01-01T00:00Z")
    assert "! lesson steep (deleted on the site" in told(bring(folder))[0]
    assert Lesson.objects.get(key="steep").deleted_at


QUIZ = """id: check
title: Check
questions:
  - {id: hot, type: text, prompt: Is it hot?, accept: ["yes"], lesson: black}
"""
SUM = {
    "02-leaves/03-sum/assignment.yaml": "id: sum\ntitle: Sum\nlanguage: python\nfunction: total\n",
    "02-leaves/03-sum/description.md": "Add them up.\n",
    "02-leaves/03-sum/solution.py": "def total(all):\n    return sum(all)\n",
    "02-leaves/03-sum/tests.yaml": (
        "cases:\n  - {id: two, name: Two, visible: true, args: [[1, 1]], expect: 2}\n"
    ),
}


def test_what_comes_into_a_module_that_was_deleted_on_the_site_is_a_conflict(folder):
    bring(folder)
    Module.objects.filter(key="leaves").update(deleted_at="2026-01-01T00:00Z")
    before = list(Lesson.objects.order_by("key").values_list("key", "module__key", "title"))
    (folder / "01-water/02-cool.md").unlink()
    moved = {"02-leaves/00-cool.md": lesson("Cooler", id="cool")}
    new = {
        "02-leaves/02-black.md": lesson("Black", id="black"),
        "02-leaves/04-check.quiz.yaml": QUIZ,
    }
    write(folder, {**moved, **new, **SUM})
    report = bring(folder)
    why = "its module was deleted on the site since the last import"
    assert told(report) == [
        "! module leaves (deleted on the site since the last import)",
        *(f"! lesson {key} ({why})" for key in ("cool", "black", "sum", "check")),
        "! question check/hot (its lesson does not come in)",
        "! case sum/two (its lesson does not come in)",
    ]
    assert before == list(Lesson.objects.order_by("key").values_list("key", "module__key", "title"))
    assert sum(report.counts.values()) == read_course(folder).size
    assert "~ lesson cool (moved to leaves)" not in told(bring(folder))
    report = bring(folder, overwrite=True)
    assert Lesson.objects.get(key="cool").module.key == "leaves"
    assert Lesson.objects.filter(module__key="leaves").count() == 5


def test_a_course_written_on_the_site_is_not_taken_over(folder):
    make_course("tea")
    with pytest.raises(ImportRefused, match="was written on the site"):
        bring(folder)
    Course.objects.update(deleted_at="2026-01-01T00:00Z")
    with pytest.raises(ImportRefused, match="restore it first"):
        bring(folder)


def as_written_on_the_site(course):
    """The course as if everything in it had been made on the site: no import knows of it."""
    Course.objects.filter(pk=course.pk).update(imported_hash="")
    Module.objects.filter(course=course).update(imported_hash="", source="")
    Lesson.objects.filter(course=course).update(imported_hash="", source="")


def test_the_export_of_a_course_of_the_site_comes_in_and_is_the_folder_s_from_then_on(folder):
    bring(folder)
    course = Course.objects.get()
    as_written_on_the_site(course)
    assert bring(folder).changes == 0
    assert not Lesson.objects.filter(imported_hash="").exists()
    (folder / "01-water/02-cool.md").unlink()
    assert told(bring(folder)) == ["- lesson cool"]


def test_a_row_of_the_site_that_is_other_than_the_folder_s_is_a_conflict(folder):
    bring(folder)
    as_written_on_the_site(Course.objects.get())
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", "Another text.", id="steep")})
    assert told(bring(folder)) == ["! lesson steep (written on the site: content)"]
    assert Lesson.objects.get(key="steep").imported_hash == ""
    assert told(bring(folder, overwrite=True)) == ["~ lesson steep (content)"]
    assert Lesson.objects.get(key="steep").content == "Another text."


def test_every_node_of_the_site_has_a_key_that_a_folder_may_use(course):
    own = Module.objects.create(course=course, title="Own", slug="own")
    twin = Module.objects.create(course=course, title="Twin", slug="twin")
    assert own.key != twin.key
    assert re.fullmatch("[a-z][a-z0-9]{7,}", own.key)
    with pytest.raises(IntegrityError, match="module_has_a_key"), transaction.atomic():
        Module.objects.filter(pk=own.pk).update(key="")


def test_a_draft_stays_one_until_it_is_asked_to_be_published(folder):
    write(folder, {"course.yaml": COURSE + "draft: true\n"})
    bring(folder)
    assert Course.objects.get().status == "DRAFT"
    bring(folder)
    assert Course.objects.get().status == "DRAFT"
    bring(folder, publish=True)
    assert Course.objects.get().is_published


def test_what_is_not_ready_stays_a_draft_and_says_why(folder):
    write(folder, {"01-water/01-boil.md": lesson("Boil", "![](../assets/pot.svg)", id="boil")})
    report = bring(folder)
    assert not Course.objects.get().is_published
    assert "Not published: Boil: An image has no text" in str(report.warnings[-1])


def test_dangling_links_are_told_with_their_line(folder):
    text = "Fine.\n\nSee [gone](gone.md) and <img src='no.png' alt='x'>."
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", text, id="steep")})
    report = bring(folder)
    assert [str(one) for one in report.warnings] == [
        '02-leaves/01-steep.md:7: Unknown reference "gone.md".',
        '02-leaves/01-steep.md:7: Unknown reference "no.png".',
    ]


def test_strange_files_are_skipped_with_a_reason(folder):
    write(
        folder,
        {
            "check.gift": "What?{=this}",
            "README.md": "Hello",
            "build.sh": "rm",
            ".docs/x.md": "y",
        },
    )
    report = bring(folder)
    assert sorted(line for line in told(report) if line.startswith("/")) == [
        "/ file .docs/x.md (it belongs to no module)",
        "/ file README.md (it belongs to no module)",
        "/ file build.sh (files of this kind are not served)",
        "/ file check.gift (it belongs to no module)",
    ]
    assert sum(report.counts.values()) - report.counts["archived"] == report.source_nodes == 11


def test_a_changed_file_is_stored_anew_and_a_vanished_one_let_go(folder):
    bring(folder)
    old = Asset.objects.get()
    write(folder, {"assets/pot.svg": "<svg/>", "assets/cup.svg": "<svg/>"})
    assert told(bring(folder)) == ["+ file assets/cup.svg", "~ file assets/pot.svg"]
    pot, cup = Asset.objects.get(path="assets/pot.svg"), Asset.objects.get(path="assets/cup.svg")
    assert pot.pk == old.pk
    assert pot.file.name == cup.file.name != old.file.name
    with pot.file.open() as stream:
        assert stream.read() == b"<svg/>"
    (folder / "assets/cup.svg").unlink()
    assert told(bring(folder)) == ["- file assets/cup.svg"]


def test_a_failure_leaves_no_rows(folder, monkeypatch):
    monkeypatch.setattr("studio.importing.texts.render", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bring(folder)
    assert not Course.objects.exists()


def add_on_the_site(course, path, text):
    """A file as the desk adds it, with the place that an author gave it."""
    row = keep(course, path, text)
    Asset.objects.filter(pk=row.pk).update(path=path)


def test_a_file_that_was_added_on_the_site_stays(folder):
    bring(folder)
    add_on_the_site(Course.objects.get(), "own.txt", b"mine")
    assert told(bring(folder)) == []
    write(folder, {"own.txt": "the folder's"})
    assert told(bring(folder)) == ["! file own.txt (added on the site)"]
    with Asset.objects.get(path="own.txt").file.open() as stream:
        assert stream.read() == b"mine"
    assert told(bring(folder, overwrite=True)) == ["~ file own.txt"]
    (folder / "own.txt").unlink()
    assert told(bring(folder)) == ["- file own.txt"]


def test_a_file_of_the_site_that_the_folder_has_too_is_the_folder_s_from_then_on(folder):
    bring(folder)
    add_on_the_site(Course.objects.get(), "own.txt", b"mine")
    write(folder, {"own.txt": "mine"})
    assert told(bring(folder)) == []
    (folder / "own.txt").unlink()
    assert told(bring(folder)) == ["- file own.txt"]


def test_a_file_that_was_changed_on_the_site_stays(folder):
    bring(folder)
    Asset.objects.update(sha256="0" * 64)
    assert told(bring(folder)) == [
        "! file assets/pot.svg (changed on the site since the last import)"
    ]
    (folder / "assets/pot.svg").unlink()
    report = bring(folder)
    assert told(report) == []
    assert "it stays" in str(report.warnings[-1])
    report = bring(folder, overwrite=True)
    assert told(report) == []
    assert "The file assets/pot.svg vanished but the lesson " in report.warnings[0].message
    for path in folder.rglob("*.md"):
        path.write_text(path.read_text().replace("pot.svg", "pan.svg"))
    assert "- file assets/pot.svg" in told(bring(folder, overwrite=True))


def test_links_to_files_of_the_site_lead_there(folder):
    bring(folder)
    add_on_the_site(Course.objects.get(), "own.svg", b"<svg/>")
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", "![Own](../own.svg)", id="steep")})
    assert bring(folder).warnings == []
    assert "/courses/tea/files/own.svg" in Lesson.objects.get(key="steep").content_html


def test_what_the_site_changes_of_a_course_meanwhile_is_not_overwritten(folder):
    bring(folder)
    tree = read_course(write(folder, {"course.yaml": COURSE.replace("Tea", "Green tea")}))
    Course.objects.update(required_plan="PRO")
    with CaptureQueriesContext(connection) as queries:
        import_course(tree)
    told = [one["sql"] for one in queries if one["sql"].startswith('UPDATE "courses_course"')]
    assert "required_plan" not in told[0].partition("WHERE")[0]
    assert Course.objects.get().required_plan == "PRO"


def test_a_course_that_became_what_the_folder_says_is_the_folder_s_again(folder):
    bring(folder)
    Course.objects.update(summary="Made on the site.")
    write(folder, {"course.yaml": COURSE.replace("How to make tea.", "Made on the site.")})
    assert told(bring(folder)) == []
    write(folder, {"course.yaml": COURSE.replace("How to make tea.", "Made anew.")})
    assert told(bring(folder)) == ["~ course tea (summary)"]


def let_time_pass(root):
    """Every stored file is two hours old."""
    before = time.time() - 7200
    for place in root.rglob("*"):
        os.utime(place, (before, before))


def test_files_that_no_row_refers_to_are_forgotten_after_an_hour(folder, monkeypatch, tmp_path):
    media = tmp_path / "media"
    bring(folder)
    kept = Asset.objects.get().file.name
    write(folder, {"assets/cup.svg": "<svg/>"})
    with monkeypatch.context() as broken:
        broken.setattr("studio.importing.texts.render", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bring(write(folder, {"01-water/01-boil.md": lesson("Boil", "Else.", id="boil")}))
    assert len(list(media.rglob("*.svg"))) == 2
    assert forget_files() == 0
    let_time_pass(media)
    assert forget_files() == 1
    assert [place.relative_to(media).as_posix() for place in media.rglob("*.svg")] == [kept]


def test_courses_share_files_of_the_same_bytes(tmp_path):
    for slug in ("one", "two"):
        AssetImport(make_course(slug), Report(slug, dry_run=False)).run(
            {"a.txt": SourceFile("a.txt", 1, lambda: b"a")}
        )
    assert len(set(Asset.objects.values_list("file", flat=True))) == 1
    assert len(list((tmp_path / "media").rglob("*.txt"))) == 1


def test_lessons_made_on_the_site_stay_in_an_imported_course(folder):
    bring(folder)
    leaves = Module.objects.get(key="leaves")
    Lesson.objects.create(
        module=leaves, course=leaves.course, slug="own", title="Own", status="PUBLISHED", position=9
    )
    for path in (folder / "02-leaves").iterdir():
        path.unlink()
    report = bring(folder)
    assert "stays: it has lessons of the site" in str(report.warnings[-1])
    assert [one.slug for one in Course.objects.get().outline().lessons] == ["boil", "cool", "own"]


@pytest.mark.parametrize("name", ["python-basics", "javascript-in-the-browser", "git-for-one"])
def test_the_demo_courses_come_in_without_a_warning(name):
    foretold = bring(DEMO / name, dry_run=True)
    report = bring(DEMO / name)
    assert [str(warning) for warning in report.warnings] == []
    assert report.counts["skipped"] == 0
    assert report.counts == foretold.counts
    assert Course.objects.get(slug=name).is_published
    assert bring(DEMO / name).changes == 0


def test_the_command_reports_and_refuses_in_sentences(folder, tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("import_course", str(folder), "--dry-run")
    assert end.value.code == 2
    assert "7 parts of the course would change" in capsys.readouterr().out
    call_command("import_course", str(folder), "--json")
    assert '"changes": 7' in capsys.readouterr().out
    call_command("import_course", str(folder), "--dry-run")
    assert "No changes." in capsys.readouterr().out
    for path in ("missing.zip", str(tmp_path), str(folder / "course.yaml")):
        with pytest.raises(CommandError, match=r"Cannot read|no course") as refusal:
            call_command("import_course", path)
        assert refusal.value.returncode == 1


def test_the_command_says_where_what_differs_stands(folder, capsys):
    bring(folder)
    Lesson.objects.filter(key="boil").update(content="Edited here.")
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", "Now.", id="steep"), "run.sh": "x"})
    call_command("import_course", str(folder))
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "! lesson boil (edited on the site since the last import: content)  01-water/01-boil.md",
        "~ lesson steep (content)  02-leaves/01-steep.md",
        "/ file run.sh (files of this kind are not served)",
    ]


def test_every_line_of_the_report_has_its_place(folder):
    report = bring(folder)
    places = {(line.kind, line.path) for line in report.lines if line.kind != "course"}
    assert ("lesson", "02-leaves/01-steep.md") in places
    assert all(path for _, path in places)
    assert report.to_json()["nodes"][-1]["path"] == "02-leaves/01-steep.md"


def test_what_was_skipped_is_kept_in_the_report(folder):
    tree = read_course(folder)
    tree.skipped.append(Skipped("x.gift#7", "no such type", "question", "What {#}?"))
    line = import_course(tree).to_json()["nodes"][-1]
    assert (line["path"], line["original"]) == ("x.gift#7", "What {#}?")


def learners_of(course, number, done):
    people = [make_person(f"lea-{one}@example.org", "Lea") for one in range(number)]
    for person in people:
        Enrollment.objects.create(user=person, course=course)
        for one in done:
            complete_lesson(person, one)
    return people


def test_a_dry_run_foretells_the_effect_on_learners(folder):
    bring(folder)
    course = Course.objects.get()
    learners_of(course, 3, Lesson.objects.filter(key__in=["boil", "cool"]))
    assert bring(folder).effects == ["Nobody's percentage changes."]
    write(folder, {"02-leaves/02-pour.md": lesson("Pour", id="pour")})
    wanted = ["3 learners go from 66% to 50%.", "No certificate changes."]
    assert bring(folder, dry_run=True).effects == wanted
    assert CourseProgress.objects.filter(course=course, done=2, total=3).count() == 3
    assert bring(folder).to_json()["effects"] == wanted


def queries_of(folder, **options):
    tree = read_course(folder)
    with CaptureQueriesContext(connection) as queries:
        report = import_course(tree, **options)
    return report, len(queries)


def large(root, lessons):
    """A course with that many lessons, all of which name each other, and half as many quizzes."""
    files = {"course.yaml": COURSE}
    for number in range(1, lessons + 1):
        link = f"See [the next]({number % lessons + 1:03}-l.md)."
        files[f"01-water/{number:03}-l.md"] = lesson(text=link, id=f"l{number}")
        if number % 2:
            files[f"01-water/{number:03}-q.quiz.yaml"] = (
                f"id: q{number}\ntitle: Check\nquestions:\n  - id: one\n    type: text\n"
                "    prompt: Which?\n    accept: [this]\n"
            )
    return write(root, files)


def test_statements_grow_with_what_changes_and_not_with_the_course(tmp_path):
    counted = {}
    for lessons in (5, 60):
        root = large(tmp_path / str(lessons), lessons)
        bring(root)
        again, idle = queries_of(root)
        assert again.changes == 0
        file = root / "01-water/003-l.md"
        file.write_text(file.read_text() + "\nMore.\n")
        changed, one = queries_of(root)
        assert told(changed) == ["~ lesson l3 (content)"]
        counted[lessons] = (idle, one)
        Course.objects.get().delete()
    assert counted[5] == counted[60]
    assert max(counted[60]) < 40


def test_a_text_is_not_rendered_again_for_nothing(folder, monkeypatch):
    bring(folder)
    rendered = []
    monkeypatch.setattr(
        "studio.importing.texts.render",
        lambda text, **k: rendered.append(text) or render(text, **k),
    )
    bring(folder)
    assert rendered == [""]
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", "Four minutes.", id="steep")})
    bring(folder)
    assert rendered[1:] == ["Four minutes.", ""]
    write(folder, {"02-leaves/02-pour.md": lesson("Pour", "To [cool](../01-water/02-cool.md).")})
    bring(folder)
    assert len(rendered) == 3 + 5


def test_a_link_that_leads_nowhere_is_told_each_time(folder):
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", "See [gone](gone.md).", id="steep")})
    first = [str(one) for one in bring(folder).warnings]
    again = bring(folder)
    assert [str(one) for one in again.warnings] == first != []
    assert again.changes == 0


def test_what_learners_cannot_see_is_told_in_the_words_of_publishing(folder):
    bring(folder)
    text = "![](../assets/pot.svg) and ![a pot](https://example.org/pot.png)"
    write(folder, {"02-leaves/01-steep.md": lesson("Steep", text, id="steep")})
    warnings = [(one.code, one.message, one.path) for one in bring(folder).warnings]
    assert warnings == [
        ("alt", NO_WORDS, "02-leaves/01-steep.md"),
        ("picture", ELSEWHERE, "02-leaves/01-steep.md"),
    ]


def test_a_dry_run_counts_what_the_run_does(folder):
    bring(folder)
    Lesson.objects.filter(key="boil").update(content="Edited here.")
    (folder / "01-water/02-cool.md").unlink()
    write(
        folder,
        {
            "01-water/01-boil.md": lesson("Boil", "Edited there.", id="boil"),
            "02-leaves/01-steep.md": lesson("Steep", "Changed.", id="steep"),
            "03-cups/01-cup.md": lesson("Cup"),
            "assets/pot.svg": "<svg/>",
            "build.sh": "x",
        },
    )
    foretold, done = bring(folder, dry_run=True), bring(folder)
    assert told(foretold) == told(done)
    assert foretold.counts == done.counts
    assert {name for name, number in done.counts.items() if number} == {
        "created", "updated", "archived", "conflict", "skipped", "unchanged",
    }  # fmt: skip


def test_no_more_of_an_archive_is_read_than_one_may_have(tmp_path):
    place = tmp_path / "large.zip"
    with place.open("wb") as stream:
        stream.truncate(3 * MAX_ARCHIVE)
    tracemalloc.start()
    with pytest.raises(ImportRefused, match="larger than 64 MiB"):
        read_course(place)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.5 * MAX_ARCHIVE


@pytest.mark.parametrize(
    ("command", "verb"),
    [
        ("import_course", "studio.management.commands.import_course.import_course"),
        ("load_demo", "studio.demo_school.load"),
        ("render_again", "studio.management.commands.render_again.render_again"),
    ],
)
def test_a_deadlock_is_not_called_a_lost_connection(command, verb, folder, monkeypatch, settings):
    def collide(*args, **options):
        raise OperationalError("deadlock detected")

    settings.DEMO_SCHOOL = True
    monkeypatch.setattr(verb, collide)
    with pytest.raises(OperationalError, match="deadlock"):
        call_command(command, *([str(folder)] if command == "import_course" else []))
