"""The page of the business: every figure counted one by one, and who may look."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.contrib.auth.models import Permission
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from activity.models import Event
from assessments.models import ModelRun, Run, Submission
from assessments.runner_numbers import RunnerNumbers, runner_numbers
from billing.business import business
from gamification.models import ActiveDay
from studio.insights.school import Active, active_in
from studio.pages.business import BusinessPage
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import hand_in
from tests.billing.rows import make_invoice, make_price, make_subscription
from tests.conftest import make_person
from tests.studio.insights.histories import KINDS, somebody
from tests.studio.insights.test_counting import EACH, undone
from tests.studio.test_assignment_pages import text

pytestmark = pytest.mark.django_db
PAGE = "/studio/business/"
NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
FIRST, NEXT = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
# Who somebody is, when they joined, and on which days they learned: days before today.
LEARNERS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 70), st.sets(st.integers(0, 70), max_size=4)),
    max_size=8,
)
CURRENT = ("active", "past_due", "trialing")
# Of a subscription: when it began, and ended or not, and its trial; days before now.
HELD = st.tuples(
    st.sampled_from([
        "active", "past_due", "trialing", "canceled", "incomplete_expired", "incomplete", "unpaid",
        "paused", "canceled without an end",
    ]),
    st.integers(0, 80), st.integers(0, 80), st.one_of(st.none(), st.integers(-10, 80)),
    st.sampled_from(["eur", "usd"]), st.sampled_from(["month", "year"]),
    st.integers(1, 3), st.one_of(st.none(), st.integers(0, 5000)),
)  # fmt: skip
CUSTOMERS = st.lists(st.tuples(HELD, st.one_of(st.none(), HELD)), max_size=5)


@EACH
@given(learners=LEARNERS)
def test_who_is_active_is_what_one_by_one_comes_to(learners):
    with undone():
        today = NOW.date()
        for number, (kind, joined, days) in enumerate(learners):
            user = somebody(f"b{number}", kind, date_joined=NOW - joined * DAY)
            ActiveDay.objects.bulk_create(
                ActiveDay(user=user, date=today - n * DAY, zone="UTC", first_at=NOW, last_at=NOW)
                for n in days
            )
        found = active_in(today)
        people = [(joined, days) for kind, joined, days in learners if kind == "learner"]
        assert found.learners == len(people)
        assert found.week == sum(any(n < 7 for n in days) for _, days in people)
        assert found.month == sum(any(n < 30 for n in days) for _, days in people)
        old = [(joined, days) for joined, days in people if 35 <= joined <= 62]
        assert found.joined == len(old)
        assert found.stayed == sum(any(28 <= joined - n < 35 for n in days) for joined, days in old)


@EACH
@given(customers=CUSTOMERS)
def test_what_plans_come_to_is_what_one_by_one_comes_to(customers):
    with undone():
        prices = {
            (currency, every): make_price(currency=currency, interval=every, amount=1200)
            for currency in ("eur", "usd") for every in ("month", "year")
        }  # fmt: skip
        held = defaultdict(list)
        for number, pair in enumerate(customers):
            user = User.objects.create(email=f"c{number}@example.org", name="C")
            for one in sensible(pair):
                held[number].append(one)
                make_subscription(
                    user, prices[one["currency"], one["every"]], one["status"],
                    quantity=one["seats"], renewal_amount=one["renewal"],
                    started_at=one["started"], ended_at=one["ended"], trial_ends_at=one["trial"],
                )  # fmt: skip
        found = business(NOW)
        assert {one.currency: (one.subscriptions, one.amount) for one in found.revenue} == (
            revenue_of([one for each in held.values() for one in each])
        )
        paying = [each for each in held.values() if any(pays_at(one, FIRST) for one in each)]
        lost = [each for each in paying if not any(holds_at(one, NEXT) for one in each)]
        assert (found.paying, found.lost) == (len(paying), len(lost))


def sensible(pair):
    """What the database allows: one that goes on at most, and nothing ends before it began."""
    goes_on = False
    for one in pair:
        if one is None:
            continue
        status, started, ended, trial, currency, every, seats, renewal = one
        status = "canceled" if goes_on and status in CURRENT else status
        goes_on = goes_on or status in CURRENT
        yield {
            "status": status.partition(" ")[0], "started": NOW - started * DAY,
            "currency": currency,
            "ended": NOW - min(started, ended) * DAY if status == "canceled" else None,
            "trial": None if trial is None else NOW - trial * DAY,
            "every": every, "seats": seats, "renewal": renewal,
        }  # fmt: skip


def revenue_of(held):
    found = defaultdict(list)
    for one in held:
        if one["status"] in ("active", "past_due"):
            amount = 1200 * one["seats"] if one["renewal"] is None else one["renewal"]
            found[one["currency"]].append(Fraction(amount, 12 if one["every"] == "year" else 1))
    return {
        currency: (len(each), int(sum(each) + Fraction(1, 2))) for currency, each in found.items()
    }


def holds_at(one, moment):
    is_open = one["status"] in CURRENT if one["ended"] is None else one["ended"] >= moment
    return one["started"] < moment and is_open


def pays_at(one, moment):
    return holds_at(one, moment) and (one["trial"] is None or one["trial"] <= moment)


@pytest.mark.parametrize("status", ["unpaid", "paused", "canceled", "incomplete"])
def test_who_does_not_pay_now_is_neither_a_customer_nor_lost(ada, bob, status):
    price = make_price()
    make_subscription(ada, price, status, started_at=NOW - 80 * DAY)
    make_subscription(bob, price, started_at=NOW - 80 * DAY)
    found = business(NOW)
    assert (found.paying, found.lost) == (1, 0)


def test_trials_that_ended_are_told_by_whether_money_came(ada, bob):
    over = {"started_at": NOW - 30 * DAY, "trial_ends_at": NOW - 10 * DAY}
    price = make_price()
    paid = make_subscription(ada, price, "active", **over)
    make_invoice(ada, 1, subscription=paid)
    unpaid = make_subscription(bob, price, "canceled", ended_at=NOW - 10 * DAY, **over)
    make_invoice(bob, 2, total=0, subscription=unpaid)
    kim = make_person("kim@example.org", "Kim")
    make_subscription(kim, price, "trialing", trial_ends_at=NOW + DAY)
    found = business(NOW)
    assert (found.trials, found.trials_paid) == (2, 1)


def test_a_failed_payment_is_recovered_once_its_invoice_is_paid(ada):
    came = make_invoice(ada, 1)
    still_open = make_invoice(ada, 2, status="open", paid=0)
    long_ago = make_invoice(ada, 3)
    for invoice, at in ((came, 5), (still_open, 5), (long_ago, 91)):
        Event.objects.create(
            user=ada, kind="PAYMENT_FAILED", subject=f"invoice:{invoice.pk}",
            created_at=NOW - at * DAY,
        )  # fmt: skip
    found = business(NOW)
    assert (found.failed, found.recovered) == (2, 1)


def test_waits_faults_seconds_and_costs_of_the_runner(ada, lessons):
    assignment = make_assignment(lessons[0].module)
    for seconds, outcome in ((1, "TIME_LIMIT"), (2, "WRONG"), (9, "TIME_LIMIT")):
        submission = hand_in(ada, assignment, outcome=outcome)
        moved(Submission, submission, DAY, seconds)
    old = hand_in(ada, assignment, outcome="TIME_LIMIT")
    moved(Submission, old, 20 * DAY, 60)
    run = Run.objects.create(
        user=ada, lesson=lessons[0], language="PYTHON", status="ERROR", finished_at=NOW
    )
    moved(Run, run, DAY, 4)
    ModelRun.objects.create(
        submission=old, status="PASSED", outcome="DRAFTED", cost=Decimal("0.25"), finished_at=NOW
    )
    ModelRun.objects.update(created_at=NOW - DAY)
    found = runner_numbers(NOW)
    assert found.median == timedelta(seconds=3)
    assert about(found.p95) == Fraction(825, 100)
    assert (found.ended, found.faults, found.seconds) == (4, 1, 8.0)
    assert found.model_cost == Decimal("0.25")
    assert [(one.key, one.stopped, one.judged) for one in found.slow] == [(assignment.pk, 3, 4)]


def test_seconds_are_shared_by_who_was_active_in_the_week_that_they_are_of():
    runner = RunnerNumbers(None, None, 4, 1, 8.0, Decimal("0.5"), [])
    page = BusinessPage(Active(9, 2, 5, 0, 0), None, runner, None)
    assert page.seconds_each == timedelta(seconds=4)
    assert page.model_cost_each == Decimal("0.1")
    nobody = BusinessPage(Active(9, 0, 5, 0, 0), None, runner, None)
    assert nobody.seconds_each is None


@pytest.mark.parametrize(
    ("p95", "said"),
    [
        (None, "No code ran in 7 days."),
        (0.4, "In 7 days 95 of 100 waited less than a second for their code to run."),
        (3, "In 7 days half of all code waited no longer than this; 95 of 100 no longer than 3 s."),
    ],
)
def test_how_long_code_waits_is_a_whole_sentence(p95, said):
    wait = None if p95 is None else timedelta(seconds=p95)
    runner = RunnerNumbers(timedelta(seconds=0.2), wait, 4, 1, 8.0, Decimal(0), [])
    assert BusinessPage(None, None, runner, None).wait_said == said


def test_the_page_says_of_which_days_the_seconds_are(desk):
    assert "In 7 days, for each who was active in them." in text(desk.get(PAGE))


def moved(model, row, ago, waited):
    """Handed in so long ago, begun after so many seconds, and run for two."""
    began = NOW - ago + timedelta(seconds=waited)
    model.objects.filter(pk=row.pk).update(
        created_at=NOW - ago, started_at=began, finished_at=began + timedelta(seconds=2)
    )


def about(span):
    return Fraction(round(span / timedelta(milliseconds=1)), 1000)


def test_only_who_may_see_payments_gets_there(client, ada, as_, root, desk):
    assert client.get(PAGE).status_code == 302
    assert as_(ada).get(PAGE).status_code == 404
    teacher = make_person("sam@example.org", "Sam", role=User.Role.ADMIN)
    assert as_(teacher).get(PAGE).status_code == 403
    teacher.user_permissions.add(Permission.objects.get(codename="view_subscription"))
    assert as_(teacher).get(PAGE).status_code == 200
    assert desk.get(PAGE).status_code == 200


def test_of_a_school_in_which_nothing_happened_nothing_is_made_up(desk):
    html = text(desk.get(PAGE))
    assert "Nobody pays for a plan." in html
    assert "No assignment had code stopped for time" in html
    assert "No prices are set, so nobody knows." in html
    assert "No code ran in 7 days." in html
    assert "%" not in html[html.index("<h1") : html.index("</main")]


def test_it_asks_as_often_for_more(desk, ada, bob, django_assert_num_queries):
    desk.get(PAGE)
    price = make_price()
    for number, user in enumerate((ada, bob), start=1):
        make_invoice(user, number, subscription=make_subscription(user, price))
        with django_assert_num_queries(11):
            html = text(desk.get(PAGE))
    assert "24" in html
