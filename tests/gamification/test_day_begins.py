"""A day that begins at three: by the clock on the wall, also in nights in which it is changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamification.days import clock_at, date_of, note_day, streak_of, today_of
from gamification.models import ActiveDay
from gamification.streak_sweeps import settle_those_at_their_end

ZONES = (
    "America/New_York", "Europe/Berlin", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe",
    "Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12",
)  # fmt: skip
START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: START + timedelta(minutes=n))
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def from_three(settings):
    settings.DAY_STARTS_AT = 3


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        # 8 March 2026 in New York has no two o'clock: three comes at 07:00 UTC.
        ("America/New_York", "2026-03-08T06:59", "2026-03-07"),
        ("America/New_York", "2026-03-08T07:00", "2026-03-08"),
        # 1 November has one o'clock twice.
        ("America/New_York", "2026-11-01T07:59", "2026-10-31"),
        ("America/New_York", "2026-11-01T08:00", "2026-11-01"),
        ("Europe/Berlin", "2026-03-29T00:59", "2026-03-28"),
        ("Europe/Berlin", "2026-03-29T01:00", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25T01:59", "2026-10-24"),
        ("Europe/Berlin", "2026-10-25T02:00", "2026-10-25"),
        # 6 September 2026 has no midnight in Santiago.
        ("America/Santiago", "2026-09-06T05:59", "2026-09-05"),
        ("America/Santiago", "2026-09-06T06:00", "2026-09-06"),
        ("Asia/Kathmandu", "2026-03-01T21:14", "2026-03-01"),
        ("Asia/Kathmandu", "2026-03-01T21:15", "2026-03-02"),
    ],
)
def test_a_day_begins_at_three_of_the_clock(from_three, zone, moment, day):
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert date_of(at, ZoneInfo(zone)) == date.fromisoformat(day)


@unhurried
@given(moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_without_the_setting_a_day_is_a_date(moment, zone):
    there = ZoneInfo(zone)
    assert date_of(moment, there) == moment.astimezone(there).date()


@unhurried
@given(moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_a_later_moment_is_never_on_an_earlier_day(moment, zone):
    there = ZoneInfo(zone)
    days = [clock_at(moment + timedelta(hours=n), there).date() for n in range(0, 80, 4)]
    assert days == sorted(days)
    assert len(set(days)) >= 3


def test_two_in_the_morning_belongs_to_the_day_before(from_three, bob):
    for moment in (datetime(2026, 3, 2, 23, tzinfo=UTC), datetime(2026, 3, 4, 2, tzinfo=UTC)):
        with time_machine.travel(moment, tick=False):
            note_day(bob, moment)
            assert today_of(bob) == ActiveDay.objects.latest("date").date
            streak = streak_of(bob)
    assert streak.length == 2
    assert list(ActiveDay.objects.values_list("date", flat=True)) == [
        date(2026, 3, 2),
        date(2026, 3, 3),
    ]


def test_the_sweep_waits_until_three(from_three, bob):
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as clock:
        note_day(bob, datetime(2026, 3, 2, 12, tzinfo=UTC))
        clock.move_to(datetime(2026, 3, 4, 2, 59, tzinfo=UTC))
        assert settle_those_at_their_end() == 0
        clock.move_to(datetime(2026, 3, 4, 3, tzinfo=UTC))
        assert settle_those_at_their_end() == 1
