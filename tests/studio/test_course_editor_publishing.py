"""What learners notice is looked at first: publishing, taking back, archiving."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Quiz
from courses.actions import save_rendered
from courses.models import Lesson
from enrollments.models import Enrollment
from progress.actions import complete_lesson
from studio.foresight import Foreseen
from studio.outline import add_lesson, new_course
from studio.ready import readiness
from tests.assessments.builders import make_quiz
from tests.studio.authoring import HTMX, lesson_form, made, page, sent_by
from tests.studio.test_assignment_pages import text

pytestmark = pytest.mark.django_db


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

    def test_a_refusal_names_each_picture_and_its_line(self, desk):
        course, lesson = self.ready(desk)
        lesson.content = "A text.\n\n![](one.png) and ![](two.png)\n"
        save_rendered(lesson)
        answer = desk.post(f"{page(course)}do/publish/", {"lesson": lesson.pk})
        refused = answer.content.decode().partition("What is missing")[0]
        for name in ("one.png", "two.png"):
            told = f"First: An image has no text that says what it shows: “{name}”, line 3."
            assert told in refused

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

    def test_a_lesson_that_is_archived_and_undone_is_as_it_was(self, desk, lessons):
        lesson = lessons[0]
        for verb in ("archive", "undo"):
            desk.post(f"/studio/lessons/{lesson.pk}/do/{verb}/", {"sure": "1"})
        lesson.refresh_from_db()
        assert (lesson.deleted_at, lesson.status) == (None, "PUBLISHED")

    def test_undoing_publishes_nothing_that_cannot_be_passed(self, desk, lessons):
        quiz = make_quiz(lessons[0].module)
        desk.post(f"/studio/lessons/{quiz.lesson_id}/do/archive/", {"sure": "1"})
        quiz.questions.all().delete()
        answer = desk.post(f"/studio/lessons/{quiz.lesson_id}/do/undo/", {"sure": "1"})
        assert answer.status_code == 409
        assert Lesson.objects.get(pk=quiz.lesson_id).deleted_at

    def test_a_module_that_comes_back_is_asked_about(self, desk, course, ada, lessons):
        complete_lesson(ada, lessons[0])
        module = lessons[0].module
        desk.post(f"/studio/modules/{module.pk}/do/archive/", {"sure": "1"})
        restore = f"/studio/modules/{module.pk}/do/restore/"
        assert desk.post(restore, **HTMX)["HX-Redirect"] == restore
        answer = desk.get(restore).content
        assert b"1 learner goes from 0% to 33%." in answer
        desk.post(restore, {"sure": "1"})
        module.refresh_from_db()
        assert not module.deleted_at

    def test_who_asks_on_the_page_of_the_lesson_comes_back_there(self, desk, lessons):
        address = f"/studio/lessons/{lessons[0].pk}/"
        answer = desk.post(f"{address}do/relax/", {"back": "lesson"}, follow=True)
        assert b'name="back" value="lesson"' in answer.content
        assert f'href="{address}"'.encode() in answer.content
        answer = desk.post(f"{address}do/relax/", {"back": "lesson", "sure": "1"})
        assert answer["Location"] == address

    @pytest.mark.parametrize(
        ("status", "words"),
        [("ACTIVE", "1 learner cannot open it any more; what they did stays."),
         ("DROPPED", "Nobody is enrolled.")],
    )  # fmt: skip
    @pytest.mark.parametrize("verb", ["unpublish", "archive"])
    def test_taking_a_course_away_says_from_whom(self, desk, course, ada, verb, status, words):
        Enrollment.objects.update(status=status)
        answer = desk.get(f"{page(course)}do/{verb}/")
        assert answer.context["foreseen"].sentences[0] == words
        assert words in answer.content.decode()

    def test_what_would_be_refused_later_is_said_before(self, desk, monkeypatch):
        course, _ = self.ready(desk)
        refused = Foreseen(refusals=("Somebody took it.",))
        monkeypatch.setattr("studio.views.course.foresee", lambda *_: refused)
        assert b"Somebody took it." in desk.get(f"{page(course)}do/publish/").content

    def test_judging_a_course_locks_it_before_its_lessons(self):
        course = made()
        draft = add_lesson(course.modules.get(), "First", "ARTICLE")
        with CaptureQueriesContext(connection) as queries:
            readiness(course, {str(draft.pk)})
        asked = [one["sql"] for one in queries.captured_queries]
        lock = next(n for n, sql in enumerate(asked) if sql.endswith("FOR NO KEY UPDATE"))
        assert lock < next(n for n, sql in enumerate(asked) if sql.startswith("UPDATE"))

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
        sentences = desk.get(f"{page(course)}do/{verb}/").context["foreseen"].sentences
        assert not any("cannot open it" in one for one in sentences)

    def test_a_quiz_that_nobody_could_pass_is_not_published(self, desk):
        lesson = add_lesson(made().modules.get(), "Check", "QUIZ")
        answer = desk.post(f"/studio/lessons/{lesson.pk}/do/publish/")
        assert answer.status_code == 409
        assert b"nobody could pass" in answer.content

    @pytest.mark.parametrize(
        ("kind", "words"),
        [("ARTICLE", "The lesson has no text."), ("VIDEO", "The video has no address."),
         ("INTERACTIVE", "The interactive lesson has no page to show."),
         ("QUIZ", "The quiz has no question that pays points"),
         ("ASSIGNMENT", "The assignment has no reference solution")],
    )  # fmt: skip
    def test_a_lesson_is_refused_in_the_words_of_its_courses_list(self, desk, kind, words):
        course = made()
        lesson = add_lesson(course.modules.get(), "Check", kind)
        listed = readiness(course, {str(lesson.pk)}).errors
        assert any(words in one.problem.message for one in listed)
        row = text(desk.post(f"/studio/lessons/{lesson.pk}/do/publish/"))
        sent = lesson_form(desk, lesson, go="publish", back="lesson")
        own = desk.post(f"/studio/lessons/{lesson.pk}/", sent)
        assert own["Location"] == f"/studio/lessons/{lesson.pk}/"
        for html in (row, text(desk.get(own["Location"]))):
            assert "Check: The " in html
            assert words in html
        assert Lesson.objects.get().status == "DRAFT"

    def test_a_draft_is_judged_where_the_course_is_out_already(self, desk):
        course, lesson = self.ready(desk)
        desk.post(f"{page(course)}do/publish/", {"lesson": lesson.pk})
        empty = add_lesson(course.modules.get(), "Empty", "ARTICLE")
        assert desk.post(f"{page(course)}do/publish/", {"lesson": empty.pk}).status_code == 422
        assert Lesson.objects.get(pk=empty.pk).status == "DRAFT"

    def test_the_facts_are_saved_before_the_page_of_publishing(self, desk):
        course = made()
        sent = sent_by(desk.get(page(course)), "facts", go="publish")
        answer = desk.post(page(course), {**sent, "summary": "Typed."})
        assert answer["Location"] == f"{page(course)}do/publish/"
        course.refresh_from_db()
        assert course.summary == "Typed."
        sent = sent_by(desk.get(page(course)), "facts", go="publish")
        assert desk.post(page(course), {**sent, "title": ""}).status_code == 422

    def test_the_page_asks_the_same_for_many_lessons(self, desk, django_assert_max_num_queries):
        module = made().modules.get()
        for number in range(30):
            add_lesson(module, f"Lesson {number}", "QUIZ" if number % 3 else "ARTICLE")
        address = f"{page(module.course)}do/publish/"
        desk.get(address)
        with django_assert_max_num_queries(26):
            desk.get(address)
