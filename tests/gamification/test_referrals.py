"""Referrals: who counts as brought, by what they qualify, and what is paid when."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils.timezone import now

from activity.models import Event
from enrollments.actions import enroll, leave
from gamification import ledger, referrals
from gamification.models import Referral, XPTransaction
from gamification.referral_rules import is_disposable, mailbox_of, network_of
from tests.conftest import make_person
from tests.gamification.referral_people import brought, learn_on, learned, qualified, visit

State = Referral.State


def state_of(referral):
    referral.refresh_from_db()
    return referral.state


def flags_of(referral):
    referral.refresh_from_db()
    return referral.flags


# ---- addresses, without a database --------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada.lovelace@gmail.com", "adalovelace@gmail.com"),
        ("ada+lms@gmail.com", "a.d.a@googlemail.com"),
        ("ADA+1@Outlook.com", "ada@outlook.com"),
        ("ada@proton.me", "ada+x@protonmail.com"),
    ],
)
def test_spellings_of_one_mailbox_are_one(one, other):
    assert mailbox_of(one) == mailbox_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada.l@example.org", "adal@example.org"),
        ("ada+1@example.org", "ada@example.org"),
        ("ada.l@outlook.com", "adal@outlook.com"),
        ("ada@gmail.com", "ada@outlook.com"),
    ],
)
def test_where_a_provider_tells_spellings_apart_they_are_two(one, other):
    assert mailbox_of(one) != mailbox_of(other)


def test_disposable_is_told_by_the_domain_and_its_parts():
    assert is_disposable("x@mailinator.com")
    assert is_disposable("x@inbox.Mailinator.com")
    assert not is_disposable("x@notmailinator.com")


def test_networks_are_compared_by_a_hash_and_not_kept():
    assert network_of("8.8.8.8") == network_of("8.8.8.250") != network_of("8.8.9.8")
    assert network_of("2a01:4f8:1:200::1") == network_of("2a01:4f8:1:2ff::9")
    assert "8.8" not in network_of("8.8.8.8")
    assert network_of("10.0.0.1") == network_of("127.0.0.1") == network_of("unknown") == ""


# ---- who counts as brought ----------------------------------------------------------------------


def test_a_code_says_nothing_and_stays(ada, bob):
    code = referrals.link_of(ada).code
    assert code == referrals.link_of(ada).code != referrals.link_of(bob).code
    assert len(code) >= 16
    assert str(ada.pk)[:8] not in code
    assert referrals.is_known(code)
    assert not referrals.is_known(code.swapcase())


def test_nobody_comes_by_the_link_of_somebody_who_is_gone(ada):
    gone = visit(ada)
    ada.is_active = False
    ada.save()
    assert not referrals.is_known(gone.code)
    assert referrals.note_sign_up(make_person("zoe@example.org", "Zoe"), gone) is None


def test_a_sign_up_by_a_link_is_kept_once(ada, grace):
    one = brought(ada, "Zoe")
    assert (one.referrer, one.state, one.flags, one.network) == (ada, State.SIGNED_UP, [], "")
    assert referrals.note_sign_up(one.referee, visit(grace)) == one
    assert Referral.objects.get().referrer == ada


def test_rf02_a_circle_is_ignored_and_the_database_has_none(ada):
    bob = brought(ada, "Bob2").referee
    assert referrals.note_sign_up(ada, visit(bob)) is None
    assert Referral.objects.count() == 1
    with pytest.raises(IntegrityError, match="referral_of_somebody_newer"):
        Referral.objects.create(referrer=bob, referee=ada)


def test_nobody_brings_themself(ada):
    assert referrals.note_sign_up(ada, visit(ada)) is None
    assert not Referral.objects.exists()


def test_an_account_from_before_the_click_was_there_already(ada):
    zoe = make_person("zoe@example.org", "Zoe")
    zoe.date_joined = now() - timedelta(hours=1)
    assert referrals.note_sign_up(zoe, visit(ada)) is None


def test_the_browser_that_showed_the_link_brings_nobody_by_it(ada, bob):
    zoe = make_person("zoe@example.org", "Zoe")
    assert referrals.note_sign_up(zoe, visit(ada, own_code=referrals.link_of(ada).code)) is None
    assert referrals.note_sign_up(zoe, visit(ada, own_code=referrals.link_of(bob).code))


@pytest.mark.parametrize("email", ["a.da@gmail.com", "ada+2@googlemail.com"])
def test_rf03_one_mailbox_is_one_person(ada, email):
    ada.emailaddress_set.create(email="ada@gmail.com", verified=False)
    assert referrals.note_sign_up(make_person(email, "Eve"), visit(ada)) is None


def test_rf03_a_mailbox_comes_by_one_link_once(ada, bob):
    people = [make_person(email, "Eve") for email in ("e.ve@gmail.com", "eve+2@googlemail.com")]
    assert referrals.note_sign_up(people[0], visit(ada))
    assert referrals.note_sign_up(people[1], visit(ada)) is None
    assert referrals.note_sign_up(people[1], visit(bob))


def test_a_failure_is_logged_and_blocks_no_sign_up(ada, monkeypatch, caplog):
    monkeypatch.setattr(referrals, "make_referral", lambda *_: 1 / 0)
    zoe = make_person("zoe@example.org", "Zoe")
    assert referrals.note_sign_up(zoe, visit(ada)) is None
    assert "could not be kept" in caplog.text


# ---- flags --------------------------------------------------------------------------------------


def test_the_network_of_the_referrer_or_of_others_they_brought_is_flagged(ada):
    from allauth.usersessions.models import UserSession  # noqa: PLC0415

    UserSession.objects.create(user=ada, ip="8.8.8.8", user_agent="", session_key="one")
    assert brought(ada, "Ann", address="8.8.8.77").flags == ["network"]
    assert brought(ada, "Ben", address="9.9.9.9").flags == []
    assert brought(ada, "Cat", address="9.9.9.1").flags == ["network"]
    assert brought(ada, "Dan", address="unknown").flags == []


def test_a_mailbox_for_an_hour_is_flagged(ada):
    zoe = make_person("zoe@yopmail.com", "Zoe")
    assert referrals.note_sign_up(zoe, visit(ada)).flags == ["disposable"]


def test_the_fourth_within_an_hour_flags_them_all(ada, bob):
    early = brought(ada, "Zero", days_ago=0.1)
    three = [brought(ada, name) for name in ("One", "Two", "Three")]
    of_bob = brought(bob, "Other")
    assert not any(flags_of(one) for one in three)
    brought(ada, "Four")
    assert all(flags_of(one) == ["burst"] for one in three)
    assert flags_of(early) == flags_of(of_bob) == []


def test_who_learned_on_no_day_of_the_week_is_flagged_and_not_paid(ada):
    referral = qualified(ada, "Zoe")
    referral.referee.active_days.all().delete()
    assert not referrals.settle(referral.pk)
    assert (state_of(referral), flags_of(referral)) == (State.QUALIFIED, ["idle"])
    assert list(referrals.to_look_at()) == [referral]


def test_a_burst_that_nobody_saw_at_sign_up_is_found_before_it_pays(ada, bob):
    four = [qualified(ada, f"Person{number}") for number in range(4)]
    other, of_bob = qualified(ada, "Other", days_ago=9), qualified(bob, "Another")
    at = four[0].signed_up_at
    for number, one in enumerate(four):
        move(one, at + timedelta(minutes=15 * number))
    move(other, at - timedelta(minutes=31))
    move(of_bob, at)
    assert referrals.tend() == 2
    assert state_of(other) == state_of(of_bob) == State.REWARDED
    assert [flags_of(one) for one in four] == [["burst"]] * 4
    assert set(referrals.to_look_at()) == set(four)


def test_three_within_an_hour_and_a_fourth_after_it_are_no_burst(ada):
    four = [qualified(ada, f"Person{number}") for number in range(4)]
    for number, one in enumerate(four):
        move(one, four[0].signed_up_at + timedelta(minutes=20 * number))
    assert referrals.tend() == 4


def move(referral, moment):
    """They signed up at that moment; whatever was flagged by now was not."""
    Referral.objects.filter(pk=referral.pk).update(signed_up_at=moment, flags=[])


def test_a_network_that_nobody_saw_at_sign_up_is_found_before_it_pays(ada):
    one, two = (qualified(ada, name, days_ago=9 - n) for n, name in enumerate(("One", "Two")))
    Referral.objects.update(network="the same")
    assert referrals.tend() == 1
    assert (state_of(one), flags_of(two)) == (State.REWARDED, ["network"])


# ---- qualified ----------------------------------------------------------------------------------


def test_three_days_three_lessons_and_something_passed_qualify(ada, django_assert_num_queries):
    referral = brought(ada, "Zoe", days_ago=5)
    learned(referral)
    with django_assert_num_queries(1):
        assert referrals.qualify(referral.referee.pk) == 1
    assert state_of(referral) == State.QUALIFIED
    assert referrals.qualify() == 0


def test_an_assignment_will_do_as_well(ada):
    referral = brought(ada, "Zoe", days_ago=5)
    learned(referral, passed="ASSIGNMENT_PASSED")
    assert referrals.qualify() == 1


@pytest.mark.parametrize("less", [{"lessons": 2}, {"days": 2}, {"passed": ""}])
def test_less_does_not(ada, less):
    referral = brought(ada, "Zoe", days_ago=5)
    learned(referral, **less)
    assert referrals.qualify() == 0


def test_what_comes_after_thirty_days_does_not_count(ada):
    referral = brought(ada, "Zoe", days_ago=40)
    learned(referral, days=2)
    learn_on(referral.referee, referral.signed_up_at + timedelta(days=31))
    assert referrals.qualify() == 0


@pytest.mark.parametrize(("handed_in", "counts"), [(29, 1), (31, 0)])
def test_code_that_is_judged_late_counts_for_when_it_was_handed_in(ada, handed_in, counts):
    referral = brought(ada, "Zoe", days_ago=40)
    learned(referral, passed="")
    moment = referral.signed_up_at + timedelta(days=handed_in)
    Event.objects.create(
        user=referral.referee, kind="ASSIGNMENT_PASSED", subject="assignment:1",
        data={"handed_in": moment.isoformat()},
        created_at=referral.signed_up_at + timedelta(days=32),
    )  # fmt: skip
    assert referrals.qualify() == counts


def test_rf06_without_a_verified_email_it_stays_as_it_is(ada):
    referral = brought(ada, "Zoe", days_ago=5)
    learned(referral)
    referral.referee.emailaddress_set.update(verified=False)
    assert referrals.tend() == 0
    assert state_of(referral) == State.SIGNED_UP
    referral.referee.emailaddress_set.update(verified=True)
    assert referrals.qualify() == 1


def test_rf06_who_leaves_all_courses_at_once_brings_nothing(ada, course):
    referral = brought(ada, "Zoe", days_ago=5)
    enroll(referral.referee, course)
    leave(referral.referee, course)
    assert referrals.tend() == 0
    assert state_of(referral) == State.SIGNED_UP
    assert not XPTransaction.objects.exists()


def test_only_the_person_asked_about_is_looked_at(ada, bob):
    referral = brought(ada, "Zoe", days_ago=5)
    learned(referral)
    assert referrals.qualify(bob.pk) == 0


# ---- paid, once ---------------------------------------------------------------------------------


def test_after_a_week_the_sweep_pays_and_tells(ada):
    referral = qualified(ada, "Zoe")
    early = qualified(ada, "Early", days_ago=6.9)
    assert referrals.tend() == 1
    assert (state_of(referral), state_of(early)) == (State.REWARDED, State.QUALIFIED)
    entry = XPTransaction.objects.get()
    assert (entry.user, entry.amount, entry.board_points) == (ada, 100, 0)
    assert entry.source_key == f"referral:{referral.pk}"
    event = Event.objects.get(kind=Event.Kind.REFERRAL_QUALIFIED)
    assert (event.user, event.subject) == (ada, f"referral:{referral.pk}")
    assert str(referral.referee_id) not in f"{event.data}{entry.data}"
    assert "Zoe" not in f"{event.data}{entry.data}"
    assert referrals.tend() == 0
    assert ledger.total_of(ada) == 100


def test_nobody_is_paid_for_or_with_an_account_that_is_gone(ada):
    referral = qualified(ada, "Zoe")
    referral.referee.is_active = False
    referral.referee.save()
    assert referrals.tend() == 0
    assert not referrals.settle(referral.pk)


def test_rf07_the_eleventh_in_ninety_days_waits_for_room(ada):
    for number in range(referrals.CAP):
        referrals.settle(qualified(ada, f"Person{number}", days_ago=20 - number).pk)
    waits = qualified(ada, "Late")
    assert not referrals.settle(waits.pk)
    assert waits not in referrals.due(now())
    assert ledger.total_of(ada) == 1000
    first = Referral.objects.filter(state=State.REWARDED).first()
    first.settled_at = now() - timedelta(days=91)
    first.save()
    assert referrals.tend() == 1
    assert ledger.total_of(ada) == 1100


def test_one_that_breaks_does_not_stop_the_others(ada, monkeypatch, caplog):
    one, other = qualified(ada, "One", days_ago=9), qualified(ada, "Other")
    pay = ledger.pay

    def broken(user, payment, at):
        if payment.key == f"referral:{one.pk}":
            raise RuntimeError
        return pay(user, payment, at)

    monkeypatch.setattr(ledger, "pay", broken)
    assert referrals.tend() == 1
    assert (state_of(one), state_of(other)) == (State.QUALIFIED, State.REWARDED)
    assert "could not be settled" in caplog.text


def test_after_ninety_days_it_ends(ada):
    never = brought(ada, "Never", days_ago=91)
    full = qualified(ada, "Full", days_ago=91)
    flagged = qualified(ada, "Flagged", days_ago=91)
    Referral.objects.filter(pk=flagged.pk).update(flags=["network"])
    assert referrals.expire(now()) == 2
    assert state_of(never) == state_of(full) == State.EXPIRED
    assert state_of(flagged) == State.QUALIFIED


def test_what_staff_accepted_late_waits_for_room_as_long_as_it_takes(ada, root):
    for number in range(referrals.CAP):
        referrals.settle(qualified(ada, f"Person{number}", days_ago=20 - number).pk)
    late = qualified(ada, "Late", days_ago=91)
    Referral.objects.filter(pk=late.pk).update(flags=["network"])
    assert referrals.accept(late, root, "One school, two people")
    assert referrals.tend() == 0
    assert state_of(late) == State.QUALIFIED
    paid = Referral.objects.filter(state=State.REWARDED).first()
    Referral.objects.filter(pk=paid.pk).update(settled_at=now() - timedelta(days=91))
    assert referrals.tend() == 1
    assert state_of(late) == State.REWARDED


def test_what_was_accepted_and_never_qualified_ends_as_any_other(ada, root):
    never = brought(ada, "Never", days_ago=91)
    Referral.objects.filter(pk=never.pk).update(flags=["network"])
    assert referrals.accept(never, root, "One school, two people")
    assert referrals.expire(now()) == 1


# ---- what staff decide --------------------------------------------------------------------------


def test_what_is_flagged_waits_for_staff_and_is_paid_when_they_accept(ada, root):
    referral = qualified(ada, "Zoe")
    Referral.objects.filter(pk=referral.pk).update(flags=["network"])
    assert referrals.tend() == 0
    with pytest.raises(referrals.DecisionRefused):
        referrals.accept(referral, root, "  ")
    assert referrals.accept(referral, root, "One school, two people")
    assert not referrals.accept(referral, root, "Again")
    referral.refresh_from_db()
    assert (referral.state, referral.decided_by) == (State.REWARDED, root)
    assert referral.reason == "One school, two people"


def test_accepted_within_its_week_it_is_paid_after_it(ada, root):
    referral = qualified(ada, "Zoe", days_ago=2)
    Referral.objects.filter(pk=referral.pk).update(flags=["burst"])
    referrals.accept(referral, root, "A class")
    assert state_of(referral) == State.QUALIFIED
    Referral.objects.filter(pk=referral.pk).update(qualified_at=now() - timedelta(days=8))
    assert referrals.tend() == 1


def test_rejected_it_is_never_paid(ada, root):
    referral = qualified(ada, "Zoe")
    assert referrals.reverse_reward(referral, root, "The same person")
    assert referrals.tend() == 0
    assert state_of(referral) == State.REJECTED
    assert not XPTransaction.objects.exists()


def test_rf08_a_refund_takes_the_reward_back_once(ada, root):
    referral = qualified(ada, "Zoe")
    referrals.tend()
    assert referrals.reverse_reward(referral, by=root, reason="Refunded")
    assert not referrals.reverse_reward(referral, by=root, reason="Refunded")
    assert ledger.total_of(ada) == 0
    assert Event.objects.filter(kind=Event.Kind.XP_CORRECTED).count() == 1
    assert state_of(referral) == State.REJECTED
    assert referrals.tend() == 0


def test_a_message_about_somebody_who_learned_looks_at_who_brought_them(ada):
    from gamification.tasks import award_achievements  # noqa: PLC0415

    referral = brought(ada, "Zoe", days_ago=5)
    learned(referral)
    award_achievements(str(referral.referee.pk))
    assert state_of(referral) == State.QUALIFIED
