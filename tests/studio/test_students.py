"""The page of one learner: who may open it, and that the learner reads the same."""

import pytest

from accounts.models import User
from activity.models import Event
from assessments.models import Accommodation
from assessments.submissions import submit
from enrollments.actions import leave
from tests.assessments.code_builders import WRONG, make_assignment
from tests.conftest import let_review


@pytest.fixture(autouse=True)
def demo(settings):
    """Staff without a second factor."""
    settings.DEMO_SCHOOL = True


@pytest.fixture
def address(ada):
    data = {"title": "Loops", "url": "/there/"}
    Event.objects.create(user=ada, kind="LESSON_COMPLETED", subject="lesson:1", data=data)
    return f"/studio/students/{ada.pk}/"


def test_staff_see_how_somebody_learns(as_, root, ada, address, django_assert_num_queries):
    Accommodation.objects.create(user=ada, extra_time=150)
    browser = as_(root)
    browser.get(address)
    with django_assert_num_queries(10):
        page = browser.get(address).content.decode()
    for said in ("Ada", "ada@example.org", "Completed a lesson", "Loops", "Python from zero"):
        assert said in page
    assert f"/admin/assessments/accommodation/{ada.pk}/change/" in page
    assert "This is what staff and reviewers see" in page


def test_it_leads_back_to_the_course_that_one_came_from(as_, root, address, course):
    page = as_(root).get(address).content.decode()
    assert 'aria-label="Studio"' not in page
    assert "Students of" not in page
    back = f'<a href="/studio/courses/{course.slug}/insights/students/">Students of {course}</a>'
    assert back in as_(root).get(address, {"course": course.slug}).content.decode()
    for slug in ("nonsense", "x" * 900):
        page = as_(root).get(address, {"course": slug})
        assert page.status_code == 200
        assert "Students of" not in page.content.decode()


def test_reviewers_see_it_without_the_address(as_, grace, address):
    page = as_(let_review(grace)).get(address).content.decode()
    assert "Loops" in page
    assert "ada@example.org" not in page
    assert "/admin/" not in page


def test_to_others_it_is_not_there(as_, client, ada, bob, address):
    assert as_(bob).get(address).status_code == 404
    assert as_(ada).get(address).status_code == 404
    assert client.get(address)["Location"].startswith("/accounts/login/")


def test_staff_without_a_second_factor_see_nothing(as_, root, address, settings):
    settings.DEMO_SCHOOL = False
    assert as_(root).get(address).status_code in (302, 404)


def test_a_closed_account_is_not_there(as_, root, ada, address):
    ada.is_active, ada.deleted_at = False, ada.date_joined
    ada.save()
    assert as_(root).get(address).status_code == 404


def test_the_learner_reads_the_same_list(as_, ada, root, address):
    Accommodation.objects.create(user=ada, extra_time=150)
    hers = as_(ada).get("/activity/seen/").content.decode()
    theirs = as_(root).get(address).content.decode()
    for page in (hers, theirs):
        for said in ("Completed a lesson", "Loops", "Enrolled: by choice", "Half as much again"):
            assert said in page
    assert '<a dir="auto" href="/there/">Loops</a>' in hers


def test_a_tier_of_a_badge_is_named_and_nothing_is_said_where_nothing_is_known(
    as_, ada, root, address
):
    data = {"title": "Steady", "url": "/achievements/#steady", "tier": 2, "tiers": 4}
    Event.objects.create(
        user=ada, kind="ACHIEVEMENT_EARNED", subject="achievement:steady:2", data=data
    )
    pages = [as_(ada).get("/activity/seen/").text, as_(root).get(address).text]
    for page in pages:
        row = page[page.index("Steady, tier 2 of 4") :].partition("</tr>")[0]
        assert '<td class="long"></td>' in row
    assert "Steady, tier 2 of 4" in as_(ada).get("/activity/").text


def test_it_says_who_of_the_staff_took_somebody_out_of_a_course(as_, ada, root, address, course):
    leave(ada, course, by=root)
    for page in (as_(root).get(address).text, as_(ada).get("/activity/seen/").text):
        assert f"Taken out of a course by {root.name}" in page
        assert "Left a course" not in page
    User.objects.filter(pk=root.pk).update(is_active=False, deleted_at=root.date_joined)
    assert "Taken out of a course by staff" in as_(ada).get("/activity/seen/").text


def test_leaving_by_oneself_is_said_as_such(as_, ada, root, address, course):
    leave(ada, course)
    assert "Left a course" in as_(root).get(address).text


def test_what_was_handed_in_is_a_press_away_for_staff_who_may_read_it(
    as_, ada, root, grace, address, course
):
    work = submit(ada, make_assignment(course.modules.first()), WRONG, graded=True)
    link = f"/admin/assessments/submission/{work.pk}/change/"
    assert link in as_(root).get(address).text
    assert as_(root).get(link).status_code == 200
    assert link not in as_(let_review(grace)).get(address).text
    assert link not in as_(ada).get("/activity/seen/").text


def test_without_anything_it_says_so(as_, bob, root):
    assert "Nothing yet" in as_(root).get(f"/studio/students/{bob.pk}/").content.decode()
    assert "Nothing yet" in as_(bob).get("/activity/seen/").content.decode()


@pytest.mark.parametrize("before", ["x", "%00", "9" * 30, "1-" + "0" * 32])
def test_a_strange_place_in_the_list_is_no_error(as_, root, address, before):
    assert as_(root).get(f"{address}?before={before}").status_code in (200, 400)
