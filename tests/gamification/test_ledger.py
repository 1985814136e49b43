"""The ledger is append-only, pays once, and every total equals its sum."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from activity.models import Event
from gamification import ledger
from gamification.levels import Meter, level_of, starts_at
from gamification.models import Standing, XPTransaction
from progress.actions import complete_lesson


def test_rows_cannot_be_changed_or_deleted(ada, lessons):
    complete_lesson(ada, lessons[0])
    for table in ("gamification_xptransaction", "activity_event"):
        for statement in (f"UPDATE {table} SET data = '{{}}'", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                connection.cursor().execute(statement)


@pytest.mark.parametrize("table", ["gamification_xptransaction", "activity_event"])
def test_the_tables_cannot_be_truncated(db, table):
    cursor = connection.cursor()
    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only_table")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute(f"TRUNCATE {table} CASCADE")


def entry(user, **fields):
    fields = {"amount": 10, "source_type": "LESSON", "source_key": "lesson:1", **fields}
    return XPTransaction.objects.create(user=user, **{"base": fields["amount"], **fields})


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -5},
        {"amount": 1001},
        {"source_type": "REVERSAL", "amount": -10},
        {"source_type": "REVERSAL", "amount": 10, "reason": "because"},
    ],
)
def test_the_database_refuses_entries_that_make_no_sense(bob, wrong):
    with pytest.raises(IntegrityError):
        entry(bob, **wrong)


def test_the_database_refuses_a_second_payment_for_one_source(bob):
    entry(bob)
    with pytest.raises(IntegrityError):
        entry(bob)


def test_a_reversal_takes_an_entry_back_once(ada, root, lessons):
    complete_lesson(ada, lessons[0])
    complete_lesson(ada, lessons[1])
    first = XPTransaction.objects.get(source_key=f"lesson:{lessons[0].pk}")
    assert ledger.reverse(first, by=root, reason="Copied from a friend")
    assert not ledger.reverse(first, by=root, reason="Once more")
    assert ledger.total_of(ada) == 10
    assert ledger.wrong_standings() == 0


def test_levels_are_told_once_each(ada, lessons):
    lessons[0].__class__.objects.update(xp_reward=450)
    complete_lesson(ada, lessons[0])
    told = Event.objects.filter(kind=Event.Kind.LEVEL_REACHED).values_list("subject", flat=True)
    assert set(told) == {"level:1", "level:2"}
    assert Standing.objects.get(user=ada).level == 2


def test_recounting_mends_a_wrong_total(ada, lessons):
    complete_lesson(ada, lessons[0])
    Standing.objects.update(total_xp=9999)
    assert ledger.wrong_standings() == 1
    assert ledger.recount_all() == 1
    assert ledger.total_of(ada) == 10
    assert ledger.recount_all() == 0


def test_levels_begin_where_the_rule_says():
    pairs = [(0, 0), (99, 0), (100, 1), (399, 1), (400, 2), (900, 3), (1600, 4), (-5, 0)]
    assert [level_of(xp) for xp, _ in pairs] == [level for _, level in pairs]


@given(st.integers(min_value=0, max_value=10**17))
def test_a_total_lies_between_its_level_and_the_next(total):
    level = level_of(total)
    assert starts_at(level) <= total < starts_at(level + 1)
    meter = Meter(total)
    assert 0 <= meter.percent_to_next < 100
    assert meter.xp_to_next >= 1


@pytest.mark.parametrize("level", [0, 1, 2, 57, 31_622, 31_622_776])
def test_the_database_computes_the_same_level(bob, level):
    for total in (starts_at(level), starts_at(level + 1) - 1):
        Standing.objects.update_or_create(user=bob, defaults={"total_xp": total})
        assert Standing.objects.get(user=bob).level == level_of(total) == level
