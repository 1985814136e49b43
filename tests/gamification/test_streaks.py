"""Streaks: against a second telling, and case by case."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamification.streaks import (
    Day,
    History,
    Run,
    Verdict,
    dates,
    days_to_next_freeze,
    offered,
    settle,
    zone_that_counts,
)
from tests.gamification.streak_reference import Story, tell

DAY = timedelta(days=1)
ZONES = [
    "America/New_York", "Europe/Berlin", "America/Santiago", "Africa/Cairo",
    "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12", "UTC",
    "Pacific/Apia", "America/St_Johns", "Pacific/Chatham", "Asia/Tokyo", "America/Los_Angeles",
]  # fmt: skip
EDGES = [time(0, 0), time(0, 30), time(2, 30), time(23, 30), time(23, 59, 59, 999999)]
# Around a leap day, both changes of the clock, and the year in which Samoa's zone is plain.
STARTS = [date(2028, 2, 20), date(2026, 3, 1), date(2026, 10, 20), date(2026, 9, 1)]


def story_of(seed: int) -> Story:
    """A history as people live them: steady days, gaps, flights, rests, pauses, a repair."""
    dice = random.Random(seed)
    zone, start = dice.choice(ZONES), dice.choice(STARTS)
    eager, restless = dice.choice([0.5, 0.8, 0.95]), dice.choice([0, 0.05, 0.3])
    # By moment: nobody is in two zones at once.
    events, length = {}, dice.randint(1, 45)
    for number in range(length):
        if dice.random() < restless:
            zone = dice.choice(ZONES)
        for _ in range(dice.choice([1, 1, 2, 3]) if dice.random() < eager else 0):
            at = dice.choice([*EDGES, time(dice.randrange(24), dice.randrange(60))])
            moment = datetime.combine(start + number * DAY, at, ZoneInfo(zone))
            events[moment.astimezone(UTC)] = zone
    rests, pauses, repairs = {}, [], []
    if dice.random() < 0.4:
        for _ in range(dice.choice([1, 2])):
            begin = start + dice.randint(-5, length) * DAY
            rests[begin] = set(dice.sample(range(1, 8), dice.randint(0, 2)))
    if dice.random() < 0.3:
        first = start + dice.randint(0, length) * DAY
        pauses.append((first, first + dice.randint(0, 9) * DAY))
    if dice.random() < 0.4:
        ended = start + dice.randint(1, length) * DAY
        repairs.append((ended, ended + 2 * DAY))
    last = max(events, default=datetime(2026, 3, 1, tzinfo=UTC))
    asked_at = last + timedelta(hours=dice.randint(0, 100))
    zone = dice.choice([zone, dice.choice(ZONES)])
    return Story(list(events.items()), rests, pauses, repairs, zone, asked_at)


def history_of(story: Story) -> History:
    """The facts as they would be noted, one event after the other."""
    history = History(
        rests=[(start, sum(1 << day - 1 for day in days)) for start, days in story.rests.items()],
        pauses=story.pauses,
        repairs=story.repairs,
        zone=story.zone,
        at=story.asked_at,
    )
    for at, where in sorted(story.events):
        zone = zone_that_counts(history.days, where, at)
        history = history.noting(at.astimezone(ZoneInfo(zone)).date(), zone, at)
    return history


def today_of(story: Story) -> date:
    return story.asked_at.astimezone(ZoneInfo(story.zone)).date()


def assert_told_alike(story: Story) -> None:
    settled, told = settle(history_of(story), today_of(story)), tell(story)
    words = {day: str(verdict) for day, verdict in settled.verdicts.items()}
    assert words == told["words"]
    assert [(run.first, run.length, run.ended_on) for run in settled.runs] == told["runs"]
    assert (settled.length, settled.best, settled.freezes) == (
        told["length"], told["best"], told["freezes"],
    )  # fmt: skip


@pytest.mark.parametrize("part", range(5))
def test_a_thousand_histories_are_told_alike_twice(part):
    for seed in range(part * 200, part * 200 + 200):
        assert_told_alike(story_of(seed))


@settings(max_examples=60, deadline=None)
@given(st.integers(10_000, 10_000_000))
def test_any_history_is_told_alike_twice(seed):
    assert_told_alike(story_of(seed))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000_000))
def test_what_holds_for_every_history(seed):
    story = story_of(seed)
    history, today = history_of(story), today_of(story)
    settled = settle(history, today)
    assert settle(history, today) == settled
    assert settled.length <= settled.best <= settled.counted <= len(history.days)
    assert 0 <= settled.freezes <= 2
    first, last = min(settled.verdicts), max(settled.verdicts)
    assert list(dates(first, last)) == sorted(settled.verdicts)
    frozen = [day for day, verdict in settled.verdicts.items() if verdict is Verdict.FROZEN]
    assert len(frozen) <= 1 + settled.counted // 7 + len(settled.runs)
    assert (settled.alive_until is None) == (settled.run is None)


def at(day: date, hour: float = 12, zone: str = "UTC") -> datetime:
    wall = datetime.combine(day, time(int(hour), round(hour % 1 * 60)), ZoneInfo(zone))
    return wall.astimezone(UTC)


def learned(*days: date, zone: str = "UTC", hour: float = 12) -> list[Day]:
    return [Day(day, zone, at(day, hour, zone), at(day, hour, zone)) for day in days]


def run_of(first: date, length: int, **fields) -> History:
    return History(learned(*(first + n * DAY for n in range(length))), zone="UTC", **fields)


def with_days(history: History, *days: date) -> History:
    return replace(history, days=[*history.days, *learned(*days)])


MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize("zone", ZONES[:8])
@pytest.mark.parametrize("hour", [0.5, 2.5, 23.5])
@pytest.mark.parametrize("change", [
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 4, 24), date(2026, 9, 6),
    date(2026, 10, 4), date(2026, 10, 25), date(2026, 10, 29), date(2026, 11, 1), date(2028, 2, 29),
])  # fmt: skip
def test_a_change_of_the_clock_neither_breaks_nor_doubles_a_streak(zone, hour, change):
    history = History(zone=zone)
    for number in range(-5, 5):
        moment = at(change + number * DAY, hour, zone)
        history = history.noting(moment.astimezone(ZoneInfo(zone)).date(), zone, moment)
    settled = settle(history, change + 4 * DAY)
    assert (settled.length, settled.freezes) == (10, 2)


def test_only_days_of_learning_are_counted():
    history = run_of(MONDAY, 8, rests=[(MONDAY, 0b1000000)])
    history = with_days(history, MONDAY + 9 * DAY)
    settled = settle(history, MONDAY + 9 * DAY)
    assert (settled.length, settled.freezes) == (9, 1)
    assert settled.verdicts[MONDAY + 8 * DAY] is Verdict.FROZEN


def test_a_streak_lives_until_the_end_of_the_next_required_day():
    history = run_of(MONDAY, 5, rests=[(MONDAY, 0b1100000)])
    friday = MONDAY + 4 * DAY
    assert settle(history, friday).alive_until == MONDAY + 7 * DAY
    assert settle(history, MONDAY + 7 * DAY).length == 5
    assert settle(history, MONDAY + 7 * DAY).verdicts[MONDAY + 5 * DAY] is Verdict.REST


@pytest.mark.parametrize(
    ("length", "missed", "after", "left"),
    [(1, 1, 1, 0), (1, 2, 0, 1), (7, 2, 7, 0), (7, 3, 0, 2), (14, 2, 14, 0), (21, 3, 0, 2)],
)
def test_freezes_bridge_or_are_kept(length, missed, after, left):
    history = run_of(MONDAY, length)
    settled = settle(history, MONDAY + (length + missed) * DAY)
    assert (settled.length, settled.freezes) == (after, left)
    assert settled.best == length


def test_a_run_that_ends_burns_nothing_and_says_when_it_ended():
    settled = settle(run_of(MONDAY, 7), MONDAY + 20 * DAY)
    assert settled.ended == Run(MONDAY, 7, MONDAY + 9 * DAY)
    assert Verdict.FROZEN not in settled.verdicts.values()
    assert list(settled.verdicts.values()).count(Verdict.MISSED) == 3
    assert settled.verdicts[MONDAY + 20 * DAY] is Verdict.OPEN


def test_a_new_run_begins_with_a_freeze_at_least():
    history = with_days(run_of(MONDAY, 2), MONDAY + 3 * DAY, MONDAY + 10 * DAY)
    before = replace(history, days=history.days[:3])
    assert settle(before, MONDAY + 3 * DAY).freezes == 0
    assert settle(history, MONDAY + 10 * DAY).freezes == 1


def test_a_pause_needs_no_freeze_and_work_in_it_counts():
    pauses = [(MONDAY + 3 * DAY, MONDAY + 20 * DAY)]
    history = with_days(run_of(MONDAY, 3, pauses=pauses), MONDAY + 10 * DAY, MONDAY + 21 * DAY)
    settled = settle(history, MONDAY + 21 * DAY)
    assert (settled.length, settled.freezes) == (5, 1)


def test_the_newest_rule_of_rest_holds():
    rests = [(MONDAY, 0b0000100), (MONDAY + 7 * DAY, 0b0001000)]
    history = History(rests=rests)
    assert history.excuse(MONDAY + 2 * DAY) is Verdict.REST
    assert history.excuse(MONDAY + 9 * DAY) is None
    assert history.excuse(MONDAY + 10 * DAY) is Verdict.REST
    assert history.excuse(MONDAY - 5 * DAY) is None


def test_a_repair_takes_the_run_up_again_and_burns_no_freeze():
    history = with_days(run_of(MONDAY, 8), MONDAY + 11 * DAY)
    today = MONDAY + 11 * DAY
    before = settle(history, today)
    assert (before.length, before.ended) == (1, Run(MONDAY, 8, MONDAY + 10 * DAY))
    assert offered(before, history, today) == before.ended
    repaired = replace(history, repairs=[(MONDAY + 10 * DAY, today)])
    after = settle(repaired, today)
    assert (after.length, after.best, after.freezes) == (9, 9, 2)
    assert after.verdicts[MONDAY + 9 * DAY] is Verdict.REPAIRED
    assert offered(after, repaired, today) is None


@pytest.mark.parametrize(
    ("back", "asked", "repaired", "is_offered"),
    [(11, 11, 61, True), (12, 12, 61, True), (13, 13, 61, False), (12, 17, 61, True),
     (12, 18, 61, False), (11, 11, 60, True), (11, 11, 59, False)],
)  # fmt: skip
def test_when_a_run_may_be_taken_up_again(back, asked, repaired, is_offered):
    today = MONDAY + asked * DAY
    history = with_days(run_of(MONDAY, 8), *dates(MONDAY + back * DAY, today))
    history = replace(history, repairs=[(today - 90 * DAY, today - repaired * DAY)])
    assert (offered(settle(history, today), history, today) is not None) == is_offered


def flight(*steps: tuple[datetime, str]) -> History:
    history = History()
    for moment, where in steps:
        zone = zone_that_counts(history.days, where, moment)
        history = history.noting(moment.astimezone(ZoneInfo(zone)).date(), zone, moment)
    return replace(history, zone=steps[-1][1], at=steps[-1][0])


LA, TOKYO, KIRITIMATI = "America/Los_Angeles", "Asia/Tokyo", "Pacific/Kiritimati"


@pytest.mark.parametrize(("hours", "length"), [(35, 2), (37, 1)])
def test_dates_skipped_by_flying_east_are_no_gap_within_a_day_and_a_half(hours, length):
    left = at(MONDAY, 20, LA)
    history = flight((left, LA), (left + timedelta(hours=hours), TOKYO))
    thursday = MONDAY + 3 * DAY
    assert history.days[-1].date == thursday
    settled = settle(history, thursday)
    assert (settled.length, settled.freezes) == (length, 1)


def test_who_has_landed_in_the_east_has_missed_nothing_yet():
    left = at(MONDAY, 23, LA)
    history = replace(flight((left, LA)), zone=KIRITIMATI, at=left + timedelta(hours=12))
    wednesday = (left + timedelta(hours=12)).astimezone(ZoneInfo(KIRITIMATI)).date()
    assert wednesday == MONDAY + 2 * DAY
    settled = settle(history, wednesday)
    assert (settled.length, settled.freezes) == (1, 1)
    assert settled.verdicts[MONDAY + DAY] is Verdict.TRAVELLED


def test_the_same_date_lived_twice_counts_once():
    history = flight((at(MONDAY, 20, TOKYO), TOKYO), (at(MONDAY, 20, LA), LA))
    assert settle(history, MONDAY).length == 1


def test_a_date_won_by_changing_the_zone_keeps_the_run_and_is_not_counted():
    moment = at(MONDAY, 22, LA)
    history = flight((moment, LA), (moment + timedelta(hours=2), TOKYO))
    tuesday = MONDAY + DAY
    settled = settle(history, tuesday)
    assert (settled.length, settled.verdicts[tuesday]) == (1, Verdict.KEPT)
    later = history.noting(tuesday, TOKYO, moment + timedelta(hours=12))
    assert settle(later, tuesday).length == 2


def test_the_third_change_of_zone_in_a_week_dates_nothing():
    noon = at(MONDAY)
    steps = [(noon, "UTC"), (noon + DAY, TOKYO), (noon + 2 * DAY, LA)]
    days = flight(*steps).days
    assert zone_that_counts(days, "UTC", noon + 3 * DAY) == LA
    assert zone_that_counts(days, LA, noon + 3 * DAY) == LA
    assert zone_that_counts(days, "UTC", noon + 8 * DAY) == "UTC"


def test_who_flew_west_keeps_what_was_earned_in_the_east():
    history = flight((at(MONDAY, 1, KIRITIMATI), KIRITIMATI))
    assert settle(replace(history, zone=LA), MONDAY - DAY).length == 1


def test_nothing_yet_is_no_streak():
    settled = settle(History(), MONDAY)
    assert (settled.length, settled.best, settled.freezes, settled.alive_until) == (0, 0, 1, None)
    assert settled.verdicts == {MONDAY: Verdict.OPEN}


def test_the_next_freeze_is_told_while_there_is_room_for_one():
    assert [days_to_next_freeze(n, 1) for n in (0, 1, 6, 7)] == [7, 6, 1, 7]
    assert days_to_next_freeze(3, 2) is None


def test_years_of_days_are_settled_at_once():
    history = run_of(date(2000, 1, 1), 9000)
    assert settle(history, date(2000, 1, 1) + 8999 * DAY).length == 9000
