"""Staff take a badge back with a reason; it stays taken back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gamification import ledger
from gamification.achievements.awarding import award
from gamification.achievements.revoking import revoke
from gamification.models import Award, Policy
from tests.gamification.histories import completed

LIST = "/admin/gamification/award/"


@pytest.fixture
def badge(ada, lessons):
    Policy.objects.create(bonuses_pay=True)
    completed(ada, lessons[0])
    award(ada)
    return Award.objects.get()


@pytest.fixture
def admin(root, as_, settings):
    settings.DEMO_SCHOOL = True
    return as_(root)


def test_it_goes_once_and_with_what_it_paid(badge, ada, root):
    assert ledger.total_of(ada) == 10
    assert revoke(badge, by=root, reason="Copied from a friend")
    assert not revoke(badge, by=root, reason="Once more")
    badge.refresh_from_db()
    assert (badge.revoked_by, badge.reason) == (root, "Copied from a friend")
    assert ledger.total_of(ada) == 0
    assert award(ada) == []


def test_it_holds_the_person_before_the_award(badge, root):
    with CaptureQueriesContext(connection) as asked:
        revoke(badge, by=root, reason="Copied from a friend")
    said = [one["sql"] for one in asked]
    held = next(n for n, sql in enumerate(said) if "accounts_user" in sql and "FOR NO KEY" in sql)
    written = next(n for n, sql in enumerate(said) if 'UPDATE "gamification_award"' in sql)
    assert held < written


def test_the_admin_asks_for_a_reason_first(badge, admin):
    chosen = {"action": "take_back", "_selected_action": [str(badge.pk)]}
    asked = admin.post(LIST, chosen).content.decode()
    assert "first-light, tier 1" in asked
    assert Award.objects.get().revoked_at is None
    admin.post(LIST, {**chosen, "reason": "Copied"})
    assert Award.objects.get().reason == "Copied"


def test_nobody_else_gets_there(badge, ada, as_):
    assert as_(ada).get(LIST).status_code == 302


def test_a_badge_that_the_registry_no_longer_has_is_listed_by_its_key(ada, admin):
    Award.objects.create(user=ada, key="gone-for-good")
    assert "gone-for-good" in admin.get(LIST).content.decode()
