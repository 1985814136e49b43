"""An announcement is read by those whom it is for; to others it is not there."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from enrollments.actions import leave
from notifications import announcing
from notifications.announcing import Words
from notifications.models import Announcement, Notification


def started(author, course=None):
    words = Words(course, "A break", "No lessons in *May*.")
    row = announcing.write(author, words, uuid4())
    announcing.send(row, row.version)
    announcing.carry_on(row.pk)
    return f"/announcements/{row.pk}/"


@pytest.fixture
def page(ada, root, course):
    return started(root, course)


def test_who_is_in_the_course_reads_it(page, ada, as_):
    html = as_(ada).get(page).content.decode()
    assert "No lessons in <em>May</em>." in html
    assert "Python from zero" in html
    assert Notification.objects.get(user=ada).data["url"] == page
    assert '<a href="/notifications/">Notifications</a>' in html


def test_it_says_on_which_day_it_was_sent(page, ada, as_):
    Announcement.objects.update(started_at=datetime(2026, 5, 4, 10, 43, tzinfo=UTC))
    html = as_(ada).get(page).content.decode()
    assert "4 May 2026, 10:43</time>" in html
    assert "</a>," not in html


def test_others_find_nothing_and_guests_sign_in(page, bob, as_, client):
    assert as_(bob).get(page).status_code == 404
    assert as_(bob).get(f"/announcements/{uuid4()}/").status_code == 404
    assert client.get(page).headers["Location"].startswith("/accounts/login/?next=/announcements/")
    assert as_(bob).post(page).status_code in (404, 405)


def test_who_was_told_can_read_it_after_leaving(page, ada, course, as_):
    leave(ada, course)
    assert as_(ada).get(page).status_code == 200


def test_what_is_not_sent_is_there_for_staff_alone(ada, root, course, as_, settings):
    row = announcing.write(root, Words(course, "A break", "x"), uuid4())
    page = f"/announcements/{row.pk}/"
    assert as_(ada).get(page).status_code == 404
    assert as_(root).get(page).status_code == 404
    settings.DEMO_SCHOOL = True
    assert "Nobody has been sent this" in as_(root).get(page).content.decode()


def test_news_of_the_school_are_read_by_everybody_with_a_confirmed_address(bob, grace, root, as_):
    bob.notification_preferences.create(topic="news", channel="IN_APP", is_on=True)
    page = started(root)
    assert as_(grace).get(page).status_code == 200
    grace.emailaddress_set.update(verified=False)
    assert as_(grace).get(page).status_code == 404


def test_it_asks_as_often_whatever_was_announced(
    page, ada, root, course, as_, django_assert_num_queries
):
    browser = as_(ada)
    browser.get(page)
    for _ in range(2):
        started(root, course)
        with django_assert_num_queries(4):
            browser.get(page)
