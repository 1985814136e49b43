"""Insights may ask a copy of the database, so that long questions hold up no learner.

What somebody has just changed need not be there yet. So only pages that count ask it, and nothing
that a press of a button leads back to.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

logger = logging.getLogger(__name__)
REPLICA = "replica"


def from_replica[Found](ask: Callable[[], Found]) -> Found:
    """What `ask` finds there; in the database itself if there is no copy, or it does not answer."""
    if REPLICA not in connections.settings:
        return ask()
    try:
        with asking_the_replica():
            return ask()
    except (OperationalError, InterfaceError) as error:
        logger.warning("The replica does not answer, the database itself is asked: %s", error)
        return ask()


@contextmanager
def asking_the_replica() -> Iterator[None]:
    """All questions of this thread go there. It is read-only, so a change would fail."""
    usual = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[REPLICA]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
