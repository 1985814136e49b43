"""How the runner does: how long code waits for it, how often it fails, what it and drafts cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

LATELY, SPAN = timedelta(days=7), timedelta(days=30)
MOST = 10
# Work of learners: what they hand in, try out, and run in lessons. Tries and runs are forgotten
# after a week, so nothing older is counted. What ended lately is found by its index.
RUNNER = """
    WITH work AS (
      SELECT status, created_at, started_at, finished_at FROM assessments_submission
      WHERE (finished_at > %(lately)s OR finished_at IS NULL)
        AND created_at > %(lately)s AND created_at <= %(now)s
      UNION ALL
      SELECT status, created_at, started_at, finished_at FROM assessments_run
      WHERE (finished_at > %(lately)s OR finished_at IS NULL)
        AND created_at > %(lately)s AND created_at <= %(now)s
    )
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY started_at - created_at),
      percentile_cont(0.95) WITHIN GROUP (ORDER BY started_at - created_at),
      count(finished_at), count(*) FILTER (WHERE status = 'ERROR'),
      coalesce(extract(epoch FROM sum(finished_at - started_at)), 0)::float,
      (SELECT coalesce(sum(cost), 0) FROM assessments_modelrun
        WHERE created_at > %(since)s AND created_at <= %(now)s)
    FROM work
"""
SLOW = """
    SELECT lesson.title, task.id, count(*) FILTER (WHERE outcome = 'TIME_LIMIT'), count(*)
    FROM assessments_submission submission
    JOIN assessments_assignment task ON task.id = submission.assignment_id
    JOIN courses_lesson lesson ON lesson.id = task.lesson_id
    WHERE (submission.finished_at > %(since)s OR submission.finished_at IS NULL)
      AND submission.created_at > %(since)s AND submission.created_at <= %(now)s
      AND submission.is_graded AND submission.status IN ('PASSED', 'FAILED')
    GROUP BY lesson.title, task.id HAVING count(*) FILTER (WHERE outcome = 'TIME_LIMIT') > 0
    ORDER BY count(*) FILTER (WHERE outcome = 'TIME_LIMIT') DESC, count(*), lesson.title, task.id
    LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class SlowTask:
    """An assignment whose submissions were stopped for time, so many of so many."""

    title: str
    key: UUID
    stopped: int
    judged: int


@dataclass(frozen=True, slots=True)
class RunnerNumbers:
    """Waits, faults and seconds are those of LATELY, cost and what was stopped those of SPAN."""

    median: timedelta | None
    p95: timedelta | None
    ended: int
    faults: int
    seconds: float
    model_cost: Decimal
    slow: Sequence[SlowTask]


def runner_numbers(now: datetime) -> RunnerNumbers:
    """Two queries."""
    values: dict[str, Any] = {
        "now": now, "since": now - SPAN, "lately": now - LATELY, "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(RUNNER, values)
        median, p95, ended, faults, seconds, cost = cursor.fetchone()
        cursor.execute(SLOW, values)
        slow = [SlowTask(*row) for row in cursor.fetchall()]
    return RunnerNumbers(median, p95, ended, faults, seconds, cost, slow)
