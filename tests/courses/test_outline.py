from uuid import uuid4

from django.utils import timezone

from courses.models import Course, Lesson, Module
from courses.outline import Outline
from tests.conftest import make_course, make_lesson


def test_an_outline_costs_one_query(course, django_assert_num_queries):
    with django_assert_num_queries(1):
        outline = course.outline()
        assert [lesson.slug for lesson in outline.lessons] == [
            "lesson-1",
            "lesson-2",
            "lesson-3",
            "extra",
        ]
        assert [module.title for module in outline.modules] == ["Start", "On"]
        assert [lesson.slug for lesson in outline.required] == ["lesson-1", "lesson-2", "lesson-3"]
        assert outline.minutes == 20


def test_drafts_and_deleted_lessons_are_not_in_the_outline(course):
    Lesson.objects.filter(slug="lesson-1").update(status=Lesson.Status.DRAFT)
    Lesson.objects.filter(slug="lesson-2").update(deleted_at=timezone.now())
    assert [lesson.slug for lesson in course.outline().lessons] == ["lesson-3", "extra"]
    authors = course.outline(with_drafts=True)
    assert [(one.slug, one.is_draft) for one in authors.lessons] == [
        ("lesson-1", True),
        ("lesson-3", False),
        ("extra", False),
    ]


def test_modules_without_live_lessons_are_left_out(course):
    Module.objects.filter(slug="on").update(deleted_at=timezone.now())
    assert [module.title for module in course.outline().modules] == ["Start"]


def test_modules_come_by_position_and_then_by_age(db):
    course = make_course("two", lessons=2)
    Module.objects.filter(slug="on").update(position=1)
    late = Module.objects.create(course=course, title="First", slug="first", position=0)
    make_lesson(late, "opening", position=1)
    assert [module.title for module in course.outline().modules] == ["First", "Start", "On"]


def test_a_lesson_knows_its_neighbours_and_its_number(course, lessons):
    outline = course.outline()
    first, second, *_, last = lessons
    assert outline.previous(first.id) is None
    assert outline.next(first.id).id == second.id
    assert outline.previous(second.id).id == first.id
    assert outline.next(last.id) is None
    assert [outline.position_of(one.id) for one in lessons] == [1, 2, 3, 4]
    assert first.id in outline
    assert len(outline) == 4


def test_a_stranger_has_no_place(course):
    outline, stranger = course.outline(), uuid4()
    assert outline.position_of(stranger) is None
    assert outline.next(stranger) is outline.previous(stranger) is outline.lesson(stranger) is None
    assert stranger not in outline


def test_an_empty_course_has_an_empty_outline(db):
    course = Course.objects.create(slug="new", title="New")
    assert course.outline() == Outline(modules=())
    assert course.outline().lessons == ()
