"""Boards of a language follow a course into another language; what is final stays."""

from uuid import uuid4

import pytest
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import Course, ProgrammingLanguage
from gamification import board_languages, boards, ledger
from gamification.board_checks import wrong_boards
from gamification.board_languages import follow_languages
from gamification.models import BoardRow, CountedCourse
from gamification.periods import week_of
from gamification.tasks import tend_boards
from tests.conftest import make_course
from tests.gamification.board_people import make_listed, pay_lesson
from tests.gamification.contest_builders import make_people


@pytest.fixture
def languages(db):
    names = ("Python", "Rust")
    return [ProgrammingLanguage.objects.create(name=name, slug=name.lower()) for name in names]


def taught_in(course, language):
    Course.objects.filter(pk=course.pk).update(language=language)


def points_of(user, language, period="all"):
    rows = BoardRow.objects.filter(user=user, board__scope=f"language:{language.pk}")
    return rows.filter(board__period=period).values_list("points", flat=True).first()


def test_points_move_with_the_course(course, languages, bob, grace):
    python, rust = languages
    other = make_course("other", language=python)
    taught_in(course, python)
    pay_lesson(bob, 10, course_id=course.pk)
    pay_lesson(bob, 5, course_id=other.pk)
    pay_lesson(grace, 7, course_id=other.pk)
    follow_languages()
    taught_in(course, rust)
    assert wrong_boards() == 0, "it moves as a whole, and not before"
    assert tend_boards() == 0
    assert wrong_boards() == 0
    week = week_of(now()).name
    for period in ("all", week):
        assert [points_of(bob, one, period) for one in languages] == [5, 10]
        assert [points_of(grace, one, period) for one in languages] == [7, None]


def test_a_course_without_a_language_leaves_their_boards(course, languages, bob):
    taught_in(course, languages[0])
    pay_lesson(bob, 10, course_id=course.pk)
    follow_languages()
    languages[0].delete()
    assert follow_languages() == 1
    assert points_of(bob, languages[1]) is None
    assert set(
        BoardRow.objects.filter(board__scope__startswith="language").values_list("points")
    ) == {(0,)}
    assert wrong_boards() == 0


def test_a_course_that_moves_there_and_back_leaves_nothing_behind(course, languages, bob):
    python, rust = languages
    taught_in(course, python)
    pay_lesson(bob, 10, course_id=course.pk)
    follow_languages()
    taught_in(course, rust)
    pay_lesson(bob, 10, course_id=course.pk)
    taught_in(course, python)
    assert follow_languages() == 0
    assert [points_of(bob, one) for one in languages] == [20, None]
    assert wrong_boards() == 0


def test_a_new_course_that_moves_before_the_first_sweep_is_found(course, languages, bob):
    taught_in(course, languages[0])
    pay_lesson(bob, 10, course_id=course.pk)
    taught_in(course, languages[1])
    follow_languages()
    assert [points_of(bob, one) for one in languages] == [0, 10]


def test_what_is_final_stays_where_it_is(course, languages, bob):
    python, rust = languages
    taught_in(course, python)
    pay_lesson(bob, 10, course_id=course.pk)
    week = week_of(now()).name
    boards.freeze(week)
    follow_languages()
    taught_in(course, rust)
    follow_languages()
    assert points_of(bob, python, week) == 10
    assert [points_of(bob, one) for one in languages] == [0, 10]
    assert wrong_boards() == 0


def test_who_is_listed_is_on_the_other_board_at_once_and_counted(course, languages):
    zoe = make_listed("Zoe")
    taught_in(course, languages[0])
    pay_lesson(zoe, 10, course_id=course.pk)
    boards.fold_changes()
    follow_languages()
    taught_in(course, languages[1])
    follow_languages()
    row = BoardRow.objects.get(board__scope=f"language:{languages[1].pk}", board__period="all")
    assert (row.is_listed, row.shown) == (True, 10)
    boards.fold_changes()
    assert wrong_boards() == 0


def test_where_nothing_moved_nothing_is_counted(course, languages, bob, django_assert_num_queries):
    taught_in(course, languages[0])
    pay_lesson(bob, 10, course_id=course.pk)
    follow_languages()
    with django_assert_num_queries(3):
        assert follow_languages() == 0


def test_many_people_and_courses_take_the_same_statements(languages, django_assert_num_queries, db):
    def move(many):
        courses = [
            make_course(f"c{many}-{number}", language=languages[0]) for number in range(many)
        ]
        for person in make_people(many):
            for course in courses:
                pay_lesson(person, 10, course_id=course.pk)
        follow_languages()
        Course.objects.update(language=languages[1])

    for many in (1, 4):
        move(many)
        with django_assert_num_queries(10):
            assert follow_languages() > 0
        assert wrong_boards() == 0


def test_what_a_sweep_did_not_get_through_the_next_one_does(course, languages, monkeypatch):
    monkeypatch.setattr(board_languages, "BATCH", 2)
    people = make_people(5)
    taught_in(course, languages[0])
    for person in people:
        pay_lesson(person, 10, course_id=course.pk)
    follow_languages()
    taught_in(course, languages[1])
    move, counted = board_languages.move, []

    def stop_after_one(some):
        if counted:
            raise KeyboardInterrupt
        counted.extend(some)
        move(some)

    monkeypatch.setattr(board_languages, "move", stop_after_one)
    with pytest.raises(KeyboardInterrupt):
        follow_languages()
    pay_lesson(people[4], 10, course_id=course.pk)
    points = [[points_of(person, one) for one in languages] for person in people]
    assert points == [[0, 10], [0, 10], [10, None], [10, None], [10, 20]]
    monkeypatch.setattr(board_languages, "move", move)
    assert [follow_languages(), follow_languages()] == [1, 0]
    points = [[points_of(person, one) for one in languages] for person in people]
    assert points == [[0, 10]] * 4 + [[0, 20]]
    assert wrong_boards() == 0


def test_a_course_that_moves_on_while_it_moves_is_not_through(course, languages, bob, monkeypatch):
    pay_lesson(bob, 10, course_id=course.pk)
    follow_languages()
    taught_in(course, languages[0])
    move = board_languages.move

    def move_on(people):
        monkeypatch.setattr(board_languages, "move", move)
        taught_in(course, languages[1])
        board_languages.note_languages()
        move(people)

    monkeypatch.setattr(board_languages, "move", move_on)
    follow_languages()
    assert CountedCourse.objects.get(course=course).moving_since
    assert [follow_languages(), follow_languages()] == [1, 0]
    assert wrong_boards() == 0


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["pay", "move", "sweep"]), st.integers(0, 2)),
    max_size=14,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_after_a_sweep_boards_say_what_the_ledger_says(languages, bob, grace, steps):
    courses = [make_course(f"p{uuid4().hex}-{number}") for number in range(3)]
    for number, step, which in steps:
        if step == "pay":
            pay_lesson((bob, grace)[which % 2], 10, course_id=courses[number].pk)
        elif step == "move":
            taught_in(courses[number], [None, *languages][which])
        else:
            follow_languages()
            assert wrong_boards() == 0
    follow_languages()
    assert wrong_boards() == ledger.wrong_standings() == 0
