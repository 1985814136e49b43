"""Weeks as boards know them: ISO weeks, Monday to Sunday, by the one clock UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ALL = "all"
WEEK = timedelta(days=7)
# Late results of a week still count in it for so long; then it stays as it is.
PROVISIONAL = timedelta(hours=72)


@dataclass(frozen=True)
class Week:
    """From a Monday to the next, 00:00 UTC."""

    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + WEEK

    @property
    def final_at(self) -> datetime:
        return self.ends_at + PROVISIONAL

    @property
    def name(self) -> str:
        year, week, _ = self.starts_at.isocalendar()
        return f"{year:04}-W{week:02}"

    @property
    def before(self) -> "Week":
        return Week(self.starts_at - WEEK)


def week_of(moment: datetime) -> Week:
    """The week that holds a moment."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Week(day - timedelta(days=day.weekday()))


def week_named(name: str) -> Week | None:
    """`2026-W47` → that week; None for what is no week of the years 1970 to 9998."""
    found = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", name, re.ASCII)
    if found is None or not 1970 <= int(found[1]) <= 9998:
        return None
    try:
        return Week(datetime.fromisocalendar(int(found[1]), int(found[2]), 1).replace(tzinfo=UTC))
    except ValueError:
        return None
