"""How much room the tables take, with their indexes."""

from django.db import connection

from bench.stage import Stage

TABLES = """
    SELECT relname, greatest(reltuples, 0)::bigint, pg_total_relation_size(oid),
      pg_indexes_size(oid)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ORDER BY 3 DESC LIMIT 30
"""


def say_tables(stage: Stage) -> None:
    """The largest, with bytes a row: the indexes are a part of them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for name, rows, size, indexes in cursor.fetchall():
            if rows:
                each = f"{size / rows:.0f} bytes a row, {indexes / rows:.0f} of them indexes"
                stage.say(f"{name}: {rows:,} rows, {size / 1e6:,.0f} MB, {each}")


def size_of() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
