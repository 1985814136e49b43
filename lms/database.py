"""What the pool of connections does while the database is away."""

from typing import Any, Self

import psycopg
from django.db import connection
from psycopg_pool import ConnectionPool

# How long a request waits for a connection: while others hold them all, and while there is none.
BUSY_SECONDS, AWAY_SECONDS = 10.0, 1.0
# And before there ever was one: a database that is up lets somebody in within less.
FIRST_SECONDS = 3.0
# So long the pool tries to connect by itself, waiting longer each time. Later the next request
# makes it try, so the school is back with its database, however long that was away.
RECONNECT_SECONDS = 2.0


class Connection(psycopg.Connection[Any]):
    """A connection of the pool. Once one failed, nobody waits long for the next."""

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        pool = connection.pool  # type: ignore[attr-defined]
        try:
            made = super().connect(conninfo, **kwargs)
        except psycopg.OperationalError:
            pool.timeout = AWAY_SECONDS
            raise
        pool.timeout = BUSY_SECONDS
        return made


def check(given: Any) -> None:
    """Raise if a connection of the pool is dead, after looking at all that lie in it.

    A restart of the server kills all of them. The pool finds them one at a time and waits longer
    after each, until the request that wanted one has waited in vain.
    """
    try:
        ConnectionPool.check_connection(given)
    except psycopg.OperationalError:
        connection.pool.check()  # type: ignore[attr-defined]
        raise


def send_away(pool: ConnectionPool[Any]) -> None:
    """Let nobody wait on when the pool has given up, however patiently they began.

    Who asked before it was known that the database is away would wait as for a busy one. Where
    others hold connections still, one of those may come back.
    """
    with pool._lock:
        while pool._waiting and not pool._nconns:
            pool._waiting.popleft().fail(psycopg.OperationalError("the database is away"))
