"""What limits and sweeps ask of the database is answered by an index, however much is there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.model_drafts import budget, wanting

pytestmark = pytest.mark.django_db


def plans(ask):
    """How the database would answer each query, if reading whole tables cost a lot."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        for one in list(asked):
            cursor.execute(f"EXPLAIN {one['sql']}")
            yield "\n".join(line for (line,) in cursor.fetchall())


def test_limits_of_a_day_read_the_drafts_of_a_day(ada):
    for ask in (budget.is_spent, lambda: budget.is_spent_by(ada)):
        (plan,) = plans(ask)
        assert "Index Cond: (created_at > " in plan


def test_the_sweep_reads_the_work_of_a_day(settings):
    settings.AI_BASE_URL = "http://127.0.0.1:9/v1"
    submissions, attempts = plans(wanting.forgotten)
    assert "Index Cond: ((finished_at > " in submissions
    assert "Index Cond: ((closed_at > " in attempts
