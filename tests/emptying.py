"""How the tables are emptied after a test that has committed.

Django truncates all of them, which makes each table and index anew, and then writes content types
and permissions again: a third of a second of work. To delete the few rows of a test takes a
hundredth, and those two tables stay as the migrations have filled them.
"""

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

TRIES = 5
KEPT = {ContentType._meta.db_table, Permission._meta.db_table}


def may_pass_triggers() -> bool:
    """Whether this role may delete without asking triggers, append-only ones among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def empty_tables(case: Any = None) -> None:
    """What still writes elsewhere ends first, and goes too."""
    for left in reversed(range(TRIES)):
        try:
            return delete_all()
        except OperationalError as fault:
            # It may hold one table and wait for another that is locked here already.
            if not left or not isinstance(fault.__cause__, DeadlockDetected):
                raise


def delete_all() -> None:
    """Takes the locks that TRUNCATE takes."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [connection.ops.quote_name(name) for name in names if name not in KEPT]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))
