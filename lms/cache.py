"""The cache: Redis while it answers, nothing while it does not."""

import logging
import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0
# Counters of limits: ours, and allauth's of tries to sign in.
COUNTERS = ("limit:", "allauth:rl:")
MOST_COUNTERS = 20_000


class PatientRedisCache(RedisCache):
    """Redis may be lost at any time and no page may fail or wait for it.

    A call that fails counts as a miss. After a failure no call is tried for five seconds, so a
    hanging server costs one time-out, not one a call. Counters of limits begin from nothing then,
    and each process keeps its own: sign-in goes on, and guessing stays bounded.
    """

    _silent_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("while-redis-is-away", {"MAX_ENTRIES": MOST_COUNTERS})

    def _patiently(self, name: str, missed: Any, key: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= PatientRedisCache._silent_until:
            try:
                return getattr(super(), name)(key, *args, **kwargs)
            except (RedisError, OSError) as error:
                PatientRedisCache._silent_until = time.monotonic() + PAUSE_SECONDS
                logger.warning("The cache does not answer: %s", error)
        if str(key).startswith(COUNTERS):
            return getattr(self._own, name)(key, *args, **kwargs)
        return missed

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._patiently("get", default, key, default, version)

    def add(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._patiently("add", True, key, *args, **kwargs))

    def set(self, key: Any, *args: Any, **kwargs: Any) -> None:
        self._patiently("set", None, key, *args, **kwargs)

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._patiently("delete", False, key, version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        return int(self._patiently("incr", delta, key, delta, version))

    def clear(self) -> None:
        self._own.clear()
        super().clear()
