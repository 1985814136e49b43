"""A course is made on the authors' desk, and its outline and facts are written."""

import pytest
from django.db import IntegrityError

from courses.models import Course, Lesson, Module, ProgrammingLanguage
from studio.outline import add_lesson, add_module, new_course
from tests.studio.authoring import HTMX, made, page

pytestmark = pytest.mark.django_db


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

    def test_a_language_takes_no_address_from_another(self, desk):
        ProgrammingLanguage.objects.create(name="C", slug="c")
        for name in ("C++", "日本語", "文言"):
            form = {"title": name, "difficulty": "BEGINNER", "new_language": name}
            assert desk.post("/studio/courses/new/", form).status_code == 303
            assert Course.objects.get(title=name).language.name == name
        slugs = ProgrammingLanguage.objects.order_by("slug").values_list("slug", flat=True)
        assert list(slugs) == ["c", "c-2", "language", "language-2"]

    def test_a_language_is_chosen_or_typed_not_both(self, desk):
        known = ProgrammingLanguage.objects.create(name="C", slug="c")
        form = {"title": "Loops", "difficulty": "BEGINNER", "new_language": "Zig"}
        answer = desk.post("/studio/courses/new/", {**form, "language": known.pk})
        assert answer.status_code == 422
        assert b"not both" in answer.content

    def test_a_language_that_is_taught_no_more_is_not_taken(self, desk):
        ProgrammingLanguage.objects.create(name="Pascal", slug="pascal", is_active=False)
        form = {"title": "Loops", "difficulty": "BEGINNER", "new_language": "pascal"}
        answer = desk.post("/studio/courses/new/", form)
        assert answer.status_code == 422
        assert b"Pascal is not taught here any more." in answer.content

    def test_a_course_that_is_not_made_leaves_no_language(self):
        with pytest.raises(IntegrityError):
            new_course({"title": "Loops", "tags": {}}, new_language="Zig")
        assert not ProgrammingLanguage.objects.exists()

    def test_two_of_one_title_get_two_addresses(self):
        assert [made("Loops").slug, made("Loops").slug] == ["loops", "loops-2"]

    @pytest.mark.parametrize("title", ["New", "Files", "API", "Admin", "Enrollment"])
    def test_a_course_called_like_a_page_stays_reachable(self, desk, title):
        course = made(title)
        assert course.slug == f"{title.lower()}-2"
        assert desk.get(page(course)).status_code == 200

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
        assert desk.post(f"/studio/modules/{module.pk}/lessons/", {"title": ""}).status_code == 409
        form = {"title": "A long title", "kind": "ARTICLE"}
        late = desk.post(f"/studio/modules/{module.pk}/lessons/", form)
        assert late.status_code == 409
        assert "“A long title” was not added. Its module was deleted.".encode() in late.content
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

    def test_when_drafts_are_read_is_chosen_and_told_where_there_is_no_model(self, desk, settings):
        course = made()
        assert b"No model is configured here now" in desk.get(page(course)).content
        assert desk.post(page(course), self.facts(desk, course, ai_drafts="OFF")).status_code == 303
        course.refresh_from_db()
        assert course.ai_drafts == "OFF"
        assert desk.post(page(course), self.facts(desk, course, ai_drafts="x")).status_code == 422
        settings.AI_BASE_URL = "https://models.example/v1"
        assert b"No model is configured" not in desk.get(page(course)).content

    def test_what_is_wrong_is_said_and_nothing_is_lost(self, desk):
        course = made()
        sent = self.facts(desk, course, title="", description="Much text.", cover="nonsense")
        answer = desk.post(page(course), sent)
        assert answer.status_code == 422
        assert b"Much text." in answer.content
        assert Course.objects.get().title == "Loops for all"
