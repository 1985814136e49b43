"""A course is written on the authors' desk: made, filled, moved about, published."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Question, Quiz
from courses.models import Asset, Course, Lesson, Module, ProgrammingLanguage
from enrollments.models import Enrollment
from studio.outline import add_lesson, add_module, new_course
from tests.assessments.builders import make_quiz
from tests.flows.school import PIXEL

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def page(course):
    return f"/studio/courses/{course.slug}/"


def made(title="Loops for all", **fields):
    return new_course({"title": title, "summary": "Learn loops.", **fields})


def lesson_form(desk, lesson, **fields):
    """What the page of the lesson sends unchanged, but for these fields."""
    answer = desk.get(f"/studio/lessons/{lesson.pk}/")
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    return {**sent, "version": answer.context["version"], **fields}


class TestMakingACourse:
    def test_a_title_makes_a_draft_with_one_module(self, desk):
        answer = desk.post("/studio/courses/new/", {"title": "Loops", "difficulty": "BEGINNER"})
        course = Course.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, "/studio/courses/loops/")
        assert (course.status, course.modules.count()) == ("DRAFT", 1)
        assert desk.get(page(course)).status_code == 200

    def test_a_language_that_is_not_listed_is_added_once(self, desk):
        for title in ("One", "Two"):
            form = {"title": title, "difficulty": "BEGINNER", "new_language": "Zig"}
            assert desk.post("/studio/courses/new/", form).status_code == 303
        assert ProgrammingLanguage.objects.get().courses.count() == 2

    def test_two_of_one_title_get_two_addresses(self):
        assert [made("Loops").slug, made("Loops").slug] == ["loops", "loops-2"]

    def test_a_course_called_like_a_page_of_the_desk_stays_reachable(self, desk):
        assert desk.get(page(made("New"))).status_code == 200

    @pytest.mark.parametrize("title", ["", " ", "x" * 121, "a\x00b", "a\u202eb", "a\nb"], ids=ascii)
    def test_what_is_no_title_is_refused_and_kept(self, desk, title):
        form = {"title": title, "difficulty": "BEGINNER", "summary": "Kept as typed."}
        answer = desk.post("/studio/courses/new/", form)
        assert answer.status_code == 422
        assert b"There is a problem" in answer.content
        assert b"Kept as typed." in answer.content
        assert not Course.objects.exists()

    @pytest.mark.parametrize("title", ["دورة بايثون", "🐍 Loops 🐍", "日本語"])
    def test_titles_of_any_script_are_welcome(self, desk, title):
        desk.post("/studio/courses/new/", {"title": title, "difficulty": "BEGINNER"})
        course = Course.objects.get(title=title)
        assert desk.get(page(course)).status_code == 200

    @pytest.mark.parametrize("language", ["nonsense", "a\x00b", "0" * 32])
    def test_a_language_that_is_none_is_refused(self, desk, language):
        form = {"title": "Loops", "difficulty": "BEGINNER", "language": language}
        assert desk.post("/studio/courses/new/", form).status_code == 422


class TestTheOutline:
    def test_a_lesson_is_added_at_the_end_and_opened_to_be_written(self, desk):
        module = made().modules.get()
        add_lesson(module, "First", "ARTICLE")
        answer = desk.post(
            f"/studio/modules/{module.pk}/lessons/", {"title": "Second", "kind": "VIDEO"}
        )
        lesson = Lesson.objects.get(title="Second")
        assert answer["Location"] == f"/studio/lessons/{lesson.pk}/"
        assert (lesson.position, lesson.status, lesson.slug) == (2, "DRAFT", "second")

    @pytest.mark.parametrize(
        ("kind", "place"), [("QUIZ", "quizzes"), ("ASSIGNMENT", "assignments")]
    )
    def test_what_is_judged_comes_with_what_judges_it(self, desk, kind, place):
        module = made().modules.get()
        answer = desk.post(f"/studio/modules/{module.pk}/lessons/", {"title": "Try", "kind": kind})
        assert answer["Location"].startswith(f"/studio/{place}/")
        assert desk.get(answer["Location"]).status_code == 200
        assert Lesson.objects.get().completion == "BY_PASSING"

    def test_a_lesson_without_a_title_is_refused_where_it_was_typed(self, desk):
        course = made()
        add_module(course, "Another")
        module = course.modules.first()
        answer = desk.post(
            f"/studio/modules/{module.pk}/lessons/", {"title": "", "kind": "ARTICLE"}
        )
        assert answer.status_code == 422
        assert f'href="#id_title_{module.pk}"'.encode() in answer.content

    def test_moving_says_where_it_is_and_crosses_modules(self, desk):
        course = made()
        one, two = course.modules.get(), add_module(course, "Second")
        first = add_lesson(one, "First", "ARTICLE")
        add_lesson(two, "Last", "ARTICLE")
        answer = desk.post(f"/studio/lessons/{first.pk}/do/down/", **HTMX)
        assert "lesson 1 of 2 in Second" in answer["HX-Trigger"]
        assert Lesson.objects.get(pk=first.pk).module_id == two.pk
        answer = desk.post(f"/studio/lessons/{first.pk}/do/down/")
        assert answer["Location"].endswith(f"#lesson-{first.pk}")
        answer = desk.post(f"/studio/lessons/{first.pk}/do/down/", **HTMX)
        assert "last already" in answer["HX-Trigger"]

    def test_a_lesson_goes_to_the_end_of_a_chosen_module(self, desk):
        course = made()
        one, two = course.modules.get(), add_module(course, "Second")
        first = add_lesson(one, "First", "ARTICLE")
        add_lesson(two, "Last", "ARTICLE")
        desk.post(f"/studio/lessons/{first.pk}/move/", {"module": two.pk})
        titles = list(two.lessons.order_by("position").values_list("title", flat=True))
        assert titles == ["Last", "First"]

    @pytest.mark.parametrize("module", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
    def test_it_does_not_go_where_there_is_no_module_of_its_course(self, desk, module):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        other = made("Other").modules.get()
        for key in (module, other.pk):
            answer = desk.post(f"/studio/lessons/{lesson.pk}/move/", {"module": key})
            assert answer.status_code == 404

    def test_what_is_archived_leaves_its_undo_in_its_place(self, desk):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        answer = desk.post(f"/studio/lessons/{lesson.pk}/do/archive/", follow=True)
        assert "“First” is archived.".encode() in answer.content
        assert desk.post(f"/studio/lessons/{lesson.pk}/do/restore/").status_code == 303
        assert Lesson.objects.get().deleted_at is None

    def test_an_archived_module_takes_its_lessons_and_brings_them_back(self, desk):
        module = made().modules.get()
        add_lesson(module, "First", "ARTICLE")
        desk.post(f"/studio/modules/{module.pk}/do/archive/")
        answer = desk.get(page(module.course))
        assert b"First<" not in answer.content
        assert b"Restore<" in answer.content
        desk.post(f"/studio/modules/{module.pk}/do/restore/")
        assert b"First<" in desk.get(page(module.course)).content

    def test_a_module_is_renamed_and_keeps_its_address(self, desk):
        module = made().modules.get()
        desk.post(f"/studio/modules/{module.pk}/", {"title": "Anew", "description": ""})
        renamed = Module.objects.get()
        assert (renamed.title, renamed.slug) == ("Anew", module.slug)

    def test_the_page_of_sixty_lessons_asks_as_often_as_that_of_one(
        self, desk, django_assert_max_num_queries
    ):
        module = made().modules.get()
        for number in range(60):
            add_lesson(module, f"Lesson {number}", "QUIZ" if number % 3 else "ARTICLE")
        desk.get(page(module.course))
        with django_assert_max_num_queries(11):
            desk.get(page(module.course))

    def test_a_course_from_a_folder_says_so(self, desk):
        course = made()
        Course.objects.filter(pk=course.pk).update(imported_hash="x")
        assert b"comes from a folder" in desk.get(page(course)).content


class TestTheFacts:
    def facts(self, desk, course, **fields):
        answer = desk.get(page(course))
        form = answer.context["facts"]
        sent = {name: form[name].value() for name in form.fields}
        sent = {name: value for name, value in sent.items() if value not in (None, False)}
        return {**sent, "version": answer.context["version"], **fields}

    def test_are_saved(self, desk):
        course = made()
        sent = self.facts(desk, course, description="*All* of it.", tags="one\ntwo")
        assert desk.post(page(course), sent).status_code == 303
        course.refresh_from_db()
        assert "<em>All</em>" in course.description_html
        assert course.tags == ["one", "two"]

    def test_what_is_wrong_is_said_and_nothing_is_lost(self, desk):
        course = made()
        sent = self.facts(desk, course, title="", description="Much text.", cover="nonsense")
        answer = desk.post(page(course), sent)
        assert answer.status_code == 422
        assert b"Much text." in answer.content
        assert Course.objects.get().title == "Loops for all"


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
        sent = lesson_form(desk, lesson, content="Words.")
        desk.post(f"/studio/lessons/{lesson.pk}/do/publish/")
        desk.post(f"/studio/lessons/{lesson.pk}/do/down/")
        assert desk.post(f"/studio/lessons/{lesson.pk}/", sent).status_code == 303
        lesson.refresh_from_db()
        assert (lesson.content, lesson.status, lesson.position) == ("Words.", "PUBLISHED", 2)

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

    def test_no_file_at_all_is_said(self, desk, lesson):
        sent = {"go": "upload", "content": "Typed."}
        assert desk.post(f"/studio/lessons/{lesson.pk}/", sent).status_code == 422

    def test_links_are_relative_to_the_place_of_an_imported_lesson(self, desk, lesson):
        Lesson.objects.filter(pk=lesson.pk).update(source="01-start/01-first.md")
        answer = self.upload(desk, lesson, "a.png")
        assert b"(../a.png)" in answer.content


class TestPublishing:
    def ready(self, desk):
        course = made()
        lesson = add_lesson(course.modules.get(), "First", "ARTICLE")
        desk.post(f"/studio/lessons/{lesson.pk}/", lesson_form(desk, lesson, content="Words."))
        return course, lesson

    def test_what_is_missing_is_listed_with_the_place_to_mend_it(self, desk):
        course = new_course({"title": "Loops"})
        lesson = add_lesson(course.modules.get(), "First", "ARTICLE")
        quiz = Quiz.objects.get(lesson=add_lesson(course.modules.get(), "Check", "QUIZ"))
        answer = desk.get(f"{page(course)}do/publish/").content.decode()
        assert f"{page(course)}#id_summary" in answer
        assert f"/studio/lessons/{lesson.pk}/" in answer
        assert f"/studio/quizzes/{quiz.pk}/edit/" in answer
        assert Lesson.objects.filter(status="DRAFT").count() == 2

    def test_a_course_goes_out_with_the_drafts_that_were_ticked(self, desk, bob):
        course, lesson = self.ready(desk)
        left = add_lesson(course.modules.get(), "Later", "ARTICLE")
        assert desk.post(f"{page(course)}do/publish/", {"lesson": lesson.pk}).status_code == 303
        course.refresh_from_db()
        assert (course.status, course.lesson_count) == ("PUBLISHED", 1)
        assert Lesson.objects.get(pk=left.pk).status == "DRAFT"

    def test_a_refusal_publishes_nothing_at_all(self, desk):
        course, lesson = self.ready(desk)
        empty = add_lesson(course.modules.get(), "Empty", "ARTICLE")
        sent = {"lesson": [lesson.pk, empty.pk]}
        answer = desk.post(f"{page(course)}do/publish/", sent)
        assert answer.status_code == 422
        assert b"It was not published" in answer.content
        assert not Lesson.objects.filter(status="PUBLISHED").exists()

    def test_a_change_of_a_published_course_is_asked_first(self, desk):
        course, lesson = self.ready(desk)
        desk.post(f"{page(course)}do/publish/", {"lesson": lesson.pk})
        change = f"/studio/lessons/{lesson.pk}/do/hide/"
        answer = desk.post(change, **HTMX)
        assert answer["HX-Redirect"] == change
        assert Lesson.objects.get().status == "PUBLISHED"
        assert b"What it changes for learners" in desk.get(change).content
        desk.post(change, {"sure": "1"})
        assert Lesson.objects.get().status == "DRAFT"

    def test_looking_at_what_would_change_changes_nothing(self, desk, course, ada, lessons):
        before = Enrollment.objects.count()
        for verb in ("unpublish", "archive"):
            assert desk.get(f"{page(course)}do/{verb}/").status_code == 200
        for verb in ("hide", "relax", "archive"):
            assert desk.get(f"/studio/lessons/{lessons[0].pk}/do/{verb}/").status_code == 200
        course.refresh_from_db()
        assert (course.status, Enrollment.objects.count()) == ("PUBLISHED", before)
        assert Lesson.objects.filter(status="PUBLISHED", deleted_at=None).count() == 4

    @pytest.mark.parametrize("verb", ["unpublish", "archive"])
    def test_a_course_is_taken_back_after_the_question(self, desk, course, verb):
        desk.post(f"{page(course)}do/{verb}/")
        course.refresh_from_db()
        assert not course.is_published

    def test_a_quiz_that_nobody_could_pass_is_not_published(self, desk):
        lesson = add_lesson(made().modules.get(), "Check", "QUIZ")
        answer = desk.post(f"/studio/lessons/{lesson.pk}/do/publish/")
        assert answer.status_code == 409
        assert b"nobody could pass" in answer.content

    def test_the_page_asks_the_same_for_many_lessons(self, desk, django_assert_max_num_queries):
        module = made().modules.get()
        for number in range(30):
            add_lesson(module, f"Lesson {number}", "QUIZ" if number % 3 else "ARTICLE")
        address = f"{page(module.course)}do/publish/"
        desk.get(address)
        with django_assert_max_num_queries(26):
            desk.get(address)


class TestTheDoor:
    def test_learners_find_nothing_here(self, as_, ada, course, lessons):
        learner = as_(ada)
        quiz = make_quiz(lessons[0].module)
        question = Question.objects.first()
        for address in (
            "/studio/courses/new/",
            page(course),
            f"{page(course)}do/publish/",
            f"/studio/lessons/{lessons[0].pk}/",
            f"/studio/quizzes/{quiz.pk}/edit/",
            f"/studio/questions/{question.pk}/",
        ):
            assert learner.get(address).status_code == 404, address
            assert learner.post(address).status_code == 404, address

    @pytest.mark.parametrize("verb", ["nonsense", "delete"])
    def test_verbs_that_are_none_are_not_found(self, desk, course, lessons, verb):
        for address in (
            f"{page(course)}do/{verb}/",
            f"/studio/lessons/{lessons[0].pk}/do/{verb}/",
            f"/studio/modules/{lessons[0].module_id}/do/{verb}/",
        ):
            assert desk.post(address).status_code == 404
