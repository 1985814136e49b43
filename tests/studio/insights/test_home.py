"""The first page of the studio says where students get stuck, over all courses."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from assessments.models import Review
from courses.models import Course
from gamification.models import ActiveDay
from progress.models import InsightCount
from studio.insights.counting import count_all
from tests.conftest import make_course
from tests.studio.insights.conftest import make_learners, opened, where_people_stop
from tests.studio.test_assignment_pages import text

pytestmark = pytest.mark.django_db
HOME = "/studio/"


def days_ago(number):
    return now().date() - timedelta(days=number)


def test_it_names_the_worst_lessons_of_all_courses(desk, stopped):
    html = text(desk.get(HOME))
    assert 'href="/studio/courses/python-basics/insights/lessons/">Lesson-2</a>' in html
    assert "75% stopped here (course median 33%, n\u00a0=\u00a040)" in html
    assert "in Python from zero, about 30 people affected" in html


def test_lessons_of_courses_that_learners_no_longer_see_are_left_out(desk, stopped):
    Course.objects.update(status="ARCHIVED")
    assert "Where students get stuck" not in text(desk.get(HOME))


def test_before_the_first_count_it_says_when_that_is(desk, course):
    assert "not counted yet: that happens every night" in text(desk.get(HOME))


def test_the_numbers_of_the_school(desk, ada, lessons):
    count_all()
    assert "as many as in the 7 days before" in text(desk.get(HOME))
    ActiveDay.objects.create(user=ada, date=days_ago(1), zone="UTC", first_at=now(), last_at=now())
    count_all()
    assert "1 more than in the 7 days before" in text(desk.get(HOME))
    ActiveDay.objects.update(date=days_ago(9))
    count_all()
    assert "1 fewer than in the 7 days before" in text(desk.get(HOME))
    assert Review.objects.count() == 0


def test_what_is_of_the_last_count_says_of_when_and_what_is_live_does_not(desk, course, stopped):
    """Courses are counted again one by one, so the sum is as old as the oldest of them."""
    count_all()
    at = datetime(2026, 11, 22, 17, 34, tzinfo=UTC)
    InsightCount.objects.filter(course=None).update(counted_at=at)
    InsightCount.objects.filter(course=course).update(counted_at=at - timedelta(hours=5))

    def tiles(address):
        parts = text(desk.get(address)).split("<dt>")[1:5]
        said = [re.findall(r"counted <time [^>]+>([^<]+)</time>", one) for one in parts]
        return dict(
            zip([re.sub("<.*?>", "", one.split("</dt>")[0]) for one in parts], said, strict=True)
        )

    assert tiles(HOME) == {
        "Waiting reviews": [], "Active students in 7 days": ["22 Nov, 17:34"],
        "Need attention": ["22 Nov, 12:34"], "Disputed questions": [],
    }  # fmt: skip
    assert tiles("/studio/courses/python-basics/insights/") == {
        "Need attention": ["22 Nov, 12:34"], "Active students in 7 days": ["22 Nov, 12:34"],
        "Waiting reviews": [], "Disputed questions": [],
    }  # fmt: skip


def test_it_adds_up_who_needs_a_person(desk, course, lessons):
    assert "<dt>Need attention</dt><dd>–</dd>" in text(desk.get(HOME))
    for slug in ("python-basics", "another"):
        taught = course if slug == "python-basics" else make_course(slug)
        [user] = make_learners(taught, 1, 60, now=now(), start=len(slug) * 10)
        opened(user, taught.lessons.first(), now() - timedelta(days=50))
    count_all()
    html = text(desk.get(HOME))
    assert "<dt>Need attention</dt><dd>2</dd>" in html
    assert 'href="/studio/courses/another/insights/students/">' in html
    assert (
        'href="/studio/courses/python-basics/insights/students/">Python from zero</a> (1)' in html
    )
    Course.objects.filter(slug="another").update(deleted_at=now())
    assert "<dt>Need attention</dt><dd>1</dd>" in text(desk.get(HOME))


def test_it_asks_as_often_however_many_courses_there_are(desk, stopped, django_assert_num_queries):
    desk.get(HOME)
    with django_assert_num_queries(9):
        desk.get(HOME)
    for number in range(3):
        other = make_course(f"other-{number}", f"Other {number}")
        where_people_stop(other, list(other.lessons.in_outline_order()), start=1000 * (number + 1))
    with django_assert_num_queries(9):
        html = text(desk.get(HOME))
    assert html.count("75% stopped here") == 4
