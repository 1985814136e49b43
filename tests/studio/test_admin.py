"""The authors' admin: a course can be built, checked, published and ordered without a script."""

import re

import pytest

from courses.models import Course, Lesson, Module, ProgrammingLanguage
from enrollments.models import Enrollment
from progress.actions import complete_lesson
from progress.models import CourseProgress
from tests.conftest import make_course

pytestmark = pytest.mark.django_db


def inline(prefix: str, *rows: dict[str, object], initial: int = 0) -> dict[str, object]:
    data: dict[str, object] = {
        f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial,
        f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


COURSE = {
    "title": "Tea", "slug": "tea", "summary": "How to make tea.", "description": "With *care*.",
    "difficulty": "BEGINNER", "tags": "", "authors": "", "required_plan": "FREE",
    "opens_to_all": "on", "ai_drafts": "AFTER_REVIEW",
}  # fmt: skip


def do(desk, kind, obj, verb, **data):
    return desk.post(f"/admin/courses/{kind}/{obj.pk}/{verb}/do/", data, follow=True)


def test_every_page_opens_for_an_admin_and_for_nobody_else(desk, as_, ada, course, lessons):
    ProgrammingLanguage.objects.create(name="Python", slug="python")
    pages = [f"/admin/courses/{kind}/" for kind in
             ("course", "module", "lesson", "asset", "programminglanguage")]  # fmt: skip
    pages += [f"{page}add/" for page in pages if "asset" not in page]
    pages += [
        f"/admin/courses/course/{course.pk}/change/",
        f"/admin/courses/module/{lessons[0].module_id}/change/",
        f"/admin/courses/lesson/{lessons[0].pk}/change/",
    ]
    for page in pages:
        assert desk.get(page).status_code == 200, page
        assert as_(ada).get(page).status_code == 302, page
    assert as_(ada).post(f"/admin/courses/course/{course.pk}/archive/do/").status_code == 302
    course.refresh_from_db()
    assert course.is_published


def test_pages_carry_no_inline_style_or_script(desk, course, lessons):
    for page in (f"course/{course.pk}/change/", f"lesson/{lessons[0].pk}/change/", "lesson/"):
        html = desk.get(f"/admin/courses/{page}").content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", html), page
        assert "admin/css/school" in html


def test_a_course_is_built_by_forms_alone(desk):
    modules = inline("modules", {"title": "Water", "description": "", "position": "0"})
    answer = desk.post("/admin/courses/course/add/", {**COURSE, **modules})
    assert answer.status_code == 302, answer.context and answer.context["errors"]
    course = Course.objects.get(slug="tea")
    assert course.description_html == "<p>With <em>care</em>.</p>\n"
    water = Module.objects.get(course=course)
    assert (water.slug, water.position) == ("water", 1)

    rows = inline("lessons", {"title": "Boil", "kind": "ARTICLE", "minutes": 4, "status": "DRAFT",
                              "is_required": "on", "position": "0"})  # fmt: skip
    form = {"title": "Water", "slug": "water", "description": "", "syllabus": "", "position": 1}
    address = f"/admin/courses/module/{water.pk}/change/"
    assert desk.post(address, {**form, **rows}).status_code == 302
    boil = Lesson.objects.get()
    assert (boil.slug, boil.course, boil.position) == ("boil", course, 1)

    text = {
        "module": str(water.pk), "title": "Boil", "slug": "boil", "kind": "ARTICLE", "summary": "",
        "content": "Until it *sings*.", "minutes": 4, "xp_reward": 10, "status": "PUBLISHED",
        "is_required": "on", "widget_height": 420,
    }  # fmt: skip
    answer = desk.post(f"/admin/courses/lesson/{boil.pk}/change/", text)
    assert answer.status_code == 302
    boil.refresh_from_db()
    assert boil.content_html == "<p>Until it <em>sings</em>.</p>\n"

    do(desk, "course", course, "publish")
    course.refresh_from_db()
    assert course.is_published
    assert (course.lesson_count, course.minutes) == (1, 4)


def test_publishing_says_in_words_what_is_missing(desk):
    course = Course.objects.create(slug="tea", title="Tea")
    answer = do(desk, "course", course, "publish")
    assert "A course without a published lesson cannot be published." in answer.content.decode()
    made = make_course("full", status="DRAFT", title="Full")
    Course.objects.filter(pk=made.pk).update(summary="")
    Lesson.objects.filter(slug="lesson-1").update(content="", content_html='<img src="x" alt="">')
    answer = do(desk, "course", made, "publish")
    html = answer.content.decode()
    assert "Full was not published. The course has no summary for its card." in html
    assert "Lesson-1: The lesson has no text." in html
    assert "Lesson-1: An image has no text that says what it shows." in html
    made.refresh_from_db()
    assert made.status == "DRAFT"


def test_verbs_are_pressed_not_followed(desk, course):
    for verb in ("publish", "unpublish", "archive"):
        assert desk.get(f"/admin/courses/course/{course.pk}/{verb}/do/").status_code == 405
    assert desk.post(f"/admin/courses/course/{course.pk}/explode/do/").status_code == 404
    course.refresh_from_db()
    assert course.is_published
    answer = do(desk, "course", course, "archive", back="https://evil.example/")
    assert answer.redirect_chain[-1][0].startswith("/admin/courses/course/")
    course.refresh_from_db()
    assert course.status == "ARCHIVED"


def test_hiding_a_lesson_recounts_those_who_learn(desk, ada, course, lessons):
    complete_lesson(ada, lessons[0])
    before = course.structure_rev
    do(desk, "lesson", lessons[0], "hide")
    mine = CourseProgress.objects.get(user=ada)
    course.refresh_from_db()
    assert (mine.done, mine.total) == (0, 2)
    assert (course.structure_rev, course.required_count) == (before + 1, 2)
    do(desk, "lesson", lessons[0], "publish")
    mine.refresh_from_db()
    assert (mine.done, mine.total) == (1, 3)


def test_lessons_and_modules_move_by_buttons(desk, course, lessons):
    def order():
        return [one.slug for one in course.outline().lessons]

    do(desk, "lesson", lessons[0], "down")
    assert order() == ["lesson-2", "lesson-1", "lesson-3", "extra"]
    do(desk, "lesson", lessons[0], "down")
    assert order() == ["lesson-2", "lesson-1", "lesson-3", "extra"]
    assert [len(module.lessons) for module in course.outline().modules] == [1, 3]
    do(desk, "lesson", lessons[0], "up")
    assert [len(module.lessons) for module in course.outline().modules] == [2, 2]
    do(desk, "module", Module.objects.get(slug="on"), "up")
    assert order() == ["lesson-3", "extra", "lesson-2", "lesson-1"]
    html = desk.get(f"/admin/courses/course/{course.pk}/change/").content.decode()
    assert html.count("Up<span") == 6
    assert 'aria-label="Title, row 1"' in html


def test_deleting_hides_and_keeps_what_was_learned(desk, ada, course, lessons):
    complete_lesson(ada, lessons[0])
    page = f"/admin/courses/lesson/{lessons[0].pk}/delete/"
    assert "what learners did in it is kept" in desk.get(page).content.decode()
    assert desk.post(page, {"post": "yes"}, follow=True).status_code == 200
    row = Lesson.objects.get(pk=lessons[0].pk)
    assert row.deleted_at
    assert ada.lesson_progress.filter(lesson=row).exists()
    assert row.title not in desk.get("/admin/courses/lesson/").content.decode()
    assert row.title in desk.get("/admin/courses/lesson/?deleted=1").content.decode()
    do(desk, "lesson", row, "restore")
    row.refresh_from_db()
    assert (row.deleted_at, row.status) == (None, "DRAFT")
    chosen = {"action": "delete_selected", "_selected_action": str(course.pk), "post": "yes"}
    assert desk.post("/admin/courses/course/", chosen).status_code == 302
    course.refresh_from_db()
    assert course.deleted_at
    assert Enrollment.objects.filter(course=course).exists()


def test_a_lesson_cannot_leave_its_course_nor_take_anothers_slug(desk, course, lessons):
    elsewhere = make_course("other").modules.first()
    lesson = lessons[0]
    form = {
        "module": str(elsewhere.pk), "title": "x", "slug": "lesson-2", "kind": "ARTICLE",
        "content": "x" * 200_001, "minutes": 4, "xp_reward": 0, "status": "PUBLISHED",
        "widget_height": 420,
    }  # fmt: skip
    answer = desk.post(f"/admin/courses/lesson/{lesson.pk}/change/", form)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Choose a module of the same course." in html
    assert "longer than 200000 characters" in html
    form |= {"module": str(lesson.module_id), "content": "x", "xp_reward": 5}
    answer = desk.post(f"/admin/courses/lesson/{lesson.pk}/change/", form)
    assert "Another lesson of this course has this slug." in answer.content.decode()


def course_form(**fields):
    return {**COURSE, **inline("modules"), **fields}


def test_courses_do_not_wait_for_each_other(desk, course):
    second = make_course("second", "Second", prerequisite=course)
    third = make_course("third", "Third", prerequisite=second)
    page = f"/admin/courses/course/{course.pk}/change/"
    answer = desk.post(page, course_form(prerequisite=str(course.pk)))
    assert "A course cannot wait for itself." in answer.content.decode()
    for later in (second, third):
        answer = desk.post(page, course_form(prerequisite=str(later.pk)))
        assert "That course waits for this one: nobody could begin." in answer.content.decode()
    fourth = make_course("fourth", "Fourth")
    assert desk.post(page, course_form(prerequisite=str(fourth.pk))).status_code == 302
    course.refresh_from_db()
    assert course.prerequisite == fourth


def test_a_course_that_comes_first_is_one_that_learners_find(desk, course):
    draft = make_course("draft", "A draft", status="DRAFT")
    page = f"/admin/courses/course/{course.pk}/change/"
    answer = desk.post(page, course_form(prerequisite=str(draft.pk)))
    assert "Select a valid choice" in answer.content.decode()
    field = "app_label=courses&model_name=course&field_name=prerequisite"
    offered = desk.get(f"/admin/autocomplete/?{field}").json()["results"]
    assert [one["text"] for one in offered] == [course.title]
    Course.objects.filter(pk=course.pk).update(prerequisite=draft)
    assert "A draft" in desk.get(page).content.decode()
    assert desk.post(page, course_form(prerequisite=str(draft.pk))).status_code == 302


def test_the_address_of_a_course_stays_as_it_was_made(desk, course):
    page = f"/admin/courses/course/{course.pk}/change/"
    html = desk.get(page).content.decode()
    assert 'name="slug"' not in html
    assert course.slug in html
    assert desk.post(page, course_form(slug="other")).status_code == 302
    before = course.slug
    course.refresh_from_db()
    assert (course.slug, course.title) == (before, "Tea")
    assert 'name="slug"' in desk.get("/admin/courses/course/add/").content.decode()


def test_two_modules_of_a_course_have_two_slugs(desk, course, lessons):
    form = {"title": "M", "slug": "on", "description": "", "syllabus": "", "position": 1}
    start = lessons[0].module
    for page in (f"{start.pk}/change/", "add/"):
        sent = {**form, **inline("lessons"), "course": str(course.pk)}
        answer = desk.post(f"/admin/courses/module/{page}", sent)
        assert "Another module of this course has this slug." in answer.content.decode(), page
    sent = {**form, **inline("lessons"), "slug": "start"}
    assert desk.post(f"/admin/courses/module/{start.pk}/change/", sent).status_code == 302
    elsewhere = Course.objects.create(slug="tea", title="Tea")
    sent = {**form, **inline("lessons"), "course": str(elsewhere.pk)}
    assert desk.post("/admin/courses/module/add/", sent).status_code == 302


def test_a_deleted_module_is_restored_by_a_button_with_its_lessons(desk, course, lessons):
    module = lessons[0].module
    desk.post(f"/admin/courses/module/{module.pk}/delete/", {"post": "yes"})
    course.refresh_from_db()
    assert course.lesson_count == 2
    html = desk.get(f"/admin/courses/module/{module.pk}/change/").content.decode()
    assert "Restore, with its lessons" in html
    html = desk.get(f"/admin/courses/lesson/{lessons[0].pk}/change/").content.decode()
    assert "Deleted with its module" in html
    for verb in ("up", "down"):
        answer = do(desk, "lesson", lessons[0], verb)
        assert "Its module was deleted. Restore the module first." in answer.content.decode()
    do(desk, "module", module, "restore")
    course.refresh_from_db()
    assert course.lesson_count == 4
    html = desk.get(f"/admin/courses/module/{module.pk}/change/").content.decode()
    assert "Restore, with its lessons" not in html


def test_a_video_is_one_that_the_page_can_play(desk, lessons):
    lesson = lessons[0]
    page = f"/admin/courses/lesson/{lesson.pk}/change/"
    form = {
        "module": str(lesson.module_id), "title": "Film", "slug": "film", "kind": "VIDEO",
        "content": "What is said.", "minutes": 4, "xp_reward": 5, "status": "PUBLISHED",
        "widget_height": 420,
    }  # fmt: skip
    for wrong in ("https://cdn.example/film.mp4", "/courses/other/files/a.webm", "a.webm"):
        html = desk.post(page, {**form, "video_url": wrong}).content.decode()
        assert "Use an address of a YouTube or Vimeo video, or a file of the course." in html, wrong
    own = f"/courses/{lesson.course.slug}/files/a.webm"
    for right in ("https://youtu.be/aaaaaaaaaaa?si=x", own, ""):
        assert desk.post(page, {**form, "video_url": right}).status_code == 302, right
        lesson.refresh_from_db()
        assert lesson.video_url == right


def test_lists_cost_a_fixed_number_of_queries(desk, course, django_assert_max_num_queries):
    for number in range(12):
        make_course(f"c{number}", f"C {number}")
    for kind in ("course", "module", "lesson"):
        with django_assert_max_num_queries(12):
            assert desk.get(f"/admin/courses/{kind}/").status_code == 200
