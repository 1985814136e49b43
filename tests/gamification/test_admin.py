"""What staff do with points: decide, announce, give, take back. What is a fact stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from gamification import ledger, referrals
from gamification.models import BoardChoice, BoardRow, Multiplier, Policy, Referral, XPTransaction
from tests.gamification.board_people import make_listed, pay_lesson
from tests.gamification.referral_people import qualified

ADMIN = "/admin/gamification/"


@pytest.fixture
def browser(root, as_, settings):
    settings.DEMO_SCHOOL = True
    return as_(root)


def text(answer):
    return " ".join(answer.content.decode().split())


def test_xp_are_given_with_a_reason(browser, bob):
    given = {"user": bob.pk, "base": 40, "reason": "Helped others"}
    assert browser.post(f"{ADMIN}xptransaction/add/", given).status_code == 302
    entry = XPTransaction.objects.get()
    assert (entry.user, entry.amount, entry.source_type) == (bob, 40, "GRANT")
    assert ledger.total_of(bob) == 40


def test_a_form_that_is_sent_twice_gives_once(browser, bob):
    given = {"user": bob.pk, "base": 40, "reason": "Helped others"}
    for _ in range(2):
        assert browser.post(f"{ADMIN}xptransaction/add/", given).status_code == 302
    assert XPTransaction.objects.count() == 1


@pytest.mark.parametrize("change", [{"reason": " "}, {"base": 0}, {"base": 1001}, {"base": "NaN"}])
def test_a_grant_that_may_not_be_is_refused(browser, bob, change):
    given = {"user": bob.pk, "base": 40, "reason": "Helped", **change}
    assert browser.post(f"{ADMIN}xptransaction/add/", given).status_code == 200
    assert not XPTransaction.objects.exists()


def test_nobody_gives_to_themself(browser, root):
    given = {"user": root.pk, "base": 40, "reason": "Because"}
    assert "Select a valid choice" in text(browser.post(f"{ADMIN}xptransaction/add/", given))
    assert not XPTransaction.objects.exists()


def taken_back(browser, *entries):
    chosen = [str(entry.pk) for entry in entries]
    given = {"action": "take_back", "_selected_action": chosen, "reason": "Copied"}
    return text(browser.post(f"{ADMIN}xptransaction/", given, follow=True))


def test_a_reward_that_is_taken_back_ends_its_referral(browser, bob):
    referral = qualified(bob, "Zoe")
    referrals.settle(referral.pk)
    assert "1 entry was taken back." in taken_back(browser, XPTransaction.objects.get(user=bob))
    assert (ledger.total_of(bob), Referral.objects.get().state) == (0, "REJECTED")


def test_several_are_told_as_several(browser, bob):
    assert "2 entries were taken back." in taken_back(browser, pay_lesson(bob), pay_lesson(bob))


def test_nobody_takes_back_from_themself(browser, root, bob):
    said = taken_back(browser, pay_lesson(root), pay_lesson(bob))
    assert "1 entry was taken back." in said
    assert "Your own stay" in said
    assert (ledger.total_of(root), ledger.total_of(bob)) == (10, 0)


def test_an_entry_is_neither_changed_nor_deleted(browser, bob):
    entry = pay_lesson(bob)
    assert browser.get(f"{ADMIN}xptransaction/{entry.pk}/change/").status_code == 200
    assert browser.post(f"{ADMIN}xptransaction/{entry.pk}/change/", {}).status_code == 403
    assert browser.post(f"{ADMIN}xptransaction/{entry.pk}/delete/").status_code == 403


def test_there_is_one_policy(browser):
    browser.post(f"{ADMIN}policy/add/", {"show_points": "on", "boards": "on"})
    assert Policy.objects.get().bonuses_pay is False
    assert browser.get(f"{ADMIN}policy/add/").status_code == 403


def test_the_list_of_the_one_policy_says_what_was_decided(browser):
    Policy.objects.create(show_points=True, boards=False)
    page = text(browser.get(f"{ADMIN}policy/"))
    assert [f'alt="{word}"' in page for word in ("True", "False")] == [True, True]
    for name in ("show_points", "boards", "bonuses_pay"):
        assert f"column-{name}" in page


def announce(browser, starts_at, ends_at, factor="1.5"):
    given = {"title": "Spring", "factor": factor}
    for name, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
        given |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M}"}
    return browser.post(f"{ADMIN}multiplier/add/", given)


THURSDAY = datetime(2031, 5, 8, tzinfo=UTC)


def test_a_multiplier_is_announced_and_can_be_called_off_until_it_begins(browser, root):
    assert announce(browser, THURSDAY, THURSDAY + timedelta(days=5)).status_code == 302
    multiplier = Multiplier.objects.get()
    assert multiplier.made_by == root
    address = f"{ADMIN}multiplier/{multiplier.pk}/"
    assert browser.post(f"{address}change/", {"title": "Other"}).status_code == 403
    assert browser.post(f"{address}delete/", {"post": "yes"}).status_code == 302
    assert not Multiplier.objects.exists()


def test_what_goes_on_is_not_called_off(browser, root):
    multiplier = Multiplier.objects.create(
        title="Now", factor=2, made_by=root, announced_at=now() - timedelta(days=5),
        starts_at=now() - timedelta(days=1), ends_at=now() + timedelta(days=3),
    )  # fmt: skip
    address = f"{ADMIN}multiplier/{multiplier.pk}/delete/"
    assert browser.post(address, {"post": "yes"}).status_code == 403


def test_a_third_of_a_month_is_refused_in_words(browser, root):
    for number in range(2):
        Multiplier.objects.create(
            title=f"M{number}", factor=2, made_by=root, announced_at=THURSDAY - timedelta(days=9),
            starts_at=THURSDAY, ends_at=THURSDAY + timedelta(days=5),
        )  # fmt: skip
    answer = announce(browser, THURSDAY, THURSDAY + timedelta(days=5))
    assert "Two times have been announced for this month." in text(answer)
    assert Multiplier.objects.count() == 2


@pytest.mark.parametrize(
    ("days", "factor", "said"),
    [
        (1, "1.5", "at least 48 hours"),
        (5, "2.01", "Enter 2 or less"),
        (5, "1", "Enter 1.01 or more"),
    ],
)
def test_a_multiplier_that_is_not_fair_is_refused_in_words(browser, days, factor, said):
    answer = announce(browser, THURSDAY, THURSDAY + timedelta(days=days), factor)
    assert said in text(answer)
    assert not Multiplier.objects.exists()


def test_a_nickname_that_hurts_is_taken_off(browser):
    user = make_listed("Zoe", "NICKNAME", "Rude")
    pay_lesson(user)
    given = {"action": "take_off", "_selected_action": [str(user.pk)]}
    assert browser.post(f"{ADMIN}boardchoice/", given).status_code == 302
    assert BoardChoice.objects.get().shown == "OFF"
    assert not BoardRow.objects.filter(is_listed=True).exists()
    assert "1 person was taken off all boards." in text(browser.get(f"{ADMIN}boardchoice/"))


@pytest.mark.parametrize("name", ["board", "boardchoice", "standing", "multiplier", "policy"])
def test_the_lists_can_be_looked_at(browser, bob, name):
    pay_lesson(bob)
    assert browser.get(f"{ADMIN}{name}/").status_code == 200


def test_a_learner_sees_none_of_it(bob, as_):
    assert as_(bob).get(f"{ADMIN}policy/").status_code == 302
