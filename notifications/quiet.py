"""Hours in which somebody is left alone, by their own clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of_quiet(moment: datetime, zone: ZoneInfo, begin: time, end: time) -> datetime | None:
    """When the quiet hours end in which the moment lies; None if it lies in none.

    They may run over midnight. None at all are those that end when they begin.
    """
    local = moment.astimezone(zone)
    clock = local.time()
    is_quiet = begin <= clock < end if begin <= end else clock >= begin or clock < end
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=clock >= end)
    ends = datetime.combine(day, end, zone).astimezone(UTC)
    if ends <= moment:
        # The clocks went back: that hour comes twice, and this is its second time.
        ends = datetime.combine(day, end, zone).replace(fold=1).astimezone(UTC)
    return ends
