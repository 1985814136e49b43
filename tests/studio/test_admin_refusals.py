"""The authors' admin answers whatever is sent to it with a sentence, never with a fault."""

import pytest
from allauth.socialaccount.models import SocialAccount

from courses.models import Course, Lesson, Module
from tests.conftest import make_course
from tests.studio.test_admin import course_form, inline

pytestmark = pytest.mark.django_db


def lesson_form(lesson, **fields):
    return {
        "module": str(lesson.module_id), "title": "Film", "slug": "film", "kind": "ARTICLE",
        "content": "x", "minutes": 4, "xp_reward": 5, "status": "PUBLISHED", "widget_height": 420,
        **fields,
    }  # fmt: skip


def test_tags_and_authors_are_written_one_per_line(desk, course):
    page = f"/admin/courses/course/{course.pk}/change/"
    sent = course_form(tags=" tea \r\n\r\nwater\r\ntea", authors='[1,null,{"a":1}]')
    assert desk.post(page, sent).status_code == 302
    course.refresh_from_db()
    assert (course.tags, course.authors) == (["tea", "water"], ['[1,null,{"a":1}]'])
    assert desk.get(f"/api/courses/{course.slug}").status_code == 200
    html = desk.get(page).content.decode()
    assert "tea\nwater</textarea>" in html
    assert desk.post(page, course_form()).status_code == 302
    course.refresh_from_db()
    assert (course.tags, course.authors) == ([], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 61, "A line has 61 of at most 60 characters."),
        ("\n".join(map(str, range(21))), "Give at most 20 lines."),
        ("a\x00b", "characters that cannot be shown"),
        ("a\u2028b", "Line breaks are not allowed."),
    ],
)
def test_a_tag_that_is_none_is_refused_in_words(desk, course, text, said):
    page = f"/admin/courses/course/{course.pk}/change/"
    for field in ("tags", "authors"):
        answer = desk.post(page, course_form(**{field: text}))
        assert answer.status_code == 200
        assert said in answer.content.decode(), field


@pytest.mark.parametrize(
    ("kind", "words"),
    [("QUIZ", "Save the quiz as a draft"), ("ASSIGNMENT", "Save the assignment as a draft")],
)
def test_a_modules_table_makes_no_lesson_that_is_judged(desk, lessons, kind, words):
    module = lessons[0].module
    page = f"/admin/courses/module/{module.pk}/change/"
    form = {"title": "M", "slug": "start", "description": "", "syllabus": "", "position": 1}
    row = {"title": "New", "kind": kind, "minutes": 4, "status": "PUBLISHED", "position": 0}
    answer = desk.post(page, {**form, **inline("lessons", row)})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Lesson.objects.filter(title="New").exists()


def test_a_quiz_stays_a_quiz_when_its_module_is_saved(desk, lessons):
    module = lessons[0].module
    quiz = lessons[0]
    Lesson.objects.filter(module=module).exclude(pk=quiz.pk).delete()
    Lesson.objects.filter(pk=quiz.pk).update(kind="QUIZ", completion="BY_PASSING")
    page = f"/admin/courses/module/{module.pk}/change/"
    assert '<option value="QUIZ" selected>' in desk.get(page).content.decode()
    form = {"title": "M", "slug": "start", "description": "", "syllabus": "", "position": 1}
    row = {"id": str(quiz.pk), "module": str(module.pk), "title": "Q", "minutes": 4,
           "status": "DRAFT", "position": 1}  # fmt: skip
    rows = inline("lessons", {**row, "kind": "ARTICLE"}, initial=1)
    assert desk.post(page, {**form, **rows}).status_code == 200
    rows = inline("lessons", {**row, "kind": "QUIZ"}, initial=1)
    assert desk.post(page, {**form, **rows}).status_code == 302
    quiz.refresh_from_db()
    assert (quiz.kind, quiz.completion, quiz.title) == ("QUIZ", "BY_PASSING", "Q")


@pytest.mark.parametrize("value", ["nope", "1", "a\x00b", "\udcff", "[]"], ids=ascii)
def test_a_key_that_is_none_is_no_choice(desk, course, lessons, value):
    value = value.encode("utf-8", "surrogateescape")
    module = {"title": "M", "slug": "m", "position": 1, **inline("lessons"), "course": value}
    sent = [
        (f"course/{course.pk}/change/", course_form(prerequisite=value)),
        ("course/add/", course_form(slug="new", language=value, cover=value)),
        ("module/add/", module),
        (f"lesson/{lessons[0].pk}/change/", lesson_form(lessons[0], module=value)),
    ]
    for page, form in sent:
        answer = desk.post(f"/admin/courses/{page}", form)
        assert answer.status_code == 200, page
        assert "Select a valid choice." in answer.content.decode(), page


def test_a_form_that_begins_with_a_key_that_is_none_opens(desk):
    for page in ("course/add/?prerequisite=nope", "lesson/add/?module=nope"):
        assert desk.get(f"/admin/courses/{page}").status_code == 200, page


def test_forms_refuse_titles_of_two_lines_and_addresses_in_capitals(desk, lessons):
    answer = desk.post("/admin/courses/course/add/", course_form(title="a\nb", slug="Git"))
    html = answer.content.decode()
    assert "Line breaks are not allowed." in html
    assert "Use small letters" in html
    page = f"/admin/courses/lesson/{lessons[0].pk}/change/"
    html = desk.post(page, lesson_form(lessons[0], title="a\nb", slug="Film")).content.decode()
    assert "Line breaks are not allowed." in html
    assert "Use small letters" in html
    assert not Module.objects.filter(slug="Film").exists()


def test_a_draft_is_previewed_and_has_no_page_on_the_site(desk):
    draft = make_course("draft", "A draft", status="DRAFT")
    html = desk.get(f"/admin/courses/course/{draft.pk}/change/").content.decode()
    preview = "/classroom/courses/draft/lessons/lesson-1/?preview=1"
    assert "View on site" not in html
    assert f'href="{preview}"' in html
    assert desk.get(preview).status_code == 200
    empty = Course.objects.create(slug="empty", title="Empty")
    html = desk.get(f"/admin/courses/course/{empty.pk}/change/").content.decode()
    assert "Preview as a learner" not in html
    out = make_course("out", "Out")
    html = desk.get(f"/admin/courses/course/{out.pk}/change/").content.decode()
    assert "View on site" in html
    assert "Preview as a learner" not in html


def test_a_lesson_without_a_widget_needs_no_height(desk, lessons):
    page = f"/admin/courses/lesson/{lessons[0].pk}/change/"
    for given, kept in (("900", 900), ("", 420)):
        sent = lesson_form(lessons[0], widget_height=given)
        assert desk.post(page, sent).status_code == 302
        lessons[0].refresh_from_db()
        assert lessons[0].widget_height == kept
    assert (
        "Enter 120 or more."
        in desk.post(page, lesson_form(lessons[0], widget_height="0")).content.decode()
    )


def test_accounts_elsewhere_are_looked_at_and_never_written_by_hand(desk, ada):
    row = SocialAccount.objects.create(user=ada, provider="github", uid="1")
    pages = "/admin/socialaccount/socialaccount"
    assert desk.get(f"{pages}/").status_code == 200
    assert desk.get(f"{pages}/{row.pk}/change/").status_code == 200
    assert desk.post(f"{pages}/{row.pk}/change/", {"uid": "2"}).status_code == 403
    assert desk.get(f"{pages}/add/").status_code == 403
    assert desk.post(f"{pages}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
