"""Asking the database in its own words."""

from collections.abc import Mapping
from typing import Any

from django.db import connection


def asked(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
