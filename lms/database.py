"""What the pool of connections does when the database was away."""

from typing import Any

from django.db import connection
from psycopg import OperationalError
from psycopg_pool import ConnectionPool


def check(given: Any) -> None:
    """Raise if a connection of the pool is dead, after looking at all that lie in it.

    A restart of the server kills all of them. The pool finds them one at a time and waits longer
    after each, until the request that wanted one has waited in vain.
    """
    try:
        ConnectionPool.check_connection(given)
    except OperationalError:
        connection.pool.check()  # type: ignore[attr-defined]
        raise
