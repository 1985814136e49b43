"""Every figure of assignments and quizzes is what the formulas say, counted one by one."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.models import Course
from studio.insights.assignments import assignments_of
from studio.insights.counting import count_course
from studio.insights.population import EARLIEST, HORIZONS, LATEST
from studio.insights.quizzes import quizzes_of
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import add_case, make_assignment
from tests.studio.insights.conftest import NOW
from tests.studio.insights.histories import everyone
from tests.studio.insights.test_counting import EACH, OFFSETS, chosen, undone
from tests.studio.insights.work_histories import (
    CROWDS,
    HISTORIES,
    BruteQuiz,
    BruteWork,
    store,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(course: Course, lessons):
    """An assignment of three cases, and a quiz of four questions."""
    module = course.modules.first()
    assignment = make_assignment(module, function="")
    for name in ("one", "two", "three"):
        add_case(assignment, name)
    quiz = make_quiz(module, pass_percent=70)
    quiz.questions.filter(position__gt=4).delete()
    return course, assignment, quiz


def counted(work, history, population):
    course, assignment, quiz = work
    store(history, course, assignment, quiz)
    count_course(course, NOW)
    begin, end = population.first or EARLIEST, population.last or LATEST
    return list(everyone(history, begin, end, population.horizon))


@EACH
@given(history=HISTORIES, first=OFFSETS, last=OFFSETS, horizon=st.sampled_from(HORIZONS))
def test_an_assignment_is_what_one_by_one_comes_to(work, history, first, last, horizon):
    population = chosen(work[0], first, last, horizon)
    with undone():
        brute = BruteWork(counted(work, history, population))
        (found,) = assignments_of(population)
        assert {name: getattr(found.counted, name) for name in brute.counts()} == brute.counts()
        if found.times:
            assert [found.times.submissions, found.times.minutes] == brute.times()
        else:
            assert not found.counted.passed
        assert found.counted.failing_all == brute.failing_all()
        cases = list(work[1].cases.all())
        blamed = brute.heat()
        assert {one.case: one.blamed.count for one in found.heat} == {
            case: blamed[n] for n, case in enumerate(cases)
        }
        errors = {key: (-count, *key) for key, count in brute.errors().items()}
        best = sorted(errors, key=lambda key: errors[key])[:3]
        assert [(one.kind, one.message, one.region) for one in found.faults] == best
        assert [one.people.count for one in found.faults] == [-errors[key][0] for key in best]


@EACH
@given(history=CROWDS, first=OFFSETS, last=OFFSETS)
def test_a_quiz_is_what_one_by_one_comes_to(work, history, first, last):
    population = chosen(work[0], first, last, 0)
    with undone():
        people = counted(work, history, population)
        everybody = list(everyone(history, EARLIEST, LATEST, 0))
        brute = BruteQuiz(people, everybody, 70)
        (found,) = quizzes_of(population)
        assert found.attempts == len(brute.gos)
        assert (found.whole is None) == (found.attempts < 20)
        if found.whole is None:
            return
        for name, value in brute.whole().items():
            assert isclose(getattr(found.whole, name), value, rel_tol=1e-6, abs_tol=1e-3)
        if len(brute.usual) == 1:  # of equals either may be the usual one
            alpha, error, near = brute.reliability()
            whole = found.whole
            assert (whole.alpha is None, whole.error is None) == (alpha is None, error is None)
            if alpha is not None:
                assert isclose(whole.alpha, alpha, rel_tol=1e-6, abs_tol=1e-9)
                assert isclose(whole.error, error, rel_tol=1e-3, abs_tol=1e-2)
                assert isclose(whole.near, near)
