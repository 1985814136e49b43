"""The days back that a live tab looks, as the address of the page says it."""

from collections.abc import Mapping
from urllib.parse import urlencode

RANGES = (30, 90, 365)
USUAL = RANGES[0]


def range_of(asked: Mapping[str, str]) -> int:
    """Thirty days, if unsaid or if it is none that can be chosen."""
    days = asked.get("days", "")
    return int(days) if days in map(str, RANGES) else USUAL


def range_query(days: int) -> str:
    return "" if days == USUAL else urlencode({"days": days})
