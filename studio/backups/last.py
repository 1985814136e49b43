"""When the last backup was made, for the checklist of a new school. Lost with the cache."""

from datetime import datetime

from django.core.cache import cache
from django.utils.dateparse import parse_datetime

LAST = "backup:last"


def note(moment: datetime) -> None:
    cache.set(LAST, moment.isoformat(), None)


def last_backup() -> datetime | None:
    return parse_datetime(cache.get(LAST) or "")
