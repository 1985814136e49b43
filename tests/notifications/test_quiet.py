"""When quiet hours end."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.quiet import end_of_quiet

BERLIN = ZoneInfo("Europe/Berlin")


def at(hour, minute=0, day=18):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "begin", "end", "ends"),
    [
        (at(20, 59), time(21), time(8), None),
        (at(21), time(21), time(8), at(8, day=19)),
        (at(7, 59), time(21), time(8), at(8)),
        (at(8), time(21), time(8), None),
        (at(12, 59), time(13), time(15), None),
        (at(13), time(13), time(15), at(15)),
        (at(15), time(13), time(15), None),
        (at(12), time(8), time(8), None),
    ],
)
def test_they_begin_and_end_by_the_clock(moment, begin, end, ends):
    assert end_of_quiet(moment, ZoneInfo("UTC"), begin, end) == ends


def test_the_hour_that_comes_twice_ends_once():
    """On 25 October 2026 it is half past two twice in Berlin."""
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    ends = end_of_quiet(second, BERLIN, time(21), time(2, 30))
    assert ends == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]),
    st.times(),
    st.times(),
)
def test_what_waits_waits_less_than_two_days_and_then_comes(moment, zone, begin, end):
    waits = 0
    while ends := end_of_quiet(moment, ZoneInfo(zone), begin, end):
        assert ends > moment
        moment, waits = ends, waits + 1
        assert waits < 4
