"""The page that takes a course as a file, and the list of those that were brought."""

import pytest
from django.core.files import storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from courses.models import Course, CourseImport, Lesson
from studio import course_importing, course_imports
from tests.studio.test_assignment_pages import text
from tests.studio.test_bad_sources import packed
from tests.studio.test_import_folder import COURSE
from tests.studio.uploading import archive, bring, stored, upload

pytestmark = pytest.mark.django_db
__all__ = ["upload"]
Status = CourseImport.Status


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
        assert "This is no .zip file, or a damaged one." in html
        assert 'value="My &lt;tea&gt;"' in html
        assert 'value="my-tea"' in html

    def test_nothing_and_too_much_are_refused_in_words(self, desk, monkeypatch):
        assert "Choose a file." in text(desk.post("/studio/imports/", {}))
        assert "This file is empty." in text(self.post(desk, b""))
        monkeypatch.setattr("studio.forms.MAX_ARCHIVE", 10)
        assert "The file is larger than 64 MiB." in text(self.post(desk, archive()))

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

    @pytest.mark.parametrize(
        ("name", "words"),
        [("pot.svg", "pot.svg is no course. What can be read: a .zip of a course"),
         ("notes.txt", "questions in a file that ends in .gift or .gift.txt"),
         ("tea.tar.gz", "tea.tar.gz is no .zip: unpack it, and pack the folder as a .zip file.")],
    )  # fmt: skip
    def test_what_is_no_course_is_told_what_would_be(self, desk, tmp_path, name, words):
        assert words in text(self.post(desk, b"<svg/>", name))
        (tmp_path / name).write_bytes(b"<svg/>")
        with pytest.raises(CommandError) as refused:
            call_command("import_course", tmp_path / name)
        assert words in str(refused.value)
        assert self.post(desk, archive(), name).status_code == 303

    @pytest.mark.parametrize(
        ("files", "words"),
        [({"notes.txt": "Tea."}, "Nothing in tea tells what kind of course it is"),
         ({"course.yaml": COURSE}, "Nothing was found in tea that could become a lesson"),
         ({"course.yaml": COURSE, "01-a/notes.rst": "x"}, "01-a/notes.rst: Left out: files of "),
         ({"a.gift": "Which? {=a->b =c->d}"}, "a.gift:1: Left out: questions of this type")],
    )  # fmt: skip
    def test_what_holds_no_lesson_makes_no_empty_course(self, desk, tmp_path, files, words):
        data = packed(*files.items())
        answer = self.post(desk, data)
        assert answer.status_code == 422
        assert words in text(answer)
        (tmp_path / "tea.zip").write_bytes(data)
        for dry_run in (True, False):
            with pytest.raises(CommandError) as refused:
                call_command("import_course", tmp_path / "tea.zip", dry_run=dry_run)
            assert words in str(refused.value)
        assert not Course.objects.exists()

    def test_an_upload_without_a_lesson_takes_none_away(self, desk, upload):
        bring(upload())
        answer = self.post(desk, packed(("course.yaml", COURSE)))
        assert "that could become a lesson" in text(answer)
        assert Lesson.objects.filter(deleted_at=None).count() == 2

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
