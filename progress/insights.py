"""Keeping the counts of the insight pages: written whole from a recount, never added to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from courses.models import Course
from progress.models import InsightCount, InsightDay, InsightLesson

BATCH = 2_000


@transaction.atomic
def replace_counts(
    course: Course | None,
    counted_at: datetime,
    active: tuple[int, int],
    days: Iterable[InsightDay] = (),
    lessons: Iterable[InsightLesson] = (),
) -> None:
    """Put what was counted in the place of what stood there. Who counts later writes later.

    `active`: people of the last seven days, and of the seven before.
    """
    values = {"counted_at": counted_at, "active": active[0], "active_before": active[1]}
    InsightCount.objects.select_for_update().update_or_create(course=course, defaults=values)
    InsightDay.objects.filter(course=course).delete()
    InsightDay.objects.bulk_create(days, BATCH)
    InsightLesson.objects.filter(course=course).delete()
    InsightLesson.objects.bulk_create(lessons, BATCH)


def keep_findings(course: Course, stuck: list[dict[str, Any]], attention: int) -> None:
    """Keep where people of a course get stuck, the worst first, and how many need a person."""
    InsightCount.objects.filter(course=course).update(stuck=stuck, attention=attention)
