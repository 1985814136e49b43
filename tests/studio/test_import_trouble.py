"""Imports that change keys, break, are killed or lost; and uploads that nobody needs any more."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files import storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now

from assessments.models import Attempt, Quiz
from courses.models import Course, CourseImport
from studio import course_importing, course_imports, tasks, uploads
from studio.course_imports import Choices, NotNow
from studio.importing.refusal import ImportRefused
from tests.studio.test_assignment_pages import text
from tests.studio.test_import_folder import lesson
from tests.studio.test_import_quizzes import attempt_of
from tests.studio.uploading import archive, bring, stored, upload

pytestmark = pytest.mark.django_db
__all__ = ["upload"]
Status = CourseImport.Status
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


def quiz(right="a") -> str:
    return QUIZ.format(a=str(right == "a").lower(), b=str(right == "b").lower())


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
        assert str(uploads.GONE) in text(desk.get(row.get_absolute_url()))
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
