"""Time zones a person can choose: the names of the IANA database."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@cache
def zone_names() -> frozenset[str]:
    """Every name the system knows. Read once: it means walking a folder of 600 files."""
    return frozenset(available_timezones())


@cache
def zones_by_region() -> list[tuple[str | Promise, list[tuple[str, str]]]]:
    """Choices for a form, grouped: places people live in, then UTC."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zone_names()):
        region, slash, place = name.partition("/")
        if slash and region not in {"Etc", "SystemV", "US", "posix", "right"}:
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return [*regions.items(), (gettext_lazy("Everywhere"), [("UTC", "UTC")])]


def local_time(zone: ZoneInfo) -> datetime:
    return datetime.now(zone)
