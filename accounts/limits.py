"""How often somebody may ask. Counters lie in the cache, or while it is away in the process."""

import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


@dataclass(frozen=True)
class Limit:
    """So many requests in a window that begins with the first of them. `seconds` is its length."""

    name: str
    amount: int
    seconds: int = 60

    def spend(self, who: str) -> int | None:
        """Count one request; return the seconds to wait if that was one too many."""
        key = f"limit:{self.name}:{who}"
        if self._count(key) <= self.amount:
            return None
        left = self._ends_at(key) - time.time()
        if left <= 0:
            # The counter outlived its window (its key can lose its expiry): begin anew.
            cache.delete(key)
            return None
        return max(1, round(left))

    def _count(self, key: str) -> int:
        if cache.add(key, 0, self.seconds):
            cache.set(f"{key}:ends", time.time() + self.seconds, self.seconds)
        try:
            return int(cache.incr(key))
        except ValueError:
            return 1  # It ended between the two calls.

    def _ends_at(self, key: str) -> float:
        return float(cache.get(f"{key}:ends", 0.0))


def address_of(request: HttpRequest) -> str:
    """The address of who asks, as far as trusted proxies tell it (allauth reads the same)."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return "unknown"
