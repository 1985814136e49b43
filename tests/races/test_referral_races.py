"""Referrals at once: paid once, never above the cap, and everybody who came is kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from accounts.models import User
from activity.models import Event
from gamification import ledger, referrals
from gamification.models import Referral, XPTransaction
from gamification.referral_cookies import Visit
from tests.conftest import make_person
from tests.gamification.referral_people import learn_on, qualified, visit
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 8


def settler(referral):
    return lambda: referrals.settle(referral.pk)


@pytest.mark.parametrize(
    "table", ["gamification_referral", "gamification_xptransaction", "gamification_standing"]
)
def test_rf05_settled_at_once_it_pays_once(bob, table):
    referral = qualified(bob, "Zoe")
    assert sum(at_once(table, [settler(referral)] * CROWD)) == 1
    assert XPTransaction.objects.count() == 1
    assert Event.objects.filter(kind="REFERRAL_QUALIFIED").count() == 1
    assert ledger.total_of(bob) == 100


def test_two_at_once_do_not_pass_the_cap(bob):
    for number in range(referrals.CAP - 1):
        referrals.settle(qualified(bob, f"Person{number}").pk)
    last = [qualified(bob, f"Last{number}") for number in range(4)]
    assert sum(at_once("gamification_referral", [settler(one) for one in last])) == 1
    assert Referral.objects.filter(state="REWARDED").count() == referrals.CAP
    assert ledger.total_of(bob) == 1000


def test_paid_and_rejected_at_once_it_ends_rejected_with_nothing(bob, root):
    referral = qualified(bob, "Zoe")
    reject = lambda: referrals.reverse_reward(referral, root, "No")  # noqa: E731
    at_once("gamification_referral", [settler(referral), reject, settler(referral), reject])
    referral.refresh_from_db()
    assert referral.state == "REJECTED"
    assert ledger.total_of(bob) == 0


def comer(user: User, seen: Visit):
    return lambda: referrals.note_sign_up(user, seen)


def test_who_signs_up_twice_at_once_is_brought_once(bob):
    zoe, seen = make_person("zoe@example.org", "Zoe"), visit(bob)
    zoe.date_joined = now()
    found = at_once("gamification_referral", [comer(zoe, seen)] * CROWD)
    assert len({one.pk for one in found}) == Referral.objects.count() == 1


def test_people_who_come_by_one_link_at_once_are_all_kept(bob):
    people = [make_person(f"p{number}@example.org", f"P{number}") for number in range(CROWD)]
    seen = visit(bob)
    found = at_once("gamification_referral", [comer(user, seen) for user in people])
    assert {one.referee for one in found} == set(people)


def test_a_burst_that_comes_at_once_is_whole_before_any_of_it_pays(bob):
    people = [make_person(f"p{number}@example.org", f"P{number}") for number in range(CROWD)]
    seen = visit(bob)
    found = at_once("gamification_referral", [comer(user, seen) for user in people])
    Referral.objects.update(
        state="QUALIFIED", qualified_at=now() - timedelta(days=8), flags=[], network=""
    )
    for one in found:
        learn_on(one.referee, now() - timedelta(days=2))
    assert not any(at_once("gamification_referral", [settler(one) for one in found]))
    assert {tuple(one.flags) for one in Referral.objects.all()} == {("burst",)}
    assert ledger.total_of(bob) == 0


def test_who_bring_each_other_at_once_make_no_circle(bob):
    zoe = make_person("zoe@example.org", "Zoe")
    seen, back = visit(bob), visit(zoe)
    at_once("gamification_referral", [comer(zoe, seen), comer(bob, back), comer(zoe, back)])
    assert Referral.objects.get().referrer == bob


def test_the_gate_sees_a_missing_constraint(bob):
    """The proof of the proof: without its unique index a newcomer has several referrers."""
    zoe = make_person("zoe@example.org", "Zoe")

    def careless():
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO gamification_referral (id, referee_id, referrer_id, state,
                  signed_up_at, flags, network, reason)
                SELECT waymark_uuid7(), %s, %s, 'SIGNED_UP', now(), '[]', '', ''
                FROM pg_sleep(2) -- all have begun by then, and see what stood before
                WHERE NOT EXISTS (SELECT FROM gamification_referral WHERE referee_id = %s)
                ON CONFLICT DO NOTHING
                """,
                [zoe.pk, bob.pk, zoe.pk],
            )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = 'gamification_referral'::regclass AND contype = 'u'"
        )
        [(name, definition)] = cursor.fetchall()
        at_once("gamification_referral", [careless] * 4)
        assert Referral.objects.count() == 1
        cursor.execute("DELETE FROM gamification_referral")
        cursor.execute(f'ALTER TABLE gamification_referral DROP CONSTRAINT "{name}"')
        try:
            at_once("gamification_referral", [careless] * 4)
            assert Referral.objects.count() == 4
        finally:
            cursor.execute("DELETE FROM gamification_referral")
            cursor.execute(
                f'ALTER TABLE gamification_referral ADD CONSTRAINT "{name}" {definition}'
            )
