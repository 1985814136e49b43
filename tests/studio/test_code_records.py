"""The lists of code records in the admin: names and numbers of a hundred rows, and no texts."""

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from assessments import drafts, rejudgings, runner_checks, submissions, trials
from assessments.models import (
    Draft,
    HelpRequest,
    Rejudging,
    Run,
    RunnerCheck,
    Submission,
    SubmissionAnalysis,
    TestResult,
    Trial,
)
from tests.assessments.code_builders import RIGHT, make_assignment

RECORDS = [
    Draft, HelpRequest, Rejudging, Run, RunnerCheck, Submission, SubmissionAnalysis, TestResult,
    Trial,
]  # fmt: skip
LONG = (models.TextField, models.JSONField)


@pytest.fixture
def records(ada, lessons):
    """One of each."""
    assignment = make_assignment(lessons[0].module)
    submission = submissions.submit(ada, assignment, RIGHT, graded=True)
    case = assignment.cases.first()
    TestResult.objects.create(
        submission=submission, case=case, outcome="PASSED", was_visible=True, position=1
    )
    SubmissionAnalysis.objects.create(submission=submission)
    HelpRequest.objects.create(submission=submission, text="Why?")
    Run.objects.create(user=ada, lesson=assignment.lesson, language="python", source="1")
    drafts.save_draft(ada, assignment, RIGHT, 0)
    trials.ask(assignment)
    rejudgings.ask(assignment, None)
    runner_checks.ask(None)
    return submission


def joined(model):
    """The record, and all that is read with its rows."""
    found, paths = {model}, admin.site.get_model_admin(model).list_select_related
    for path in paths:
        at = model
        for part in path.split("__"):
            at = at._meta.get_field(part).related_model
            found.add(at)
    return found


@pytest.mark.parametrize("model", RECORDS)
def test_a_list_reads_no_long_text_and_asks_once_for_all(desk, records, model):
    meta = model._meta
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(f"/admin/assessments/{meta.model_name}/").content.decode()
    assert f"1 {meta.verbose_name}" in page
    first = f'SELECT "{meta.db_table}"."id"'
    (reading,) = [one["sql"] for one in queries if one["sql"].startswith(first)]
    for one in joined(model):
        for field in one._meta.fields:
            if isinstance(field, LONG):
                assert f'"{one._meta.db_table}"."{field.column}"' not in reading
