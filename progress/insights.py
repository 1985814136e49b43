"""Keeping the counts of the insight pages: written whole from a recount, never added to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from courses.models import Course
from progress.models import InsightCount

Rows = type[models.Model]


@transaction.atomic
def replace_counts(
    course: Course | None,
    counted_at: datetime,
    active: tuple[int, int],
    rows: Mapping[Rows, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Put what was counted in the place of what stood there. Who counts later writes later.

    `active`: people of the last seven days, and of the seven before. `rows`: for each table the
    query, with its values, that counts its rows, a column for each of their fields.
    """
    stamp = {"counted_at": counted_at, "active": active[0], "active_before": active[1]}
    InsightCount.objects.select_for_update().update_or_create(course=course, defaults=stamp)
    for table, sql in (rows or {}).items():
        table._default_manager.filter(course=course).delete()
        names = [one.attname for one in table._meta.local_concrete_fields]
        counted = ", ".join(name for name in names if name not in ("id", "course_id"))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table._meta.db_table} (id, course_id, {counted}) "  # noqa: S608
                f"SELECT waymark_uuid7(), %(course_id)s, {counted} FROM ({sql}) AS counted",
                {**(values or {}), "course_id": course.pk if course else None},
            )


def keep_findings(course: Course, stuck: list[dict[str, Any]], attention: int) -> None:
    """Keep where people of a course get stuck, the worst first, and how many need a person."""
    InsightCount.objects.filter(course=course).update(stuck=stuck, attention=attention)
