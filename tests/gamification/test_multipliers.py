"""Times in which learning pays more: announced, long enough for everybody, and seen later."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from activity.models import Event
from gamification import ledger
from gamification.ledger import GrantRefused, Payment, Source
from gamification.models import Multiplier, Policy, XPTransaction
from gamification.multipliers import announced, check, is_for_everybody
from progress.actions import complete_lesson
from tests.gamification.board_people import make_multiplier, pay_lesson


def test_a_lesson_pays_more_while_it_lasts_and_counts_the_same_on_boards(ada, root, lessons):
    make_multiplier(root)
    complete_lesson(ada, lessons[0])
    entry = XPTransaction.objects.get()
    assert (entry.base, entry.factor, entry.amount) == (10, Decimal("1.50"), 15)
    assert entry.board_points == 10
    assert ledger.total_of(ada) == 15


@pytest.mark.parametrize(
    ("base", "factor", "amount"),
    [
        (1, "1.5", 2),
        (3, "1.5", 5),
        (1, "1.49", 1),
        (10, "1.25", 13),
        (7, "2", 14),
        (1000, "2", 2000),
    ],
)
def test_halves_are_rounded_up(bob, root, base, factor, amount):
    make_multiplier(root, factor)
    assert pay_lesson(bob, base).amount == amount


def test_the_largest_that_applies_holds_and_never_a_product(ada, bob, root, course):
    make_multiplier(root, "1.2")
    make_multiplier(root, "1.5", course=course)
    assert pay_lesson(bob, 10, course_id=course.pk).factor == Decimal("1.5")
    assert pay_lesson(bob, 10).factor == Decimal("1.2")
    later = now() + timedelta(days=9)
    assert pay_lesson(bob, 10, at=later, course_id=course.pk).factor == 1
    assert pay_lesson(bob, 10, course_id=course.pk).amount == 15


def test_the_time_of_the_work_decides_and_not_that_of_the_payment(bob, root):
    make_multiplier(root, "2", begins=-timedelta(days=10))
    assert pay_lesson(bob, 10).amount == 10
    assert pay_lesson(bob, 10, at=now() - timedelta(days=9)).amount == 20


def test_only_learning_pays_more(bob, root):
    make_multiplier(root, "2")
    ledger.pay(bob, Payment(Source.REFERRAL, "referral:1", 100), now())
    assert ledger.grant(bob, 50, by=root, reason="Helped others").amount == 50
    assert ledger.total_of(bob) == 150


def test_the_factor_costs_no_statement_of_its_own(bob, django_assert_num_queries):
    pay_lesson(bob, 10)
    payment = Payment(Source.LESSON, "lesson:x", 10, board_points=10)
    with django_assert_num_queries(3):
        ledger.pay(bob, payment, now())


# ---- what may be announced ----

THURSDAY = datetime(2031, 5, 8, tzinfo=UTC)


def problems_of(root, **fields):
    wanted = {"starts_at": THURSDAY, "ends_at": THURSDAY + timedelta(days=5), **fields}
    multiplier = Multiplier(title="May", factor=Decimal(2), made_by=root, **wanted)
    try:
        check(multiplier)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


def test_thursday_to_monday_is_for_everybody(root):
    assert problems_of(root) == ""


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"starts_at": now() + timedelta(hours=47)}, "at least 48 hours from now"),
        ({"ends_at": THURSDAY + timedelta(hours=47)}, "at least 48 hours."),
        ({"ends_at": THURSDAY - timedelta(hours=1)}, "at least 48 hours."),
        ({"ends_at": THURSDAY + timedelta(hours=49)}, "a day of a weekend"),
        ({"starts_at": datetime(2031, 5, 10, tzinfo=UTC),
          "ends_at": datetime(2031, 5, 12, tzinfo=UTC)}, "a weekday evening"),
    ],
)  # fmt: skip
def test_what_is_no_fair_time_is_refused_with_a_sentence(root, fields, said):
    assert said in problems_of(root, **fields)


def test_two_in_a_month_are_enough(root, course):
    for days in (0, 7):
        fields = {"starts_at": THURSDAY + timedelta(days=days)}
        Multiplier.objects.create(
            title="May", factor=2, made_by=root, ends_at=fields["starts_at"] + timedelta(days=5),
            course=course if days else None, **fields,
        )  # fmt: skip
    assert "It is enough" in problems_of(root)
    assert "It is enough" in problems_of(root, course=course)
    june = THURSDAY + timedelta(days=28)
    assert problems_of(root, starts_at=june, ends_at=june + timedelta(days=5)) == ""


@given(st.integers(0, 7 * 24), st.integers(0, 300))
def test_a_week_and_a_day_hold_an_evening_and_a_weekend_for_everybody(begins, more):
    starts_at = THURSDAY + timedelta(hours=begins)
    assert is_for_everybody(starts_at, starts_at + timedelta(days=8, hours=more))


def test_what_is_announced_is_told_before_it_begins(root, course):
    coming = make_multiplier(root, begins=timedelta(days=2))
    make_multiplier(root, begins=-timedelta(days=9))
    elsewhere = make_multiplier(root, course=course)
    assert list(announced(now(), [])) == [coming]
    assert list(announced(now(), [course.pk])) == [elsewhere, coming]


# ---- given and taken back by staff ----


def test_a_grant_is_told_and_counts_on_no_board(bob, root):
    entry = ledger.grant(bob, 40, by=root, reason=" Helped others ")
    assert (entry.amount, entry.board_points, entry.reason) == (40, 0, "Helped others")
    event = Event.objects.get(kind="XP_CORRECTED", user=bob)
    assert event.subject == f"xp:{entry.pk}"
    assert (event.data["xp"], event.data["reason"]) == (40, "Helped others")
    assert ledger.wrong_standings() == 0


@pytest.mark.parametrize(("base", "reason"), [(0, "x"), (1001, "x"), (-5, "x"), (10, " ")])
def test_a_grant_without_reason_or_bounds_is_refused(bob, root, base, reason):
    with pytest.raises(GrantRefused):
        ledger.grant(bob, base, by=root, reason=reason)


def test_nobody_gives_to_themself(root):
    with pytest.raises(GrantRefused):
        ledger.grant(root, 10, by=root, reason="Because")


def test_a_reversal_takes_the_whole_amount_and_is_told(bob, root):
    make_multiplier(root, "2")
    entry = pay_lesson(bob, 10)
    assert ledger.reverse(entry, by=root, reason="Copied")
    assert ledger.total_of(bob) == 0
    assert Event.objects.get(kind="XP_CORRECTED").data["xp"] == -20


def test_bonuses_pay_where_the_school_has_said_so(bob):
    payment = Payment(Source.ACHIEVEMENT, "achievement:first:1", 10)
    assert not ledger.bonus(bob, payment, now())
    Policy.objects.create(bonuses_pay=True)
    assert ledger.bonus(bob, payment, now())
    assert not ledger.bonus(bob, payment, now())
    assert ledger.total_of(bob) == 10
