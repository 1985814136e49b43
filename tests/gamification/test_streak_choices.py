"""What is chosen about a streak never excuses what is over; a run that is taken up is told once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from activity.models import Event
from gamification.days import note_day, settle_now
from gamification.models import Pause, Policy, Repair, RestRule, XPTransaction
from gamification.streak_choices import ChoiceRefused, end_pause, pause, repair, set_rest
from gamification.streaks import Verdict
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


# ---- changes of zone ----

FAR_WEST, FAR_EAST = "Pacific/Pago_Pago", "Pacific/Kiritimati"
# A Sunday, on which it is still Saturday far to the west.
SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
THE_20TH, THE_21ST, THE_22ND = (date(2026, 11, day) for day in (20, 21, 22))
SATURDAYS, SUNDAYS = 1 << 5, 1 << 6


def learn_at(user, *moments):
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            note_day(user, moment)


def move(user, zone):
    user.timezone = zone
    user.save()


@pytest.fixture
def sunday():
    with time_machine.travel(SUNDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def one_day_missed(ada, sunday):
    """Ada has no freeze left, and missed the 21st."""
    learn_at(ada, *(SUNDAY - number * DAY for number in (6, 5, 3, 2)))
    sunday.move_to(SUNDAY)
    assert settle_now(ada).ended.ended_on == THE_21ST


def test_no_pause_begins_on_a_date_that_was_over_before_a_change_of_zone(
    ada, root, one_day_missed, sunday
):
    with pytest.raises(ChoiceRefused, match="today or later"):
        pause(ada, THE_21ST, THE_22ND)
    move(ada, FAR_WEST)
    for given_by in (None, root):
        with pytest.raises(ChoiceRefused, match="begins on Sunday, 22 November or later"):
            pause(ada, THE_21ST, THE_22ND, given_by=given_by)
    assert pause(ada, THE_22ND, THE_22ND).first == THE_22ND
    sunday.move_to(SUNDAY + DAY)
    assert settle_now(ada).verdicts[THE_21ST] is Verdict.MISSED


def test_no_rest_begins_on_a_date_that_was_over_before_a_change_of_zone(
    ada, one_day_missed, sunday
):
    move(ada, FAR_WEST)
    assert set_rest(ada, [6, 7]).from_date == THE_22ND
    sunday.move_to(SUNDAY + DAY)
    assert settle_now(ada).verdicts[THE_21ST] is Verdict.MISSED


def test_a_pause_that_is_ended_after_a_change_of_zone_keeps_what_it_carried(ada, sunday):
    learn_at(ada, *(SUNDAY - number * DAY for number in (5, 3, 2)))
    found = Pause.objects.create(user=ada, first=THE_21ST, last="2026-11-25")
    found.refresh_from_db()
    move(ada, FAR_WEST)
    end_pause(ada, found)
    assert Pause.objects.get().last == THE_21ST
    assert settle_now(ada).length == 3


def test_a_run_is_not_offered_for_longer_by_a_change_of_zone(ada, lessons, sunday):
    learn_at(ada, *(SUNDAY - number * DAY for number in (12, 11, 10)))
    with time_machine.travel(SUNDAY - 7 * DAY, tick=False):
        complete_lesson(ada, lessons[0])
    learn_at(ada, *(SUNDAY - number * DAY for number in range(6, 0, -1)))
    move(ada, FAR_WEST)
    with pytest.raises(ChoiceRefused, match="no streak to take up"):
        repair(ada)
    assert not Repair.objects.exists()


def test_who_came_from_the_far_east_takes_a_run_up_again_far_to_the_west(ada, lessons, sunday):
    """Where they are it is two dates earlier than where they learned: before the run ended."""
    sunday.move_to(SUNDAY + timedelta(hours=1, minutes=30))
    now_there = SUNDAY + timedelta(hours=1)
    move(ada, FAR_EAST)
    learn_at(ada, *(now_there - number * DAY for number in (6, 4, 3, 2)))
    with time_machine.travel(now_there, tick=False):
        complete_lesson(ada, lessons[0])
    ended_on = settle_now(ada).ended.ended_on
    move(ada, FAR_WEST)
    assert repair(ada).length == 5
    assert Repair.objects.get().date >= ended_on


def test_the_rest_that_is_saved_last_holds_whatever_was_to_begin_later(ada, sunday):
    assert set_rest(ada, [5, 6]).from_date == THE_22ND
    move(ada, FAR_WEST)
    assert set_rest(ada, [6, 7]).from_date == THE_21ST
    rule = RestRule.objects.get(user=ada)
    assert (rule.from_date, rule.weekdays) == (THE_21ST, SATURDAYS | SUNDAYS)


def test_a_rule_that_holds_stays_for_the_days_before_a_new_one(ada, sunday):
    RestRule.objects.create(user=ada, from_date=THE_20TH, weekdays=SATURDAYS)
    move(ada, FAR_EAST)
    sunday.move_to(SUNDAY + timedelta(hours=2))
    assert set_rest(ada, [1]).from_date == date(2026, 11, 30)
    move(ada, "UTC")
    assert set_rest(ada, [7]).from_date == date(2026, 11, 23)
    rules = RestRule.objects.filter(user=ada).values_list("from_date", "weekdays")
    assert list(rules) == [(THE_20TH, SATURDAYS), (date(2026, 11, 23), SUNDAYS)]
