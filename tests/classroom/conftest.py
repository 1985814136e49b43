"""What the tests about the classroom share."""

import pytest

from billing.models import Price
from courses.models import Course, Tier
from tests.billing.rows import make_price


@pytest.fixture(autouse=True)
def a_real_school(settings):
    """Whatever the environment says: no demo, in which all staff see drafts."""
    settings.DEMO_SCHOOL = False


@pytest.fixture
def sold(settings) -> Price:
    """Pro for twelve euros a month, or a hundred and twenty a year."""
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    make_price(amount=12000, interval="year")
    make_price(Tier.ENTERPRISE, amount=900)
    make_price(amount=1500, currency="usd")
    return make_price()


@pytest.fixture
def pro(course) -> Course:
    Course.objects.filter(pk=course.pk).update(required_plan="PRO")
    return Course.objects.get(pk=course.pk)
