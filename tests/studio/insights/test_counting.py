"""Every figure of the insight pages is what the formulas say, counted one by one."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import Course
from enrollments.models import Enrollment
from progress.models import InsightCount, InsightDay, InsightLesson
from studio.insights.cohorts import cohorts_of
from studio.insights.counting import WEEKS, count_course, count_if_old, count_school
from studio.insights.funnel import funnel_of
from studio.insights.lessons import lessons_of
from studio.insights.population import EARLIEST, HORIZONS, LATEST, Population, monday
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment
from tests.studio.insights.conftest import NOW, make_learners, opened
from tests.studio.insights.histories import (
    HISTORIES,
    KINDS,
    LESSONS,
    Brute,
    everyone,
    somebody,
    store,
)

pytestmark = pytest.mark.django_db
EACH = settings(
    derandomize=True, max_examples=30, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
OFFSETS = st.one_of(st.none(), st.integers(0, 70))


@pytest.fixture
def stage(course, lessons):
    """Six lessons in two modules: an assignment in the first, an extra and a quiz in the second."""
    assignment = make_assignment(lessons[0].module)
    quiz = make_quiz(lessons[2].module, questions=False)
    outline = list(course.lessons.in_outline_order())
    assert len(outline) == LESSONS
    return course, outline, assignment, quiz


@contextmanager
def undone():
    """What an example writes is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def chosen(course, first, last, horizon):
    today = NOW.date()
    days = [None if one is None else today - timedelta(days=one) for one in (first, last)]
    return Population(course.pk, today, *days, horizon=horizon)


def counted(stage, history):
    course, outline, assignment, quiz = stage
    store(history, course, outline, assignment, quiz)
    count_course(course, NOW)


@EACH
@given(history=HISTORIES, first=OFFSETS, last=OFFSETS, horizon=st.sampled_from(HORIZONS))
def test_the_funnel_is_what_one_by_one_comes_to(stage, history, first, last, horizon):
    population = chosen(stage[0], first, last, horizon)
    begin, end = population.first or EARLIEST, population.last or LATEST
    with undone():
        counted(stage, history)
        people = list(everyone(history, begin, end, horizon))
        brute = Brute(people, *stage[1:])
        funnel = funnel_of(population)
        assert funnel.enrolled == len(people)
        assert [(one.count, one.tenths) for one in funnel.steps] == brute.funnel()
        assert [one.came for one in funnel.steps[2:]] == brute.in_all()
        came = [one.came for one in funnel.stages]
        assert came == sorted(came, reverse=True)


@EACH
@given(history=HISTORIES, first=OFFSETS, last=OFFSETS, horizon=st.sampled_from(HORIZONS))
def test_each_lesson_is_what_one_by_one_comes_to(stage, history, first, last, horizon):
    population = chosen(stage[0], first, last, horizon)
    begin, end = population.first or EARLIEST, population.last or LATEST
    with undone():
        counted(stage, history)
        people = list(everyone(history, begin, end, horizon))
        brute = Brute(people, *stage[1:])
        for place, one in enumerate(lessons_of(population)):
            assert one.lesson == stage[1][place]
            assert one.enrolled == len(people)
            assert {
                "opened": one.counted.opened,
                "completed": one.counted.completed,
                "ripe": one.counted.ripe,
                "idle": one.counted.idle,
                "skip": (one.skip.count, one.skip.of),
                "days": one.counted.days,
                "minutes": dict(one.minutes),
            } == brute.lesson(place)
            if one.lesson == stage[2].lesson:
                assert (one.counted.tried, one.counted.stuck) == brute.task()


@EACH
@given(history=HISTORIES)
def test_who_comes_back_is_what_one_by_one_comes_to(stage, history):
    with undone():
        counted(stage, history)
        for cohort in cohorts_of(Population(stage[0].pk, NOW.date())):
            week = [
                one
                for one in everyone(history, EARLIEST, LATEST, 0)
                if monday((NOW - timedelta(minutes=one.enrolled)).date()) == cohort.week
            ]
            brute = Brute(week, *stage[1:])
            assert cohort.enrolled == len(week)
            assert len(cohort.cells) == WEEKS
            for number, cell in enumerate(cohort.cells):
                if cell is not None:
                    assert (cell.count, cell.of) == (brute.active(number), len(week))


def test_a_week_that_is_not_over_stays_open(course, lessons):
    make_learners(course, 3, 20)
    count_course(course, NOW)
    [cohort] = cohorts_of(Population(course.pk, NOW.date()))
    assert [cell is None for cell in cohort.cells[:4]] == [False, False, True, True]


def test_counting_again_leaves_the_same(course, lessons, stopped):
    def rows():
        days = InsightDay.objects.order_by("day").values_list("day", "enrolled", "weeks")
        numbers = InsightLesson.objects.order_by("day", "lesson").values_list("opened", "minutes")
        return list(days), list(numbers), InsightCount.objects.get(course=course).stuck

    before = rows()
    count_course(course, NOW)
    assert rows() == before
    assert [one["affected"] for one in before[2]] == [30.0]


def test_lessons_that_are_gone_and_drafts_are_not_counted(course, lessons, stopped):
    course.lessons.filter(pk=lessons[1].pk).update(status="DRAFT")
    course.lessons.filter(pk=lessons[2].pk).update(deleted_at=NOW)
    count_course(course, NOW)
    assert {one.lesson for one in InsightLesson.objects.all()} == {lessons[0], lessons[3]}


def test_active_people_of_a_week_and_the_week_before(course, lessons):
    days_ago = [1, 6, 8, 13, 15]
    for user, days in zip(make_learners(course, 5, 40), days_ago, strict=True):
        opened(user, lessons[0], NOW - timedelta(days=days))
    count_course(course, NOW)
    count = InsightCount.objects.get(course=course)
    assert (count.active, count.active_before) == (2, 2)


def test_the_school_counts_each_person_once(course, lessons, ada):
    from gamification.models import ActiveDay  # noqa: PLC0415

    for user in (ada, *(somebody(kind, kind) for kind in sorted({*KINDS} - {"learner"}))):
        ActiveDay.objects.bulk_create(
            ActiveDay(
                user=user, date=NOW.date() - timedelta(days=days), zone="UTC", first_at=NOW,
                last_at=NOW,
            )
            for days in (0, 6, 7, 13, 14)
        )  # fmt: skip
    count_school(NOW)
    count = InsightCount.objects.get(course=None)
    assert (count.active, count.active_before) == (1, 1)


def test_a_course_that_was_just_counted_is_not_counted_again(course):
    assert count_if_old(course)
    assert not count_if_old(course)


def test_a_course_without_lessons_or_people_can_be_counted(db):
    empty = Course.objects.create(slug="empty", title="Empty")
    count_course(empty, NOW)
    assert funnel_of(Population(empty.pk, NOW.date())).enrolled == 0
    assert lessons_of(Population(empty.pk, NOW.date())) == []
    assert not Enrollment.objects.filter(course=empty).exists()
