"""Two authors at one outline: the second waits, places stay unique, and nothing is lost."""

import pytest

from accounts.keys import uuid7
from courses.actions import move_lesson
from courses.models import Course, Lesson, ProgrammingLanguage
from studio import editing as editing_module
from studio.editing import editing
from studio.outline import add_lesson, add_module, move_to_module, new_course
from tests.races.gate import at_once
from tests.races.meeting import HalfWay, meet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]


@pytest.fixture
def outline():
    """Two modules, four lessons in the first."""
    course = new_course({"title": "Loops"})
    first, second = course.modules.get(), add_module(course, "Second")
    lessons = [add_lesson(first, f"Lesson {number}", "ARTICLE") for number in range(1, 5)]
    return course, first, second, lessons


def move(lesson, direction):
    def moving():
        with editing(Course.objects.get(pk=lesson.course_id)):
            move_lesson(Lesson.objects.get(pk=lesson.pk), direction)

    return moving


def places(module):
    rows = Lesson.objects.filter(module=module, deleted_at=None).order_by("position")
    return list(rows.values_list("position", "title"))


def test_the_second_author_waits_and_both_moves_count(outline, monkeypatch):
    _, first, _, lessons = outline
    stop = HalfWay(editing_module._shape_of)
    calls = []

    def shape(locked):
        calls.append(1)
        return stop(locked) if len(calls) == 2 else stop.function(locked)

    monkeypatch.setattr(editing_module, "_shape_of", shape)
    _, waited = meet(stop, move(lessons[0], "down"), move(lessons[3], "up"))
    assert waited
    titles = ["Lesson 2", "Lesson 1", "Lesson 4", "Lesson 3"]
    assert places(first) == list(enumerate(titles, start=1))


def test_many_moves_at_once_leave_unique_places_and_every_lesson(outline):
    course, first, second, lessons = outline

    def away(lesson):
        def moving():
            with editing(Course.objects.get(pk=course.pk)):
                move_to_module(Lesson.objects.get(pk=lesson.pk), second)

        return moving

    moves = [away(lessons[0]), away(lessons[1]), move(lessons[2], "up"), move(lessons[3], "up")]
    at_once("courses_lesson", moves)
    titles = []
    for module in (first, second):
        rows = places(module)
        titles += [title for _, title in rows]
        assert len({position for position, _ in rows}) == len(rows)
    assert sorted(titles) == [f"Lesson {number}" for number in range(1, 5)]


def test_lessons_of_one_title_added_at_once_get_an_address_and_a_place_each(outline):
    _, _, second, _ = outline
    at_once("courses_lesson", [lambda: add_lesson(second, "Twice", "QUIZ")] * 4)
    rows = Lesson.objects.filter(module=second)
    assert len(set(rows.values_list("slug", flat=True))) == 4
    assert sorted(rows.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_courses_of_one_title_made_at_once_get_an_address_each(transactional_db):
    at_once("courses_course", [lambda: new_course({"title": "Loops"})] * 3)
    assert sorted(Course.objects.values_list("slug", flat=True)) == ["loops", "loops-2", "loops-3"]


def test_one_form_sent_several_times_at_once_makes_one_course(transactional_db):
    key = uuid7()
    made = at_once("courses_course", [lambda: new_course({"title": "Loops"}, key=key)] * 3)
    assert {one.pk for one in made} == {key}
    assert Course.objects.get().modules.count() == 1


def test_one_form_sent_several_times_at_once_makes_one_lesson(outline):
    _, _, second, _ = outline
    key = uuid7()
    at_once("courses_lesson", [lambda: add_lesson(second, "Once", "QUIZ", key)] * 3)
    assert [one.pk for one in Lesson.objects.filter(module=second)] == [key]


def test_a_language_typed_into_two_forms_at_once_is_added_once(transactional_db):
    def making(number):
        return lambda: new_course({"title": f"Course {number}"}, new_language="Zig")

    at_once("courses_programminglanguage", [making(number) for number in range(3)])
    assert ProgrammingLanguage.objects.get().courses.count() == 3
