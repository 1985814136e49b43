"""A run that is taken up again: what it has come to by that is told, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from activity.models import Event
from gamification.days import note_day, settle_now
from gamification.models import Pause, Policy, XPTransaction
from gamification.streak_choices import repair
from progress.actions import complete_lesson

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(user):
    events = Event.objects.filter(user=user, kind=Event.Kind.STREAK_REACHED)
    return set(events.values_list("subject", flat=True))


@pytest.fixture
def come_back(ada, lessons):
    """`come_back(learned, missed)`: ada learns, misses days, comes back by a lesson."""

    def live(learned, missed):
        for number in range(learned):
            with time_machine.travel(NOON + number * DAY, tick=False):
                note_day(ada, NOON + number * DAY)
        with time_machine.travel(NOON + (learned + missed) * DAY, tick=False):
            complete_lesson(ada, lessons[0])
            return repair(ada), repair(ada)

    return live


@pytest.mark.parametrize(
    ("learned", "missed", "subjects"),
    [(5, 2, set()), (6, 2, {"streak:7:2026-03-02"}), (7, 3, {"streak:7:2026-03-02"})],
)
def test_a_run_that_is_taken_up_tells_what_it_has_come_to(
    come_back, ada, learned, missed, subjects
):
    Policy.objects.create(bonuses_pay=True)
    run, again = come_back(learned, missed)
    assert run == again
    assert run.length == learned + 1
    assert told(ada) == subjects
    paid = XPTransaction.objects.filter(user=ada, source_type="STREAK")
    assert [entry.amount for entry in paid] == [20] * len(subjects)


def test_what_the_later_run_was_told_the_two_together_are_not_told_again(ada):
    """A pause that looks back joins two runs: the days are the same."""
    for number in [*range(2), *range(6, 13)]:
        with time_machine.travel(NOON + number * DAY, tick=False):
            note_day(ada, NOON + number * DAY)
    assert told(ada) == {"streak:7:2026-03-08"}
    Pause.objects.create(user=ada, first="2026-03-04", last="2026-03-07")
    with time_machine.travel(NOON + 12 * DAY, tick=False):
        assert settle_now(ada).length == 9
    assert told(ada) == {"streak:7:2026-03-08"}


def test_a_pause_that_looks_back_tells_what_the_run_has_come_to_by_it(ada):
    for number in [*range(4), *range(8, 11)]:
        with time_machine.travel(NOON + number * DAY, tick=False):
            note_day(ada, NOON + number * DAY)
    assert not told(ada)
    Pause.objects.create(user=ada, first="2026-03-06", last="2026-03-09")
    with time_machine.travel(NOON + 10 * DAY, tick=False):
        settle_now(ada)
    assert told(ada) == {"streak:7:2026-03-02"}
