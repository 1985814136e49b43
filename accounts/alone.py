"""One at a time, among all processes of the site, for work of many transactions.

The lock belongs to a transaction of its own that does nothing else, beside those of the work: a
lock of a session would be left behind on a connection that a pooler has given to somebody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection

# A server may end transactions that idle, or that last. One that waits for work has to do both.
WITHOUT_END = """
    SELECT set_config(name, '0', true) FROM pg_settings
    WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')
"""


@contextmanager
def alone(key: int | str) -> Iterator[bool]:
    """Whether nobody else is at it, up to the end of the block, or of this process."""
    beside = connection.copy()
    try:
        beside.set_autocommit(False)
        with beside.cursor() as cursor:
            cursor.execute(WITHOUT_END)
            number = "%s" if isinstance(key, int) else "hashtextextended(%s, 0)"
            cursor.execute(f"SELECT pg_try_advisory_xact_lock({number})", [key])
            is_alone = bool(cursor.fetchone()[0])
        yield is_alone
    finally:
        with suppress(Error):  # a connection that was lost has let go of it already
            beside.rollback()
        beside.close()
