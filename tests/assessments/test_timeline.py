"""The timeline of a learner: all of their own rows once, newest first, and of nobody else."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from activity.actions import record
from activity.models import Event
from assessments import timeline
from assessments.attempts import start_attempt
from assessments.models import Accommodation, Attempt
from assessments.submissions import submit
from assessments.timeline import NOT_OF_LEARNING, timeline_of
from enrollments.actions import enroll, leave, put_back
from enrollments.models import Enrollment
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import WRONG, make_assignment

Kind = Event.Kind


@pytest.fixture
def busy(ada, bob, course, lessons):
    """Ada and Bob, each with an attempt, a submission and an event of every kind."""
    Enrollment.objects.create(user=bob, course=course)
    quiz, assignment = make_quiz(lessons[0].module), make_assignment(lessons[0].module)
    for user in (ada, bob):
        start_attempt(user, quiz)
        submit(user, assignment, WRONG, graded=True)
        submit(user, assignment, WRONG, graded=False)
        for n, kind in enumerate(Kind):
            data = {"title": f"{kind} of {user.name}"}
            at = now() - timedelta(minutes=n)
            Event.objects.create(user=user, kind=kind, subject="x:1", data=data, created_at=at)
    return ada


def all_of(person):
    found, after = [], None
    while True:
        page = timeline_of(person, after)
        found += page.moments
        after = page.older
        if after is None:
            return found


@pytest.mark.parametrize("per_page", [1, 3, 50])
def test_it_holds_everything_once_and_nothing_of_others(busy, monkeypatch, per_page):
    monkeypatch.setattr(timeline, "PER_PAGE", per_page)
    found = all_of(busy)
    assert len({one.key for one in found}) == len(found)
    assert [one.cursor for one in found] == sorted((one.cursor for one in found), reverse=True)
    assert Attempt.objects.get(user=busy).pk in {one.key for one in found}
    told = set(Kind) - timeline.TOLD_BY_ROWS - NOT_OF_LEARNING
    assert {one.title for one in found if "of Ada" in one.title} == {
        f"{kind} of Ada" for kind in told
    }
    assert len(found) == len(told) + 3
    assert "Bob" not in str(found)


def test_each_leaving_and_coming_back_is_a_line(ada, root, course):
    leave(ada, course)
    enroll(ada, course)
    leave(ada, course, by=root)
    assert [put_back(ada, course, by=root), put_back(ada, course, by=root)] == [True, False]
    leave(ada, course)
    assert [one.what for one in all_of(ada)] == [
        "Left a course", f"Put back into a course by {root.name}",
        f"Taken out of a course by {root.name}",
        "Came back to a course", "Left a course", "Enrolled: by choice",
    ]  # fmt: skip


def test_a_place_says_whether_its_person_left_or_was_taken_out(ada, root, course):
    leave(ada, course)
    assert [one.detail for one in all_of(ada)][-1] == "Left"
    enroll(ada, course)
    leave(ada, course, by=root)
    assert [one.detail for one in all_of(ada)][-1] == "Taken out"


def test_a_first_sign_in_is_called_one_so_that_it_may_follow_the_first_place(bob, course):
    Enrollment.objects.create(user=bob, course=course, source=Enrollment.Source.SIGN_UP)
    record(bob, Kind.SIGNED_UP, f"user:{bob.pk}")
    assert [one.what for one in all_of(bob)] == [
        "Signed in for the first time", "Enrolled: at sign-up",
    ]  # fmt: skip


def test_money_is_no_matter_of_teaching(busy):
    titles = " ".join(one.title for one in all_of(busy))
    for kind in NOT_OF_LEARNING:
        assert kind not in titles


def test_it_asks_five_queries_however_much_there_is(busy, django_assert_num_queries):
    with django_assert_num_queries(5):
        timeline_of(busy, None)
    Event.objects.bulk_create(
        Event(user=busy, kind=Kind.LESSON_COMPLETED, subject=f"lesson:{n}") for n in range(120)
    )
    with django_assert_num_queries(5):
        page = timeline_of(busy, None)
    assert len(page.moments) == timeline.PER_PAGE
    assert page.older


def test_extra_time_stands_there(busy):
    Accommodation.objects.create(user=busy, extra_time=150)
    assert str(timeline_of(busy, None).accommodation) == "Half as much again (×1.5)"
