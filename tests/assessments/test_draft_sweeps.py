"""What limits and sweeps ask of the database is answered by an index, however much is there."""

from itertools import islice

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.model_drafts import budget, wanting
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment

pytestmark = pytest.mark.django_db


MANY = 3_000
# One an hour, so that a day is a small part of them.
RUNS = """
WITH made AS (
    INSERT INTO assessments_submission
        (id, user_id, assignment_id, is_graded, source, outcome, compile_output, engine, runtime,
         status, tries, fault, finished_at)
    SELECT gen_random_uuid(), %s, %s, false, '', '', '', '', '', 'ERROR', 0, '',
           now() - n * interval '1 hour'
    FROM generate_series(1, %s) AS n
    RETURNING id, finished_at
)
INSERT INTO assessments_modelrun
    (id, submission_id, status, tries, fault, outcome, model, prompt_version, prompt, answer,
     tokens_in, tokens_out, cost, created_at, finished_at)
SELECT gen_random_uuid(), id, 'FAILED', 1, '', 'AWAY', '', '', '', '', 9, 0, 0, finished_at,
       finished_at
FROM made
"""
ATTEMPTS = """
WITH made AS (
    INSERT INTO assessments_attempt
        (id, user_id, quiz_id, number, is_practice, status, started_at, closed_at, is_late, score,
         out_of, percent, passed)
    SELECT gen_random_uuid(), %s, %s, n, false, 'SUBMITTED', now() - n * interval '1 hour',
           now() - n * interval '1 hour', false, 0, 0, 0, false
    FROM generate_series(1, %s) AS n
    RETURNING id
)
INSERT INTO assessments_answer
    (id, attempt_id, question_id, position, option_order, chosen, text, is_flagged, version, tab,
     step, seconds, self_check)
SELECT gen_random_uuid(), id, %s, 1, '{}', '{}', 'x', false, 0, '', 0, 0, '' FROM made
"""


def plans(ask):
    """How the database answers each query."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    with connection.cursor() as cursor:
        for one in list(asked):
            cursor.execute(f"EXPLAIN {one['sql']}")
            yield "\n".join(line for (line,) in cursor.fetchall())


def test_limits_of_a_day_read_the_drafts_of_a_day(ada, lessons):
    assignment = make_assignment(lessons[0].module)
    with connection.cursor() as cursor:
        cursor.execute(RUNS, [ada.pk, assignment.pk, MANY])
        cursor.execute("ANALYZE assessments_submission, assessments_modelrun")
    for ask in (budget.is_spent, lambda: budget.is_spent_by(ada)):
        (plan,) = plans(ask)
        assert "Index Cond: (created_at > " in plan


def test_the_sweep_reads_the_work_of_a_day(ada, lessons, settings):
    settings.AI_BASE_URL = "http://127.0.0.1:9/v1"
    quiz = make_quiz(lessons[0].module)
    with connection.cursor() as cursor:
        cursor.execute(RUNS, [ada.pk, make_assignment(lessons[0].module).pk, MANY])
        cursor.execute(ATTEMPTS, [ada.pk, quiz.pk, MANY, quiz.questions.first().pk])
        cursor.execute("ANALYZE assessments_submission, assessments_modelrun")
        cursor.execute("ANALYZE assessments_attempt, assessments_answer")
    submissions, attempts = islice(plans(wanting.forgotten), 2)
    assert "Index Cond: ((finished_at > " in submissions
    assert "Index Cond: ((closed_at > " in attempts
