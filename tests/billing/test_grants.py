"""Plans that staff give."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from activity.models import Event
from billing.access import holding_of, plan_of
from billing.errors import BillingRefused
from billing.grants import grant_plan, withdraw
from billing.models import Grant, Plan
from courses.models import Tier


def test_a_plan_is_given_once_and_told(bob, root):
    grant, is_new = grant_plan(bob, Tier.PRO, "A scholarship.", root)
    assert is_new
    assert grant_plan(bob, Tier.PRO, "Another reason.", root) == (grant, False)
    assert plan_of(bob) == Tier.PRO
    assert holding_of(bob).grant == grant
    event = Event.objects.get(kind="PLAN_GRANTED")
    assert (event.user, event.subject) == (bob, f"grant:{grant.pk}")
    assert event.data == {"plan": "PRO", "title": "Pro", "until": None}
    assert grant.given_by == root


def test_a_plan_ends_when_it_was_to_end(bob, root):
    until = now() + timedelta(days=3)
    grant_plan(bob, Tier.PRO, "A trial by hand.", root, until)
    assert plan_of(bob) == Tier.PRO
    long_ago = now() - timedelta(days=9)
    Grant.objects.update(starts_at=long_ago, until=long_ago + timedelta(days=1))
    assert plan_of(bob) == Tier.FREE
    assert grant_plan(bob, Tier.PRO, "Once more.", root, until)[1]


def test_a_plan_is_withdrawn_once_and_stays_on_record(bob, root):
    grant, _ = grant_plan(bob, Tier.ENTERPRISE, "Paid by bank.", root)
    assert withdraw(grant)
    assert not withdraw(grant)
    assert plan_of(bob) == Tier.FREE
    assert Grant.objects.get().withdrawn_at is not None


@pytest.mark.parametrize(
    ("tier", "reason", "days", "told"),
    [
        (Tier.FREE, "Kindness.", None, "Everybody has the Free plan"),
        (Tier.PRO, "  ", None, "Say why"),
        (Tier.PRO, "Late.", -1, "ended already"),
        (Tier.PRO, "Now.", 0, "ended already"),
    ],
)
def test_what_gives_nothing_is_refused(bob, root, tier, reason, days, told):
    until = None if days is None else now() + timedelta(days=days)
    with pytest.raises(BillingRefused, match=told):
        grant_plan(bob, tier, reason, root, until)
    assert not Grant.objects.exists()
    assert not Event.objects.filter(kind="PLAN_GRANTED").exists()


def test_the_database_refuses_the_same(bob, root):
    plan = Plan.objects.create(tier=Tier.PRO)
    with pytest.raises(IntegrityError, match="grant_has_a_reason"), transaction.atomic():
        Grant.objects.create(user=bob, plan=plan, reason="", given_by=root)
    with pytest.raises(IntegrityError, match="grant_ends_after"), transaction.atomic():
        Grant.objects.create(
            user=bob, plan=plan, reason="x", given_by=root, until=now() - timedelta(1)
        )
