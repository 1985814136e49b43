"""Looks wait in the memory of the process, so that no request waits for them.

A thread stores them every few seconds. What is in here when a process is killed is lost, and what
comes in too fast for it is dropped: these are counts.
"""

import atexit
import logging
import threading
from collections import deque

from django.db import DatabaseError, connection

from activity.analytics import writing
from activity.analytics.look import Look

MOST = 5_000
AT_ONCE = 500
SECONDS = 5.0
logger = logging.getLogger(__name__)
waiting: deque[Look] = deque(maxlen=MOST)


def put(look: Look) -> None:
    """Keep the look; of too many, the oldest are dropped."""
    waiting.append(look)


def take() -> list[Look]:
    """Up to so many, the oldest first. Threads may put meanwhile."""
    taken: list[Look] = []
    while waiting and len(taken) < AT_ONCE:
        taken.append(waiting.popleft())
    return taken


def flush() -> int:
    """Store all that waits now; return how many looks that were. What fails is dropped."""
    stored = 0
    for _ in range(MOST // AT_ONCE):
        looks = take()
        if not looks:
            break
        stored += writing.store(looks)
    return stored


def flush_quietly() -> None:
    """Counts may be lost; whatever keeps them from being stored must not stop the thread."""
    try:
        flush()
    except DatabaseError:
        logger.warning("looks were not stored", exc_info=True)
    finally:
        connection.close()


def start() -> None:
    """Begin to store, in a thread of this process. The last ones are stored when it ends."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(SECONDS):
            flush_quietly()

    threading.Thread(target=work, name="looks", daemon=True).start()
    atexit.register(flush_quietly)
