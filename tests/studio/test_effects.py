"""What a change of a course means for its learners, told before and after it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.actions import hide_lesson
from courses.models import Lesson
from enrollments.models import Enrollment
from progress.actions import complete_lesson
from studio.editing import editing
from studio.effects import Standing, sentences, watching
from tests.conftest import make_person


def at(done: int, total: int = 100, *, is_finished: bool = False) -> Standing:
    return Standing(done, total, is_finished)


def told(*moves):
    before = {number: old for number, (old, _) in enumerate(moves)}
    return sentences(before, {number: new for number, (_, new) in enumerate(moves)})


def test_nobody_there_is_nothing_to_say():
    assert sentences({}, {1: at(5)}) == []


def test_nothing_changes_is_said():
    assert told((at(5), at(5)), (at(0, 0), at(0, 0))) == ["Nobody's percentage changes."]
    assert told((at(1, 2), at(2, 4))) == ["Nobody's percentage changes."]


def test_equal_moves_are_one_sentence_and_the_largest_comes_first():
    moves = [(at(50), at(40))] + 3 * [(at(14, 14, is_finished=True), at(14, 15, is_finished=True))]
    assert told(*moves) == [
        "3 learners go from 100% to 93%.",
        "1 learner goes from 50% to 40%.",
        "No certificate changes.",
    ]


def test_no_more_than_five_groups_are_told_one_by_one():
    moves = [(at(start), at(start - 1)) for start in (10, 20, 30, 40, 50)] * 2
    moves += [(at(60), at(59)), (at(70), at(74))]
    said = told(*moves)
    assert len(said) == 7
    assert said[5:] == ["2 others change by 1 to 4 points.", "No certificate changes."]
    assert told(*moves[:-1])[5] == "1 other changes by 1 point."


def test_a_course_without_lessons_has_no_percentage():
    assert told((at(0, 0), at(0, 3)))[0] == "1 learner goes from no percentage to 0%."


def test_whoever_has_nothing_left_to_do_completes_the_course():
    assert told((at(3, 4), at(3, 3))) == [
        "1 learner goes from 75% to 100%.",
        "1 learner has nothing left to do: a published course is completed by that.",
    ]
    assert "No certificate changes." in told(
        (at(3, 4, is_finished=True), at(3, 3, is_finished=True))
    )


@pytest.mark.django_db
def test_hiding_a_lesson_is_watched_with_a_query_before_and_one_after(course, lessons):
    for number in range(3):
        learner = make_person(f"learner-{number}@example.org", "Lea")
        Enrollment.objects.create(user=learner, course=course)
        complete_lesson(learner, lessons[0])
    with CaptureQueriesContext(connection) as queries, watching(course) as idle:
        pass
    assert len(queries) == 2
    assert idle.sentences == ["Nobody's percentage changes."]
    required = Lesson.objects.shown().filter(course=course, is_required=True).count()
    with watching(course) as effects, editing(course):
        hide_lesson(lessons[0])
    assert effects.sentences[0] == f"3 learners go from {100 // required}% to 0%."
