"""The verbs of the floor of courses: each does it, does it once, and refuses in words."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.transaction import atomic
from django.test.utils import CaptureQueriesContext

from courses import actions
from courses.checks import problems_of_lesson
from courses.errors import CourseRefusal, Deleted, ModuleDeleted, NothingToTeach, NotReady
from courses.links import Links
from courses.markdown import RENDERING
from courses.models import Course, Lesson, Module
from courses.signals import course_published
from studio.editing import editing
from tests.conftest import make_course, make_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make_course("tea", "Tea", status=Course.Status.DRAFT)


@pytest.fixture
def heard():
    """Courses of whose publication somebody was told."""
    courses = []

    def listen(sender, course, by, **kwargs):
        courses.append((course.slug, by))

    course_published.connect(listen)
    yield courses
    course_published.disconnect(listen)


def test_publishing_tells_once(draft, heard, root):
    assert actions.publish_course(draft, by=root) is True
    assert actions.publish_course(draft, by=root) is False
    assert heard == [("tea", root)]
    draft.refresh_from_db()
    assert draft.is_published
    first = draft.published_at
    actions.unpublish_course(draft)
    actions.publish_course(draft)
    draft.refresh_from_db()
    assert draft.published_at == first


def test_an_empty_course_cannot_be_published(heard):
    course = Course.objects.create(slug="new", title="New", summary="Soon.")
    with pytest.raises(NothingToTeach):
        actions.publish_course(course)
    module = Module.objects.create(course=course, title="M", slug="m")
    make_lesson(module, "hidden", status=Lesson.Status.DRAFT)
    with pytest.raises(NothingToTeach, match="without a published lesson"):
        actions.publish_course(course)
    assert heard == []


def test_what_is_not_ready_says_everything_at_once(draft):
    Course.objects.filter(pk=draft.pk).update(summary="")
    Lesson.objects.filter(slug="lesson-1").update(content=" ")
    with pytest.raises(NotReady) as refusal:
        actions.publish_course(draft)
    assert [problem.code for problem in refusal.value.problems] == ["summary", "text"]
    draft.refresh_from_db()
    assert draft.status == "DRAFT"


def test_archiving_deleting_and_restoring_are_idempotent(course):
    assert (actions.archive_course(course), actions.archive_course(course)) == (True, False)
    assert (actions.delete_course(course), actions.delete_course(course)) == (True, False)
    with pytest.raises(Deleted):
        actions.publish_course(course)
    assert (actions.restore_course(course), actions.restore_course(course)) == (True, False)
    course.refresh_from_db()
    assert (course.status, course.deleted_at) == ("DRAFT", None)


def test_lessons_are_hidden_published_deleted_and_restored_once(course, lessons):
    lesson = lessons[0]
    assert (actions.hide_lesson(lesson), actions.hide_lesson(lesson)) == (True, False)
    assert (actions.publish_lesson(lesson), actions.publish_lesson(lesson)) == (True, False)
    assert (actions.delete_lesson(lesson), actions.delete_lesson(lesson)) == (True, False)
    assert actions.publish_lesson(lesson) is False
    assert (actions.restore_lesson(lesson), actions.restore_lesson(lesson)) == (True, False)


def test_a_lesson_whose_address_is_taken_stays_deleted(course, lessons):
    actions.delete_lesson(lessons[0])
    twin = make_lesson(lessons[0].module, "twin")
    Lesson.objects.filter(pk=twin.pk).update(slug=lessons[0].slug)
    with pytest.raises(CourseRefusal, match="address"):
        actions.restore_lesson(lessons[0])


def test_the_caches_are_recounted_in_one_statement(course, django_assert_num_queries):
    Lesson.objects.filter(slug="lesson-1").update(minutes=40)
    Lesson.objects.filter(slug="lesson-2").update(status="DRAFT")
    with django_assert_num_queries(1):
        actions.structure_changed(course)
    before = course.structure_rev
    course.refresh_from_db()
    assert (course.lesson_count, course.required_count, course.minutes) == (3, 2, 50)
    assert course.structure_rev == before + 1
    Lesson.objects.update(deleted_at="2026-01-01T00:00Z")
    actions.structure_changed(course)
    course.refresh_from_db()
    assert (course.lesson_count, course.required_count, course.minutes) == (0, 0, 0)


def test_wrong_caches_are_found_and_rebuilt_in_one_statement(course):
    make_course("tea")
    Course.objects.create(slug="empty", title="Empty", minutes=7)
    assert actions.wrong_courses() == 1
    Course.objects.filter(pk=course.pk).update(lesson_count=9, required_count=1, minutes=0)
    Lesson.objects.filter(course__slug="tea").update(status="DRAFT")
    assert actions.wrong_courses() == 3
    with CaptureQueriesContext(connection) as queries:
        assert actions.recount_courses() == 3
    assert len([query for query in queries if query["sql"].startswith("UPDATE")]) == 1
    assert (actions.wrong_courses(), actions.recount_courses()) == (0, 0)
    rev = course.structure_rev
    course.refresh_from_db()
    assert (course.lesson_count, course.required_count, course.minutes) == (4, 3, 20)
    assert course.structure_rev == rev


def test_editing_recounts_only_what_changed(course, lessons):
    rev = course.structure_rev
    with editing(course) as locked:
        locked.title = "Other"
        locked.save()
    course.refresh_from_db()
    assert course.structure_rev == rev
    with editing(course):
        actions.delete_lesson(lessons[0])
        actions.delete_lesson(lessons[1])
    course.refresh_from_db()
    assert course.structure_rev == rev + 1
    assert course.required_count == 1


def test_locks_let_learners_refer_to_what_is_locked(course, lessons):
    with CaptureQueriesContext(connection) as queries:
        with editing(course):
            actions.move_lesson(lessons[0], "down")
            actions.move_module(lessons[0].module, "down")
        actions.unpublish_course(course)
        actions.publish_course(course)
    locks = [query["sql"] for query in queries if " FOR " in query["sql"]]
    assert len(locks) >= 4
    assert [sql for sql in locks if "FOR NO KEY UPDATE" not in sql] == []


def test_moving_at_the_ends_changes_nothing(course, lessons):
    assert actions.move_lesson(lessons[0], "up") is False
    assert actions.move_lesson(lessons[-1], "down") is False
    assert actions.move_module(lessons[0].module, "up") is False


def test_what_was_deleted_does_not_move(course, lessons):
    actions.delete_lesson(lessons[1])
    with pytest.raises(Deleted):
        actions.move_lesson(lessons[1], "down")
    actions.delete_module(lessons[0].module)
    for direction in ("up", "down"):
        with pytest.raises(ModuleDeleted, match="Restore the module first"):
            actions.move_lesson(lessons[0], direction)
    assert Lesson.objects.filter(module=lessons[0].module).count() == 2


def test_a_deleted_module_comes_back_with_the_lessons_it_had(course, lessons):
    module = lessons[0].module
    actions.delete_lesson(lessons[1])
    assert (actions.delete_module(module), actions.delete_module(module)) == (True, False)
    with pytest.raises(ModuleDeleted):
        actions.restore_lesson(lessons[1])
    assert (actions.restore_module(module), actions.restore_module(module)) == (True, False)
    assert [one.slug for one in course.outline().lessons] == ["lesson-1", "lesson-3", "extra"]
    assert actions.restore_lesson(lessons[1]) is True


def test_a_module_whose_slug_is_taken_stays_deleted(course, lessons):
    module = lessons[0].module
    actions.delete_module(module)
    Module.objects.create(course=course, title="Twin", slug=module.slug)
    with pytest.raises(CourseRefusal, match="slug"):
        actions.restore_module(module)


def test_no_course_comes_before_itself(course):
    with pytest.raises(IntegrityError, match="course_not_its_own_prerequisite"), atomic():
        Course.objects.filter(pk=course.pk).update(prerequisite=course)
    second = make_course("second", prerequisite=course)
    third = make_course("third", prerequisite=second)
    assert third.comes_after(course)
    assert not course.comes_after(third)
    Course.objects.filter(pk=course.pk).update(prerequisite=second)
    course.refresh_from_db()
    assert not course.comes_after(third)


def test_a_moved_lesson_enters_the_module_beside_it(course, lessons):
    assert actions.move_lesson(lessons[1], "down") is True
    assert [lesson.slug for lesson in course.outline().modules[1].lessons] == [
        "lesson-2", "lesson-3", "extra"
    ]  # fmt: skip


def test_texts_are_rendered_when_they_are_saved(course, lessons):
    lesson = lessons[0]
    Lesson.objects.filter(pk=lessons[1].pk).update(source="01-a/02-b.md")
    lesson.source, lesson.content = "01-a/01-a.md", "See [b](02-b.md)."
    actions.save_rendered(lesson)
    lesson.refresh_from_db()
    assert 'href="/classroom/courses/python-basics/lessons/lesson-2/"' in lesson.content_html
    assert lesson.rendering == RENDERING


def test_older_texts_are_rendered_again(course, lessons, capsys):
    actions.save_rendered(lessons[0])
    Lesson.objects.filter(pk=lessons[1].pk).update(content="*new*", rendering=0)
    call_command("render_again")
    assert capsys.readouterr().out == "4 texts rendered.\n"
    assert Lesson.objects.get(pk=lessons[1].pk).content_html == "<p><em>new</em></p>\n"
    call_command("render_again")
    assert capsys.readouterr().out == "Nothing to do.\n"
    call_command("render_again", "--all", "--json")
    assert capsys.readouterr().out == '{"rendered": 5}\n'


def test_links_know_files_lessons_and_their_anchors():
    links = Links.of("tea", {"01-a/01-b.md": "b", "02-c/index.md": "c"}, ["assets/Ü 1.svg"])
    find = links.resolver("01-a/01-b.md")
    assert find("../assets/%C3%9C%201.svg") == "/courses/tea/files/assets/%C3%9C%201.svg"
    assert find("../assets/ü 1.SVG") == "/courses/tea/files/assets/%C3%9C%201.svg"
    assert find("../02-c/#Two") == "/classroom/courses/tea/lessons/c/#h-two"
    assert find("../02-c/index.md?x=1") == "/classroom/courses/tea/lessons/c/"
    assert find("01-b") == "/classroom/courses/tea/lessons/b/"
    assert find("../../etc/passwd") is None
    assert find("gone.md") is None


def test_the_addresses_of_links_are_those_of_the_site(course, lessons):
    links = Links.of(course.slug, {"a.md": lessons[0].slug}, ["assets/a.svg"])
    assert links.address("b.md", "a.md") == lessons[0].get_absolute_url()
    asset = course.assets.model(course=course, path="assets/a.svg")
    assert links.address("b.md", "assets/a.svg") == asset.get_absolute_url()


def test_lessons_are_checked_by_kind():
    tea = Course(slug="tea")

    def codes(**fields):
        return [one.code for one in problems_of_lesson(Lesson(title="L", **fields), tea)]

    assert codes(kind="ARTICLE", content="x", content_html='<img src="a" alt="b">') == []
    assert codes(kind="ARTICLE", content="x", content_html='<img src="a" alt="">') == ["alt"]
    assert codes(kind="VIDEO") == ["transcript", "video"]
    assert codes(kind="VIDEO", content="x", video_url="/courses/tea/files/a.webm") == ["captions"]
    film = "https://youtu.be/aaaaaaaaaaa?si=x"
    assert codes(kind="VIDEO", content="x", video_url=film) == []
    for elsewhere in ("https://youtu.be/x", "/courses/other/files/a.webm", "film.webm"):
        assert codes(kind="VIDEO", content="x", video_url=elsewhere) == ["video"], elsewhere
    assert codes(kind="INTERACTIVE", content="x") == ["widget"]
    assert codes(kind="QUIZ") == []
