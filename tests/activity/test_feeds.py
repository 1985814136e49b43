"""A feed is one's own rows, and of others what they let be seen."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from activity import feeds
from activity.cursors import Cursor
from activity.feeds import course_feed, own_feed
from activity.models import Event, Sharing
from activity.models.event import SHOWN_IN_COURSES
from activity.sharing import share
from activity.words import LINES, SHARED
from enrollments.actions import leave
from enrollments.models import Enrollment
from tests.conftest import make_course, make_person

Kind = Event.Kind


@pytest.fixture
def ada_and_bob(ada, bob, course):
    Enrollment.objects.create(user=bob, course=course)
    return ada, bob


def record(user, kind, subject, data, at=None):
    """The row alone: what follows from it is no matter here."""
    Event.objects.create(user=user, kind=kind, subject=subject, data=data, created_at=at or now())


def finish(user, course, kind=Kind.LESSON_COMPLETED, subject="lesson:1", at=None):
    data = {"title": f"{user.name} {subject}", "url": "/there/", "course": str(course.pk)}
    record(user, kind, subject, data, at)


def titles(feed):
    return [entry.title for entry in feed.entries]


def seen_in(course, after=None, moment=None):
    people = Enrollment.objects.filter(course=course).current().values("user_id")
    return course_feed(course, people, after, moment or now())


BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.tuples(st.booleans(), st.sampled_from(sorted(Kind)), st.integers(0, 9)),
        min_size=1,
        max_size=40,
    ),
    per_page=st.integers(1, 7),
    points=st.booleans(),
)
def test_page_by_page_a_feed_is_all_of_ones_own_and_nothing_of_others(
    db, monkeypatch, rows, per_page, points
):
    monkeypatch.setattr(feeds, "PER_PAGE", per_page)
    number = User.objects.count()
    mine, other = (make_person(f"{name}{number}@example.org", name) for name in "ab")
    for n, (is_mine, kind, hours) in enumerate(rows):
        at = BEGAN + timedelta(hours=hours)
        record(mine if is_mine else other, kind, f"thing:{n}", {"title": str(n)}, at)
    found, after = [], None
    while True:
        feed = own_feed(mine, after, points=points)
        found += feed.entries
        after = feed.older
        if after is None:
            break
    kinds = [kind for kind, line in LINES.items() if points or not line.of_points]
    rows_of_mine = Event.objects.filter(user=mine, kind__in=kinds)
    wanted = sorted(rows_of_mine, key=lambda one: (one.created_at, one.pk), reverse=True)
    assert [entry.id for entry in found] == [event.pk for event in wanted]


def test_a_feed_is_one_query_that_searches_its_own_index(bob):
    for n in range(60):
        record(bob, Kind.LESSON_COMPLETED, f"lesson:{n}", {"title": "A lesson"})
    first = own_feed(bob, None, points=True)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(own_feed(bob, first.older, points=True).entries) == 10
    assert len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + asked[0]["sql"])
        assert "event_of_user" in str(cursor.fetchall())


def test_nothing_is_seen_unless_it_was_asked_for(ada_and_bob, course):
    ada, _ = ada_and_bob
    finish(ada, course)
    assert not seen_in(course).entries
    share(ada, is_on=True, shown=SHARED)
    assert titles(seen_in(course)) == ["Ada lesson:1"]
    share(ada, is_on=False, shown=SHARED)
    assert not seen_in(course).entries


def test_a_kind_that_is_hidden_is_hidden_and_stays_so(ada_and_bob, course):
    ada, _ = ada_and_bob
    finish(ada, course)
    finish(ada, course, Kind.QUIZ_PASSED, "quiz:1")
    share(ada, is_on=True, shown=[Kind.QUIZ_PASSED])
    assert titles(seen_in(course)) == ["Ada quiz:1"]
    assert Kind.LESSON_COMPLETED in Sharing.objects.get().hidden


def test_only_good_news_of_this_course_is_seen(ada_and_bob, course):
    ada, _ = ada_and_bob
    share(ada, is_on=True, shown=SHARED)
    for kind in Kind:
        finish(ada, course, kind, f"thing:{kind}")
    other = make_course("other")
    finish(ada, other, subject="lesson:other")
    record(ada, Kind.COURSE_COMPLETED, f"course:{course.pk}", {"title": "The course"})
    record(ada, Kind.COURSE_COMPLETED, f"course:{other.pk}", {"title": "Another"})
    found = seen_in(course)
    assert {entry.kind for entry in found.entries} == set(SHARED)
    assert "The course" in titles(found)
    assert not {"Ada lesson:other", "Another"} & set(titles(found))


@pytest.mark.parametrize("change", [{"is_minor": True}, {"is_active": False}])
def test_minors_and_closed_accounts_are_never_seen(ada_and_bob, course, change):
    ada, _ = ada_and_bob
    share(ada, is_on=True, shown=SHARED)
    finish(ada, course)
    User.objects.filter(pk=ada.pk).update(**change)
    assert not seen_in(course).entries


def test_who_leaves_the_course_is_gone_from_its_feed(ada_and_bob, course):
    ada, _ = ada_and_bob
    share(ada, is_on=True, shown=SHARED)
    finish(ada, course)
    leave(ada, course)
    assert not seen_in(course).entries


def test_a_course_shows_thirty_days_page_by_page_in_one_query_each(
    ada_and_bob, course, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(feeds, "PER_PAGE", 3)
    moment = now()
    for user in ada_and_bob:
        share(user, is_on=True, shown=SHARED)
        for n in range(4):
            at = moment - timedelta(days=n * 9)
            finish(user, course, subject=f"lesson:{n}", at=at)
        finish(user, course, subject="lesson:old", at=moment - timedelta(days=31))
    with django_assert_num_queries(1):
        first = seen_in(course, moment=moment)
    second = seen_in(course, first.older, moment)
    third = seen_in(course, second.older, moment)
    assert [len(feed.entries) for feed in (first, second, third)] == [3, 3, 2]
    assert third.older is None
    together = [*first.entries, *second.entries, *third.entries]
    assert len({entry.id for entry in together}) == 8
    assert together == sorted(together, key=lambda one: Cursor(one.at, one.id), reverse=True)
    assert "old" not in str(titles(third))


def test_the_index_of_courses_holds_every_kind_that_a_course_shows():
    assert set(SHOWN_IN_COURSES) == {str(kind) for kind in SHARED}


def test_where_many_show_something_the_newest_of_the_course_are_enough(course):
    """However long it has been going on: a page, and what those between hide."""
    data = {"title": "A lesson", "course": str(course.pk)}
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(8)]
    for user in people:
        Enrollment.objects.create(user=user, course=course)
        share(user, is_on=user in people[::4], shown=SHARED)
    Event.objects.bulk_create(
        Event(user=people[n % 8], kind=Kind.LESSON_COMPLETED, subject=f"lesson:{n}", data=data,
              created_at=now() - timedelta(minutes=n))
        for n in range(4_000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        with CaptureQueriesContext(connection) as asked:
            assert len(seen_in(course).entries) == feeds.PER_PAGE
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + asked[0]["sql"])
        plan = json.dumps(cursor.fetchone()[0])
    scans = [scan for scan in re.findall(r"{[^{}]*}", plan) if "event_of_course" in scan]
    read = [float(re.search(r'"Actual Rows": ([0-9.]+)', scan)[1]) for scan in scans]
    # One in four of eight: 51 of 204. The others are asked for nothing.
    assert read
    assert max(read) <= 4 * (feeds.PER_PAGE + 1)


def test_where_few_show_something_they_are_asked(ada_and_bob, course, monkeypatch):
    ada, bob = ada_and_bob
    monkeypatch.setattr(feeds, "LOOKED_AT", 3)
    share(ada, is_on=True, shown=SHARED)
    finish(ada, course, at=now() - timedelta(days=2))
    for n in range(5):
        finish(bob, course, subject=f"lesson:{n}")
    assert titles(seen_in(course)) == ["Ada lesson:1"]
