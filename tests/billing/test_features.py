"""What plans open besides courses."""

import pytest

from assessments.models import Submission
from billing.features import allowed, allows, lacks, opened_by
from billing.models import Feature, Grant, Plan, Subscription
from courses.models import Tier
from tests.assessments.code_builders import make_assignment
from tests.assessments.drafts import judged
from tests.billing.rows import make_price, make_seat, make_subscription
from tests.conftest import make_person

FREE, PRO, ENTERPRISE = Tier


def test_a_plan_opens_features_and_none_written_about_opens_all(bob, selling):
    assert allows(bob, Feature.HELP)
    Plan.objects.create(tier=FREE, features=[])
    assert not allows(bob, Feature.HELP)
    make_subscription(bob, make_price(PRO))
    assert allows(bob, Feature.HELP)
    Plan.objects.filter(tier=PRO).update(features=[Feature.DRAFTS])
    assert allows(bob, Feature.DRAFTS)
    assert not allows(bob, Feature.HELP)
    Plan.objects.filter(tier=FREE).update(features=[Feature.HELP])
    assert allows(bob, Feature.HELP), "what is free to all is open to those who pay"


def test_a_school_that_sells_nothing_asks_about_no_feature(bob, django_assert_num_queries):
    Plan.objects.create(tier=FREE, features=[])
    with django_assert_num_queries(0):
        assert allows(bob, Feature.HELP)


def test_one_query_answers(bob, selling, django_assert_num_queries):
    make_subscription(bob, make_price())
    with django_assert_num_queries(1):
        assert allows(bob, Feature.HELP)


def test_what_is_lacking_names_the_lowest_plan_that_has_it(bob, selling):
    assert lacks(bob, Feature.HELP) == ""
    Plan.objects.create(tier=FREE, features=[])
    assert lacks(bob, Feature.HELP) == "Asking a person is part of the Pro plan."
    Plan.objects.create(tier=PRO, features=[])
    assert opened_by(Feature.DRAFTS) == ENTERPRISE
    Plan.objects.create(tier=ENTERPRISE, features=[])
    assert lacks(bob, Feature.HELP) == "Asking a person is in no plan of this school."


@pytest.mark.parametrize("free", [None, [], ["DRAFTS"], ["HELP"]])
def test_the_condition_on_rows_says_the_same_of_everybody(ada, root, lessons, selling, free):
    """Of people with a plan from everywhere it can come from, and of plans with and without."""
    assignment = make_assignment(lessons[0].module)
    if free is not None:
        Plan.objects.create(tier=FREE, features=free)
    pro, enterprise = make_price(PRO), make_price(ENTERPRISE)
    Plan.objects.filter(tier=PRO).update(features=["DRAFTS"])
    Plan.objects.filter(tier=ENTERPRISE).update(features=["HELP"])
    payer, late, seated, waiting, given, nobody = (
        make_person(f"p{n}@example.org", f"P{n}") for n in range(6)
    )
    make_subscription(payer, pro)
    make_subscription(late, pro, "unpaid")
    team = make_subscription(ada, enterprise, quantity=1)
    make_seat(team, seated)
    make_seat(team, waiting)
    Grant.objects.create(user=given, plan=pro.plan, reason="x", given_by=root)
    people = [payer, late, seated, waiting, given, nobody, ada]
    for user in people:
        judged(user, assignment)
    for feature in Feature:
        found = set(Submission.objects.filter(allowed(feature)).values_list("user", flat=True))
        assert found == {user.pk for user in people if allows(user, feature)}
    if free == []:
        drafts = Submission.objects.filter(allowed(Feature.DRAFTS))
        assert {one.user for one in drafts} == {payer, given}
    assert Subscription.objects.count() == 3


def test_a_school_that_sells_nothing_sets_no_condition(db):
    Plan.objects.create(tier=FREE, features=[])
    assert not allowed(Feature.DRAFTS)
