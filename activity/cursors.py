"""Where a page of a list by time ends: the moment and the key of its last row, as one word.

A list that grows at its head has no page numbers: with them, a row would stand on two pages.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

FORM = re.compile("([0-9]{1,17})-([0-9a-f]{32})", re.ASCII)
BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """Whatever comes after it in the list is older, or as old with a smaller key."""

    moment: datetime
    key: UUID

    def __str__(self) -> str:
        return f"{(self.moment - BEGAN) // MICROSECOND}-{self.key.hex}"


def read_cursor(text: str) -> Cursor | None:
    """The cursor that an address names; None, the head of the list, if it names none."""
    found = FORM.fullmatch(text)
    if found is None:
        return None
    try:
        return Cursor(BEGAN + int(found[1]) * MICROSECOND, UUID(found[2]))
    except OverflowError:
        return None
