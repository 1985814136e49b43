"""Lessons are written on the authors' desk, with files at hand."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import Asset, Lesson
from studio.outline import add_lesson
from tests.flows.school import PIXEL
from tests.studio.authoring import HTMX, lesson_form, made

pytestmark = pytest.mark.django_db


class TestWritingALesson:
    def test_text_is_saved_with_its_html(self, desk):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        sent = lesson_form(desk, lesson, content="Some *words* 🐍")
        assert desk.post(f"/studio/lessons/{lesson.pk}/", sent).status_code == 303
        lesson.refresh_from_db()
        assert "<em>words</em> 🐍" in lesson.content_html

    @pytest.mark.parametrize(
        "wrong",
        [
            {"title": ""}, {"title": "x" * 121}, {"content": "a\x00b"}, {"slug": "Not good"},
            {"slug": "UPPER"}, {"slug": ""}, {"minutes": "-1"}, {"xp_reward": "99999"},
            {"summary": "a\u202eb"}, {"content": "x" * 200_001},
        ],
        ids=lambda x: next(iter(x)),
    )  # fmt: skip
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, desk, wrong):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        sent = lesson_form(desk, lesson, **{"summary": "As typed.", "content": "Typed.", **wrong})
        answer = desk.post(f"/studio/lessons/{lesson.pk}/", sent)
        assert answer.status_code == 422
        assert b"There is a problem" in answer.content
        assert b"yped." in answer.content
        assert not Lesson.objects.get().content

    def test_an_address_that_another_lesson_has_is_refused(self, desk):
        module = made().modules.get()
        add_lesson(module, "Taken", "ARTICLE")
        lesson = add_lesson(module, "First", "ARTICLE")
        sent = lesson_form(desk, lesson, slug="taken")
        assert desk.post(f"/studio/lessons/{lesson.pk}/", sent).status_code == 422

    def test_who_saves_over_somebody_else_sees_both_and_may_keep_either(self, desk):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        mine = lesson_form(desk, lesson, content="My words.")
        theirs = lesson_form(desk, lesson, content="Their words.")
        desk.post(f"/studio/lessons/{lesson.pk}/", theirs)
        answer = desk.post(f"/studio/lessons/{lesson.pk}/", mine)
        assert answer.status_code == 409
        assert b"My words." in answer.content
        assert b"Their words." in answer.content
        assert Lesson.objects.get().content == "Their words."
        again = {**dict(answer.context["sent"]), "version": answer.context["version"]}
        assert desk.post(f"/studio/lessons/{lesson.pk}/", again).status_code == 303
        assert Lesson.objects.get().content == "My words."

    def test_moving_and_publishing_are_no_conflict_for_who_writes(self, desk):
        module = made().modules.get()
        lesson = add_lesson(module, "First", "ARTICLE")
        add_lesson(module, "Second", "ARTICLE")
        Lesson.objects.update(content="A word.")
        sent = lesson_form(desk, lesson, content="Words.")
        desk.post(f"/studio/lessons/{lesson.pk}/do/publish/")
        desk.post(f"/studio/lessons/{lesson.pk}/do/down/")
        assert desk.post(f"/studio/lessons/{lesson.pk}/", sent).status_code == 303
        lesson.refresh_from_db()
        assert (lesson.content, lesson.status, lesson.position) == ("Words.", "PUBLISHED", 2)

    def publish(self, desk, lesson, **fields):
        sent = lesson_form(desk, lesson, go="publish", back="lesson", **fields)
        return desk.post(f"/studio/lessons/{lesson.pk}/", sent)

    def test_publishing_saves_what_is_typed_first(self, desk):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        assert self.publish(desk, lesson, title="", content="Words.").status_code == 422
        assert Lesson.objects.get().status == "DRAFT"
        answer = self.publish(desk, lesson, content="Some\r\nwords.")
        assert answer["Location"] == f"/studio/lessons/{lesson.pk}/"
        lesson.refresh_from_db()
        assert (lesson.content, lesson.status) == ("Some\nwords.", "PUBLISHED")

    def test_publishing_leaves_a_text_alone_that_was_not_touched(self, desk):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        Lesson.objects.update(content="Some\nwords.", content_html="As it is.")
        self.publish(desk, lesson, content="Some\r\nwords.")
        lesson.refresh_from_db()
        assert (lesson.content, lesson.content_html) == ("Some\nwords.", "As it is.")
        assert lesson.status == "PUBLISHED"

    def test_who_publishes_over_somebody_else_sees_both_first(self, desk):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        mine = lesson_form(desk, lesson, go="publish", content="My words.")
        desk.post(f"/studio/lessons/{lesson.pk}/", {**mine, "go": "", "content": "Theirs."})
        answer = desk.post(f"/studio/lessons/{lesson.pk}/", mine)
        assert answer.status_code == 409
        again = {**dict(answer.context["sent"]), "version": answer.context["version"]}
        desk.post(f"/studio/lessons/{lesson.pk}/", {**again, "go": answer.context["go"]})
        lesson.refresh_from_db()
        assert (lesson.content, lesson.status) == ("My words.", "PUBLISHED")

    def test_what_learners_would_notice_is_asked_once_the_text_is_saved(self, desk, lessons):
        lesson = lessons[0]
        sent = lesson_form(desk, lesson, go="hide", back="lesson", content="Typed.")
        answer = desk.post(f"/studio/lessons/{lesson.pk}/", sent)
        assert answer["Location"] == f"/studio/lessons/{lesson.pk}/do/hide/?back=lesson"
        lesson.refresh_from_db()
        assert (lesson.content, lesson.status) == ("Typed.", "PUBLISHED")

    def test_the_preview_renders_with_the_links_of_the_course_and_saves_nothing(self, desk):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        Asset.objects.create(course=lesson.course, path="a.png", sha256="0" * 64, size=1)
        sent = {"go": "preview", "content": "![A thing](a.png) <script>alert(1)</script>"}
        part = desk.post(f"/studio/lessons/{lesson.pk}/", sent, **HTMX).content.decode()
        assert f"/courses/{lesson.course.slug}/files/a.png" in part
        assert "<script" not in part
        assert "<html" not in part
        whole = desk.post(f"/studio/lessons/{lesson.pk}/", sent).content.decode()
        assert "<html" in whole
        assert "![A thing](a.png)" in whole
        assert not Lesson.objects.get().content

    def test_a_preview_that_ends_too_soon_says_so(self, desk):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        sent = {"go": "preview", "content": "x" * 200_001}
        for extra in (HTMX, {}):
            answer = desk.post(f"/studio/lessons/{lesson.pk}/", sent, **extra)
            assert b"more than 200,000 characters" in answer.content
        answer = desk.post(f"/studio/lessons/{lesson.pk}/", {**sent, "content": "x"}, **HTMX)
        assert b"As learners read it." in answer.content

    def test_the_page_asks_the_same_however_many_files_there_are(
        self, desk, django_assert_max_num_queries
    ):
        lesson = add_lesson(made().modules.get(), "First", "VIDEO")
        for number in range(30):
            Asset.objects.create(
                course=lesson.course, path=f"{number}.png", sha256="0" * 64, size=1
            )
        with django_assert_max_num_queries(12):
            desk.get(f"/studio/lessons/{lesson.pk}/")


class TestFiles:
    def upload(self, desk, lesson, name, data=PIXEL, **extra):
        sent = {"go": "upload", "content": "Typed.", "file": SimpleUploadedFile(name, data)}
        return desk.post(f"/studio/lessons/{lesson.pk}/", sent, **extra)

    @pytest.fixture
    def lesson(self):
        return add_lesson(made().modules.get(), "First", "ARTICLE")

    def test_a_file_is_added_and_what_was_typed_stays(self, desk, lesson):
        answer = self.upload(desk, lesson, "My Picture.PNG")
        assert answer.status_code == 200
        assert b"Typed." in answer.content
        assert b"![What the picture shows](My-Picture.png)" in answer.content
        file = desk.get(Asset.objects.get().get_absolute_url())
        assert file.status_code == 200

    def test_the_same_file_twice_is_one_and_another_gets_a_number(self, desk, lesson):
        for data in (b"one", b"one", b"two"):
            self.upload(desk, lesson, "notes.txt", data)
        assert list(Asset.objects.values_list("path", flat=True)) == ["notes-2.txt", "notes.txt"]

    @pytest.mark.parametrize(
        ("name", "data"),
        [("page.html", b"<p>"), (".htaccess", b"x"), ("no-ending", b"x"),
         ("evil.svg", b"<svg><script>alert(1)</script></svg>"), ("not-one.png", b"<p>")],
    )  # fmt: skip
    def test_what_is_not_shown_in_courses_is_refused_in_words(self, desk, lesson, name, data):
        answer = self.upload(desk, lesson, name, data, **HTMX)
        assert answer.status_code == 422
        assert b'role="alert"' in answer.content
        assert not Asset.objects.exists()

    def test_a_picture_is_served_without_what_was_hidden_in_it(self, desk, lesson):
        self.upload(desk, lesson, "a.png", PIXEL + b"a second file behind the end")
        served = b"".join(desk.get(Asset.objects.get().get_absolute_url()).streaming_content)
        assert served.startswith(b"\x89PNG")
        assert b"a second file" not in served

    def test_a_name_leads_out_of_no_folder(self, desk, lesson):
        self.upload(desk, lesson, "../../etc/pass wd.txt", b"x")
        assert Asset.objects.get().path == "pass-wd.txt"

    def test_a_name_is_the_same_in_whichever_way_its_letters_are_put_together(self, desk, lesson):
        for name in ("cafe\u0301.txt", "caf\u00e9.txt"):
            self.upload(desk, lesson, name, b"x")
        assert Asset.objects.get().path == "caf\u00e9.txt"

    @pytest.mark.parametrize(
        ("limit", "most", "words"),
        [("MAX_ENTRIES", 1, b"at most 1 files"), ("MAX_TOTAL", 2**20, b"at most 1 MiB together")],
    )
    def test_a_course_has_as_many_files_as_an_import_brings(
        self, desk, lesson, monkeypatch, limit, most, words
    ):
        monkeypatch.setattr(f"studio.course_files.{limit}", most)
        assert self.upload(desk, lesson, "a.txt", b"a" * 2**19).status_code == 200
        answer = self.upload(desk, lesson, "b.txt", b"b" * (2**19 + 1))
        assert answer.status_code == 422
        assert words in answer.content
        assert self.upload(desk, lesson, "a.txt", b"a" * 2**19).status_code == 200
        assert Asset.objects.count() == 1

    def test_no_file_at_all_is_said(self, desk, lesson):
        sent = {"go": "upload", "content": "Typed."}
        assert desk.post(f"/studio/lessons/{lesson.pk}/", sent).status_code == 422

    def test_links_are_relative_to_the_place_of_an_imported_lesson(self, desk, lesson):
        Lesson.objects.filter(pk=lesson.pk).update(source="01-start/01-first.md")
        answer = self.upload(desk, lesson, "a.png")
        assert b"(../a.png)" in answer.content
