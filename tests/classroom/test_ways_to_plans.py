"""What a closed course says of the way in hangs on what its reader has bought, and where."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from billing.models import Customer, Grant, Plan
from billing.models.subscriptions import GRACE
from courses.models import Course, Lesson, Tier
from enrollments.models import Enrollment
from tests.billing.rows import make_price, make_seat, make_seats, make_subscription
from tests.classroom.test_plans import COURSE, HOME, LESSON, text_of

CLOSED = (COURSE, HOME, LESSON)
LABELS = ("Update payment method", "Renew", "Change your plan", "See what is to be paid")
LABELS += ("See plans",)
BILLING, PRICING = 'href="/billing/"', 'href="/pricing/?course=python-basics"'
PORTAL = 'action="/billing/portal/"'
UNSOLD = "This school does not sell plans; ask the school for access."


@pytest.fixture
def inside(ada, course, lessons, pro):
    """Ada has a place in the course, since before it needed a plan."""
    Enrollment.objects.get_or_create(user=ada, course=pro)
    return ada


def main_of(browser, path) -> str:
    page = text_of(browser.get(path)).partition("<main")[2].partition("</main>")[0]
    return page.replace("Renews by itself", "")


def shown(page) -> list[str]:
    return [label for label in LABELS if label in page]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize(
    "case",
    [
        ("past_due", {"past_due_since": "over"}, "Update payment method", PORTAL, True),
        ("canceled", {"ended_at": "now"}, "Renew", BILLING, True),
        ("unpaid", {}, "See what is to be paid", BILLING, False),
        ("incomplete", {}, "See what is to be paid", BILLING, False),
        ("incomplete_expired", {}, "See plans", PRICING, False),
    ],
)
def test_the_way_hangs_on_what_was_bought(inside, as_, sold, path, case):
    status, fields, label, leads, again = case
    moments = {"now": now(), "over": now() - GRACE - timedelta(hours=1)}
    make_subscription(inside, sold, status, **{key: moments[at] for key, at in fields.items()})
    page = main_of(as_(inside), path)
    assert shown(page) == [label]
    assert leads in page
    assert ("opens again" in page) == (again and path != LESSON)


@pytest.mark.parametrize("path", CLOSED)
def test_nobody_is_told_again_of_what_they_never_held(inside, as_, sold, path):
    Customer.objects.create(user=inside)
    page = main_of(as_(inside), path)
    assert shown(page) == ["See plans"]
    assert "again" not in page


@pytest.mark.parametrize("path", CLOSED)
def test_a_lower_plan_is_changed_and_not_renewed(inside, as_, sold, path):
    Course.objects.update(required_plan="ENTERPRISE")
    bought = make_subscription(inside, sold)
    browser = as_(inside)
    assert shown(main_of(browser, path)) == ["Change your plan"]
    type(bought).objects.update(status="canceled", ended_at=now())
    assert shown(main_of(browser, path)) == ["See plans"]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("status", [None, "active", "past_due", "canceled"])
def test_without_a_key_each_page_says_that_nothing_is_sold_and_whom_to_ask(
    inside, as_, settings, path, status
):
    if status:
        make_subscription(inside, make_price(), status)
    browser = as_(inside)
    page = main_of(browser, path)
    assert UNSOLD in page
    assert shown(page) == []
    assert BILLING not in page
    settings.CONTACT_EMAIL = "ask@school.example"
    assert 'ask <a href="mailto:ask@school.example">ask@school.example</a> for access.' in main_of(
        browser, path
    )


def test_the_classroom_says_so_too(inside, as_):
    page = main_of(as_(inside), "/classroom/")
    assert UNSOLD in page
    assert "It opens with the Pro plan, which this school does not sell." in page
    assert shown(page) == []


def test_a_free_lesson_of_a_closed_course_says_so_to_guests(client, inside):
    Lesson.objects.filter(slug="lesson-1").update(is_preview=True)
    assert UNSOLD in main_of(client, LESSON)


def test_what_staff_gave_opens_it_where_nothing_is_sold(inside, as_, root):
    plan = Plan.objects.get_or_create(tier=Tier.PRO)[0]
    Grant.objects.create(user=inside, plan=plan, reason="x", given_by=root)
    assert as_(inside).get(LESSON).status_code == 200


def test_who_had_a_seat_of_somebody_has_nothing_to_renew(inside, bob, as_, sold):
    paid = make_seats(bob)
    make_seat(paid, inside)
    type(paid).objects.update(status="canceled", ended_at=now())
    assert shown(main_of(as_(inside), COURSE)) == ["See plans"]
