"""The pages of activity: what I finished, and what others let me see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from accounts.actions import set_preferences
from activity.models import Event, Sharing
from activity.sharing import share
from activity.words import SHARED
from assessments.grading import grade
from assessments.submissions import submit
from enrollments.models import Enrollment
from gamification.models import Policy
from tests.assessments.code_builders import RIGHT, make_assignment

Kind = Event.Kind


def said(answer):
    """What stands in the page itself, without its frame."""
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def record(user, kind, subject, data, at=None):
    """The row alone: what follows from it is no matter here."""
    Event.objects.create(user=user, kind=kind, subject=subject, data=data, created_at=at or now())


def finish(user, course, title, at=None):
    data = {"title": title, "url": "/there/", "course": str(course.pk), "course_title": "Python"}
    record(user, Kind.LESSON_COMPLETED, f"lesson:{title}", data, at)


def test_a_quiet_feed_says_what_will_be_there(as_, bob):
    page = said(as_(bob).get("/activity/"))
    assert "Quiet here" in page
    assert "Things you finish show up by day." in page


def test_what_i_finished_stands_by_my_days(as_, ada, bob, course):
    ada.timezone = "Pacific/Auckland"
    ada.save()
    # Half past eleven in the evening of the 8th in London is the 9th in Auckland.
    finish(ada, course, "Loops", datetime(2025, 3, 8, 23, 30, tzinfo=UTC))
    finish(bob, course, "Secrets of Bob", datetime(2025, 3, 8, 23, 30, tzinfo=UTC))
    finish(ada, course, "Lists")
    page = said(as_(ada).get("/activity/"))
    assert "Sunday, 9 March 2025" in page
    assert page.index("Today") < page.index("Lists") < page.index("Loops")
    assert "Finished a lesson" in page
    assert "Secrets of Bob" not in page


def test_the_feed_asks_as_many_queries_however_long_it_is(
    as_, ada, course, django_assert_num_queries
):
    finish(ada, course, "One")
    browser = as_(ada)
    for asked in (1, 2):
        with django_assert_num_queries(6):
            browser.get("/activity/")
        for n in range(70):
            finish(ada, course, f"Lesson {n} of {asked}")


def test_older_pages_go_on_where_the_newer_ended(as_, ada, course):
    began = now()
    for n in range(70):
        finish(ada, course, f"Lesson no. {n},", began - timedelta(minutes=n))
    browser = as_(ada)
    first = said(browser.get("/activity/"))
    older = first.partition('rel="next" href="')[2].partition('"')[0]
    second = said(browser.get(f"/activity/{older}"))
    assert "Lesson no. 49," in first
    assert "Lesson no. 50," not in first
    assert "Lesson no. 50," in second
    assert "Lesson no. 49," not in second
    assert "Lesson no. 69," in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize("who", ["person", "school"])
def test_without_points_in_sight_nothing_of_them_is_said(as_, ada, course, who):
    finish(ada, course, "Loops")
    record(ada, Kind.LEVEL_REACHED, "level:2", {"level": 2})
    record(ada, Kind.ACHIEVEMENT_EARNED, "achievement:x:1", {"title": "First steps"})
    browser = as_(ada)
    assert "Reached level 2" in said(browser.get("/activity/"))
    if who == "person":
        set_preferences(ada, show_points=False)
    else:
        Policy.objects.update_or_create(defaults={"show_points": False})
    page = said(as_(ada).get("/activity/"))
    assert "Loops" in page
    for word in ("Reached level", "First steps", "XP", "badge"):
        assert word not in page


def test_guests_sign_in_first(client, course):
    for address in ("/activity/", f"/activity/courses/{course.slug}/"):
        assert client.get(address)["Location"].startswith("/accounts/login/?next=/activity/")
    answer = client.post("/activity/sharing/", {"is_on": "on"})
    assert answer["Location"] == "/accounts/login/?next=/activity/"


def test_others_see_it_when_it_is_switched_on_and_no_longer_when_it_is_off(
    as_, ada, bob, course, django_assert_num_queries
):
    Enrollment.objects.create(user=bob, course=course)
    finish(ada, course, "Loops")
    address, browser, hers = f"/activity/courses/{course.slug}/", as_(bob), as_(ada)
    assert "Nobody in this course shows anything" in said(browser.get(address))
    answer = hers.post("/activity/sharing/", {"is_on": "on", "shown": ["LESSON_COMPLETED"]})
    assert answer.status_code == 303
    with django_assert_num_queries(7):
        page = said(browser.get(address))
    assert "<bdi>Ada</bdi>: Finished a lesson" in page
    hers.post("/activity/sharing/", {"shown": ["LESSON_COMPLETED"]})
    assert "Loops" not in said(browser.get(address))


def test_others_come_to_the_task_and_its_learner_to_what_was_handed_in(
    as_, ada, bob, course, lessons
):
    for user in (ada, bob):
        Enrollment.objects.get_or_create(user=user, course=course)
    share(ada, is_on=True, shown=SHARED)
    submission = submit(ada, make_assignment(lessons[0].module), RIGHT, graded=True)
    grade(submission.pk)
    feeds = {ada: "/activity/", bob: f"/activity/courses/{course.slug}/"}
    links = {}
    for user, feed in feeds.items():
        page = said(as_(user).get(feed))
        entry = page.partition("Solved an assignment")[2]
        links[user] = entry.partition('href="')[2].partition('"')[0]
        assert as_(user).get(links[user]).status_code == 200
    assert links[ada] == submission.get_absolute_url()
    assert links[bob] == submission.assignment.get_absolute_url()


def test_a_minor_is_told_that_nobody_sees_it(as_, ada, bob, course):
    Enrollment.objects.create(user=bob, course=course)
    finish(ada, course, "Loops")
    ada.is_minor = True
    ada.save()
    hers = as_(ada)
    page = said(hers.post("/activity/sharing/", {"is_on": "on", "shown": SHARED}, follow=True))
    assert "shows nobody what minors finish" in page
    assert "Loops" not in said(as_(bob).get(f"/activity/courses/{course.slug}/"))


def test_who_is_not_in_the_course_finds_no_feed(as_, ada, bob, course):
    share(ada, is_on=True, shown=SHARED)
    browser = as_(bob)
    for slug in (course.slug, "nope"):
        assert browser.get(f"/activity/courses/{slug}/").status_code == 404


def test_a_kind_that_nobody_may_show_is_refused(as_, ada):
    answer = as_(ada).post("/activity/sharing/", {"is_on": "on", "shown": ["INVOICE_PAID"]})
    assert answer.status_code == 422
    assert not Sharing.objects.exists()
