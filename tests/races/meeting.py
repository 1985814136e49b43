"""Two at once, in a fixed order: the first stops half-way until the second has come up to it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection

from tests.races.gate import in_own_connection

BLOCKED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
"""


class HalfWay:
    """Stands for a function of the first one's; calling it waits for the word to go on."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.reached, self.may_go = threading.Event(), threading.Event()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = self.function(*args, **kwargs)
        self.reached.set()
        assert self.may_go.wait(20)
        return result


def meet(stop: HalfWay, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, bool]:
    """Run both; return what the second returned, and whether it had to wait for the first."""
    with ThreadPoolExecutor(2) as threads:
        going = threads.submit(in_own_connection, first)
        try:
            assert stop.reached.wait(20)
            coming = threads.submit(in_own_connection, second)
            waited = is_blocked(coming)
        finally:
            stop.may_go.set()
        going.result(timeout=20)
        return coming.result(timeout=20), waited


def is_blocked(coming: Future[Any]) -> bool:
    """Wait until a lock stops it, or until it is through; return whether a lock did."""
    limit = time.monotonic() + 20
    while not coming.done():
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return True
        assert time.monotonic() < limit, "It neither came through nor met a lock."
        time.sleep(0.01)
    return False
