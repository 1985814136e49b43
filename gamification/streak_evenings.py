"""Streaks of which people may want to hear: those that wait for today, those that a freeze kept."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import now

from accounts.models import User
from gamification.models import Streak

# From this hour on it is said that today is still open, from this length on.
EVENING, WORTH_A_WORD = 18, 2
# Later than this nobody is disturbed.
NIGHT = 21
# Where a date begins last, and first.
LAST_ZONE, FIRST_ZONE = fixed(-timedelta(hours=12)), fixed(timedelta(hours=14))
# A freeze that was used longer ago is no news.
LATELY = timedelta(days=3)


@dataclass(frozen=True)
class Evening:
    """A date on which it is evening somewhere, and the streaks there that wait for it."""

    date: date
    streaks: QuerySet[Streak]


def evenings() -> Iterator[Evening]:
    """Where it is evening now: people whose run has come to something and who did nothing today.

    A rest day or a pause is no day to wait for: `alive_until` lies after it.
    """
    moment = now()
    dates = moment.astimezone(LAST_ZONE).date(), moment.astimezone(FIRST_ZONE).date()
    waiting = Streak.objects.filter(length__gte=WORTH_A_WORD, alive_until__range=dates)
    zones: dict[date, list[str]] = defaultdict(list)
    for name in waiting.order_by().values_list("user__timezone", flat=True).distinct():
        zone = User(timezone=name).zone
        if is_evening(moment, zone):
            zones[moment.astimezone(zone).date()].append(name)
    for day, names in zones.items():
        yield Evening(day, waiting.filter(alive_until=day, user__timezone__in=names))


def is_evening(moment: datetime, zone: tzinfo) -> bool:
    """By the clock on the wall: its evenings are of the day of learning that bears their date."""
    return time(EVENING) <= moment.astimezone(zone).time() < time(NIGHT)


def is_kept(user: UUID, day: date) -> bool:
    """Whether their run waits for nothing on that date any more."""
    return kept_on(day).filter(user=user).exists()


def kept_on(day: date) -> QuerySet[Streak]:
    """Runs that go on after the date: something was learned on it, or nothing has to be."""
    return Streak.objects.filter(alive_until__gt=day)


def frozen_lately() -> Iterator[tuple[date, QuerySet[Streak]]]:
    """Dates that freezes have carried runs over which go on, each with these."""
    since = now().astimezone(UTC).date() - LATELY
    frozen = Streak.objects.filter(length__gte=1, froze_on__gte=since)
    for day in frozen.dates("froze_on", "day"):
        yield day, frozen.filter(froze_on=day)
