"""What an attempt at a quiz is like, before one begins it: how many questions, how long."""

from django.db import connection
from django.db.models import Count, Q

from assessments.models import Question, Quiz

TYPICAL = """
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (
      ORDER BY extract(epoch FROM closed_at - started_at))
    FROM (SELECT closed_at, started_at FROM assessments_attempt
          WHERE quiz_id = %s AND status = 'SUBMITTED' AND NOT is_practice
          ORDER BY started_at DESC LIMIT 200) latest
"""
ENOUGH = 5


def asked_of(quiz: Quiz) -> tuple[int, bool]:
    """How many questions an attempt has, and whether any pays points. One query."""
    rows = Question.objects.live().filter(quiz=quiz).order_by().values("bank", "bank__pick")
    counted = rows.annotate(number=Count("pk"), paying=Count("pk", filter=Q(points__gt=0)))
    found = list(counted.values_list("bank__pick", "number", "paying"))
    count = sum(number if pick is None else min(pick, number) for pick, number, _ in found)
    return count, any(paying for _, _, paying in found)


def typical_minutes(quiz: Quiz) -> int | None:
    """What others took, by the median of the latest; None as long as they are few."""
    with connection.cursor() as cursor:
        cursor.execute(TYPICAL, [quiz.pk])
        count, seconds = cursor.fetchone()
    return max(1, round(seconds / 60)) if count >= ENOUGH else None
