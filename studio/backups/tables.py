"""What a backup asks of the database: one moment of it, how much is in it, how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg.sql import SQL, Identifier

from studio.lost_files import names_of_rows

# What is ours: nothing of PostgreSQL's, nothing that an extension has brought.
THINGS = """
    SELECT place.nspname, thing.relname, thing.relkind = 'r' AS is_table
    FROM pg_class thing JOIN pg_namespace place ON place.oid = thing.relnamespace
    WHERE place.nspname !~ '^pg_' AND place.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = thing.oid AND deptype = 'e')
    UNION ALL
    SELECT place.nspname, thing.proname, false
    FROM pg_proc thing JOIN pg_namespace place ON place.oid = thing.pronamespace
    WHERE place.nspname !~ '^pg_' AND place.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = thing.oid AND deptype = 'e')
    ORDER BY 1, 2
"""


@contextmanager
def snapshot() -> Iterator[str]:
    """One moment of all tables, held while the block runs, by the name that others see it by."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        name: str = cursor.fetchone()[0]
        yield name


def server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def things() -> list[tuple[str, str, bool]]:
    """Schema and name of whatever is in the database, and whether it is a table."""
    with connection.cursor() as cursor:
        cursor.execute(THINGS)
        return list(cursor.fetchall())


def rows_of_tables() -> dict[str, int]:
    counted = {}
    with connection.cursor() as cursor:
        for schema, name, is_table in things():
            if is_table:
                cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(schema, name)))
                counted[f"{schema}.{name}"] = int(cursor.fetchone()[0])
    return counted


def files_of_rows() -> set[str]:
    """The names of all files that rows refer to, and that a backup keeps."""
    return set(names_of_rows())


def applied() -> list[tuple[str, str]]:
    return sorted(MigrationRecorder(connection).applied_migrations())


def newer_than_ours(migrations: list[tuple[str, str]]) -> list[str]:
    """Those that this version does not have. Older ones may have gone: they were squashed."""
    newest: dict[str, str] = {}
    for app, name in MigrationLoader(None).disk_migrations:
        newest[app] = max(name, newest.get(app, ""))
    return [f"{app}.{name}" for app, name in migrations if name > newest.get(app, "")]


def is_behind() -> bool:
    """Whether this version has migrations that the database has not seen."""
    return bool(set(MigrationLoader(connection).disk_migrations) - set(applied()))


def count_anew() -> None:
    """A restored table has no statistics, and without them every plan is a guess."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
