"""The pages that bring a course in: an upload, its plan, the word to do it, and what it did."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.files import storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now

from accounts.models import User
from assessments.models import Attempt, Quiz
from courses.models import Course, CourseImport, Lesson
from studio import course_importing, course_imports, tasks, uploads
from studio.course_imports import Choices, NotNow, Options
from studio.importing.refusal import ImportRefused
from tests.conftest import make_person
from tests.studio.test_assignment_pages import text
from tests.studio.test_bad_sources import packed
from tests.studio.test_import_folder import COURSE, lesson
from tests.studio.test_import_quizzes import attempt_of

pytestmark = pytest.mark.django_db
Status = CourseImport.Status
FILES = {
    "course.yaml": COURSE,
    "01-water/module.yaml": "id: water\ntitle: Water\nsummary: Hot.\n",
    "01-water/01-boil.md": lesson("Boil", id="boil"),
    "01-water/02-cool.md": lesson("Cool", "See [nothing](nothing.md).", id="cool"),
}
QUIZ = """
id: check
title: Check
questions:
  - id: hot
    type: single
    prompt: How hot?
    options:
      - {{id: a, text: A hundred, correct: {a}}}
      - {{id: b, text: Ten, correct: {b}}}
"""


def archive(**changed) -> bytes:
    return packed(*{**FILES, **changed}.items())


def quiz(right="a") -> str:
    return QUIZ.format(a=str(right == "a").lower(), b=str(right == "b").lower())


@pytest.fixture
def teacher(db) -> User:
    return make_person("tea@example.org", "Tea", role=User.Role.ADMIN, is_superuser=True)


@pytest.fixture
def upload(root):
    """Ask as root, and let a worker make the plan."""

    def ask(data=None, name="tea.zip", **choices):
        row = course_imports.ask(root, data or archive(), name, Options(choices=Choices(**choices)))
        return course_importing.plan(row.pk)

    return ask


def bring(row):
    course_imports.confirm(row.pk, row.by)
    return course_importing.apply(row.pk)


def stored(row) -> bool:
    return storage.default_storage.exists(row.file)


class TestUploading:
    def post(self, desk, data, name="tea.zip", **fields):
        file = SimpleUploadedFile(name, data, "application/zip")
        return desk.post("/studio/imports/", {"file": file, **fields})

    def test_an_upload_is_kept_and_leads_to_its_plan(self, desk, root):
        answer = self.post(desk, archive())
        row = CourseImport.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, f"/studio/imports/{row.pk}/")
        assert (row.by, row.name, row.status) == (root, "tea.zip", Status.PLANNING)
        assert row.file == f"imports/{row.pk}.zip"
        assert stored(row)

    def test_what_cannot_be_read_is_refused_at_once_with_every_place(self, desk):
        bad = archive(**{"01-water/01-boil.md": "---\ntitle: A\ncolour: red\n---\nText\n"})
        answer = self.post(desk, bad, title="", slug="")
        assert answer.status_code == 422
        html = text(answer)
        assert "01-water/01-boil.md:3: " in html
        assert "<title>Error: " in html
        assert not CourseImport.objects.exists()
        assert (
            not storage.default_storage.exists("imports")
            or not storage.default_storage.listdir("imports")[1]
        )

    def test_what_was_typed_stays_after_a_refusal(self, desk):
        answer = self.post(desk, b"no archive", title="My <tea>", slug="my-tea")
        html = text(answer)
        assert answer.status_code == 422
        assert "Not a valid zip file." in html
        assert 'value="My &lt;tea&gt;"' in html
        assert 'value="my-tea"' in html

    def test_nothing_and_too_much_are_refused_in_words(self, desk, monkeypatch):
        assert "Choose a file." in text(desk.post("/studio/imports/", {}))
        assert "This file is empty." in text(self.post(desk, b""))
        monkeypatch.setattr("studio.forms.MAX_ARCHIVE", 10)
        assert "The file is larger than 20 MiB." in text(self.post(desk, archive()))

    def test_a_name_for_a_course_that_says_its_own_is_refused(self, desk):
        answer = self.post(desk, archive(), slug="other")
        assert answer.status_code == 422
        assert "A course.yaml says what its course is called" in text(answer)

    def test_a_single_file_of_questions_is_a_course_by_the_name_that_is_given(self, desk):
        data = b"::Hot:: How hot? {=A hundred ~Ten}"
        answer = self.post(desk, data, "questions.gift", title="Hot tea", slug="hot-tea")
        assert answer.status_code == 303
        row = course_importing.plan(CourseImport.objects.get().pk)
        assert row.file == f"imports/{row.pk}.gift"
        html = text(desk.get(row.get_absolute_url()))
        assert "<strong>Hot tea</strong>" in html
        assert "(/courses/hot-tea/)" in html

    def test_the_same_upload_asked_for_twice_is_one_import(self, root):
        first = course_imports.ask(root, archive(), "tea.zip")
        assert course_imports.ask(root, archive(), "tea.zip") == first
        course_importing.plan(first.pk)
        assert course_imports.ask(root, archive(), "tea.zip") != first

    def test_a_name_is_a_line_and_keeps_its_ending(self, root):
        row = course_imports.ask(root, archive(), f"../../a\u202e/{'x' * 300}\n.IMSCC")
        assert len(row.name) == 200
        assert row.name.endswith(".IMSCC")
        assert row.file == f"imports/{row.pk}.imscc"

    def test_learners_and_guests_find_nothing(self, as_, client, ada, upload):
        row = upload()
        for address in ("/studio/imports/", row.get_absolute_url(), "/studio/courses/"):
            assert as_(ada).get(address).status_code == 404
            assert address == "/studio/courses/" or as_(ada).post(address).status_code == 404
            assert client.get(address).status_code == 302

    def test_the_list_asks_as_often_for_more_imports(self, desk, root, django_assert_num_queries):
        desk.get("/studio/imports/")
        for _ in range(2):
            CourseImport.objects.create(by=root, name="a.zip", size=1, sha256="")
            with django_assert_num_queries(6):
                html = text(desk.get("/studio/imports/"))
        assert html.count("root@example.org</td>") == 2


class TestPlanning:
    def test_a_plan_says_what_would_change_and_changes_nothing(self, desk, upload):
        row = upload()
        assert row.status == Status.READY
        assert not Course.objects.exists()
        html = text(desk.get(row.get_absolute_url()))
        assert "The plan: 4 changes" in html
        assert "This makes a new course: <strong>Tea</strong>" in html
        assert "<span>+ 4 new</span>" in html
        assert "Lesson <strong>“Boil”</strong>" in html
        assert "1 warning" in html
        assert "01-water/02-cool.md:" in html
        assert "Import now" in html

    def test_while_it_is_worked_out_the_page_asks_again(self, desk, root):
        row = course_imports.ask(root, archive(), "tea.zip")
        html = text(desk.get(row.get_absolute_url()))
        assert 'hx-trigger="load delay:1s"' in html
        assert "Check again" in html
        assert "Import now" not in html
        piece = desk.get(row.get_absolute_url(), headers={"HX-Request": "true"})
        assert "<h1" not in text(piece)
        assert "HX-Trigger" not in piece
        course_importing.plan(row.pk)
        piece = desk.get(row.get_absolute_url(), headers={"HX-Request": "true"})
        assert "hx-trigger" not in text(piece)
        assert "The plan: 4 changes." in piece["HX-Trigger"]

    def test_a_refusal_says_every_reason_in_words_of_the_page(self, desk, upload, course):
        Course.objects.filter(pk=course.pk).update(slug="tea")
        row = upload()
        assert row.status == Status.REFUSED
        html = text(desk.get(row.get_absolute_url()))
        assert "was written on the site. “Take the folder’s side” replaces it." in html
        assert "Import now" not in html
        course_imports.choose(row.pk, row.by, Choices(overwrite=True))
        assert course_importing.plan(row.pk).status == Status.READY

    def test_conflicts_come_first_and_the_folders_side_may_be_taken(self, desk, upload):
        bring(upload())
        Lesson.objects.filter(key="boil").update(title="Mine")
        row = upload(archive(**{"01-water/01-boil.md": lesson("Theirs", id="boil")}))
        html = text(desk.get(row.get_absolute_url()))
        assert "1 conflict" in html
        assert "The plan: nothing would change" in html
        assert "Import now" not in html
        answer = desk.post(row.get_absolute_url(), {"do": "choose", "overwrite": "on"})
        assert answer.status_code == 303
        row = course_importing.plan(row.pk)
        assert row.overwrite
        html = text(desk.get(row.get_absolute_url()))
        assert "conflict" not in html
        assert "~ 1 changed" in html
        bring(row)
        assert Lesson.objects.get(key="boil").title == "Theirs"

    def test_a_long_plan_is_folded_by_module(self, desk, upload):
        many = {f"02-many/{n:02}-l.md": lesson(f"L{n}", id=f"l{n}") for n in range(40)}
        row = upload(archive(**many))
        html = text(desk.get(row.get_absolute_url()))
        assert '<details class="fold" open>' not in html
        assert "<span>+ 41 new</span>" in html
        bring(row)
        html = text(desk.get(upload(archive(**many)).get_absolute_url()))
        assert "41 unchanged</summary>" in html

    def test_what_learners_notice_stands_first(self, desk, upload):
        row = upload()
        row.plan["effects"] = ["3 learners lose <nothing>."]
        row.save()
        assert "<li>3 learners lose &lt;nothing&gt;.</li>" in text(desk.get(row.get_absolute_url()))

    def test_the_page_asks_as_often_for_a_longer_plan(
        self, desk, upload, django_assert_num_queries
    ):
        many = {f"02-many/{n:02}-l.md": lesson(f"L{n}", id=f"l{n}") for n in range(40)}
        desk.get("/studio/imports/")
        for row in (upload(), upload(archive(**many))):
            with django_assert_num_queries(5):
                desk.get(row.get_absolute_url())


class TestImporting:
    def test_yes_does_what_the_plan_said_and_forgets_the_file(self, desk, upload):
        row = upload()
        form = {"do": "import", "seen": row.version}
        assert desk.post(row.get_absolute_url(), form).status_code == 303
        row.refresh_from_db()
        assert row.status == Status.APPLYING
        assert "The course is being imported" in text(desk.get(row.get_absolute_url()))
        row = course_importing.apply(row.pk)
        assert row.status == Status.DONE
        assert Course.objects.get().title == "Tea"
        assert not stored(row)
        html = text(desk.get(row.get_absolute_url()))
        assert "Imported: 4 changes" in html
        assert 'href="/studio/courses/tea/"' in html

    def test_said_twice_it_is_done_once(self, desk, upload):
        row = upload()
        form = {"do": "import", "seen": row.version}
        for _ in range(2):
            assert desk.post(row.get_absolute_url(), form).status_code == 303
        assert course_importing.apply(row.pk).status == Status.DONE
        assert course_importing.apply(row.pk) is None
        assert desk.post(row.get_absolute_url(), form).status_code == 303
        assert CourseImport.objects.get().status == Status.DONE

    def test_the_same_course_again_changes_nothing_and_says_so(self, desk, upload):
        bring(upload())
        again = upload(publish=True)
        assert "The plan: nothing would change" in text(desk.get(again.get_absolute_url()))
        again = bring(again)
        assert "Imported: nothing changed" in text(desk.get(again.get_absolute_url()))

    def test_a_course_that_changed_meanwhile_is_shown_anew_and_nothing_is_done(self, desk, upload):
        bring(upload())
        row = upload(archive(**{"01-water/01-boil.md": lesson("Theirs", id="boil")}))
        course_imports.confirm(row.pk, row.by)
        Lesson.objects.filter(key="boil").update(title="Mine")
        row = course_importing.apply(row.pk)
        assert (row.status, row.is_changed, row.report) == (Status.READY, True, {})
        assert Lesson.objects.get(key="boil").title == "Mine"
        assert stored(row)
        html = text(desk.get(row.get_absolute_url()))
        assert "The course was changed after the plan was shown, so nothing was imported." in html

    def test_a_plan_that_was_not_seen_is_not_said_yes_to(self, desk, upload):
        row = upload()
        answer = desk.post(row.get_absolute_url(), {"do": "import", "seen": "2026-01-01"})
        assert answer.status_code == 409
        assert "The plan has changed since this page was opened." in text(answer)

    def test_other_choices_make_another_plan_before_anything_is_done(self, desk, upload):
        row = upload()
        form = {"do": "import", "seen": row.version, "publish": "on"}
        answer = desk.post(row.get_absolute_url(), form)
        told = [str(one) for one in get_messages(answer.wsgi_request)]
        assert told[-1] == "With other choices this is another plan: look at it first."
        row.refresh_from_db()
        assert (row.status, row.publish) == (Status.PLANNING, True)

    def test_nothing_that_was_not_planned_is_said_yes_to(self, desk, root):
        row = course_imports.ask(root, archive(), "tea.zip")
        assert desk.post(row.get_absolute_url(), {"do": "import"}).status_code == 409

    def test_discarding_forgets_the_upload(self, desk, upload, django_capture_on_commit_callbacks):
        row = upload()
        with django_capture_on_commit_callbacks(execute=True):
            answer = desk.post(row.get_absolute_url(), {"do": "discard"})
        assert answer["Location"] == "/studio/imports/"
        assert not CourseImport.objects.exists()
        assert not stored(row)
        assert desk.get(row.get_absolute_url()).status_code == 404

    def test_what_was_imported_is_not_discarded(self, desk, upload):
        row = bring(upload())
        answer = desk.post(row.get_absolute_url(), {"do": "discard"})
        assert answer.status_code == 409
        assert "This import is over." in text(answer)

    def test_a_colleague_looks_but_does_not_decide(self, as_, teacher, upload):
        row = upload()
        html = text(as_(teacher).get(row.get_absolute_url()))
        assert "root@example.org asked for this import, and decides about it." in html
        assert "Import now" not in html
        for wanted in ("import", "choose", "discard"):
            form = {"do": wanted, "seen": row.version}
            assert as_(teacher).post(row.get_absolute_url(), form).status_code == 409
        row.refresh_from_db()
        assert row.status == Status.READY


class TestMarks:
    """Another key for a question that was asked."""

    @pytest.fixture
    def asked(self, upload):
        bring(upload(archive(**{"01-water/03-check.quiz.yaml": quiz("a")})))
        return attempt_of(Quiz.objects.get(), hot=["b"])

    def test_marks_rise_by_consent_alone_and_after_the_import(self, desk, upload, asked):
        changed = archive(**{"01-water/03-check.quiz.yaml": quiz("b")})
        row = upload(changed)
        assert row.status == Status.REFUSED
        assert "choose “Let marks rise” to mark them" in text(desk.get(row.get_absolute_url()))
        course_imports.choose(row.pk, row.by, Choices(regrade=True))
        row = bring(course_importing.plan(row.pk))
        assert (row.status, row.report["attempts_raised"]) == (Status.DONE, 1)
        assert not CourseImport.objects.get(pk=row.pk).marks_due
        assert Attempt.objects.get(pk=asked.pk).percent == 100
        assert "1 attempt rose." in text(desk.get(row.get_absolute_url()))

    def test_marks_that_a_killed_worker_left_are_found(self, upload, asked, monkeypatch):
        changed = archive(**{"01-water/03-check.quiz.yaml": quiz("b")})
        row = upload(changed, regrade=True)
        with monkeypatch.context() as patched:
            patched.setattr(course_importing, "_settle_marks", lambda *_: None)
            bring(row)
        assert Attempt.objects.get(pk=asked.pk).percent == 0
        CourseImport.objects.update(changed_at=Now() - timedelta(minutes=2))
        assert [one.status for one in course_importing.forgotten()] == [Status.DONE]
        course_importing.mark_anew(row.pk)
        row.refresh_from_db()
        assert (row.marks_due, row.report["attempts_raised"]) == (False, 1)
        assert Attempt.objects.get(pk=asked.pk).percent == 100


class TestTrouble:
    def test_a_file_that_is_gone_fails_with_a_sentence(self, desk, upload):
        row = upload()
        storage.default_storage.delete(row.file)
        row = bring(row)
        assert (row.status, row.fault) == (Status.FAILED, uploads.GONE)
        assert uploads.GONE in text(desk.get(row.get_absolute_url()))
        assert not Course.objects.exists()

    def test_a_fault_of_ours_is_said_and_may_be_tried_again(self, desk, upload, monkeypatch):
        def breaks(*_, **__):
            raise RuntimeError("The <disk> is full.")

        row = upload()
        with monkeypatch.context() as patched:
            patched.setattr(course_importing, "import_course", breaks)
            assert bring(row).status == Status.FAILED
        html = text(desk.get(row.get_absolute_url()))
        assert (
            "through a fault of ours, and nothing was changed: RuntimeError: The &lt;disk" in html
        )
        assert desk.post(row.get_absolute_url(), {"do": "choose"}).status_code == 303
        assert course_importing.plan(row.pk).status == Status.READY

    def test_what_kills_its_worker_each_time_is_given_up(self, root):
        row = course_imports.ask(root, archive(), "tea.zip")
        rows = CourseImport.objects.all()
        rows.update(tries=course_importing.MOST_TRIES, changed_at=Now() - timedelta(minutes=2))
        assert course_importing.plan(row.pk) is None
        assert course_importing.forgotten() == []
        row.refresh_from_db()
        assert (row.status, row.fault) == (Status.FAILED, course_importing.KILLED)

    def test_what_a_lost_message_left_is_sent_again_once_a_minute(self, root, monkeypatch):
        sent = []
        monkeypatch.setattr(tasks.plan_import, "delay", sent.append)
        row = course_imports.ask(root, archive(), "tea.zip")
        assert tasks.take_up_forgotten_imports() == 0
        CourseImport.objects.update(changed_at=Now() - timedelta(minutes=2))
        assert tasks.take_up_forgotten_imports() == 1
        assert tasks.take_up_forgotten_imports() == 0
        assert sent == [str(row.pk)]

    def test_a_message_for_nothing_does_nothing(self, upload):
        assert course_importing.plan(uuid4()) is None
        row = upload()
        assert course_importing.plan(row.pk) is None
        assert course_importing.apply(row.pk) is None
        with pytest.raises(NotNow):
            course_imports.confirm(uuid4(), row.by)

    def test_uploads_that_nobody_needs_are_deleted(self, root, upload, monkeypatch):
        old, new = upload(), upload(archive(**{"01-water/02-cool.md": lesson("C", id="cool")}))
        CourseImport.objects.filter(pk=old.pk).update(changed_at=Now() - timedelta(days=8))
        storage.default_storage.save("imports/stray.zip", SimpleUploadedFile("x", b"x"))
        assert uploads.forget_uploads() == 0
        monkeypatch.setattr(uploads, "MOMENT", timedelta(seconds=-5))
        assert tasks.forget_uploads() == 2
        assert (stored(old), stored(new)) == (False, True)
        old.refresh_from_db()
        assert (old.status, old.fault) == (Status.FAILED, uploads.GONE)

    def test_a_refused_upload_leaves_nothing(self, root):
        with pytest.raises(ImportRefused):
            course_imports.ask(root, b"PK", "a.zip")
        assert not CourseImport.objects.exists()
