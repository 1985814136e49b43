"""A race that does not depend on luck.

A connection of its own takes the table in SHARE mode: readers go on, writers wait. All requests
are let in; once they stand at the gate, each has passed its "does it exist?" and found nothing.
Then the gate opens. Code that looks before it writes, without a constraint, writes N rows.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection, connections

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND backend_type = 'client backend'
"""


def at_once[T](table: str, actions: list[Callable[[], T]]) -> list[T]:
    """Run the actions in threads of their own against a closed gate; open it; return what came."""
    gate = connections.create_connection("default")
    gate.set_autocommit(False)
    try:
        with gate.cursor() as cursor, ThreadPoolExecutor(len(actions)) as threads:
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            running = [threads.submit(in_own_connection, action) for action in actions]
            try:
                wait_for_a_crowd(cursor, running)
            finally:
                gate.commit()
            return [one.result(timeout=60) for one in running]
    finally:
        gate.rollback()
        gate.close()


def wait_for_a_crowd(cursor: Any, running: list[Future[Any]]) -> None:
    """Wait until all who are not done stand at the gate or at the lock of somebody who does."""
    limit = time.monotonic() + 40
    while time.monotonic() < limit:
        # Inside a transaction the view of who waits is taken once, unless it is cleared.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WAITING)
        waiting = cursor.fetchone()[0]
        if waiting and waiting >= sum(not one.done() for one in running):
            return
        time.sleep(0.02)
    raise AssertionError("Not everybody came to the gate.")


def once_somebody_waits[T](action: Callable[[], T]) -> Callable[[], T]:
    """The action, which would be over before the others come, begun when one is at the gate."""

    def begin() -> T:
        limit = time.monotonic() + 40
        with connection.cursor() as cursor:
            while time.monotonic() < limit:
                cursor.execute(WAITING)
                if cursor.fetchone()[0]:
                    return action()
                time.sleep(0.02)
        raise AssertionError("Nobody came to the gate.")

    return begin


def in_own_connection[T](action: Callable[[], T]) -> T:
    try:
        return action()
    finally:
        connections.close_all()
