"""A cursor says where a page ends, and nothing but a cursor is read as one."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity.cursors import BEGAN, MICROSECOND, Cursor, read_cursor

MICROSECONDS = st.integers(0, 10**17 // 2)


@given(MICROSECONDS, st.uuids())
def test_a_cursor_is_read_as_it_was_written(since, key):
    moment = BEGAN + since * MICROSECOND
    assert read_cursor(str(Cursor(moment, key))) == Cursor(moment, key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "1-2",
        "x" * 5000,
        "9" * 17 + "-" + "f" * 33,
        "1-" + "g" * 32,
        "１-" + "0" * 32,
    ],
)
def test_anything_else_is_the_head_of_the_list(text):
    assert read_cursor(text) is None


def test_the_largest_number_that_may_be_written_is_a_date_or_nothing():
    found = read_cursor("9" * 17 + "-" + "0" * 32)
    assert found is None or found.key == UUID(int=0)
    assert read_cursor("1-" + "0" * 32).moment == BEGAN + MICROSECOND
