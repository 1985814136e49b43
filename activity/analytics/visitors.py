"""Who looks, without anybody being named: a hash that is another one tomorrow."""

import hashlib
import hmac
import re
import secrets
from datetime import date, timedelta

from django.db.models import QuerySet

from activity.models import DailySalt

# Looks are stored some seconds late, so yesterday's secret is wanted for a moment after midnight.
KEPT = timedelta(days=2)
SIZE = 16
# What says that it is no person, or says nothing of itself.
NO_PERSON = re.compile(
    r"bot\b|crawl|spider|slurp|preview|headless|lighthouse|monitor|uptime|scan|fetch|archiv"
    r"|curl|wget|python|httpx|aiohttp|okhttp|java/|go-http|ruby|perl|php|libwww|scrapy|axios",
    re.IGNORECASE,
)


def is_person(agent: str) -> bool:
    """Whether a browser asks, as far as it tells. What counts is what most honest robots say."""
    return bool(agent) and not NO_PERSON.search(agent)


def salt_of(day: date) -> bytes:
    """The secret of the day: made by whoever is first, and the same for all processes."""
    fresh = DailySalt(day=day, secret=secrets.token_bytes(32))
    DailySalt.objects.bulk_create([fresh], ignore_conflicts=True)
    return bytes(DailySalt.objects.get(day=day).secret)


def visitor_of(salt: bytes, address: str, agent: str) -> bytes:
    """The same browser at the same address is the same visitor, for as long as the salt is."""
    told = f"{address}\n{agent}".encode(errors="replace")
    return hmac.digest(salt, told, hashlib.sha256)[:SIZE]


def is_sampled(visitor: bytes, rate: float) -> bool:
    """Whether this visitor is counted: all of their looks of the day, or none."""
    return int.from_bytes(visitor[:8]) < rate * 2**64


def forget_salts(today: date) -> int:
    """Throw away the secrets of days gone by."""
    return old_salts(today).delete()[0]


def old_salts(today: date) -> QuerySet[DailySalt]:
    return DailySalt.objects.filter(day__lt=today - KEPT)
