"""What stands before a course that needs a plan, for somebody who pays already."""

import pytest

from billing.amounts import SPACE
from billing.plans import locks_of
from courses.models import Tier
from tests.billing.rows import make_price, make_subscription
from tests.conftest import make_course

pytestmark = pytest.mark.usefixtures("db", "selling")


@pytest.fixture
def course():
    make_price(Tier.ENTERPRISE, 9900)
    make_price(Tier.ENTERPRISE, 11000, currency="usd")
    return make_course("paid", required_plan="ENTERPRISE")


def line(user, course):
    return locks_of([course], user, "en-US")[course.pk].line.replace(SPACE, " ")


@pytest.mark.parametrize("status", ["active", "past_due", "canceled"])
def test_the_price_is_in_the_currency_that_they_pay_in(bob, grace, course, status):
    make_subscription(bob, make_price(currency="eur", is_offered=False), status=status)
    assert line(bob, course) == "Enterprise · 99 € a month for each seat"
    assert line(grace, course) == line(None, course) == "Enterprise · $110 a month for each seat"


def test_of_several_the_one_that_goes_on_says_the_currency(bob, course):
    make_subscription(bob, make_price(currency="usd", is_offered=False))
    make_subscription(bob, make_price(currency="eur", is_offered=False), status="canceled")
    assert "$110" in line(bob, course)


def test_a_currency_in_which_nothing_is_sold_helps_nobody(bob, course):
    make_subscription(bob, make_price(currency="chf", is_offered=False))
    assert "$110" in line(bob, course)


def test_the_price_costs_no_query_more(bob, course, django_assert_num_queries):
    make_subscription(bob, make_price(currency="eur", is_offered=False))
    with django_assert_num_queries(2):
        line(bob, course)
